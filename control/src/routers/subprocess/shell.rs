//! Shells in a declared command. A field may be an argument of a script, never a piece of it: there, a text becomes a
//! command. What a program other than a shell makes of its arguments is not known here.

use super::fields::placeholders;

/// Programs that read what follows `-c` as a script.
const SHELLS: [&str; 14] = [
    "sh", "ash", "bash", "csh", "dash", "fish", "ksh", "ksh93", "mksh", "rbash", "runuser", "su", "tcsh",
    "zsh",
];

/// A field that stands in a shell's script, if one does.
pub(super) fn field_in_script<'a>(command: &[&'a str]) -> Option<&'a str> {
    in_script(command, script).or_else(|| {
        // One argument may hold a whole command line, as `env -S` takes it. Its quotes are not read: all of it counts.
        let lines = command.iter().map(|argument| argument.split_whitespace().collect::<Vec<_>>());
        lines.into_iter().find_map(|words| in_script(&words, |behind| behind))
    })
}

/// The same in one line of words. `script` are those that a shell reads as such, from its `-c` on.
fn in_script<'a>(
    words: &[&'a str],
    script: impl for<'b> Fn(&'b [&'a str]) -> &'b [&'a str],
) -> Option<&'a str> {
    // A shell may stand behind another program: `env sh`, `sudo -u me bash`, `busybox sh`.
    (0..words.len()).find_map(|at| {
        let (program, behind) = words.get(at..)?.split_first()?;
        if !SHELLS.contains(&program.rsplit('/').next()?) {
            return None;
        }
        // More rather than less: whatever stands between the shell and its `-c` is passed over.
        let from = behind.iter().position(|word| takes_script(word))?;
        let script = script(behind.get(from..)?);
        script.iter().find_map(|word| placeholders(word).first().copied())
    })
}

/// From `-c` to the first word that is no option: the script, with the options before it.
fn script<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    let mut end = 0;
    while let Some(word) = words.get(end).filter(|word| word.starts_with(['-', '+'])) {
        // `-o pipefail`: what follows is still no script.
        end += if word.ends_with(['o', 'O']) { 2 } else { 1 };
    }
    words.get(..=end).unwrap_or(words)
}

fn takes_script(word: &str) -> bool {
    let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
    word.starts_with("--command")
        || letters.is_some_and(|letters| letters.contains('c') || !placeholders(letters).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_an_argument_of_a_script_and_never_a_piece_of_it() {
        for (line, good) in [
            ("/bin/sh|-c|echo {tag}", false),
            ("/bin/sh|-c|echo $1|x|{tag}", true),
            ("sh|-c|echo $1|sh|{tag}", true),
            ("sh|-c|exec \"$@\"|x|bash|-c|echo {tag}", false),
            ("bash|-ec|echo {tag}", false),
            ("bash|-euo|pipefail|-c|echo {tag}", false),
            ("bash|-co|pipefail|echo {tag}", false),
            ("bash|-c|-x|--|echo {tag}", false),
            ("bash|-c|-x|--|echo $0|{tag}", true),
            ("bash|-{letter}|{tag}", false),
            ("fish|--command=echo {tag}", false),
            ("env|LANG=C|sh|-c|echo {tag}", false),
            ("/usr/bin/env|-S|bash -c 'echo {tag}'", false),
            ("sudo|-u|me|/bin/bash|-lc|echo {tag}", false),
            ("sudo|-u|me|/bin/bash|-lc|echo $0|{tag}", true),
            ("busybox|sh|-c|echo {tag}", false),
            ("su|me|-c|echo {tag}", false),
            ("bash|deploy.sh|{tag}", true),
            ("deploy|-c|{tag}", true),
        ] {
            let words: Vec<&str> = line.split('|').collect();
            assert_eq!(field_in_script(&words).is_none(), good, "{line}");
        }
    }
}
