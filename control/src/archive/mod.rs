//! Taking many decisions away at once: everything that a search finds, as one ZIP. The same decisions give the same
//! bytes: nothing in it tells of the moment at which it was made, entries have one order and one time, and each decision
//! stands as of its version. It refuses more than a machine and a person can handle, in words that say how to narrow.

mod contents;
mod csv;
mod manifest;
mod place;
mod taken;
mod writer;

use crate::search::Search;
use crate::{Caller, Control, Error, Operation, Scope};
use contents::Contents;
use governance::json::{Value, object};
use manifest::Listed;
use std::fs::File;
use store::PageRequest;
use store::query::Weight;
use tokio::sync::Semaphore;
use writer::Writer;

pub(crate) use place::Room;
pub use place::{MOST_AT_ONCE, NoPlace, Place};

/// Most decisions in one archive.
pub const MOST_DECISIONS: usize = 2_000;
/// Most bytes in one archive, unpacked.
pub const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// Most bytes in one file of an archive, unpacked. Whoever checks it holds one file in memory.
pub const MOST_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Archives in the making at once, of everybody together. Each holds one decision in memory and the rest in a file.
static MAKING: Semaphore = Semaphore::const_new(2);
/// Rows asked for at once.
const PAGE: u32 = 200;

/// What an archive would hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Decisions; stops behind [`MOST_DECISIONS`].
    pub decisions: usize,
    /// About how many bytes it would have to be downloaded.
    pub bytes: u64,
    /// Whether it is more than one archive may hold.
    pub too_much: bool,
}

/// An archive, in a file that is gone once this is dropped.
#[derive(Debug)]
pub struct Archive {
    /// The file, at its beginning.
    pub file: File,
    /// How long it is.
    pub bytes: u64,
    /// A name for it.
    pub file_name: String,
    /// To be held as long as the file is.
    pub place: Place,
}

impl Control {
    /// What an archive of this search would hold. Fails for those who may not export.
    pub async fn estimate(&self, caller: &Caller, search: &Search) -> Result<Estimate, Error> {
        let ids = self.gathered(caller, search).await?;
        let weights = self.store.weights(&caller.workspace, &ids).await?;
        let unpacked = weights.iter().map(unpacked).fold(0, u64::saturating_add);
        Ok(Estimate {
            decisions: ids.len(),
            bytes: packed(unpacked, ids.len()),
            too_much: ids.len() > MOST_DECISIONS || unpacked > MOST_BYTES,
        })
    }

    /// Makes the archive of everything that the search finds and the caller may export.
    pub async fn archive(&self, caller: &Caller, search: &Search, place: Place) -> Result<Archive, Error> {
        caller.require(Operation::Export)?;
        let _turn = MAKING.acquire().await.map_err(|error| Error::Fault(error.to_string()))?;
        let ids = self.gathered(caller, search).await?;
        if ids.len() > MOST_DECISIONS {
            return Err(too_much());
        }
        let workspace = self.workspace_of(caller).await?;
        let mut weights = self.store.weights(&caller.workspace, &ids).await?;
        // The same sum as the page shows: nobody waits for what is refused in the end.
        if weights.iter().map(unpacked).fold(0, u64::saturating_add) > MOST_BYTES {
            return Err(too_much());
        }
        weights.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        let mut writer = blocking(Writer::begun).await??;
        let mut listed = Vec::with_capacity(weights.len());
        for weight in weights {
            let Some(taken) = self.as_of(caller, weight).await? else { continue };
            let (back, one) = blocking(move || {
                let contents = Contents::of(&taken.decision, taken.run.as_deref(), taken.position)?;
                let one = writer.decision(contents)?;
                Ok::<_, Error>((writer, one))
            })
            .await??;
            listed.push(one);
            writer = back;
            if writer.unpacked > MOST_BYTES {
                return Err(too_much());
            }
        }
        let head = object([
            (
                "workspace",
                object([("id", workspace.id.as_str().into()), ("name", workspace.name.as_str().into())]),
            ),
            ("filter", search.to_value()),
            ("reach", reach(caller).into()),
        ]);
        let (file, bytes) = blocking(move || writer.finished(head, &listed)).await??;
        Ok(Archive { file, bytes, file_name: format!("{}-decisions.zip", workspace.id.as_str()), place })
    }

    /// Ids of all that is found, one more than an archive may hold at most.
    async fn gathered(&self, caller: &Caller, search: &Search) -> Result<Vec<String>, Error> {
        caller.require(Operation::Export)?;
        let Some(filter) = self.narrowed(caller, search, Operation::Export).await? else {
            return Ok(Vec::new());
        };
        let mut ids = Vec::new();
        let mut page = PageRequest { limit: PAGE, ..PageRequest::default() };
        loop {
            let found = self.store.list(&caller.workspace, &filter, &page, self.now()).await?;
            ids.extend(found.rows.into_iter().map(|row| row.id.as_str().to_owned()));
            match found.next {
                Some(next) if ids.len() <= MOST_DECISIONS => page.after = Some(next),
                _ => break,
            }
        }
        ids.truncate(MOST_DECISIONS + 1);
        Ok(ids)
    }
}

impl Search {
    /// What was searched for, without what was left open.
    fn to_value(&self) -> Value {
        let text = |name: &str, text: &str| {
            let text = text.trim();
            (!text.is_empty()).then(|| (name.to_owned(), Value::from(text)))
        };
        let moment =
            |at: Option<governance::Timestamp>| at.map(governance::Timestamp::to_plain).unwrap_or_default();
        let state = if self.open { "open" } else { self.state.map_or("", governance::State::as_str) };
        let members = [
            text("person", &self.person),
            text("label", &self.label),
            text("state", state),
            text("template", &self.template),
            text("digest", &self.digest),
            text("words", &self.words),
            text("asked_at_or_after", &moment(self.from)),
            text("asked_before", &moment(self.until)),
        ];
        Value::Object(members.into_iter().flatten().collect())
    }
}

/// How far the one who took it reaches. What they may not see is not in it, and the manifest says so.
fn reach(caller: &Caller) -> &'static str {
    match caller.scope(Operation::Export) {
        Scope::All => "every decision of the workspace that the filter finds",
        Scope::Own | Scope::No => {
            "decisions that the filter finds and that whoever downloaded it had requested"
        }
    }
}

fn too_much() -> Error {
    let message = format!(
        "this finds more than one archive may hold ({MOST_DECISIONS} decisions, {} MB unpacked); narrow the search, by \
         days for example, and download one part after the other",
        MOST_BYTES / 1024 / 1024
    );
    Error::Invalid { field: "archive", message }
}

/// About how many bytes a decision's files have: its log twice, with what surrounds each event, and its run.
fn unpacked(weight: &Weight) -> u64 {
    let events = u64::from(weight.version).saturating_mul(420);
    weight
        .log_bytes
        .saturating_add(events)
        .saturating_mul(2)
        .saturating_add(weight.run_bytes)
        .saturating_add(4_000)
}

/// About how many bytes they have once they are packed.
fn packed(unpacked: u64, decisions: usize) -> u64 {
    let entries = u64::try_from(decisions).unwrap_or(u64::MAX).saturating_mul(900);
    (unpacked.saturating_mul(2) / 7).saturating_add(entries).saturating_add(2_000)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Fault(error.to_string()))
}
