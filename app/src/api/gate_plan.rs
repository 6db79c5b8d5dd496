//! The plan of a request that came through the gate, for people: a command line, its folder, and the files that it is
//! bound to. Any other plan is shown as it is.

use super::decision::GatePlan;

/// Reads a plan that the gate made.
pub(crate) fn read(plan: &str, decision: &str) -> Option<GatePlan> {
    let governance::GatePlan { command, working_dir, files } = governance::GatePlan::parse(plan)?;
    let files = files.into_iter().collect();
    let words = command.iter().enumerate().map(|(place, word)| match place {
        // A shell would take `NAME=value` in front for a setting, and not for the program.
        0 if word.contains('=') => in_quotes(word),
        _ => quoted(word),
    });
    let line = words.collect::<Vec<_>>().join(" ");
    let resume = format!("nexus-control gate --decision {} -- {line}", quoted(decision));
    Some(GatePlan { line, command, working_dir, files, resume })
}

/// An argument as a shell would have to be given it: as it is where nothing in it means anything there.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    let bare = !argument.is_empty() && !argument.starts_with('=') && argument.chars().all(plain);
    if bare { argument.to_owned() } else { in_quotes(argument) }
}

fn in_quotes(argument: &str) -> String {
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{quoted, read};

    #[test]
    fn a_gate_s_plan_becomes_a_command_line_and_how_to_resume_it() {
        let plan = r#"{"command":["./deploy.sh","--tag","v2 1","it's",""],"files":{"deploy.sh":"sha256:ab"},"working_dir":"/srv/app"}"#;
        let plan = read(plan, "dec_1").unwrap();
        assert_eq!(plan.line, r"./deploy.sh --tag 'v2 1' 'it'\''s' ''");
        assert_eq!(plan.command.len(), 5);
        assert_eq!(plan.working_dir, "/srv/app");
        assert_eq!(plan.files, [("deploy.sh".to_owned(), "sha256:ab".to_owned())]);
        assert!(
            plan.resume.starts_with("nexus-control gate --decision dec_1 -- ./deploy.sh "),
            "{}",
            plan.resume
        );
        assert!(read(r#"{"command":["ls"],"working_dir":"/"}"#, "dec_1").is_some());
    }

    #[test]
    fn a_program_never_looks_like_a_setting() {
        let plan = r#"{"command":["DRY_RUN=1","./deploy.sh","--all=yes"],"working_dir":"/"}"#;
        assert_eq!(read(plan, "dec_1").unwrap().line, "'DRY_RUN=1' ./deploy.sh --all=yes");
    }

    #[test]
    fn no_argument_can_look_like_two_or_like_something_else() {
        for (argument, shown) in [
            ("a b", "'a b'"),
            ("$HOME", "'$HOME'"),
            ("", "''"),
            ("~", "'~'"),
            ("x;y", "'x;y'"),
            ("ü", "'ü'"),
            ("=x", "'=x'"),
        ] {
            assert_eq!(quoted(argument), shown);
        }
    }
}
