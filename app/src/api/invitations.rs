//! Inviting people, and taking an invitation back. The link is the answer to the form that made it, and nothing else
//! ever has it.

use crate::api::people::parsed;
use crate::components::secret::{Secret, secret};
use crate::error::AppError;
use crate::once::answer_with_page;
use crate::query::address;
use crate::ssr::{context, enter, go_plain, keep_typed, not_sent_before};
use control::access::invitation::Invitation;
use leptos::prelude::*;
use leptos::server_fn::codec::{StreamingText, TextStream};

/// Invites somebody and shows the link. `newest` is the newest invitation that the form knew of.
#[server(prefix = "/api", endpoint = "invite", output = StreamingText)]
pub async fn invite(
    #[server(default)] email: String,
    #[server(default)] name: String,
    #[server(default)] roles: Vec<String>,
    #[server(default)] newest: String,
) -> Result<TextStream<AppError>, AppError> {
    let made = make(&email, &name, &roles, &newest).await;
    let words = roles.join(",");
    keep_typed::<Invite, _>(made, "/people", &[("email", &email), ("name", &name), ("roles", &words)])
}

async fn make(
    email: &str,
    name: &str,
    roles: &[String],
    newest: &str,
) -> Result<TextStream<AppError>, AppError> {
    let (control, caller) = enter()?;
    let open = control.invitations(&caller).await?;
    not_sent_before(open.first().map(|one| one.id.as_str()), newest)?;
    let whom = Invitation { email: email.to_owned(), name: name.to_owned(), roles: parsed(roles) };
    let (invitation, token) = control.invite(&caller, whom).await?;
    let link = format!("{}{}", context()?.public_url, address("/join", &[("token", &token)]));
    answer_with_page(
        "Invitation",
        secret(Secret {
            title: "Invitation",
            about: format!("For {}, {}.", invitation.name, invitation.email),
            label: "Link",
            value: link,
            hint: format!(
                "Send it to them in private: whoever opens it first can come in with it. It works once, until {}.",
                invitation.expires_at.to_plain()
            ),
            back: ("/people", "Back to people"),
        }),
    )
}

/// Takes an invitation back.
#[server(prefix = "/api", endpoint = "revoke_invitation")]
pub async fn revoke_invitation(id: String) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.revoke_invitation(&caller, &id).await.map_err(AppError::from);
    if done.is_ok() {
        go_plain("/people?done=uninvited");
    }
    keep_typed::<RevokeInvitation, ()>(done, "/people", &[])
}
