//! SHA-256 over canonical JSON. Digests are lower-case hexadecimal; in bundles and packages they carry `sha256:`.

use crate::{canonical, json::Value};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// SHA-256 of bytes, as 64 hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // INVARIANT: writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The digest of a value's canonical text.
pub fn of_value(value: &Value) -> String {
    sha256_hex(canonical::to_string(value).as_bytes())
}

/// The digest with the prefix that bundles and packages write.
pub fn prefixed(hex: &str) -> String {
    format!("sha256:{hex}")
}

/// The bare digits of a digest that may carry the prefix.
pub fn bare(digest: &str) -> &str {
    digest.strip_prefix("sha256:").unwrap_or(digest)
}
