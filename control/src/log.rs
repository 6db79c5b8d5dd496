//! The workspace's log of administrative acts: read, and taken away as a file that anyone can check offline.

use crate::access::administer;
use crate::record::Act;
use crate::view::Exported;
use crate::{Caller, Control, Error, Operation};
use governance::workspace_log::{self, ActKind};
use governance::{canonical, digest};
use store::enact::LogPage;

/// Entries on one page.
const PAGE: u32 = 50;

impl Control {
    /// A page of the log, newest first: what is older than entry `before`.
    pub async fn workspace_log(&self, caller: &Caller, before: Option<u32>) -> Result<LogPage, Error> {
        administer(caller, Operation::SeeLog)?;
        Ok(self.store.workspace_log(&caller.workspace, before, PAGE).await?)
    }

    /// The whole log as a file. That it was taken away stands in it, too.
    pub async fn export_log(&self, caller: &Caller) -> Result<Exported, Error> {
        administer(caller, Operation::SeeLog)?;
        let workspace = self.workspace_of(caller).await?;
        let about = workspace.id.as_str();
        let entry = Act::of(caller).entry(self.now(), ActKind::LogExported, about, None, None);
        self.enact_here(caller, Operation::SeeLog, Vec::new(), entry).await?;
        let entries = self.store.whole_workspace_log(&workspace.id).await?;
        let value = workspace_log::export(&workspace.id, &workspace.name, &entries, self.now());
        let json = canonical::to_string(&value);
        let digest = digest::prefixed(&digest::of_value(&value));
        let file_name = format!("{about}.log.json");
        Ok(Exported { file_name, text: String::new(), json, digest })
    }
}
