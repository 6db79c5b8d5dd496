//! Passwords: argon2id, in PHC form. Hashing is heavy on purpose and runs off the async threads.

use crate::{Entropy, Error};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 12;
/// Most bytes of a password; more would only make hashing slow.
pub const MAX_BYTES: usize = 1024;

/// Refuses a password that is too short or too long.
pub fn check(password: &str) -> Result<(), Error> {
    let message = if password.chars().count() < MIN_CHARS {
        format!("the password needs at least {MIN_CHARS} characters; a few unrelated words make a good one")
    } else if password.len() > MAX_BYTES {
        format!("the password has more than {MAX_BYTES} bytes")
    } else {
        return Ok(());
    };
    Err(Error::Invalid { field: "password", message })
}

/// Hashes a password with a fresh salt.
pub async fn hash(password: &str, entropy: &dyn Entropy) -> Result<String, Error> {
    check(password)?;
    let salt = entropy.bytes()?;
    let password = password.to_owned();
    blocking(move || {
        let salt = salt.get(..16).unwrap_or(&salt);
        Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map(|hash| hash.to_string())
    })
    .await?
    .map_err(|error| Error::Fault(error.to_string()))
}

/// Whether the password is the one that was hashed. Without a hash it takes as long and says no, so that time does
/// not tell which accounts exist.
pub async fn verify(password: &str, hash: Option<String>) -> Result<bool, Error> {
    if password.len() > MAX_BYTES {
        return Ok(false);
    }
    let password = password.to_owned();
    blocking(move || match hash.as_deref().map(PasswordHash::new) {
        Some(Ok(hash)) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
        Some(Err(_)) | None => {
            let _ = Argon2::default().hash_password_with_salt(password.as_bytes(), b"no such account!");
            false
        }
    })
    .await
}

/// Hashes at once. Each takes 19 MiB: a flood of sign-ins must not take the machine.
static HASHING: Semaphore = Semaphore::const_new(8);
/// How long one waits for a turn.
const TURN: Duration = Duration::from_secs(5);

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let turn = tokio::time::timeout(TURN, HASHING.acquire()).await;
    let Ok(Ok(_turn)) = turn else { return Err(Error::Throttled { retry_after_seconds: TURN.as_secs() }) };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Fault(error.to_string()))
}
