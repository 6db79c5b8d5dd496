//! Canonical JSON: the one byte form that digests are taken over.
//!
//! Keys sorted by code point, no white space, UTF-8 unescaped, control characters and `"` `\` escaped, numbers
//! as Python's `json` writes them. It is not RFC 8785: `1.0` stays `1.0` and integers have no upper bound.
//! [`to_ascii`] is the variant that nexus-router hashes: the same, with every non-ASCII character escaped.

use crate::json::Value;
use std::fmt::Write as _;

/// The canonical text of a value.
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, false);
    out
}

/// The canonical text with non-ASCII characters as `\uXXXX`, surrogate pairs above the basic plane.
pub fn to_ascii(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, true);
    out
}

fn write(out: &mut String, value: &Value, ascii: bool) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(digits) => out.push_str(digits),
        Value::Float(number) => out.push_str(&float(*number)),
        Value::Str(text) => write_text(out, text, ascii),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, item, ascii);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (index, (key, member)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(out, key, ascii);
                out.push(':');
                write(out, member, ascii);
            }
            out.push('}');
        }
    }
}

fn write_text(out: &mut String, text: &str, ascii: bool) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if u32::from(control) < 0x20 => escape(out, u32::from(control)),
            // Python's escaped form keeps only space to tilde: DEL is ASCII and is escaped there all the same.
            other if ascii && !(' '..='~').contains(&other) => {
                let mut units = [0_u16; 2];
                for unit in other.encode_utf16(&mut units) {
                    escape(out, u32::from(*unit));
                }
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, unit: u32) {
    // INVARIANT: writing into a String cannot fail.
    let _ = write!(out, "\\u{unit:04x}");
}

/// A finite float as Python's `repr` writes it: shortest digits that read back, an exponent of at least two
/// digits below 1e-4 and from 1e16 on, and a fraction always.
pub fn float(number: f64) -> String {
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let mut out = sign.to_owned();
    if (-4..16).contains(&exponent) {
        let whole = usize::try_from(exponent + 1).unwrap_or(0);
        if whole == 0 {
            out.push_str("0.");
            out.push_str(&"0".repeat(usize::try_from(-exponent - 1).unwrap_or(0)));
            out.push_str(&digits);
        } else if digits.len() <= whole {
            out.push_str(&digits);
            out.push_str(&"0".repeat(whole - digits.len()));
            out.push_str(".0");
        } else {
            let (before, after) = digits.split_at(whole);
            out.push_str(before);
            out.push('.');
            out.push_str(after);
        }
    } else {
        let (first, rest) = digits.split_at(1.min(digits.len()));
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.abs());
    }
    out
}
