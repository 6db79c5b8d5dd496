//! What a person does to a decision: one server function each, all with the version that they saw and with whom the page
//! took them for: somebody else may have signed in meanwhile, in another tab of the same browser.

use crate::error::AppError;
use leptos::prelude::*;

/// Approves.
#[server(prefix = "/api", endpoint = "approve")]
pub async fn approve(
    id: String,
    expected_version: u32,
    #[server(default)] reader: String,
    #[server(default)] comment: String,
    #[server(default)] expiry: String,
    #[server(default)] expires_at: String,
) -> Result<(), AppError> {
    let typed = [("comment", comment.as_str()), ("expiry", &expiry), ("expires_at", &expires_at)];
    let done = server::approve(&id, expected_version, &reader, &comment, [&expiry, &expires_at]).await;
    server::back::<Approve>(done, &id, expected_version, &typed)
}

/// Says no.
#[server(prefix = "/api", endpoint = "reject")]
pub async fn reject(
    id: String,
    expected_version: u32,
    #[server(default)] reader: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let done = server::reject(&id, expected_version, &reader, &reason).await;
    server::back::<Reject>(done, &id, expected_version, &[("reject_reason", &reason)])
}

/// Takes one's approval back.
#[server(prefix = "/api", endpoint = "revoke")]
pub async fn revoke(
    id: String,
    expected_version: u32,
    #[server(default)] reader: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let done = server::revoke(&id, expected_version, &reader, &reason).await;
    server::back::<Revoke>(done, &id, expected_version, &[("revoke_reason", &reason)])
}

/// Takes one's request back.
#[server(prefix = "/api", endpoint = "withdraw")]
pub async fn withdraw(
    id: String,
    expected_version: u32,
    #[server(default)] reader: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let done = server::withdraw(&id, expected_version, &reader, &reason).await;
    server::back::<Withdraw>(done, &id, expected_version, &[("withdraw_reason", &reason)])
}

/// Runs: done as soon as the run has begun, which the page then shows.
#[server(prefix = "/api", endpoint = "execute")]
pub async fn execute(
    id: String,
    expected_version: u32,
    #[server(default)] reader: String,
    adapter: String,
) -> Result<(), AppError> {
    let done = server::execute(&id, expected_version, &reader, &adapter).await;
    server::back::<Execute>(done, &id, expected_version, &[("adapter", &adapter)])
}

/// Stops the run.
#[server(prefix = "/api", endpoint = "cancel")]
pub async fn cancel(
    id: String,
    expected_version: u32,
    #[server(default)] reader: String,
) -> Result<(), AppError> {
    let done = server::cancel(&id, &reader).await;
    server::back::<Cancel>(done, &id, expected_version, &[])
}

#[cfg(feature = "ssr")]
mod server {
    use crate::api::decision_page::id as read_id;
    use crate::error::{AppError, STEP_UP_REQUIRED};
    use crate::query::address;
    use crate::ssr::{enter_as, go, go_plain, keep_typed, set_call_status};
    use crate::text::{encoded, lines};
    use governance::Timestamp;
    use leptos::server_fn::ServerFn;

    fn given(text: &str) -> Option<String> {
        if text.trim().is_empty() { None } else { Some(lines(text)) }
    }

    /// Plain forms go back to the decision: with what was typed when it failed, without when it did not.
    pub(super) fn back<F: ServerFn<Error = AppError>>(
        done: Result<(), AppError>,
        id: &str,
        seen: u32,
        typed: &[(&str, &str)],
    ) -> Result<(), AppError> {
        let page = format!("/decisions/{}", encoded(id));
        if done.is_ok() {
            // The version that they saw is the place that their event got: with any other version it was refused. What
            // is only wished, a run's end, is no event yet.
            let place = seen.to_string();
            if F::PATH == super::Cancel::PATH {
                go_plain(&page);
            } else {
                go_plain(&format!("{}#recorded", address(&page, &[("recorded", &place)])));
            }
            return done;
        }
        if let Err(error @ AppError::Refused { code, .. }) = &done
            && code == STEP_UP_REQUIRED
        {
            // To the sign-in and back, with or without JavaScript. What was typed is kept meanwhile.
            set_call_status(error);
            go(&address("/sign-in/again", &[("next", &page)]));
            return done;
        }
        let seen = seen.to_string();
        let mut kept = vec![("seen", seen.as_str())];
        kept.extend_from_slice(typed);
        keep_typed::<F, ()>(done, &page, &kept)
    }

    pub(super) async fn approve(
        id: &str,
        version: u32,
        reader: &str,
        comment: &str,
        [expiry, expires_at]: [&str; 2],
    ) -> Result<(), AppError> {
        let (control, caller) = enter_as(reader)?;
        let until = until(expiry, expires_at, control.now())?;
        control.approve(&caller, &read_id(id)?, Some(version), given(comment), until).await?;
        Ok(())
    }

    pub(super) async fn reject(id: &str, version: u32, reader: &str, reason: &str) -> Result<(), AppError> {
        let (control, caller) = enter_as(reader)?;
        control.reject(&caller, &read_id(id)?, Some(version), &lines(reason)).await?;
        Ok(())
    }

    pub(super) async fn revoke(id: &str, version: u32, reader: &str, reason: &str) -> Result<(), AppError> {
        let (control, caller) = enter_as(reader)?;
        control.revoke(&caller, &read_id(id)?, Some(version), given(reason)).await?;
        Ok(())
    }

    pub(super) async fn withdraw(id: &str, version: u32, reader: &str, reason: &str) -> Result<(), AppError> {
        let (control, caller) = enter_as(reader)?;
        control.withdraw(&caller, &read_id(id)?, Some(version), given(reason)).await?;
        Ok(())
    }

    pub(super) async fn execute(id: &str, version: u32, reader: &str, adapter: &str) -> Result<(), AppError> {
        let (control, caller) = enter_as(reader)?;
        control.launch(&caller, &read_id(id)?, Some(version), adapter, None).await?;
        Ok(())
    }

    /// Whatever was written since: it is the one run of the decision that stops.
    pub(super) async fn cancel(id: &str, reader: &str) -> Result<(), AppError> {
        let (control, caller) = enter_as(reader)?;
        control.cancel(&caller, &read_id(id)?).await?;
        Ok(())
    }

    /// The moment that the form's choice means: a span from now, or a date and time in UTC.
    fn until(expiry: &str, expires_at: &str, now: Timestamp) -> Result<Option<Timestamp>, AppError> {
        let hours = |count: i64| Ok(Some(now.plus_seconds(count * 3600)));
        match expiry {
            "1h" => hours(1),
            "8h" => hours(8),
            "1d" => hours(24),
            "7d" => hours(24 * 7),
            "at" => at(expires_at).map(Some),
            // Somebody who fills in a time means it, whatever the choice above it says.
            "" if !expires_at.is_empty() => at(expires_at).map(Some),
            "" => Ok(None),
            // A word that is not understood must not mean "never".
            _ => Err(AppError::Invalid {
                field: "expiry".to_owned(),
                message: "choose one of the offered spans, or a date and time".to_owned(),
            }),
        }
    }

    fn at(text: &str) -> Result<Timestamp, AppError> {
        // `datetime-local` gives `2026-11-21T06:48`, with seconds only when there are some.
        let seconds = if text.len() == 16 { ":00" } else { "" };
        Timestamp::parse(&format!("{text}{seconds}Z")).map_err(|_| AppError::Invalid {
            field: "expires_at".to_owned(),
            message: "the expiry needs a date and a time in UTC, such as 2026-11-21T18:00".to_owned(),
        })
    }

    #[cfg(test)]
    mod tests {
        use super::until;
        use governance::Timestamp;

        #[test]
        fn the_expiry_is_a_span_or_a_moment_in_utc() {
            let now = Timestamp::parse("2026-11-21T06:00:00Z").unwrap();
            assert_eq!(until("", "", now).unwrap(), None);
            assert!(until("30m", "", now).is_err());
            assert_eq!(until("8h", "", now).unwrap(), Timestamp::parse("2026-11-21T14:00:00Z").ok());
            assert_eq!(
                until("at", "2026-12-01T10:30", now).unwrap(),
                Timestamp::parse("2026-12-01T10:30:00Z").ok()
            );
            assert!(until("at", "", now).is_err());
        }
    }
}
