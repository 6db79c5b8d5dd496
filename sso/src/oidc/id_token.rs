//! Whether an ID token proves what it says: OpenID Connect Core 1.0, section 3.1.3.7, with no exception made for
//! tokens that came straight from the token endpoint.

use std::str::FromStr;

use chrono::DateTime;
use openidconnect::core::{CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm};
use openidconnect::{
    ClaimsVerificationError, ClientId, IdToken as AnyIdToken, IdTokenClaims as AnyIdTokenClaims,
    IdTokenVerifier, Nonce, SignatureVerificationError,
};

use super::claims::Extra;
use super::discovery::Metadata;
use super::{ALGORITHMS, Algorithm, Refusal};

type IdToken = AnyIdToken<Extra, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, Algorithm>;
/// What an ID token says.
pub(super) type IdTokenClaims = AnyIdTokenClaims<Extra, CoreGenderClaim>;

/// What a token must match.
pub(super) struct Expected {
    /// Whom it must be for.
    pub(super) client_id: ClientId,
    /// What this sign-in asked to see again.
    pub(super) nonce: Nonce,
    /// The proof of identity must not be older than this.
    pub(super) proven_since: Option<i64>,
    /// By how much clocks may differ.
    pub(super) leeway: i64,
    /// The time.
    pub(super) now: i64,
}

/// Checks a token against the keys and the issuer of a provider.
pub(super) fn verify(
    token: &str,
    metadata: &Metadata,
    expected: &Expected,
) -> Result<IdTokenClaims, Refusal> {
    let token = IdToken::from_str(token).map_err(|_| Refusal::Check("form"))?;
    let earliest = DateTime::from_timestamp(expected.now.saturating_sub(expected.leeway), 0)
        .ok_or(Refusal::Check("clock"))?;
    // As for a public client, also with a secret: no symmetric signature can then be checked at all.
    let verifier = IdTokenVerifier::<CoreJsonWebKey>::new_public_client(
        expected.client_id.clone(),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs(ALGORITHMS.map(|(_, algorithm)| algorithm))
    // Several audiences are allowed if `azp` names us, which is checked below.
    .set_other_audience_verifier_fn(|_| true)
    .set_time_fn(move || earliest);
    let claims = token.into_claims(&verifier, &expected.nonce).map_err(|error| refusal(&error))?;
    check_party(&claims, &expected.client_id)?;
    check_times(&claims, expected)?;
    Ok(claims)
}

/// Items 4 and 5: with several audiences `azp` must be there, and wherever it is, it must be us.
fn check_party(claims: &IdTokenClaims, client_id: &ClientId) -> Result<(), Refusal> {
    match claims.authorized_party() {
        Some(party) if party == client_id => Ok(()),
        None if claims.audiences().len() == 1 => Ok(()),
        _ => Err(Refusal::Check("authorized party")),
    }
}

/// Items 10 and 13, and `nbf` of RFC 7519, section 4.1.5. `exp` is checked with the signature.
fn check_times(claims: &IdTokenClaims, expected: &Expected) -> Result<(), Refusal> {
    let latest = expected.now.saturating_add(expected.leeway);
    if claims.issue_time().timestamp() > latest {
        return Err(Refusal::Check("issued in the future"));
    }
    match claims.additional_claims().seconds("nbf") {
        Ok(Some(not_before)) if not_before > latest => return Err(Refusal::Check("not yet valid")),
        Ok(_) => {}
        Err(()) => return Err(Refusal::Check("not yet valid")),
    }
    let proven = claims.auth_time().map(|time| time.timestamp());
    let recent = |since: i64| proven.is_some_and(|at| at >= since.saturating_sub(expected.leeway));
    // A proof from the future would count as recent for too long.
    if proven.is_some_and(|at| at > latest) || expected.proven_since.is_some_and(|since| !recent(since)) {
        return Err(Refusal::Check("auth_time"));
    }
    Ok(())
}

fn refusal(error: &ClaimsVerificationError) -> Refusal {
    use SignatureVerificationError as Signature;
    match error {
        ClaimsVerificationError::Expired(_) => Refusal::Check("expired"),
        ClaimsVerificationError::InvalidAudience(_) => Refusal::Check("audience"),
        ClaimsVerificationError::InvalidIssuer(_) => Refusal::Check("issuer"),
        ClaimsVerificationError::InvalidNonce(_) => Refusal::Check("nonce"),
        ClaimsVerificationError::SignatureVerification(signature) => match signature {
            Signature::DisallowedAlg(_) | Signature::NoSignature | Signature::UnsupportedAlg(_) => {
                Refusal::Check("algorithm")
            }
            Signature::NoMatchingKey | Signature::AmbiguousKeyId(_) => Refusal::Keys("key"),
            _ => Refusal::Keys("signature"),
        },
        // An unknown `typ`, a `crit` header, an encrypted or a nested token.
        _ => Refusal::Check("kind of token"),
    }
}
