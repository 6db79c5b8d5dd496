//! API keys: made and revoked. A new key is the answer to the form that made it, and nothing else ever has it.

use crate::components::secret::{Secret, secret};
use crate::error::AppError;
use crate::once::answer_with_page;
use crate::ssr::{enter, go_plain, keep_typed, not_sent_before};
use control::KeyScope;
use control::keys::KeyInput;
use leptos::prelude::*;
use leptos::server_fn::codec::{StreamingText, TextStream};

/// Makes a key and shows it. `newest` is the newest key that the form knew of.
#[server(prefix = "/api", endpoint = "create_key", output = StreamingText)]
pub async fn create_key(
    #[server(default)] name: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] newest: String,
) -> Result<TextStream<AppError>, AppError> {
    let made = make(&name, &scopes, &days, &newest).await;
    // An empty field would come back as the usual number of days.
    let kept = if days.trim().is_empty() { "none" } else { days.as_str() };
    let words = scopes.join(",");
    keep_typed::<CreateKey, _>(made, "/keys", &[("name", &name), ("scopes", &words), ("days", kept)])
}

async fn make(
    name: &str,
    scopes: &[String],
    days: &str,
    newest: &str,
) -> Result<TextStream<AppError>, AppError> {
    let (control, caller) = enter()?;
    let known = control.keys(&caller).await?;
    not_sent_before(known.first().map(|key| key.record.id.as_str()), newest)?;
    let input = KeyInput {
        name: name.to_owned(),
        scopes: scopes.iter().filter_map(|word| KeyScope::parse(word)).collect(),
        days: number_of_days(days)?,
    };
    let (record, key) = control.create_key(&caller, input).await?;
    let until = record.expires_at.map_or_else(
        || "It works until it is revoked.".to_owned(),
        |at| format!("It works until {}, or until it is revoked.", at.to_plain()),
    );
    answer_with_page(
        "API key",
        secret(Secret {
            title: "API key",
            about: format!("{} ({})", record.name, record.id),
            label: "Key",
            value: key,
            hint: format!("A program sends it in the header Authorization, as Bearer KEY. {until}"),
            back: ("/keys", "Back to keys"),
        }),
    )
}

fn number_of_days(text: &str) -> Result<Option<u32>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let message = "the number of days must be a whole number, or empty for a key without an end".to_owned();
    text.parse().map(Some).map_err(|_| AppError::Invalid { field: "days".to_owned(), message })
}

/// Revokes a key.
#[server(prefix = "/api", endpoint = "revoke_key")]
pub async fn revoke_key(id: String) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.revoke_key(&caller, &id).await.map_err(AppError::from);
    if done.is_ok() {
        go_plain("/keys?done=revoked");
    }
    keep_typed::<RevokeKey, ()>(done, "/keys", &[])
}

#[cfg(test)]
mod tests {
    use super::number_of_days;

    #[test]
    fn an_empty_field_means_a_key_without_an_end() {
        for (text, days) in
            [("", Some(None)), (" ", Some(None)), ("90", Some(Some(90))), ("-1", None), ("9.5", None)]
        {
            assert_eq!(number_of_days(text).ok(), days, "{text}");
        }
    }
}
