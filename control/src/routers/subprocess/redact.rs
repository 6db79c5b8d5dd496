//! Secrets out of a stream of bytes, wherever reads cut it. Whatever may still become a secret is held back until it is
//! one or is none.

use super::super::secrets::{REDACTED, SecretValues};

/// At the end of the stream, so many bytes of a secret's beginning are replaced too: the command may have been ended in
/// the middle of it.
const TELLING: usize = 4;

/// Replaces secrets.
pub(super) struct Redactor {
    secrets: SecretValues,
    held: Vec<u8>,
}

/// What begins at a place in the stream.
enum Here {
    Secret(usize),
    MaybeSecret,
    Nothing,
}

impl Redactor {
    pub(super) fn new(secrets: SecretValues) -> Self {
        Self { secrets, held: Vec::new() }
    }

    /// What is clean so far.
    pub(super) fn more(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        self.clean(usize::MAX)
    }

    /// The end of it.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        self.clean(TELLING)
    }

    /// Takes what is decided out of what is held. At the end everything is: a beginning of `telling` bytes counts as
    /// the secret.
    fn clean(&mut self, telling: usize) -> Vec<u8> {
        let last = telling != usize::MAX;
        let mut clean = Vec::with_capacity(self.held.len());
        let mut at = 0;
        while let Some((first, _)) = self.held.get(at..).and_then(<[u8]>::split_first) {
            match self.here(at, last, telling) {
                Here::Secret(length) => {
                    clean.extend_from_slice(REDACTED.as_bytes());
                    at += length;
                }
                Here::MaybeSecret => break,
                Here::Nothing => {
                    clean.push(*first);
                    at += 1;
                }
            }
        }
        self.held.drain(..at);
        clean
    }

    fn here(&self, at: usize, last: bool, telling: usize) -> Here {
        let ahead = self.held.get(at..).unwrap_or_default();
        for secret in self.secrets.iter().map(str::as_bytes) {
            if ahead.starts_with(secret) {
                return Here::Secret(secret.len());
            }
            if secret.starts_with(ahead) {
                if !last {
                    return Here::MaybeSecret;
                }
                if ahead.len() >= telling {
                    return Here::Secret(ahead.len());
                }
            }
        }
        Here::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as it comes out when reads cut it after every `size` bytes.
    fn redacted(text: &str, secrets: &[&str], size: usize) -> String {
        let mut redactor = Redactor::new(SecretValues::new(secrets.iter().map(|&secret| secret.to_owned())));
        let mut out = Vec::new();
        for chunk in text.as_bytes().chunks(size) {
            out.extend(redactor.more(chunk));
        }
        out.extend(redactor.rest());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_secret_is_replaced_wherever_reads_cut_it() {
        let key = "-----BEGIN KEY-----\nabc\ndef\n-----END KEY-----";
        for (text, secrets, expected) in [
            ("a=s3cret-token\nb", &["s3cret-token"][..], "a=[redacted]\nb"),
            ("s3cret-s3cret-tokens3cret-token!", &["s3cret-token"], "s3cret-[redacted][redacted]!"),
            ("key:-----BEGIN KEY-----\nabc\ndef\n-----END KEY-----.", &[key], "key:[redacted]."),
            ("abcd abc ab", &["abc", "abcd"], "[redacted] [redacted] ab"),
            ("aaaaab", &["aaab"], "aa[redacted]"),
            ("nothing here", &[""], "nothing here"),
            ("nothing here", &[], "nothing here"),
        ] {
            for size in 1..=text.len() {
                assert_eq!(redacted(text, secrets, size), expected, "{size}");
            }
        }
    }

    #[test]
    fn a_secret_that_was_cut_off_at_the_end_is_replaced_too() {
        for size in 1..=20 {
            assert_eq!(redacted("token: s3cret-tok", &["s3cret-token"], size), "token: [redacted]");
            assert_eq!(redacted("done s3", &["s3cret-token"], size), "done s3");
        }
    }

    #[test]
    fn nothing_is_held_back_longer_than_it_may_become_a_secret() {
        let mut redactor = Redactor::new(SecretValues::new(["s3cret-token".to_owned()]));
        assert_eq!(redactor.more(b"50% s3cr"), b"50% ");
        assert_eq!(redactor.more(b"et-"), b"");
        assert_eq!(redactor.more(b"free"), b"s3cret-free");
    }
}
