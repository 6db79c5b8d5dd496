//! What is sent: the request as JSON, signed as Standard Webhooks say. Several secrets give several signatures, so that
//! a secret can be replaced without a gap.

use control::RunRequest;
use governance::json::object;
use governance::{Timestamp, canonical, digest};
use standardwebhooks::Webhook;
use std::fmt;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Characters of 24 and of 64 bytes in base64: what the standard allows.
const LENGTHS: std::ops::RangeInclusive<usize> = 32..=88;

/// The secrets that requests are signed with. Never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// One or more, apart by white space. Refuses, in words without the secret, what is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let secrets: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let good = |secret: &String| {
            secret.strip_prefix(PREFIX).is_some_and(|rest| LENGTHS.contains(&rest.len()))
                && Webhook::new(secret).is_ok()
        };
        if secrets.iter().all(good) {
            Ok(Self(secrets))
        } else {
            Err(format!("is no secret: it must be `{PREFIX}` and 24 to 64 random bytes in base64"))
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every way to write one down: with what it begins with, and without.
    pub(super) fn values(&self) -> impl Iterator<Item = String> {
        let rest = |secret: &String| secret.strip_prefix(PREFIX).map(str::to_owned);
        self.0.iter().flat_map(move |secret| std::iter::once(secret.clone()).chain(rest(secret)))
    }

    /// The value of `webhook-signature`: one signature for each secret.
    pub(super) fn sign(&self, id: &str, seconds: i64, body: &str) -> Result<String, String> {
        let one = |secret: &String| Webhook::new(secret)?.sign(id, seconds, body.as_bytes());
        let signatures: Result<Vec<String>, _> = self.0.iter().map(one).collect();
        signatures.map(|all| all.join(" ")).map_err(|error| error.to_string())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

/// The body. It is the same at every attempt: an endpoint that saw it before must be able to tell.
pub(super) fn body(request: &RunRequest, sent_at: Timestamp) -> String {
    canonical::to_string(&object([
        ("run_id", request.run_id.as_str().into()),
        ("adapter_id", request.adapter_id.as_str().into()),
        ("goal", request.goal.as_str().into()),
        ("plan", request.plan.as_deref().into()),
        ("mode", mode(request).into()),
        ("max_steps", request.max_steps.into()),
        ("request", request.request.clone()),
        ("request_digest", digest::of_value(&request.request).into()),
        ("sent_at", sent_at.to_string().into()),
    ]))
}

/// The word for how it runs.
pub(super) fn mode(request: &RunRequest) -> &'static str {
    if request.dry_run { "dry_run" } else { "apply" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_secret_is_refused_without_showing_it() {
        let short = "whsec_c2hvcnQ=";
        let bare = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let broken = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!!";
        for text in
            [short, bare, broken, &format!("whsec_{bare} {short}"), &format!("whsec_{}", "A".repeat(92))]
        {
            let refused = Secrets::parse(text).unwrap_err();
            assert!(!refused.contains("MfKQ") && !refused.contains("c2ho"), "{refused}");
        }
        assert!(Secrets::parse(" \n").unwrap().is_empty());
        let two = Secrets::parse(&format!("whsec_{bare}\nwhsec_{bare}\n")).unwrap();
        assert_eq!(format!("{two:?}"), "2 secrets");
    }

    /// The example of the standard's own libraries.
    #[test]
    fn a_signature_is_the_one_that_the_standard_says() {
        let secrets = Secrets::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
