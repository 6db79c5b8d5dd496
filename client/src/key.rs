//! The API key in memory. It goes into one header and nowhere else: not into Debug, errors, files or children.

use std::fmt;
use std::str::FromStr;

/// A key.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// For the header alone.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

/// What was given as a key, not looked at yet: a refusal of the command line's own would repeat it.
#[derive(Clone, PartialEq, Eq)]
pub struct Given(String);

impl Given {
    /// The key, if it is one.
    pub fn key(&self) -> Result<Key, String> {
        self.0.parse()
    }
}

impl From<String> for Given {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given(…)")
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        // Told apart here, so that a wrong variable never travels to a server; and never repeated in the words.
        if !text.starts_with("nxc_") || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("this is no key; one begins with nxc_".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_never_shown() {
        let key: Key = "nxc_abc_secret\n".parse().unwrap();
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert_eq!(key.secret(), "nxc_abc_secret");
        for wrong in ["ghp_secret", "", "nxc_a\nb", "nxc_ä"] {
            let words = Key::from_str(wrong).unwrap_err();
            assert!(!words.contains("secret"), "{words}");
            let given = Given::from(wrong.to_owned());
            assert_eq!((format!("{given:?}").as_str(), given.key().unwrap_err()), ("Given(…)", words));
        }
    }
}
