//! What the verify page says: a verdict in a word, each problem with what to do, and each check for somebody who has
//! never heard of a digest. It refuses to promise more than the checks prove.

/// A verdict: its name in the module, its word, sign and tone, and what it means where checks were made.
pub struct VerdictWords {
    /// Its name.
    pub name: &'static str,
    /// Its word.
    pub word: &'static str,
    /// A sign that does without colour.
    pub sign: &'static str,
    /// The tone of its badge.
    pub tone: &'static str,
    /// What it means, and what it does not; empty where each problem has words of its own.
    pub meaning: &'static str,
}

/// The verdicts.
pub const VERDICTS: [VerdictWords; 4] = [
    VerdictWords {
        name: "verified",
        word: "Verified",
        sign: "✓",
        tone: "good",
        meaning: "Every check holds: nobody changed this file after it was exported. This does not say that the people in it \
                  were who they claimed to be, or that you were given everything: compare the digests below with those that \
                  you know from elsewhere.",
    },
    VerdictWords {
        name: "altered",
        word: "Altered",
        sign: "✕",
        tone: "bad",
        meaning: "At least one check does not hold: this is not the file that was exported. Do not rely on what it says. Ask \
                  for the file again where it came from, and keep this one: the two together show what was changed.",
    },
    VerdictWords { name: "incomplete", word: "Not complete", sign: "…", tone: "waiting", meaning: "" },
    VerdictWords { name: "unreadable", word: "Not readable", sign: "?", tone: "waiting", meaning: "" },
];

/// What a file is, by the name of its kind.
pub const KINDS: [(&str, &str); 3] =
    [("package", "Audit package"), ("bundle", "Decision bundle"), ("workspace_log", "Workspace log")];

/// Problems by their codes: what it is, and what to do. The last three are those of the page itself.
pub const PROBLEMS: [(&str, &str); 12] = [
    ("EMPTY", "There is nothing in this file. Ask for it again where it came from."),
    (
        "ARCHIVE",
        "This is a ZIP archive. Unpack it, then choose the files in it, or drop the whole folder here. On the command line, \
         nexus-control verify checks an archive as it is, its list of files included.",
    ),
    (
        "NOT_TEXT",
        "This is no text, and evidence is. Take the .json file just as it was downloaded; it must not be opened and saved \
         by another program. Nothing is said about whether it was changed.",
    ),
    (
        "CUT_OFF",
        "The end of this file is missing, as after a download that broke off. Nothing is said about whether the rest was \
         changed. Ask for the file again; keep this one.",
    ),
    (
        "DUPLICATE_KEY",
        "The same name stands twice in one place, so that two programs could read two different things in it. Nexus Control \
         never writes that, and nothing is said about the rest. Ask for the file again; keep this one.",
    ),
    (
        "TOO_DEEP",
        "This is nested deeper than any evidence is, and was not read to its end. It is not what Nexus Control exports. Ask \
         for the file again; keep this one.",
    ),
    (
        "NOT_JSON",
        "This is not JSON, which evidence is written in: another file, or one that another program has saved. Nothing is said \
         about whether it was changed. Take the file just as it was downloaded.",
    ),
    (
        "PARTS_MISSING",
        "This wants to be evidence, but parts are missing that the checks need. Nothing is said about whether the rest was \
         changed. Ask for the file again; keep this one.",
    ),
    (
        "NOT_EVIDENCE",
        "This is JSON, but no audit package, bundle or workspace log. Look whether it is the right file.",
    ),
    (
        "TOO_LARGE",
        "This file has more than 50 megabytes and was not read. On the command line, nexus-control verify checks files of up \
         to 256 megabytes.",
    ),
    (
        "NOT_OPENED",
        "The browser could not open this file: it was moved or changed after it was chosen, perhaps. Choose it again.",
    ),
    (
        "STOPPED",
        "The check ended before it was done; there was not enough memory, perhaps. Nothing is said about the file. Choose it \
         alone, or use the command line.",
    ),
];

/// What happened, by the type of its event; the actor's name stands before it.
pub const EVENTS: [(&str, &str); 10] = [
    ("DECISION_CREATED", "asked for this."),
    ("POLICY_ATTACHED", "set what it needs before it may run."),
    ("APPROVAL_GRANTED", "approved it."),
    ("APPROVAL_REVOKED", "took the approval back."),
    ("DECISION_REJECTED", "rejected it."),
    ("DECISION_WITHDRAWN", "withdrew the request."),
    ("EXECUTION_REQUESTED", "asked for the run."),
    ("EXECUTION_STARTED", "began the run."),
    ("EXECUTION_COMPLETED", "recorded that the run ended well."),
    ("EXECUTION_FAILED", "recorded that the run failed."),
];

/// A check for somebody who has never heard of a digest.
pub struct CheckWords {
    /// Its stable name.
    pub name: &'static str,
    /// What it asks; the answer is yes or no.
    pub question: &'static str,
    /// What was compared with what.
    pub compared: &'static str,
    /// Why that matters.
    pub matters: &'static str,
    /// What a yes proves.
    pub proves: &'static str,
    /// What a yes does not prove.
    pub leaves_open: &'static str,
}

/// A check that this page has no words for.
pub const OTHER: CheckWords = CheckWords {
    name: "other",
    question: "Does this check hold?",
    compared: "A check that this page has no words for.",
    matters: "It is one of the checks of this file's format.",
    proves: "See the description of the format.",
    leaves_open: "See the description of the format.",
};

/// All checks that there are.
pub const CHECKS: [CheckWords; 15] = [
    CheckWords {
        name: "binding_digest",
        question: "Is the seal unbroken?",
        compared: "The seal of the package is one fingerprint over the fingerprints of its parts. It was taken again from \
                   those and compared with the one in the file.",
        matters: "Whoever exchanges a part has to break the seal, or to make a new one with another fingerprint.",
        proves: "The list of the parts is the one that was sealed.",
        leaves_open: "Who made the seal. Keep its fingerprint somewhere else, and compare it.",
    },
    CheckWords {
        name: "control_bundle_digest",
        question: "Is the decision as it was exported?",
        compared: "A fingerprint over the whole decision (what was asked, who approved, when, what came of it) was taken again \
                   and compared with the one that the file states.",
        matters: "One changed letter gives another fingerprint.",
        proves: "Nobody changed the decision or its log after it was exported.",
        leaves_open: "That the people were who they claimed to be, or that the log was right when it was exported.",
    },
    CheckWords {
        name: "binding_control_match",
        question: "Does the seal belong to this decision?",
        compared: "The fingerprint of the decision in the seal, and the one that the decision in this file states.",
        matters: "Otherwise the decision of one package could be put under the seal of another.",
        proves: "The seal was made for this very decision.",
        leaves_open: "That it is the newest export of this decision.",
    },
    CheckWords {
        name: "binding_router_match",
        question: "Does the seal belong to this run?",
        compared: "The fingerprint of the run in the seal and the one that its record states, and the run's name wherever it \
                   stands in the file.",
        matters: "Otherwise an approval for one thing could be shown beside the record of another.",
        proves: "The seal was made for this very run, and the decision names the same.",
        leaves_open: "That the run did what it printed.",
    },
    CheckWords {
        name: "binding_link_match",
        question: "Do the decision and the run belong together?",
        compared: "The link between decision and run as the seal names it, and as the decision's own record names it.",
        matters: "The link is what says: this decision allowed that run.",
        proves: "The seal names the link that was recorded when the run ended.",
        leaves_open: "That the approvals satisfied the policy: read them above.",
    },
    CheckWords {
        name: "router_digest",
        question: "Is the record of the run as it was exported?",
        compared: "A fingerprint over the run's own record, which lies in this file, was taken again and compared with the one \
                   that the record states.",
        matters: "The record holds what the run printed and how it ended.",
        proves: "Nobody changed the record of the run after it was exported.",
        leaves_open: "What the run changed in the world: only people can look there.",
    },
    CheckWords {
        name: "bundle_digest",
        question: "Is the decision as it was exported?",
        compared: "A fingerprint over the whole decision (what was asked, who approved, when, what came of it) was taken again \
                   and compared with the one that the file states.",
        matters: "One changed letter gives another fingerprint.",
        proves: "Nobody changed the decision or its log after it was exported.",
        leaves_open: "That the people were who they claimed to be, or that the log was right when it was exported.",
    },
    CheckWords {
        name: "event_digests",
        question: "Is every event as it was recorded?",
        compared: "Every event has a fingerprint of its own, taken when it was recorded. Each was taken again and compared.",
        matters: "It finds the very event that was changed, even where somebody renewed the fingerprint over the whole.",
        proves: "What each event says is what its fingerprint says.",
        leaves_open: "Who did it, and when: those stand under the fingerprint over the whole.",
    },
    CheckWords {
        name: "event_order",
        question: "Is no event missing or moved?",
        compared: "The events are numbered 0, 1, 2 and so on; the numbers were counted through.",
        matters: "A rejection that was taken out of the middle would leave a gap.",
        proves: "No event is missing between the first and the last one here, and none stands twice.",
        leaves_open: "That nothing happened after the last one: a newer export may hold more.",
    },
    CheckWords {
        name: "log_format",
        question: "Is it a log of a format that is known here?",
        compared: "Name and version of the format, with the ones that this check was made for.",
        matters: "A later format may keep its fingerprints elsewhere.",
        proves: "The other checks look at the right places.",
        leaves_open: "Anything about the content.",
    },
    CheckWords {
        name: "entry_digests",
        question: "Is every entry as it was recorded?",
        compared: "Every entry has a fingerprint of its own, taken when it was recorded. Each was taken again and compared.",
        matters: "It finds the very entry that was changed.",
        proves: "What each entry says was done is what its fingerprint says.",
        leaves_open: "Who did it, when and from where: the chain covers those.",
    },
    CheckWords {
        name: "entry_order",
        question: "Is no entry missing or moved?",
        compared: "The entries are numbered 0, 1, 2 and so on; the numbers were counted through.",
        matters: "An entry that was taken out of the middle would leave a gap.",
        proves: "No entry is missing between the first and the last one here, and none stands twice.",
        leaves_open: "That nothing was done after the last one.",
    },
    CheckWords {
        name: "entry_chain",
        question: "Is the chain whole?",
        compared: "Every entry holds a fingerprint over itself and the entry before it. Each was taken again, from the first to \
                   the last.",
        matters: "Whoever changes one entry has to make every later one anew, and then the last one shows it.",
        proves: "The entries follow on each other as they were recorded, with who, when and from where.",
        leaves_open: "That not all of it was made anew: compare the chain of the last entry with one that you know from \
                      another day.",
    },
    CheckWords {
        name: "log_head",
        question: "Does the log end where it says that it ends?",
        compared: "The number of entries and the chain of the last one, with those that the head of the file names.",
        matters: "Entries cut off at the end leave no gap in the numbers.",
        proves: "No entry was cut off or added after the head was written.",
        leaves_open: "That the head is the newest one.",
    },
    CheckWords {
        name: "log_digest",
        question: "Is the file as it was exported?",
        compared: "A fingerprint over everything else in the file was taken again and compared with the one that it states.",
        matters: "One changed letter gives another fingerprint.",
        proves: "Nobody changed the file after it was exported.",
        leaves_open: "Who exported it. Keep its fingerprint somewhere else, and compare it.",
    },
];

/// Beside the checks of a package without the run's record.
pub const NOT_MADE: (&str, &str) = (
    "Is the record of the run as it was exported?",
    "Not checked: this package names the record of the run by its fingerprint, and does not hold it. Whoever needs this check \
     downloads the package with the record embedded.",
);

/// Before what an altered file says.
pub const CAUTION: &str = "This is what the file says now. It may be the very thing that was changed.";

/// How digests are compared.
pub const COMPARE: &str = "Whoever rewrites a whole file can compute every fingerprint in it anew. So compare these with the \
                           ones that you got another way: from the decision's page, a ticket, a mail, a printed report.";

/// Why checks hold, in a word, and why they do not.
pub const OUTCOMES: [(&str, &str, &str, &str); 2] =
    [("holds", "Yes", "✓", "good"), ("fails", "No", "✕", "bad")];

#[cfg(test)]
mod tests {
    use super::{CHECKS, EVENTS, KINDS, PROBLEMS, VERDICTS};
    use governance::finding::{Problem, Verdict};
    use governance::verify::Kind;

    #[test]
    fn every_check_there_is_has_words_and_no_others_have() {
        let kinds = [Kind::Package, Kind::Bundle, Kind::WorkspaceLog];
        let named: Vec<&str> = CHECKS.iter().map(|words| words.name).collect();
        let checked: Vec<&str> = kinds.iter().flat_map(|kind| kind.checks()).copied().collect();
        assert_eq!(named, checked);
        assert_eq!(KINDS.map(|(name, _)| name), kinds.map(Kind::as_str));
    }

    #[test]
    fn every_verdict_and_problem_has_words() {
        let verdicts = [Verdict::Verified, Verdict::Altered, Verdict::Incomplete, Verdict::Unreadable];
        assert_eq!(VERDICTS.map(|words| words.name), verdicts.map(Verdict::as_str));
        let named: Vec<&str> = PROBLEMS.iter().map(|(code, _)| *code).take(Problem::ALL.len()).collect();
        assert_eq!(named, Problem::ALL.map(Problem::as_str));
        // What the page finds by itself stands in its script.
        for (code, _) in PROBLEMS.iter().skip(Problem::ALL.len()) {
            assert!(include_str!("../../../../verifier/page.js").contains(&format!("'{code}'")), "{code}");
        }
    }

    #[test]
    fn every_type_of_event_has_words() {
        // The story is told from any file, so that it has its own list: it is the log's.
        let documented = include_str!("../../../../docs/events.md");
        for (event, _) in EVENTS {
            assert!(documented.contains(event), "{event}");
        }
    }
}
