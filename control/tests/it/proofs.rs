//! What providers prove, and codes that an authenticator app would show.

use crate::scene::{ADDRESS, Scene};
use control::access::attempt::Purpose;
use control::access::sso::{GroupRule, Proven, Provider};
use control::access::{Entered, SignedIn};
use control::{Caller, Error, Role};
use governance::{PersonId, WorkspaceId};
use totp_rs::{Builder, Secret};

/// A provider that lets everybody in whom it knows.
pub fn corp() -> Provider {
    Provider {
        name: "corp".to_owned(),
        label: "Sign in with Corp".to_owned(),
        just_in_time: true,
        ..Provider::default()
    }
}

/// The same with what its groups give: group, role, workspace.
pub fn with_rules(rules: &[(&str, &[Role], Option<&WorkspaceId>)]) -> Provider {
    let rules = rules.iter().map(|(group, roles, workspace)| GroupRule {
        group: (*group).to_owned(),
        roles: roles.to_vec(),
        workspace: workspace.cloned(),
    });
    Provider { rules: rules.collect(), ..corp() }
}

/// Who Corp says somebody is.
pub fn proven(subject: &str, email: Option<&str>) -> Proven {
    Proven {
        issuer: "https://corp.example".to_owned(),
        subject: subject.to_owned(),
        email: email.map(str::to_owned),
        email_verified: email.map(|_| true),
        name: Some(format!("{subject} of Corp")),
        ..Proven::default()
    }
}

/// The same with groups.
pub fn in_groups(subject: &str, email: Option<&str>, groups: &[&str]) -> Proven {
    let groups = groups.iter().map(|group| (*group).to_owned()).collect();
    Proven { groups, ..proven(subject, email) }
}

impl Scene {
    /// Signs in through a provider.
    pub async fn through(
        &self,
        provider: &Provider,
        proven: &Proven,
        purpose: &Purpose,
    ) -> Result<SignedIn, Error> {
        self.control.sign_in_through(provider, proven, purpose, None, ADDRESS).await
    }

    /// Links what a provider proves to somebody who is signed in.
    pub async fn link(&self, caller: &Caller, proven: &Proven) -> Result<SignedIn, Error> {
        self.through(&corp(), proven, &Purpose::Link(caller.person.to_string())).await
    }
}

/// What the app shows for this secret, so many seconds from now.
pub fn app_code(scene: &Scene, secret: &str, seconds: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).with_skew(1).build().unwrap();
    let moment = scene.control.now().plus_seconds(seconds).micros() / 1_000_000;
    totp.generate(u64::try_from(moment).unwrap()).to_string()
}

/// Puts a second factor in force: its secret and the recovery codes.
pub async fn enrol(scene: &Scene, caller: &Caller) -> (String, Vec<String>) {
    scene.control.begin_second_factor(caller).await.unwrap();
    let secret = scene.control.enrolment(caller).await.unwrap().unwrap().secret;
    let code = app_code(scene, &secret, 0);
    let codes = scene.control.confirm_second_factor(caller, &code).await.unwrap();
    (secret, codes)
}

/// Whom a code is asked of. Nobody is let in without one.
pub fn asked(entered: &Entered) -> &PersonId {
    let person = match entered {
        Entered::SecondFactor(person) => Some(person),
        Entered::SignedIn(_) => None,
    };
    person.unwrap()
}
