//! Addresses that an answer sends the browser to. Refuses to send it to another site.

use std::fmt::Write as _;

/// The path itself, percent-encoded, when it stays here; `None` for anything that a browser could read as elsewhere.
pub fn same_site(next: &str) -> Option<String> {
    let leaves = next.starts_with("//") || next.contains('\\') || next.chars().any(char::is_control);
    // To a provider people go by a click of theirs, never because an address said so.
    let to_provider = ["/sign-in/oidc/", "/sign-in/saml/"].iter().any(|start| next.starts_with(start));
    if !next.starts_with('/') || leaves || to_provider || next.len() > 2000 {
        return None;
    }
    Some(encoded(next, b"/?&=-._~!$'()*+,;:@%"))
}

/// What was typed, as a value for a query. No form holds more; an address must not grow with what it is sent.
pub fn query_value(text: &str) -> String {
    let kept: String = text.chars().take(320).collect();
    encoded(&kept, b"-._~")
}

fn encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_taken() {
        for (next, expected) in [
            ("/decisions?state=pending&q=a%20b", Some("/decisions?state=pending&q=a%20b")),
            ("/templates/Änderung", Some("/templates/%C3%84nderung")),
            ("/", Some("/")),
            ("//evil.example", None),
            ("/\\evil.example", None),
            ("https://evil.example", None),
            ("javascript:alert(1)", None),
            ("/a\r\nset-cookie: x", None),
            ("/\t/evil.example", None),
            ("/sign-in/oidc/corp?purpose=link", None),
            ("/sign-in/again?next=/account", Some("/sign-in/again?next=/account")),
            ("", None),
        ] {
            assert_eq!(same_site(next).as_deref(), expected, "{next}");
        }
    }

    #[test]
    fn values_cannot_end_themselves() {
        assert_eq!(query_value("a&b=c d#é"), "a%26b%3Dc%20d%23%C3%A9");
        assert_eq!(query_value(&"a".repeat(100_000)).len(), 320);
    }
}
