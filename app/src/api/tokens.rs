//! One's own personal tokens: made and revoked. A new token is the answer to the form that made it, and nothing else
//! ever has it.

use crate::api::account::{PAGE, back, refused};
use crate::components::secret::{Secret, secret};
use crate::error::AppError;
use crate::once::answer_with_page;
use crate::ssr::{enter, not_sent_before};
use control::KeyScope;
use control::keys::KeyInput;
use leptos::prelude::*;
use leptos::server_fn::codec::{StreamingText, TextStream};

/// Makes a token and shows it. `newest` is the newest token that the form knew of.
#[server(prefix = "/api", endpoint = "create_token", output = StreamingText)]
pub async fn create_token(
    #[server(default)] name: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] newest: String,
) -> Result<TextStream<AppError>, AppError> {
    match make(&name, &scopes, &days, &newest).await {
        Ok(page) => Ok(page),
        Err(error) => {
            let words = scopes.join(",");
            refused::<CreateToken, _>(error, &[("name", &name), ("scopes", &words), ("days", &days)])
        }
    }
}

async fn make(
    name: &str,
    scopes: &[String],
    days: &str,
    newest: &str,
) -> Result<TextStream<AppError>, AppError> {
    let (control, caller) = enter()?;
    let known = control.tokens(&caller).await?;
    not_sent_before(known.first().map(|token| token.record.id.as_str()), newest)?;
    let input = KeyInput {
        name: name.to_owned(),
        scopes: scopes.iter().filter_map(|word| KeyScope::parse(word)).collect(),
        // What is no number is refused as none.
        days: days.trim().parse().ok(),
    };
    let (record, token) = control.create_token(&caller, input).await?;
    let until =
        record.expires_at.map(|at| format!(" It works until {}, or until you revoke it.", at.to_plain()));
    let until = until.unwrap_or_default();
    answer_with_page(
        "Personal token",
        secret(Secret {
            title: "Personal token",
            about: format!("{} ({})", record.name, record.id),
            label: "Token",
            value: token,
            hint: format!(
                "What a program does with it you did. It sends it in the header Authorization, as Bearer TOKEN.{until}"
            ),
            back: (PAGE, "Back to my account"),
        }),
    )
}

/// Revokes one of one's own.
#[server(prefix = "/api", endpoint = "revoke_token")]
pub async fn revoke_token(#[server(default)] id: String) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.revoke_token(&caller, &id).await;
    back::<RevokeToken, _>(done, "token-revoked", &[])
}
