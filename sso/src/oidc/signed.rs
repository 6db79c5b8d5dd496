//! Signed tokens that anybody can send here: form, kind, algorithm and signature, all checked before a claim is
//! believed. What the claims must say is each kind's own.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::JsonWebKey;
use openidconnect::core::CoreJsonWebKey;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ALGORITHMS, Algorithm, Refusal};

/// Real ones take less than 4 KiB.
const TOKEN_LIMIT: usize = 16 * 1024;
/// A key set with more candidates than this is not searched to the end.
const KEY_LIMIT: usize = 16;

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

/// Whom a token is for.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Whether it is for this one.
    pub(super) fn holds(&self, wanted: &str) -> bool {
        match self {
            Self::One(audience) => audience == wanted,
            Self::Many(audiences) => audiences.iter().any(|audience| audience == wanted),
        }
    }
}

/// The claims of a token that one of these keys signed. `kind` is what its type says, in small letters; tokens from
/// before types were named say `JWT` or nothing, so that the claims have to keep kinds apart.
pub(super) fn open<T: DeserializeOwned>(
    token: &str,
    keys: &[CoreJsonWebKey],
    kind: &str,
) -> Result<T, Refusal> {
    let (header, payload, signed, signature) = parts(token)?;
    let header: Header = decode(header)?;
    let payload: T = decode(payload)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refusal::Check("form"))?;
    let algorithm = check_header(&header, kind)?;
    check_signature(keys, header.kid.as_deref(), &algorithm, signed, &signature)?;
    Ok(payload)
}

/// The claims of a token that nobody has checked yet: to find out whom to ask, and for nothing else.
pub(super) fn unproven<T: DeserializeOwned>(token: &str) -> Result<T, Refusal> {
    let (_, payload, ..) = parts(token)?;
    decode(payload)
}

/// Header, payload, what is signed, signature.
fn parts(token: &str) -> Result<(&str, &str, &str, &str), Refusal> {
    if token.len() > TOKEN_LIMIT {
        return Err(Refusal::Check("size"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::Check("form"))?;
    let (header, payload) = signed.split_once('.').ok_or(Refusal::Check("form"))?;
    Ok((header, payload, signed, signature))
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Check("form"))?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::Check("form"))
}

fn check_header(header: &Header, kind: &str) -> Result<Algorithm, Refusal> {
    if let Some(said) = &header.typ {
        let said = said.to_ascii_lowercase();
        let said = said.strip_prefix("application/").unwrap_or(&said);
        if said != kind && said != "jwt" {
            return Err(Refusal::Check("kind of token"));
        }
    }
    if header.crit.is_some() {
        return Err(Refusal::Check("kind of token"));
    }
    let known = ALGORITHMS.into_iter().find(|(name, _)| *name == header.alg);
    known.map(|(_, algorithm)| algorithm).ok_or(Refusal::Check("algorithm"))
}

/// A key also says which algorithm and which use it is for, and `verify_signature` holds it to that.
fn check_signature(
    keys: &[CoreJsonWebKey],
    kid: Option<&str>,
    algorithm: &Algorithm,
    signed: &str,
    signature: &[u8],
) -> Result<(), Refusal> {
    let named =
        |key: &&CoreJsonWebKey| kid.is_none_or(|kid| key.key_id().is_some_and(|id| id.as_str() == kid));
    let mut candidates = keys.iter().filter(named).take(KEY_LIMIT).peekable();
    if candidates.peek().is_none() {
        return Err(Refusal::Keys("key"));
    }
    let proves = |key: &CoreJsonWebKey| key.verify_signature(algorithm, signed.as_bytes(), signature).is_ok();
    if candidates.any(proves) { Ok(()) } else { Err(Refusal::Keys("signature")) }
}
