//! What was found about a file, as HTML: whole where the server checked it, and as templates with empty slots where the
//! page's script fills them. One function each makes both, so that they cannot differ.

use super::words::{
    CAUTION, CHECKS, COMPARE, CheckWords, EVENTS, KINDS, NOT_MADE, OTHER, OUTCOMES, PROBLEMS, VERDICTS,
    VerdictWords,
};
use governance::finding::Finding;
use governance::story::Step;
use governance::verify::{Check, Kind};
use leptos::prelude::*;

/// The templates that the page's script copies, by their ids.
pub fn templates() -> AnyView {
    let verdicts: Vec<AnyView> = VERDICTS
        .iter()
        .flat_map(|verdict| {
            let meaning = view! { <p>{verdict.meaning}</p> }.into_any();
            [
                template(
                    format!("verdict-{}", verdict.name),
                    badge(verdict.word, verdict.sign, verdict.tone),
                ),
                template(format!("meaning-{}", verdict.name), meaning),
            ]
        })
        .collect();
    let texts: Vec<AnyView> = KINDS
        .iter()
        .map(|(name, words)| (format!("kind-{name}"), *words))
        .chain(EVENTS.iter().map(|(name, words)| (format!("event-{name}"), *words)))
        .map(|(id, words)| template(id, words.into_any()))
        .collect();
    let problems: Vec<AnyView> = PROBLEMS
        .iter()
        .map(|(code, words)| template(format!("problem-{code}"), view! { <p>{*words}</p> }.into_any()))
        .collect();
    let outcomes: Vec<AnyView> = OUTCOMES
        .iter()
        .map(|(name, word, sign, tone)| template((*name).to_owned(), badge(word, sign, tone)))
        .collect();
    let checks: Vec<AnyView> = CHECKS
        .iter()
        .chain([&OTHER])
        .map(|words| template(format!("check-{}", words.name), check(words, None)))
        .collect();
    view! {
        {template("finding".to_owned(), article("", None))}
        {template("pair".to_owned(), pair("", ""))}
        {template("step".to_owned(), step(None))}
        {template("check-not-made".to_owned(), not_made())}
        {verdicts} {texts} {problems} {outcomes} {checks}
    }
    .into_any()
}

fn template(id: String, content: AnyView) -> AnyView {
    view! { <template id=id>{content}</template> }.into_any()
}

/// One file: the verdict, what it means, and everything behind it. Without a finding all slots are empty.
pub fn article(name: &str, finding: Option<&Finding>) -> AnyView {
    let verdict = finding.and_then(|found| words_of(found.verdict.as_str()));
    let kind = finding
        .and_then(|found| found.kind)
        .and_then(|kind| KINDS.iter().find(|(name, _)| *name == kind.as_str()).map(|(_, words)| *words));
    let problem = finding.and_then(|found| found.problem.as_ref());
    let meaning = match problem {
        Some((problem, _)) => {
            PROBLEMS.iter().find(|(code, _)| *code == problem.as_str()).map(|(_, words)| *words)
        }
        None => verdict.map(|verdict| verdict.meaning),
    };
    let detail = problem.map(|(_, detail)| detail.clone());
    let details = match finding {
        None => Some(details(None)),
        Some(found) => (!found.checks.is_empty()).then(|| details(Some(found))),
    };
    view! {
        <article class="finding" data-verdict=finding.map(|found| found.verdict.as_str())>
            <header>
                <h3><bdi data-slot="name">{name.to_owned()}</bdi></h3>
                <p class="marks">
                    <span data-slot="verdict">{verdict.map(|words| badge(words.word, words.sign, words.tone))}</span>
                    <span class="quiet-text" data-slot="kind">{kind}</span>
                </p>
            </header>
            <div class="meaning" data-slot="meaning">{meaning.map(|words| view! { <p>{words}</p> })}</div>
            <p class="hint"><code data-slot="detail">{detail}</code></p>
            {details}
        </article>
    }
    .into_any()
}

fn words_of(verdict: &str) -> Option<&'static VerdictWords> {
    VERDICTS.iter().find(|words| words.name == verdict)
}

fn badge(word: &'static str, sign: &'static str, tone: &'static str) -> AnyView {
    view! { <span class=format!("badge {tone}")><span class="sign" aria-hidden="true">{sign}</span>{word}</span> }.into_any()
}

fn details(found: Option<&Finding>) -> AnyView {
    let count = found.map(|found| found.checks.len().to_string());
    let more =
        found.filter(|found| found.more_steps > 0).map(|found| format!("… and {} more.", found.more_steps));
    let facts = found.map(|found| pairs(&found.summary));
    let steps = found.map(|found| found.story.iter().map(|one| step(Some(one))).collect::<Vec<_>>());
    let has_steps = found.is_none_or(|found| !found.story.is_empty());
    let digests = found.map(|found| pairs(&found.digests));
    let has_digests = found.is_none_or(|found| !found.digests.is_empty());
    view! {
        <details data-of="checks" open=found.is_some()>
            <summary>"What it says, and its checks: " <span data-slot="count">{count}</span></summary>
            <div class="parts">
                <section data-of="facts">
                    <h4>"What it says of itself"</h4>
                    <p class="hint caution">{CAUTION}</p>
                    <dl class="pairs" data-slot="facts">{facts}</dl>
                </section>
                {has_steps.then(|| view! {
                    <section data-of="steps">
                        <h4>"What it says happened"</h4>
                        <ol class="told" data-slot="steps">{steps}</ol>
                        <p class="hint" data-slot="more">{more}</p>
                    </section>
                })}
                <section>
                    <h4>"The checks, one by one"</h4>
                    <ul class="checks" data-slot="checks">{found.map(checks)}</ul>
                </section>
                {has_digests.then(|| view! {
                    <section data-of="digests">
                        <h4>"Digests to compare by eye"</h4>
                        <p class="hint">{COMPARE}</p>
                        <dl class="pairs digests" data-slot="digests">{digests}</dl>
                    </section>
                })}
            </div>
        </details>
    }
    .into_any()
}

fn pairs(pairs: &[(&'static str, String)]) -> Vec<AnyView> {
    pairs.iter().map(|(term, value)| pair(term, value)).collect()
}

fn pair(term: &'static str, value: &str) -> AnyView {
    view! {
        <div>
            <dt data-slot="term">{term}</dt>
            <dd><bdi class="said" data-slot="value">{value.to_owned()}</bdi></dd>
        </div>
    }
    .into_any()
}

fn step(told: Option<&Step>) -> AnyView {
    let words = told.map_or(Some(String::new()), |step| (!step.words.is_empty()).then(|| step.words.clone()));
    let event = told.map(|step| {
        let known = EVENTS.iter().find(|(name, _)| *name == step.event);
        known.map_or_else(|| step.event.clone(), |(_, words)| (*words).to_owned())
    });
    view! {
        <li>
            <p>
                <span class="quiet-text" data-slot="ts">{told.map(|step| step.ts.clone())}</span>
                " " <bdi data-slot="actor">{told.map(|step| step.actor.clone())}</bdi>
                " " <span data-slot="event">{event}</span>
            </p>
            {words.map(|words| view! { <blockquote dir="auto" data-slot="words">{words}</blockquote> })}
        </li>
    }
    .into_any()
}

fn checks(found: &Finding) -> Vec<AnyView> {
    let mut items: Vec<AnyView> = found
        .checks
        .iter()
        .map(|made| check(CHECKS.iter().find(|words| words.name == made.name).unwrap_or(&OTHER), Some(made)))
        .collect();
    if found.kind.is_some_and(|kind| kind == Kind::Package && found.checks.len() < kind.checks().len()) {
        items.push(not_made());
    }
    items
}

fn check(words: &CheckWords, made: Option<&Check>) -> AnyView {
    let outcome = made.and_then(|made| {
        let wanted = if made.ok { "holds" } else { "fails" };
        let (_, word, sign, tone) = OUTCOMES.iter().find(|(name, ..)| *name == wanted)?;
        Some(badge(word, sign, tone))
    });
    let side = |text: Option<&String>| text.cloned().unwrap_or_else(|| "(nothing)".to_owned());
    view! {
        <li>
            <h5>{words.question} " " <span data-slot="outcome">{outcome}</span></h5>
            <p>{words.compared}</p>
            <details open=made.is_some_and(|made| !made.ok)>
                <summary>"What this means"</summary>
                <dl class="pairs">
                    <div><dt>"Why it matters"</dt><dd>{words.matters}</dd></div>
                    <div><dt>"A yes proves"</dt><dd>{words.proves}</dd></div>
                    <div><dt>"It leaves open"</dt><dd>{words.leaves_open}</dd></div>
                    <div><dt>"Name of the check"</dt><dd><code data-slot="check">{made.map(|made| made.name)}</code></dd></div>
                    <div><dt>"The file states"</dt><dd><code class="digest" data-slot="expected">{made.map(|made| side(made.expected.as_ref()))}</code></dd></div>
                    <div><dt>"Found here"</dt><dd><code class="digest" data-slot="actual">{made.map(|made| side(made.actual.as_ref()))}</code></dd></div>
                </dl>
            </details>
        </li>
    }
    .into_any()
}

fn not_made() -> AnyView {
    let (question, words) = NOT_MADE;
    view! {
        <li>
            <h5>{question} " " {badge("Not in this file", "–", "quiet")}</h5>
            <p>{words}</p>
        </li>
    }
    .into_any()
}
