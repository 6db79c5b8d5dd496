//! Access tokens of a sign-in provider: whom one stands for, once every check of its protocol has passed. It speaks as
//! the person whose identity it names, as a personal token does, and lives no longer than the provider said.
//!
//! It makes nobody an account and gives no role: somebody has to have signed in here with that identity before.

use crate::caller::{Caller, Credential, Door};
use crate::{Control, Error, KeyScope};
use governance::{Actor, ActorKind};

/// What may stand before a scope, so that a provider can tell ours from those of others.
const SCOPE_PREFIX: &str = "nexus:";

impl Control {
    /// The caller that a provider's access token stands for, in the workspace that they would come in to. `scopes` are
    /// the token's words; those that are none of ours give nothing. However recently they signed in there, a
    /// token proves nothing about who holds it now.
    pub async fn token_caller(
        &self,
        issuer: &str,
        subject: &str,
        scopes: &[String],
        door: Door,
        address: &str,
    ) -> Result<Caller, Error> {
        let identity = self.store.identity(issuer, subject).await?;
        let linked = identity.filter(|identity| identity.unlinked_at.is_none());
        let id = linked.ok_or(Error::Unauthenticated)?.person;
        let workspace = self.home(&id, None).await?.ok_or(Error::Unauthenticated)?;
        let person = self.entitled(&workspace, &id).await?;
        let (actor, name) = (Actor::new(ActorKind::Human, person.actor_id.clone()), person.name.clone());
        let credential = Credential::Key { scopes: scopes_of(scopes), personal: true, key_id: None };
        self.caller_of(&workspace, person, actor, name, credential, (door, address.to_owned())).await
    }
}

/// The scopes that a token's words name, with our prefix or without.
fn scopes_of(words: &[String]) -> Vec<KeyScope> {
    let ours =
        words.iter().filter_map(|word| KeyScope::parse(word.strip_prefix(SCOPE_PREFIX).unwrap_or(word)));
    ours.filter(|scope| scope.is_for(true)).collect()
}

#[cfg(test)]
mod tests {
    use super::scopes_of;
    use crate::KeyScope;

    #[test]
    fn only_our_own_words_give_anything() {
        for (words, given) in [
            ("openid profile", &[][..]),
            ("read nexus:decide", &[KeyScope::Read, KeyScope::Decide]),
            ("nexus:nexus:read nexus: READ Nexus:read other:read", &[]),
            ("evaluate nexus:manage", &[KeyScope::Manage]),
        ] {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            assert_eq!(scopes_of(&words), given, "{words:?}");
        }
    }
}
