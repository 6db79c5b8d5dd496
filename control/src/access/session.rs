//! Sessions, for the people whose they are and for admins: which there are, and ending them. A session is named by the
//! beginning of its id's hash, which signs nobody in.

use super::administer;
use crate::record::Act;
use crate::{Caller, Control, Error, Operation};
use governance::workspace_log::ActKind;
use governance::{PersonId, Timestamp, WorkspaceId};
use store::Enactment;
use store::enact::Change;
use store::sessions::SessionRecord;

/// Characters of a session's name.
const NAME_CHARS: usize = 16;

/// A session, for people to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Its name.
    pub name: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Where it began.
    pub address: String,
    /// The browser, as it calls itself.
    pub agent: String,
    /// The provider that vouched.
    pub issuer: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
}

impl Control {
    /// The caller's sessions, the last used first. `current` is the hash of the one that asks.
    pub async fn my_sessions(
        &self,
        caller: &Caller,
        current: Option<&str>,
    ) -> Result<Vec<SessionView>, Error> {
        let found = self.store.sessions_of(caller.human()?, None, self.now()).await?;
        Ok(found.into_iter().map(|one| view(one, current)).collect())
    }

    /// Ends one of the caller's sessions.
    pub async fn end_my_session(&self, caller: &Caller, name: &str) -> Result<(), Error> {
        let id = caller.human()?;
        let change = self.ending(id, None, name).await?;
        Ok(self.store.enact(Enactment { changes: vec![change], ..Enactment::default() }).await?)
    }

    /// Ends all of the caller's sessions but the one that asks.
    pub async fn end_my_other_sessions(&self, caller: &Caller, current: Option<&str>) -> Result<(), Error> {
        let person = caller.human()?.clone();
        let change = Change::EndSessions { person, workspace: None, keep: current.map(str::to_owned) };
        Ok(self.store.enact(Enactment { changes: vec![change], ..Enactment::default() }).await?)
    }

    /// A member's sessions in the caller's workspace.
    pub async fn sessions_of(&self, caller: &Caller, id: &PersonId) -> Result<Vec<SessionView>, Error> {
        administer(caller, Operation::ManagePeople)?;
        self.member(caller, id).await?;
        let found = self.store.sessions_of(id, Some(&caller.workspace), self.now()).await?;
        Ok(found.into_iter().map(|one| view(one, None)).collect())
    }

    /// Ends a member's sessions in the caller's workspace: all, or the one with this name.
    pub async fn end_sessions_of(
        &self,
        caller: &Caller,
        id: &PersonId,
        name: Option<&str>,
    ) -> Result<(), Error> {
        administer(caller, Operation::ManagePeople)?;
        let person = self.member(caller, id).await?;
        let workspace = caller.workspace.clone();
        let change = match name {
            Some(name) => self.ending(id, Some(&workspace), name).await?,
            None => Change::EndSessions { person: id.clone(), workspace: Some(workspace), keep: None },
        };
        let what = name.unwrap_or("all");
        let entry = Act::of(caller).entry(
            self.now(),
            ActKind::SessionsEnded,
            &person.actor_id,
            Some(what.into()),
            None,
        );
        self.enact_here(caller, Operation::ManagePeople, vec![change], entry).await
    }

    /// A provider says that somebody signed out there, or that a session of theirs ended: ours that it vouched for end
    /// at once. The word of each token counts once. Answers with how many ended.
    pub async fn signed_out_elsewhere(
        &self,
        issuer: &str,
        subject: Option<&str>,
        session: Option<&str>,
        token_id: &str,
        expires_at: Timestamp,
    ) -> Result<u64, Error> {
        if !self.store.use_token(issuer, token_id, expires_at).await? {
            return Err(super::sso::SsoRefusal::State.into());
        }
        Ok(self.store.delete_vouched_sessions(issuer, subject, session).await?)
    }

    /// Whether a token of a provider is used for the first time.
    pub async fn first_use(
        &self,
        issuer: &str,
        token_id: &str,
        expires_at: Timestamp,
    ) -> Result<bool, Error> {
        Ok(self.store.use_token(issuer, token_id, expires_at).await?)
    }

    async fn ending(
        &self,
        person: &PersonId,
        workspace: Option<&WorkspaceId>,
        name: &str,
    ) -> Result<Change, Error> {
        let found = self.store.sessions_of(person, workspace, self.now()).await?;
        let one = found.into_iter().find(|one| name_of(one) == name).ok_or(Error::NotFound("session"))?;
        Ok(Change::EndSession { person: person.clone(), workspace: workspace.cloned(), id_hash: one.id_hash })
    }
}

fn name_of(session: &SessionRecord) -> &str {
    session.id_hash.get(..NAME_CHARS).unwrap_or(&session.id_hash)
}

fn view(session: SessionRecord, current: Option<&str>) -> SessionView {
    SessionView {
        name: name_of(&session).to_owned(),
        current: current == Some(session.id_hash.as_str()),
        address: session.address,
        agent: session.agent,
        issuer: session.vouched.map(|vouched| vouched.issuer),
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
    }
}
