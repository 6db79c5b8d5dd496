//! Keys that sign tokens, and tokens put together by hand, so that they can be wrong in every way.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey,
};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use p256::ecdsa::signature::Signer;
use serde_json::{Value, json};

/// Made for these tests, and used nowhere else.
const RSA: &str = include_str!("test-only-rsa.pem");

/// A key of a provider, or of somebody who would like to be one.
pub struct Key {
    /// Its name in key sets and headers.
    pub kid: &'static str,
    /// What it signs with.
    pub algorithm: &'static str,
    seed: u8,
}

impl Key {
    /// An Ed25519 key; another seed is another key.
    pub const fn ed25519(kid: &'static str, seed: u8) -> Self {
        Self { kid, algorithm: "EdDSA", seed }
    }

    /// A key for another algorithm: `RS*`, `PS*`, `ES256`, `HS256` (the client secret), `none`.
    pub const fn of(kid: &'static str, algorithm: &'static str) -> Self {
        Self { kid, algorithm, seed: 7 }
    }

    /// As a provider publishes it.
    pub fn public(&self) -> Value {
        let mut key = match self.algorithm {
            "EdDSA" => serde_json::to_value(self.as_ed25519().as_verification_key()).unwrap(),
            "ES256" => {
                let point = self.as_p256().verifying_key().to_sec1_point(false);
                let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
                let bytes = point.as_bytes();
                json!({"kty": "EC", "crv": "P-256", "x": part(&bytes[1..33]), "y": part(&bytes[33..65])})
            }
            _ => serde_json::to_value(self.as_rsa().as_verification_key()).unwrap(),
        };
        key["kid"] = self.kid.into();
        key["use"] = "sig".into();
        key
    }

    /// A token with this payload, and with this key's name and algorithm in the header.
    pub fn token(&self, payload: &Value) -> String {
        self.token_with(&json!({"alg": self.algorithm, "kid": self.kid}), payload)
    }

    /// A token with this header and payload.
    pub fn token_with(&self, header: &Value, payload: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let algorithm =
            || -> CoreJwsSigningAlgorithm { serde_json::from_value(self.algorithm.into()).unwrap() };
        match self.algorithm {
            "none" => Vec::new(),
            "HS256" => CoreHmacKey::new(super::fake::CLIENT_SECRET).sign(&algorithm(), message).unwrap(),
            "EdDSA" => self.as_ed25519().sign(&algorithm(), message).unwrap(),
            "ES256" => {
                let signature: p256::ecdsa::Signature = self.as_p256().sign(message);
                signature.to_bytes().to_vec()
            }
            _ => self.as_rsa().sign(&algorithm(), message).unwrap(),
        }
    }

    /// RFC 8410: a PKCS #8 wrapping around 32 bytes.
    fn as_ed25519(&self) -> CoreEdDsaPrivateSigningKey {
        let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        der.extend([self.seed; 32]);
        let kind = "PRIVATE KEY";
        let pem = format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der));
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, None).unwrap()
    }

    fn as_p256(&self) -> p256::ecdsa::SigningKey {
        p256::ecdsa::SigningKey::from_slice(&[self.seed; 32]).unwrap()
    }

    fn as_rsa(&self) -> CoreRsaPrivateSigningKey {
        CoreRsaPrivateSigningKey::from_pem(RSA, Some(JsonWebKeyId::new(self.kid.into()))).unwrap()
    }
}
