//! What the pages about templates say.

/// What saving means.
pub(super) const FOR_GOOD: &str = "A template never changes; a new version is a new name.";
/// How a name should be.
pub(super) const NAME_HINT: &str =
    "Short and telling, such as production-deploy. It cannot be changed or used again.";
/// What an empty choice means.
pub(super) const SILENT: &str = "The usual";
/// The same, explained.
pub(super) const USUAL: &str = "The usual: dry runs only, and self-approval as this workspace has it.";
/// Where the fields make no policy.
#[cfg(feature = "ssr")]
pub(super) const NO_POLICY: &str = "Put the fields of the policy right to see this.";
/// Where no difference is.
#[cfg(feature = "ssr")]
pub(super) const SAME_POLICY: &str = "So far it is the same policy under another name.";
/// Where there is nothing to try it on.
#[cfg(feature = "ssr")]
pub(super) const NO_SAMPLES: &str = "No decision yet was made from the copied template or has one of these labels, so there is nothing to try it on.";
/// What trying it on means.
#[cfg(feature = "ssr")]
pub(super) const SAMPLES: &str =
    "Had the latest decisions of this kind been asked for under this policy. They stay as they are.";

/// `used by 37 decisions`.
#[cfg(feature = "ssr")]
pub(super) fn used(uses: u32) -> String {
    match uses {
        0 => "used by no decision yet".to_owned(),
        1 => "used by 1 decision".to_owned(),
        _ => format!("used by {} decisions", crate::text::count(uses)),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::used;

    #[test]
    fn use_is_said_in_words() {
        let said: Vec<String> = [0, 1, 37, 1000].into_iter().map(used).collect();
        let wanted = [
            "used by no decision yet",
            "used by 1 decision",
            "used by 37 decisions",
            "used by 1000+ decisions",
        ];
        assert_eq!(said, wanted);
    }
}
