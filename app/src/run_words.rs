//! A run in words: what its codes mean, how long it took, and what is missing of its output.

/// Where an adapter kept the beginning of an output only.
pub const NOT_ALL_WAS_KEPT: &str = "It printed more than was kept: the rest was not kept.";

/// Where the end of an output is all that is known.
pub fn only_the_end(kept: usize, bytes: i64) -> String {
    format!("These are the last {kept} of {bytes} bytes.")
}

/// Where the page shows less than the record has.
pub fn only_the_end_here(shown: usize, characters: usize) -> String {
    format!("The last {shown} of {characters} characters; the record has the others.")
}

/// An exit code, with what it means where that is commonly agreed.
pub fn exit(code: i64) -> String {
    let meaning = match code {
        0 => "success",
        126 => "the command could not be executed",
        127 => "the command was not found",
        130 => "interrupted",
        137 => "killed",
        143 => "told to end",
        _ => return code.to_string(),
    };
    format!("{code} ({meaning})")
}

/// What a run's code means; empty for a code that is not ours.
pub fn trouble(code: &str) -> &'static str {
    match code {
        "CANCELLED" => "Somebody stopped it. What it had done until then stays done.",
        "TIMED_OUT" => "It took longer than it may and was stopped. What it had done until then stays done.",
        "COMMAND_FAILED" => "The command ran and says that it failed.",
        "COMMAND_NOT_STARTED" | "START_FAILED" => "The command could not be started.",
        "COMMAND_LOST" => "The command was started, and then lost.",
        "PLAN_INVALID" => "The plan does not fit the adapter. Nothing was started.",
        "DRY_RUN_ONLY" => "The adapter only rehearses. Nothing was started.",
        "OUTCOME_UNKNOWN" => {
            "It was not heard of any more. It may have done all of its work, some of it, or nothing."
        }
        "ROUTER_UNREACHABLE" => "The router could not be reached. Nothing was started.",
        "ROUTER_REFUSED" => "The router said no. Nothing was started.",
        "ROUTER_LOST" => "The router went away after it was asked. Nobody knows what it did.",
        "ROUTER_ANSWER_INVALID" => "The router answered something that is no answer.",
        "ROUTER_ANSWERED_TWICE" => "The router answered more than once, and not the same.",
        "ROUTER_ANSWERED_OTHER" => "The router answered about something else.",
        _ => "",
    }
}

/// A length of time as people say it: `12 s`, `3 min 05 s`, `2 h 03 min`.
pub fn lasted(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) if rest < 1 => "less than 1 s".to_owned(),
        (0, 0) => format!("{rest} s"),
        (0, _) => format!("{minutes} min {rest:02} s"),
        _ => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::{exit, lasted, trouble};

    #[test]
    fn a_length_of_time_is_said_as_people_say_it() {
        let said = [-1, 0, 1, 59, 60, 125, 3_600, 7_380].map(lasted);
        assert_eq!(
            said.join("; "),
            "less than 1 s; less than 1 s; 1 s; 59 s; 1 min 00 s; 2 min 05 s; 1 h 00 min; 2 h 03 min"
        );
    }

    #[test]
    fn common_exit_codes_are_explained_and_others_left_alone() {
        assert_eq!([0, 3, 127].map(exit).join("; "), "0 (success); 3; 127 (the command was not found)");
    }

    #[test]
    fn every_code_that_a_run_may_end_with_has_words() {
        use control::router as code;
        let ours = [
            code::CANCELLED,
            code::TIMED_OUT,
            code::ROUTER_UNREACHABLE,
            code::ROUTER_LOST,
            code::ROUTER_REFUSED,
            code::ROUTER_ANSWER_INVALID,
            code::ROUTER_ANSWERED_TWICE,
            code::ROUTER_ANSWERED_OTHER,
            governance::decide::OUTCOME_UNKNOWN,
        ];
        for code in ours {
            assert!(!trouble(code).is_empty(), "{code}");
        }
        assert_eq!(trouble("<script>"), "");
    }
}
