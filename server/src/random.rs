//! Random names for requests and faults. Not for secrets: where the system gives nothing, the name is all zeros.

use std::fmt::Write as _;

/// This many random bytes, in hexadecimal.
pub fn hex(bytes: usize) -> String {
    let mut buffer = vec![0_u8; bytes];
    if getrandom::fill(&mut buffer).is_err() {
        tracing::error!("the system gives no random bytes");
    }
    in_hex(&buffer)
}

/// Bytes in hexadecimal.
pub fn in_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
