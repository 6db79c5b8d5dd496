//! A run while it runs. Everything that changes by itself has its room beforehand: nothing moves under a reader's hand.

use super::acts::{Acts, bound_to, shut, unformed};
use super::watch::{CONFIRM, PLACE, TAIL, WISH, Watch};
use crate::api::decision::{ActionKind, DecisionPage};
use crate::api::run::Run;
use crate::components::act::{ActForm, Send};
use crate::components::exact::{Said, marked};
use crate::components::failure::FormFailure;
use crate::components::time::Time;
use crate::query::address;
use crate::run_words::lasted;
use crate::text::{encoded, visible};
use leptos::prelude::*;

/// Of a run that was not heard of for so many seconds, the page says so.
const SILENT: i64 = 15;

/// Loads the page again where there are no scripts. In a browser with scripts it is text that nobody sees.
const AGAIN: &str =
    "<meta http-equiv=\"refresh\" content=\"3\"><p>This page is loaded again every 3 seconds.</p>";

pub(super) fn section(page: &DecisionPage, run: &Run, watch: Watch, acts: Acts) -> AnyView {
    let place = if run.at_the_gate { " – where it was asked for, not on this server" } else { "" };
    // A page that asks whether to cancel stands still until it is answered.
    let again = !watch.cancelling.get_untracked();
    view! {
        <section class="panel live" id=PLACE tabindex="-1" aria-labelledby="run">
            <h2 id="run">
                "Run "
                <span class="badge busy"><span class="sign" aria-hidden="true">"▶"</span>"Running"</span>
            </h2>
            <dl class="pairs">
                <div><dt>"Through"</dt><dd><code>{visible(&run.adapter)}</code>{place}</dd></div>
                <div><dt>"Started by"</dt><dd><Said text=run.started_by.name.clone() /></dd></div>
                {run.started_at.map(|at| view! { <div><dt>"Started"</dt><dd><Time at=at absolute=true /></dd></div> })}
                <div><dt>"Running for"</dt><dd class="figure">{move || lasted(watch.seconds.get())}</dd></div>
                <div><dt>"Steps done"</dt><dd class="figure">{move || watch.known(|live| live.steps).to_string()}</dd></div>
            </dl>
            {cancel(page, watch, acts)}
            <h3>"Output, its end"</h3>
            <pre class="exact tail" id=TAIL tabindex="0" role="group" aria-label="Output of the run so far, its end">
                <code>{move || watch.tail.with(|tail| marked(tail))}</code>
            </pre>
            {notes(watch)}
            {again.then(|| view! { <noscript>{AGAIN}</noscript> })}
        </section>
    }
    .into_any()
}

/// What it is doing, and why what is shown may be behind.
fn notes(watch: Watch) -> AnyView {
    let printed =
        move || watch.tail.with(String::is_empty).then(|| note("Nothing was printed so far.".to_owned()));
    let doing = move || {
        let doing = watch.known(|live| live.doing.clone());
        (!doing.is_empty()).then(|| view! { <p class="small">"Now: " <Said text=doing /></p> })
    };
    let silent = move || {
        let silent = watch.known(|live| live.silent);
        (silent > SILENT).then(|| warning(format!("Last heard of {} ago.", lasted(silent))))
    };
    let trouble = move || {
        let words = watch.trouble.get();
        words.map(|words| warning(format!("Not live. {words} This page goes on trying.")))
    };
    let still = move || {
        let words = "The output stands still while you read or select in it. Go to its end to follow.";
        watch.still.get().then(|| note(words.to_owned()))
    };
    view! { <div class="room">{doing} {printed} {still} {silent} {trouble}</div> }.into_any()
}

fn note(words: String) -> AnyView {
    view! { <p class="hint">{words}</p> }.into_any()
}

fn warning(words: String) -> AnyView {
    view! { <p class="small"><span class="sign" aria-hidden="true">"! "</span><strong>{visible(&words)}</strong></p> }
        .into_any()
}

/// The wish to stop it: a link, then a form that asks again, then who wished it. A link, because a page without
/// scripts is loaded again all the time and would fold up what somebody unfolded.
fn cancel(page: &DecisionPage, watch: Watch, acts: Acts) -> AnyView {
    let reason = page.reason(ActionKind::Cancel);
    let here = format!("/decisions/{}", encoded(&page.id));
    let (id, version) = (page.id.clone(), page.version);
    let wish = Memo::new(move |_| watch.known(|live| live.wish.clone()));
    let inner = move || {
        if let Some((who, at)) = wish.get() {
            return view! {
                <p><strong><Said text=who.name /></strong>" asked that it stops, " <Time at=at />"."</p>
            }
            .into_any();
        }
        if let Some(reason) = &reason {
            let failed = unformed(acts.cancel, None);
            return view! { {failed} {shut("Cancel the run", "cancel-reason", reason)} }.into_any();
        }
        if !watch.cancelling.get() {
            let ask = address(&here, &[("cancel", "1")]);
            let failed = unformed(acts.cancel, None);
            return view! { {failed} <p><a class="button quiet" href=ask data-noscroll="">"Cancel the run"</a></p> }
                .into_any();
        }
        let (bound, here) = (bound_to(id.clone(), version), here.clone());
        view! {
            <div class="notice waiting" id=CONFIRM tabindex="-1" role="group" aria-label="Cancel the run?">
                <p>
                    <span class="sign" aria-hidden="true">"!"</span>
                    "It stops as soon as it can. What it has done until then stays done, and the decision is over: it never runs again. The log says that it was you."
                </p>
                <ActForm act=acts.cancel>
                    {bound}
                    <FormFailure act=acts.cancel />
                    <p class="actions">
                        <Send act=acts.cancel verb="Cancel the run for good" busy="Cancelling…" class="main danger" />
                        <a class="button quiet" href=here data-noscroll="">"Let it run"</a>
                    </p>
                </ActForm>
            </div>
        }
        .into_any()
    };
    view! { <div class="wish" id=WISH>{inner}</div> }.into_any()
}
