//! The format of API keys: `nxc_<short id>_<secret><checksum>`. The short id is public, and the name under which events
//! know the key; the secret has 190 bits; the checksum lets a scanner, and us, tell a key from noise without asking.
//!
//! Nothing here is kept: a key is stored as its SHA-256 alone.

use governance::digest::sha256_hex;
use std::fmt;
use subtle::ConstantTimeEq as _;

/// How every key begins.
pub const PREFIX: &str = "nxc_";
/// Characters of the short id, of the secret and of the checksum.
const ID_CHARS: usize = 12;
const SECRET_CHARS: usize = 32;
const CHECKSUM_CHARS: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What a key may do. A machine's key never approves, whatever it says; a personal token speaks as its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyScope {
    /// Ask, and see and take back what it asked for.
    Request,
    /// Run what is approved.
    Execute,
    /// See decisions and templates.
    Read,
    /// Take bundles and audit packages away.
    Export,
    /// Have actions evaluated.
    Evaluate,
    /// Approve, reject and revoke: of personal tokens alone.
    Decide,
    /// Write templates, import, look after people and keys, as far as the owner's roles reach: of personal tokens alone.
    Manage,
}

impl KeyScope {
    /// All scopes.
    pub const ALL: [Self; 7] =
        [Self::Request, Self::Execute, Self::Read, Self::Export, Self::Evaluate, Self::Decide, Self::Manage];

    /// Whether only a personal token may have it.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Decide | Self::Manage)
    }

    /// Whether keys of this kind may have it: personal tokens, or machines' keys.
    pub fn is_for(self, personal: bool) -> bool {
        if personal { self != Self::Evaluate } else { !self.is_personal() }
    }

    /// The word in forms and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Execute => "execute",
            Self::Read => "read",
            Self::Export => "export",
            Self::Evaluate => "evaluate",
            Self::Decide => "decide",
            Self::Manage => "manage",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// A new key, to be shown once.
pub struct NewKey {
    /// `nxc_…` without the secret.
    pub id: String,
    /// The whole key.
    pub key: String,
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Makes a key of 64 unpredictable bytes.
pub fn make(random: [[u8; 32]; 2]) -> NewKey {
    let mut digits = random.as_flattened().iter().copied().filter_map(digit);
    // 64 bytes give 62 usable ones on average; what is missing is filled from a hash over all of them.
    let spare = sha256_hex(random.as_flattened());
    let mut spare = spare.bytes().map(char::from);
    let mut take = |count: usize| -> String {
        (0..count).filter_map(|_| digits.next().or_else(|| spare.next())).collect()
    };
    let id = format!("{PREFIX}{}", take(ID_CHARS).to_lowercase());
    let body = format!("{id}_{}", take(SECRET_CHARS));
    let key = format!("{body}{}", checksum(&body));
    NewKey { id, key }
}

/// The id of a key that is well formed; `None` for anything else, so that noise never reaches the store.
pub fn id_of(key: &str) -> Option<String> {
    let rest = key.strip_prefix(PREFIX)?;
    let (id, tail) = rest.split_once('_')?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if id.len() != ID_CHARS || tail.len() != SECRET_CHARS + CHECKSUM_CHARS || !plain(id) || !plain(tail) {
        return None;
    }
    let (body, sum) = key.split_at_checked(key.len() - CHECKSUM_CHARS)?;
    (checksum(body) == sum).then(|| format!("{PREFIX}{id}"))
}

/// What is stored of a key.
pub fn hash(key: &str) -> String {
    sha256_hex(key.as_bytes())
}

/// Whether this key is the one of that hash, in the same time whatever differs.
pub fn matches(key: &str, stored_hash: &str) -> bool {
    hash(key).as_bytes().ct_eq(stored_hash.as_bytes()).into()
}

/// A byte as a digit of base 62; bytes that would make some digits likelier than others give none.
fn digit(byte: u8) -> Option<char> {
    let fair = byte < 248;
    ALPHABET.get(usize::from(byte % 62)).filter(|_| fair).copied().map(char::from)
}

/// CRC-32 (IEEE 802.3) of the text in base 62, six digits.
fn checksum(text: &str) -> String {
    let mut crc = u32::MAX;
    for byte in text.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            let low = crc & 1;
            crc >>= 1;
            if low == 1 {
                crc ^= 0xEDB8_8320;
            }
        }
    }
    let mut left = !crc;
    let mut digits = [b'0'; CHECKSUM_CHARS];
    for place in digits.iter_mut().rev() {
        let at = usize::try_from(left % 62).unwrap_or_default();
        *place = ALPHABET.get(at).copied().unwrap_or(b'0');
        left /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> NewKey {
        let first: Vec<u8> = (0..32).map(|n| n * 5 + 3).collect();
        let second: Vec<u8> = (0..32).map(|n| n * 3 + 7).collect();
        make([first.try_into().unwrap(), second.try_into().unwrap()])
    }

    #[test]
    fn the_checksum_is_the_known_one() {
        // CRC-32 of "123456789" is 0xCBF43926.
        let mut value: u64 = 0;
        for byte in checksum("123456789").bytes() {
            value =
                value * 62 + u64::try_from(ALPHABET.iter().position(|one| *one == byte).unwrap()).unwrap();
        }
        assert_eq!(value, 0xCBF4_3926);
    }

    #[test]
    fn a_key_is_known_by_its_form() {
        let new = key();
        assert_eq!(new.key.len(), 4 + 12 + 1 + 32 + 6);
        assert_eq!(id_of(&new.key), Some(new.id.clone()));
        assert!(matches(&new.key, &hash(&new.key)));
        assert!(!format!("{new:?}").contains(&new.key));
        // Any one character changed is noise.
        for at in 0..new.key.len() {
            let mut bytes = new.key.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(id_of(&changed), None, "{changed}");
            assert!(!matches(&changed, &hash(&new.key)), "{changed}");
        }
        for noise in ["", "nxc_", "nxc__", "nxc_é", "Bearer", "nxc_aaaaaaaaaaaa_", &new.key[1..], &new.id] {
            assert_eq!(id_of(noise), None, "{noise}");
        }
    }

    #[test]
    fn bad_luck_with_randomness_still_gives_a_whole_key() {
        let new = make([[255; 32], [254; 32]]);
        assert_eq!(id_of(&new.key), Some(new.id));
    }
}
