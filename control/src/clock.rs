//! Time and randomness as ports, so that tests and the demo can set them.

use governance::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Where randomness comes from.
pub trait Entropy: Send + Sync {
    /// 32 unpredictable bytes. Fails when the system has none to give; then nothing may be made of them.
    fn bytes(&self) -> Result<[u8; 32], crate::Error>;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bytes(&self) -> Result<[u8; 32], crate::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| crate::Error::Fault(error.to_string()))?;
        Ok(bytes)
    }
}

/// 32 random bytes as 64 hexadecimal digits: a token.
pub(crate) fn token(entropy: &dyn Entropy) -> Result<String, crate::Error> {
    Ok(governance::digest::hex(&entropy.bytes()?))
}

/// A UUID of version 7: random, and rising with time, so that what is made together lies together on disk.
pub(crate) fn uuid(entropy: &dyn Entropy, now: Timestamp) -> Result<String, crate::Error> {
    let random = entropy.bytes()?;
    let mut tail = [0_u8; 10];
    tail.copy_from_slice(random.get(..10).unwrap_or(&[0; 10]));
    let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid().to_string())
}
