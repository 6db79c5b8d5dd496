//! One of several: who asks, what exactly will run, under which policy, and the digest that an approval binds to. Nothing
//! of that is folded away, and the tick stands below all of it. Only what the server makes of it is folded.

use super::words;
use crate::api::decide::{Item, Shown, Tick};
use crate::api::decision::{Adapter, GatePlan, TemplateUse};
use crate::components::exact::{Digest, Exact, Said};
use crate::components::face::face;
use crate::components::facts::facts;
use crate::components::notice::{Tone, notice_still};
use crate::components::seats::seats;
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::pages::decisions::what;
use crate::query::address;
use crate::text::{encoded, sentence, shortened, visible};
use leptos::prelude::*;

/// Most characters of a goal in its heading.
const GOAL: usize = 200;

/// The item.
pub(super) fn item(item: &Item, ticked: bool) -> AnyView {
    match &item.found {
        Ok(shown) => found(&item.id, shown, ticked),
        Err(error) => view! {
            <li class="panel item">
                <h2><Said text=shortened(&item.id, 80) /></h2>
                {notice_still(Tone::Bad, "", view! { <p>{visible(&error.words_of_page())}</p> })}
            </li>
        }
        .into_any(),
    }
}

fn found(id: &str, shown: &Shown, ticked: bool) -> AnyView {
    let href = format!("/decisions/{}", encoded(id));
    let heading = visible(&shortened(&shown.goal, GOAL));
    // A heading may be cut, and takes line breaks for spaces.
    let goal = (shown.plan.is_none() || heading != shown.goal).then(|| exact("Goal", &shown.goal));
    let name = visible(&shown.requester.name);
    let policy: Vec<_> = shown.policy.iter().map(|line| view! { <li>{visible(line)}</li> }).collect();
    let label = format!("{}: {}", words::TAKE, shortened(&heading, 80));
    let tick = shown.open().then(|| {
        view! {
            <label class="take">
                <input type="checkbox" name="take[]" value=Tick::text(id, shown) checked=ticked aria-label=label />
                <span aria-hidden="true">{words::TAKE}</span>
            </label>
        }
    });
    let machine = shown.machine.then(|| {
        view! { <p class="by-machine"><span class="sign" aria-hidden="true">"⚙"</span>{words::BY_MACHINE}</p> }
    });
    view! {
        <li class="panel item">
            <div class="item-head">
                <h2><a href=href><bdi>{heading}</bdi></a></h2>
            </div>
            <p class="marks"><ModeBadge mode=shown.mode.clone() /> <StateBadge state=shown.state.clone() /></p>
            {machine}
            {goal}
            {plan(shown)}
            {shown.adapters.iter().map(compiled).collect::<Vec<_>>()}
            {facts(vec![
                ("Asked by", view! { <span class="who">{face(&name)} <bdi>{name.clone()}</bdi></span> }.into_any()),
                ("Approvals", seats(shown.given, shown.needed)),
                ("Policy", view! { <ul class="bare">{policy}</ul> {shown.template.as_ref().map(template)} }.into_any()),
                ("Version seen", view! { {shown.version} }.into_any()),
                ("An approval binds to", view! { <Digest hex=shown.digest.clone() /> }.into_any()),
            ])}
            {why_not(id, shown)}
            {tick}
        </li>
    }
    .into_any()
}

/// What will run, as it is.
fn plan(shown: &Shown) -> AnyView {
    match (&shown.gate, &shown.plan) {
        (Some(gate), Some(plan)) => at_the_gate(gate, plan, shown.mode == "apply"),
        (_, Some(plan)) => exact("Plan", plan),
        (_, None) => {
            view! { <p class="quiet-text">"It has no plan: the goal is all that is asked."</p> }.into_any()
        }
    }
}

/// A gate's plan: the command, its folder, the files that it is bound to, and the plan as it was sent.
fn at_the_gate(gate: &GatePlan, plan: &str, real: bool) -> AnyView {
    let file = |(path, digest): &(String, String)| {
        view! { <li><code>{visible(path)}</code> <br /> <Digest hex=digest.clone() /></li> }
    };
    let files: Vec<_> = gate.files.iter().map(file).collect();
    let files = (!files.is_empty()).then(|| {
        view! { <p class="label-of">"Files that it is bound to"</p> <ul class="bare">{files}</ul> }
    });
    view! {
        {real.then(|| view! { <p><strong>{words::AT_THE_GATE}</strong></p> })}
        {exact("Command", &gate.line)}
        {arguments(&gate.command)}
        {exact("Working folder", &gate.working_dir)}
        {files}
        <p class="small">{words::NOT_BOUND}</p>
        {exact("Plan, as it was sent", plan)}
    }
    .into_any()
}

/// What an adapter would get.
fn compiled(adapter: &Adapter) -> AnyView {
    view! {
        <details class="fold">
            <summary>"Through " <code>{visible(&adapter.id)}</code> ": what it would get"</summary>
            <p>{visible(&adapter.description)}</p>
            {(!adapter.command.is_empty()).then(|| arguments(&adapter.command))}
            {exact("Compiled request", &adapter.request)}
        </details>
    }
    .into_any()
}

/// Each argument in a box of its own: one that holds spaces or line breaks must not look like two.
fn arguments(command: &[String]) -> AnyView {
    view! {
        <details class="fold">
            <summary>"Command, argument by argument"</summary>
            {what::arguments(command)}
        </details>
    }
    .into_any()
}

/// The template, and what the request put in the place of what it says.
fn template(template: &TemplateUse) -> AnyView {
    let terms: Vec<_> = template
        .terms
        .iter()
        .map(|term| {
            view! {
                <li>
                    <strong>{visible(&term.name)}</strong>
                    ": the template says " <code>{visible(&term.template)}</code>
                    ", this request says " <code>{visible(&term.here)}</code>
                </li>
            }
        })
        .collect();
    let replaced = if terms.is_empty() { "; nothing of it was replaced." } else { ". The request replaced:" };
    view! {
        <p class="small">
            "From template " <bdi>{visible(&template.name)}</bdi> ", as it was: "
            <Digest hex=template.digest.clone() /> {replaced}
        </p>
        <ul class="bare">{terms}</ul>
    }
    .into_any()
}

fn exact(label: &'static str, text: &str) -> AnyView {
    view! { <p class="label-of">{label}</p> <Exact text=text.to_owned() label=label /> }.into_any()
}

/// What stands in the way of deciding it, and what to do.
fn why_not(id: &str, shown: &Shown) -> AnyView {
    let line =
        |what: &str, reason: &String| view! { <p>{format!("{what}: {}", sentence(&visible(reason)))}</p> };
    let approve = shown.no_approval.as_ref().map(|reason| line("You cannot approve it", reason));
    let reject = shown.no_rejection.as_ref().map(|reason| line("You cannot reject it", reason));
    let again = shown.step_up.filter(|_| shown.no_approval.is_none()).map(|minutes| {
        let back = address("/decide", &[("id", id)]);
        let href = address("/sign-in/again", &[("next", &back)]);
        view! { <p>{words::step_up(minutes)} " " <a href=href>"Sign in again"</a></p> }
    });
    if approve.is_none() && reject.is_none() && again.is_none() {
        return ().into_any();
    }
    notice_still(Tone::Waiting, "", view! { {approve} {reject} {again} })
}

#[cfg(test)]
mod tests {
    use super::item;
    use crate::api::Who;
    use crate::api::decide::{Item, Shown};
    use crate::api::decision::{Adapter, GatePlan, TemplateUse, Term};
    use leptos::prelude::*;

    fn shown(plan: Option<&str>) -> Shown {
        Shown {
            version: 2,
            digest: "d1gest".to_owned(),
            goal: "line one\nline two\u{202e}".to_owned(),
            plan: plan.map(str::to_owned),
            gate: None,
            mode: "apply".to_owned(),
            state: "pending_approval".to_owned(),
            requester: Who { id: "ana".to_owned(), name: "Ana".to_owned() },
            machine: false,
            policy: vec!["One approval".to_owned()],
            template: None,
            adapters: Vec::new(),
            given: 0,
            needed: 1,
            no_approval: None,
            no_rejection: None,
            step_up: None,
        }
    }

    fn html(shown: Shown, ticked: bool) -> String {
        let one = Item { id: "dec_1".to_owned(), found: Ok(shown) };
        Owner::new().with(|| item(&one, ticked).to_html())
    }

    #[test]
    fn a_gate_s_plan_is_shown_with_all_that_an_approval_binds_to() {
        let text = |text: &str| text.to_owned();
        let plan = r#"{"command":["./deploy.sh"],  "working_dir":"/srv"}"#;
        let gate = GatePlan {
            line: text("./deploy.sh"),
            command: vec![text("./deploy.sh")],
            working_dir: text("/srv"),
            files: vec![(text("bin/deploy.sh"), text("sha256:abc123"))],
            resume: String::new(),
        };
        let terms = vec![Term { name: text("min approvals"), template: text("2"), here: text("1") }];
        let template = TemplateUse { name: text("prod-change"), digest: text("t3mplate"), terms };
        let adapter = Adapter {
            id: text("ansible"),
            description: text("Runs it"),
            command: vec![text("ansible-playbook")],
            request: text("{compiled}"),
        };
        let (gate, template) = (Some(gate), Some(template));
        let all = Shown { gate, template, machine: true, adapters: vec![adapter], ..shown(Some(plan)) };
        let page = html(all, false);
        for part in [
            "bin/deploy.sh",
            "sha256:abc123",
            "/srv",
            "Plan, as it was sent",
            "  \"working_dir\"",
            "not on this server",
            "min approvals",
            "t3mplate",
            "prod-change",
            "an API key",
            "ansible-playbook",
            "{compiled}",
            "d1gest",
        ] {
            assert!(page.contains(part) || page.contains(&part.replace('"', "&quot;")), "{part} in {page}");
        }
    }

    #[test]
    fn without_a_plan_the_goal_is_shown_exactly() {
        let page = html(shown(None), false);
        let (_, goal) = page.split_once("aria-label=\"Goal\"").expect("no goal");
        assert!(goal.contains("line one\nline two") && goal.contains("U+202E"), "{goal}");
        let named = Shown { goal: "short".to_owned(), ..shown(None) };
        assert!(html(named, false).contains("aria-label=\"Goal\""));
    }

    #[test]
    fn however_long_the_plan_nothing_of_it_is_folded_and_the_tick_stands_below() {
        let plan = "run this\n".repeat(400);
        let page = html(shown(Some(&plan)), false);
        assert!(!page.contains("<details"), "{page}");
        let (text, tick) = (page.rfind("run this").unwrap(), page.find("type=\"checkbox\"").unwrap());
        assert!(text < tick);
        assert!(page.rfind("d1gest").unwrap() > text);
        assert!(!page.contains("checked"), "nobody has ticked it yet");
        assert!(html(shown(Some(&plan)), true).contains("checked"));
    }
}
