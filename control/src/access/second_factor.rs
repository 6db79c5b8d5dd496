//! Codes from an authenticator app (TOTP, RFC 6238: six digits, SHA-1, 30 seconds) for local accounts, and recovery
//! codes for the day the phone is gone. A code works once: the time step that it was used in is kept.

use super::attempt::person;
use super::sign_in::SignedIn;
use crate::throttle::Guess;
use crate::{Caller, Control, Error};
use governance::digest::{hex, sha256_hex};
use governance::workspace_log::ActKind;
use governance::{PersonId, Timestamp, WorkspaceId};
use store::enact::Change;
use totp_rs::{Builder, Secret, Totp};

/// Recovery codes of one person.
const RECOVERY_CODES: usize = 10;

/// What somebody needs to set their app up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base32, to type.
    pub secret: String,
    /// The same as an address, for a picture to scan.
    pub url: String,
}

impl Control {
    /// Begins to set up a second factor: a new secret, which is in force once a code of it was shown.
    pub async fn begin_second_factor(&self, caller: &Caller) -> Result<(), Error> {
        let person = caller.human()?;
        self.recently_signed_in(caller)?;
        let random = self.entropy.bytes()?;
        let secret = Secret::new(random.get(..20).unwrap_or(&random).into()).to_base32();
        let change = Change::PutSecondFactor { person: person.clone(), secret };
        let enactment = store::Enactment { changes: vec![change], ..store::Enactment::default() };
        self.store.enact(enactment).await.map_err(|error| match error {
            store::StoreError::Gone(_) => Error::Invalid {
                field: "code",
                message: "a second factor is in force already; switch it off first".to_owned(),
            },
            other => other.into(),
        })
    }

    /// The secret that waits for its first code; `None` when none does.
    pub async fn enrolment(&self, caller: &Caller) -> Result<Option<Enrolment>, Error> {
        let found = self.store.second_factor(caller.human()?).await?;
        let Some(factor) = found.filter(|factor| !factor.confirmed) else { return Ok(None) };
        let url = totp(&factor.secret, caller.actor.id())?.to_url();
        let url = url.map_err(|error| Error::Fault(error.to_string()))?;
        Ok(Some(Enrolment { secret: factor.secret, url }))
    }

    /// Proves that the app works, which puts the factor in force. Answers with the recovery codes, shown this once.
    pub async fn confirm_second_factor(&self, caller: &Caller, code: &str) -> Result<Vec<String>, Error> {
        let id = caller.human()?;
        self.recently_signed_in(caller)?;
        let counted =
            self.throttle.attempt(Guess::Code, Some(caller.actor.id()), &caller.address, self.now())?;
        let found = self.store.second_factor(id).await?;
        let factor = found.filter(|factor| !factor.confirmed).ok_or(Error::NotFound("second factor"))?;
        let Some(step) = matching_step(&factor.secret, code, self.now())? else {
            return Err(wrong_code());
        };
        self.throttle.succeeded(counted);
        let codes = self.recovery_codes()?;
        let change = Change::ConfirmSecondFactor {
            person: id.clone(),
            at: self.now(),
            step,
            recovery_hashes: codes.iter().map(|code| recovery_hash(code)).collect(),
        };
        self.enact_everywhere(caller, ActKind::SecondFactorEnabled, vec![change], None, None).await?;
        Ok(codes)
    }

    /// Switches the caller's second factor off.
    pub async fn remove_second_factor(&self, caller: &Caller) -> Result<(), Error> {
        let person = caller.human()?.clone();
        self.recently_signed_in(caller)?;
        let change = Change::RemoveSecondFactor { person };
        self.enact_everywhere(caller, ActKind::SecondFactorDisabled, vec![change], None, None).await
    }

    /// Whether a second factor of the caller is in force, and how many recovery codes are left.
    pub async fn second_factor(&self, caller: &Caller) -> Result<Option<u32>, Error> {
        let found = self.store.second_factor(caller.human()?).await?;
        Ok(found.filter(|factor| factor.confirmed).map(|factor| factor.recovery_codes))
    }

    /// The second step of a sign-in: a code of the app, or a recovery code. Each works once. `workspace` is the one to
    /// stay in, when somebody only proves themselves again.
    pub async fn second_step(
        &self,
        id: &str,
        workspace: Option<&str>,
        code: &str,
        from: &str,
    ) -> Result<SignedIn, Error> {
        if !self.local_accounts {
            return Err(Error::LocalAccountsOff);
        }
        let id = person(id)?;
        let account = self.store.account_of(&id).await?.ok_or(Error::Unauthenticated)?;
        let counted = self.throttle.attempt(Guess::Code, Some(&account.actor_id), from, self.now())?;
        if !self.use_code(&id, code).await? {
            return Err(wrong_code());
        }
        self.throttle.succeeded(counted);
        let wish = workspace.and_then(|id| WorkspaceId::new(id).ok());
        let workspace = self.home(&id, wish.as_ref()).await?.ok_or(Error::Credentials)?;
        Ok(SignedIn { person_id: id, workspace, vouched: None })
    }

    async fn use_code(&self, id: &PersonId, code: &str) -> Result<bool, Error> {
        let Some(factor) = self.store.second_factor(id).await?.filter(|factor| factor.confirmed) else {
            return Ok(false);
        };
        if let Some(step) = matching_step(&factor.secret, code, self.now())? {
            return Ok(self.store.use_second_factor(id, step).await?);
        }
        Ok(self.store.use_recovery_code(id, &recovery_hash(code)).await?)
    }

    /// Ten codes of 80 bits, in groups that can be typed.
    fn recovery_codes(&self) -> Result<Vec<String>, Error> {
        (0..RECOVERY_CODES)
            .map(|_| {
                let random = self.entropy.bytes()?;
                let digits = hex(random.get(..10).unwrap_or(&random));
                let groups: Vec<&str> =
                    digits.as_bytes().chunks(5).filter_map(|g| str::from_utf8(g).ok()).collect();
                Ok(groups.join("-"))
            })
            .collect()
    }
}

/// The time step whose code this is: now, or one step earlier or later for clocks that disagree.
fn matching_step(secret: &str, code: &str, now: Timestamp) -> Result<Option<i64>, Error> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let seconds = u64::try_from(now.micros() / 1_000_000).unwrap_or_default();
    let step = totp(secret, "code")?.check(&code, seconds);
    Ok(step.map(|step| i64::try_from(step).unwrap_or(i64::MAX)))
}

fn totp(secret: &str, account: &str) -> Result<Totp, Error> {
    let secret = Secret::try_from_base32(secret);
    let secret = secret.map_err(|_| Error::Fault("a second factor's secret cannot be read".to_owned()))?;
    // A colon separates issuer and account in the address.
    let account = account.replace(':', "_");
    Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_issuer(Some("Nexus Control"))
        .with_account_name(account)
        .build()
        .map_err(|error| Error::Fault(error.to_string()))
}

/// A recovery code as it is stored: spaces, dashes and case do not matter.
fn recovery_hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    sha256_hex(plain.to_lowercase().as_bytes())
}

fn wrong_code() -> Error {
    let message =
        "this code is wrong, was used before, or is no longer valid; wait for the next one".to_owned();
    Error::Invalid { field: "code", message }
}
