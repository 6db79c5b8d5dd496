//! The plan of a request that comes through the gate: the exact command, its folder, and the digests of files, as
//! canonical JSON. What people approve is this text; only what is written so to the letter is one.

use crate::json::{Value, object};
use crate::{canonical, json};
use std::collections::BTreeMap;

/// What a gate will run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatePlan {
    /// Program and arguments; the program is not empty.
    pub command: Vec<String>,
    /// The working folder.
    pub working_dir: String,
    /// Digests (`sha256:…`) of the files that are bound, by path as given.
    pub files: BTreeMap<String, String>,
}

impl GatePlan {
    /// The text that is approved.
    pub fn canonical(&self) -> String {
        let command = ("command", self.command.as_slice().into());
        let folder = ("working_dir", self.working_dir.as_str().into());
        if self.files.is_empty() {
            return canonical::to_string(&object([command, folder]));
        }
        let files = self.files.iter().map(|(path, digest)| (path.clone(), digest.as_str().into()));
        canonical::to_string(&object([command, ("files", Value::Object(files.collect())), folder]))
    }

    /// Reads a plan that a gate wrote; `None` for every other, also for one that says the same in another way.
    pub fn parse(plan: &str) -> Option<Self> {
        let value = json::parse(plan).ok()?;
        let command = value.get("command").and_then(Value::as_array)?;
        let command: Vec<String> =
            command.iter().map(|argument| argument.as_str().map(str::to_owned)).collect::<Option<_>>()?;
        let working_dir = value.get("working_dir").and_then(Value::as_str)?.to_owned();
        let files = match value.get("files") {
            None => BTreeMap::new(),
            Some(files) => {
                let files = files.as_object()?.iter();
                files
                    .map(|(path, digest)| Some((path.clone(), digest.as_str()?.to_owned())))
                    .collect::<Option<_>>()?
            }
        };
        let read = Self { command, working_dir, files };
        let runs = read.command.first().is_some_and(|program| !program.is_empty());
        (runs && read.canonical() == plan).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_back_as_it_was_written() {
        let files = BTreeMap::from([("deploy.sh".to_owned(), "sha256:ab".to_owned())]);
        let command = ["./deploy.sh", "--tag", "v2 1", "ü\"\n", ""].map(str::to_owned).to_vec();
        for files in [files, BTreeMap::new()] {
            let plan = GatePlan { command: command.clone(), working_dir: "/srv/app".to_owned(), files };
            assert_eq!(GatePlan::parse(&plan.canonical()), Some(plan));
        }
    }

    #[test]
    fn what_is_not_a_gate_s_plan_to_the_letter_is_none() {
        for plan in [
            "",
            "make it so",
            "[]",
            r#"{"service":"checkout"}"#,
            r#"{"command":[],"working_dir":"/"}"#,
            r#"{"command":[""],"working_dir":"/"}"#,
            r#"{"command":["ls",1],"working_dir":"/"}"#,
            r#"{"command":["ls"]}"#,
            r#"{"command":["ls"],"shell":true,"working_dir":"/"}"#,
            r#"{"command":["ls"],"files":{"a":1},"working_dir":"/"}"#,
            r#"{"command":["ls"],"files":{},"working_dir":"/"}"#,
            // Written in another way: spaces, another order, a member twice.
            r#"{"command": ["ls"],"working_dir":"/"}"#,
            r#"{"working_dir":"/","command":["ls"]}"#,
            r#"{"command":["ls"],"command":["rm"],"working_dir":"/"}"#,
        ] {
            assert_eq!(GatePlan::parse(plan), None, "{plan}");
        }
    }
}
