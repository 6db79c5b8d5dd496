//! Export and import: what an auditor takes away, and what another system's evidence becomes here.

use crate::view::{Exported, Imported};
use crate::{Caller, Control, Error, Operation, clock};
use governance::bundle::Artifact;
use governance::import::{ConflictMode, ImportBundle, ImportCode, ImportError};
use governance::package::{self, RouterPart};
use governance::{Decision, DecisionId, Origin, bundle, canonical, digest, json, router_bundle};
use std::sync::Arc;
use store::{ImportWrite, StoreError};

impl Control {
    /// The decision's bundle.
    pub async fn export_bundle(&self, caller: &Caller, id: &DecisionId) -> Result<Exported, Error> {
        let decision = self.load_for(caller, Operation::Export, id).await?;
        let artifact = bundle::export(&decision, self.now());
        let text = bundle::render(&artifact.value);
        Ok(exported(&artifact, format!("{}.bundle.json", file_stem(id)), text))
    }

    /// The decision's audit package: by reference, or with the run's record inside.
    pub async fn export_package(
        &self,
        caller: &Caller,
        id: &DecisionId,
        embed: bool,
    ) -> Result<Exported, Error> {
        let decision = self.load_for(caller, Operation::Export, id).await?;
        let stored = self.store.run_of(&caller.workspace, id).await?.and_then(|run| run.bundle);
        let run = match stored {
            Some(text) => {
                Some(json::parse(&text).map_err(|error| Error::Fault(format!("run of {id}: {error}")))?)
            }
            None => None,
        };
        let part = match (&run, embed) {
            (Some(bundle), true) => RouterPart::Embedded { bundle },
            (None, true) => {
                let message =
                    "this decision's run record is not held here; export the package by reference".to_owned();
                return Err(Error::Invalid { field: "mode", message });
            }
            (run, false) => {
                RouterPart::Reference { digest: run.as_ref().and_then(router_bundle::stated_digest) }
            }
        };
        let artifact = package::export(&decision, part, self.now())?;
        let text = package::render(&artifact.value);
        let kind = if embed { "embedded" } else { "reference" };
        Ok(exported(&artifact, format!("{}.{kind}.audit.json", file_stem(id)), text))
    }

    /// Imports a bundle as evidence. It can be read, verified and exported; it can never be approved or executed.
    pub async fn import_bundle(
        &self,
        caller: &Caller,
        json: &str,
        conflict_mode: &str,
    ) -> Result<Imported, Error> {
        let (caller, _) = self.refreshed(caller).await?;
        let caller = &caller;
        caller.require(Operation::Import)?;
        let read = ImportBundle::read(json, conflict_mode)?;
        let original_id = read.decision_id.clone();
        let events = u32::try_from(read.events.len()).unwrap_or(u32::MAX);
        let stands = self.store.load(&caller.workspace, &original_id).await?;
        let stands = stands.map(|stream| Decision::replay(original_id.clone(), stream.origin, stream.events));
        let taken = stands.is_some();
        if read.conflict_mode == ConflictMode::Overwrite
            && stands.is_some_and(|it| it.origin == Origin::Native && !it.executions.is_empty())
        {
            // Its result could no longer be recorded, or what ran here would be hidden behind what came from elsewhere.
            let message =
                format!("decision {original_id} was run here, and that stays; import under a new id");
            return Err(ImportError::new(ImportCode::DecisionExists, message).into());
        }
        let decision_id = match read.conflict_mode {
            ConflictMode::NewDecisionId if taken => {
                let id = clock::uuid(self.entropy.as_ref(), self.now())?;
                DecisionId::new(id).map_err(|error| Error::Fault(error.to_string()))?
            }
            ConflictMode::Reject | ConflictMode::NewDecisionId | ConflictMode::Overwrite => {
                original_id.clone()
            }
        };
        let overwrite = read.conflict_mode == ConflictMode::Overwrite;
        let import = ImportWrite {
            workspace: caller.workspace.clone(),
            decision: Arc::new(read.into_decision(decision_id.clone())),
            overwrite,
            imported_by: caller.actor.id().to_owned(),
            imported_at: self.now(),
        };
        match self.store.import(import).await {
            Ok(_) => Ok(Imported { decision_id, original_id, events }),
            Err(StoreError::Exists(_)) => {
                let message = format!(
                    "decision {original_id} exists already; import it under a new id, or overwrite it (its log is kept)"
                );
                Err(ImportError::new(ImportCode::DecisionExists, message).into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn exported(artifact: &Artifact, file_name: String, text: String) -> Exported {
    let json = canonical::to_string(&artifact.value);
    Exported { file_name, json, digest: digest::prefixed(&artifact.digest), text }
}

/// The id as a file name: ids of other systems may hold anything.
fn file_stem(id: &DecisionId) -> String {
    let safe =
        |character: char| if character.is_ascii_alphanumeric() || character == '-' { character } else { '_' };
    format!("decision-{}", id.as_str().chars().map(safe).collect::<String>())
}
