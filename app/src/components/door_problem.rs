//! What a door refused that is no server function: sign-in, the set-up link, an invitation. The answer is the form's page
//! with a code in its address. Anybody can write such an address, so that only known codes are put in words, all of
//! them ours.

use crate::components::notice::{Tone, notice_at};
use leptos::prelude::*;

/// Id of the notice, for the field that it is about.
pub const PROBLEM: &str = "problem";

/// The notice above a form; nothing while all is well.
pub fn door_problem(code: &str) -> Option<AnyView> {
    words(code).map(notice)
}

/// The same with the page's own words for codes that mean something else there.
pub fn door_problem_here(code: &str, own: &[(&str, &'static str)]) -> Option<AnyView> {
    let own = own.iter().find(|(known, _)| *known == code);
    own.map_or_else(|| door_problem(code), |(_, words)| Some(notice(words)))
}

fn notice(words: &'static str) -> AnyView {
    notice_at(PROBLEM, Tone::Bad, "", view! { <p>{words}</p> })
}

fn words(code: &str) -> Option<&'static str> {
    Some(match code {
        "" => return None,
        "WRONG_CREDENTIALS" => "E-mail or password is wrong. Check both and try again.",
        "LOCAL_ACCOUNTS_OFF" => "Sign-in with a password is switched off here. Use a sign-in provider.",
        "THROTTLED" => "Too many attempts, so this one was not tried. Wait a few minutes, then try again.",
        "UNAUTHENTICATED" => "Your session has ended, and nothing was changed. Sign in again.",
        "FORBIDDEN" => "This request did not come from this page. Nothing was changed. Try again here.",
        "INVALID_INPUT" => {
            "One of the fields cannot be used, or the link was used or has expired. Nothing was changed. A password needs at least 12 characters."
        }
        "ALREADY_EXISTS" => "This was done already. Sign in instead.",
        "NOT_FOUND" => {
            "What this link leads to is not here, and nothing was changed. Begin again on this page."
        }
        "STEP_UP_REQUIRED" => {
            "Your sign-in is too long ago for this. Nothing was changed. Sign in again, then repeat it."
        }
        "SSO_STATE" => {
            "This sign-in was not begun in this browser, took too long, or was used before. Begin again here."
        }
        "SECOND_FACTOR" => "Five codes were wrong. Sign in with your password again, then try the next code.",
        "SSO_NOT_PROVEN" => {
            "The provider's answer failed a check and could not be trusted. Begin again; if it stays like this, tell whoever runs this server."
        }
        "SSO_DENIED" => {
            "The sign-in was stopped or refused at the provider. Begin again, or ask whether you are assigned to this application there."
        }
        "SSO_UNREACHABLE" => "The sign-in provider does not answer. Try again in a moment.",
        "SSO_DOMAIN" => {
            "Your address at the provider is not one that is let in here, or it is not verified. Use another account there, or ask an admin."
        }
        "SSO_NO_ROLE" => {
            "The provider knows you, but you have no role in any workspace here. Ask an admin for one, then sign in again."
        }
        "SSO_UNKNOWN" => {
            "Nobody here has this sign-in. Ask an admin to invite you; or, with an account here, sign in to it and link this sign-in under My account."
        }
        "SSO_ADDRESS_TAKEN" => {
            "Another account here has this address. Sign in to that account and link this sign-in under My account."
        }
        "SSO_OTHER_PERSON" => {
            "At the provider you are signed in as somebody else. Sign out there, then use your own sign-in."
        }
        _ => "This did not work, and nothing was changed. Try again.",
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn an_unknown_code_gets_words_of_ours() {
        assert_eq!(words(""), None);
        assert!(!words("<b>call 555</b>").unwrap().contains("555"));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn every_refusal_of_a_sign_in_has_words_of_its_own() {
        use control::access::sso::SsoRefusal as Refusal;
        let unknown = words("?").unwrap();
        let refusals = [
            Refusal::State,
            Refusal::NotProven,
            Refusal::Denied,
            Refusal::Unreachable,
            Refusal::Domain,
            Refusal::NoRole,
            Refusal::Unknown,
            Refusal::AddressTaken,
            Refusal::OtherPerson,
        ];
        let mut said: Vec<_> = refusals.iter().map(|refusal| words(refusal.code()).unwrap()).collect();
        assert!(!said.contains(&unknown));
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), refusals.len());
    }
}
