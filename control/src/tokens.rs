//! Personal tokens: what people make for programs that speak as themselves. A token is a key with `personal` set. It is
//! its owner wherever people count, never does more than their roles of the moment and its scopes, and always ends.
//!
//! Only a person who is there, signed in to a browser a short while ago, makes one: a token makes no tokens, and neither
//! does a session that somebody left open.

use crate::keys::{KeyInput, KeyView, view};
use crate::record::Act;
use crate::{Caller, Control, Error};
use store::identity::KeyRecord;

impl Control {
    /// Makes a token for the caller. Answers with the whole token, which nobody is shown again.
    pub async fn create_token(&self, caller: &Caller, input: KeyInput) -> Result<(KeyRecord, String), Error> {
        self.recently_there(caller)?;
        let (record, token) = self.new_key(&caller.workspace, &caller.person, true, &input)?;
        let (changes, entry) = self.making(&Act::of(caller), &record);
        self.enact_if(caller, |caller| self.recently_there(caller), changes, entry).await?;
        Ok((record, token))
    }

    /// The caller's own tokens in this workspace, newest first, revoked ones among them. Their hashes are left out.
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<KeyView>, Error> {
        let now = self.now();
        let own = self.own_tokens(caller).await?;
        Ok(own.into_iter().map(|record| view(caller.name.clone(), record, now)).collect())
    }

    /// Revokes one of the caller's own tokens. The next call with it is refused.
    pub async fn revoke_token(&self, caller: &Caller, id: &str) -> Result<(), Error> {
        let own = self.own_tokens(caller).await?;
        let record = own.into_iter().find(|token| token.id == id).ok_or(Error::NotFound("token"))?;
        let (changes, entry) = self.revoking(&Act::of(caller), &record)?;
        self.enact_if(caller, |caller| caller.human().map(drop), changes, entry).await
    }

    async fn own_tokens(&self, caller: &Caller) -> Result<Vec<KeyRecord>, Error> {
        let person = caller.human()?;
        let mut keys = self.store.keys(&caller.workspace).await?;
        keys.retain(|key| key.personal && key.owner == *person);
        Ok(keys)
    }

    /// A person, there, who proved who they are a short while ago.
    fn recently_there(&self, caller: &Caller) -> Result<(), Error> {
        caller.human()?;
        self.recently_signed_in(caller)
    }
}
