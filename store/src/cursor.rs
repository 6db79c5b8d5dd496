//! Page cursors: the last row's `(created_us, id)` in hexadecimal. Opaque to callers; a text that no store made
//! is refused.

use crate::error::StoreError;
use crate::query::{DecisionFilter, PageRequest};
use governance::Timestamp;
use std::fmt::Write as _;

/// Most rows on a page.
const MAX_LIMIT: u32 = 200;

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// When the row was made.
    pub created_us: i64,
    /// Its id.
    pub id: String,
}

impl Place {
    /// As a cursor.
    pub fn encode(&self) -> String {
        let mut text = format!("{:016x}", self.created_us.cast_unsigned());
        for byte in self.id.bytes() {
            // INVARIANT: writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Reads a cursor. Fails with `Cursor`.
    pub fn decode(cursor: &str) -> Result<Self, StoreError> {
        let moment = u64::from_str_radix(hex(cursor.get(..16))?, 16).map_err(|_| StoreError::Cursor)?;
        let rest = hex(cursor.get(16..))?;
        let bytes: Result<Vec<u8>, StoreError> = (0..rest.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(hex(rest.get(at..at + 2))?, 16).map_err(|_| StoreError::Cursor))
            .collect();
        let id = String::from_utf8(bytes?).map_err(|_| StoreError::Cursor)?;
        // Postgres would refuse the NUL with an error of its own.
        if id.is_empty() || id.contains('\0') {
            return Err(StoreError::Cursor);
        }
        Ok(Self { created_us: moment.cast_signed(), id })
    }
}

/// The place after which a page begins.
pub fn after(page: &PageRequest) -> Result<Option<Place>, StoreError> {
    page.after.as_deref().map(Place::decode).transpose()
}

/// Rows on the page, within bounds.
pub fn limit(page: &PageRequest) -> usize {
    usize::try_from(page.limit.clamp(1, MAX_LIMIT)).unwrap_or(1)
}

/// Where a page begins and its span of time ends: `(from, until, place)`. Of two bounds on the same side only the
/// narrower one is left, because an engine may begin its search at either.
pub fn narrow<'a>(
    filter: &DecisionFilter,
    place: Option<&'a Place>,
    oldest_first: bool,
) -> (Option<i64>, Option<i64>, Option<&'a Place>) {
    let (from, until) = (filter.from.map(Timestamp::micros), filter.until.map(Timestamp::micros));
    match place {
        Some(at) if oldest_first && from.is_none_or(|from| at.created_us >= from) => (None, until, place),
        Some(at) if !oldest_first && until.is_none_or(|until| at.created_us < until) => (from, None, place),
        _ => (from, until, None),
    }
}

/// Cuts one row more than the page holds off, and makes the next cursor where there was one.
pub fn cut<T>(mut rows: Vec<T>, limit: usize, place: impl Fn(&T) -> Place) -> crate::query::Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| place(row).encode());
    crate::query::Page { rows, next }
}

/// The text, when it is all hexadecimal digits: `from_str_radix` would take a sign as well.
fn hex(text: Option<&str>) -> Result<&str, StoreError> {
    text.filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit())).ok_or(StoreError::Cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        for (created_us, id) in [(0, "a"), (-5, "dec_ü"), (i64::MAX, "x y"), (i64::MIN, "🔑")] {
            let place = Place { created_us, id: id.to_owned() };
            assert_eq!(Place::decode(&place.encode()).unwrap(), place);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "zz",
            "0000000000000000",
            "00000000000000006",
            "0000000000000000ff",
            "000000000000000000",
            "ü",
        ] {
            assert!(matches!(Place::decode(text), Err(StoreError::Cursor)), "{text}");
        }
        assert!(Place::decode("+000000000000000061").is_err());
    }
}
