//! A run while it runs. Everything that changes by itself has its room beforehand: nothing moves under a reader's hand.

use super::form::{Called, Desk, form, shut, unformed};
use super::places::{CONFIRM, RUN, TAIL, WISH};
use super::watch::Watch;
use crate::api::decision_parts::{Form, Running};
use crate::components::exact::{Said, marked};
use crate::components::made::made;
use crate::query::address;
use crate::run_words::lasted;
use crate::text::{encoded, visible};
use leptos::prelude::*;

/// Of a run that was not heard of for so many seconds, the page says so.
const SILENT: i64 = 15;

/// What stops it.
const CANCEL: &str = "Cancel the run";

/// Loads the page again where there are no scripts. In a browser with scripts it is text that nobody sees. By its whole
/// address: an address that leads to a place in the page is not loaded again, only gone to.
fn loads_again(id: &str) -> String {
    let here = encoded(id);
    format!(
        "<meta http-equiv=\"refresh\" content=\"3; url=/decisions/{here}\"><p>This page is loaded again every 3 seconds.</p>"
    )
}

pub(super) fn section(run: &Running, watch: Watch, desk: &Desk) -> AnyView {
    // A page that asks whether to cancel stands still until it is answered.
    let again = !watch.cancelling.get_untracked();
    view! {
        <section class="panel live" id=RUN tabindex="-1" aria-labelledby="run">
            <h2 id="run">
                "Run "
                <span class="badge busy"><span class="sign" aria-hidden="true">"▶"</span>"Running"</span>
            </h2>
            {made(&run.about)}
            <dl class="pairs">
                <div><dt>"Running for"</dt><dd class="figure">{move || lasted(watch.seconds())}</dd></div>
                <div><dt>"Steps done"</dt><dd class="figure">{move || watch.known(|live| live.steps).to_string()}</dd></div>
            </dl>
            {cancel(&run.cancel, watch, desk)}
            <h3>"Output, its end"</h3>
            <pre class="exact tail" id=TAIL tabindex="0" role="group" aria-label="Output of the run so far, its end">
                <code>{move || marked(&watch.tail())}</code>
            </pre>
            {notes(watch)}
            {again.then(|| view! { <noscript>{loads_again(&desk.id)}</noscript> })}
        </section>
    }
    .into_any()
}

/// What it is doing, and why what is shown may be behind.
fn notes(watch: Watch) -> AnyView {
    let notes = move || {
        let doing = watch.known(|live| live.doing.clone());
        let silent = watch.known(|live| live.silent);
        [
            (!doing.is_empty())
                .then(|| view! { <p class="small">"Now: " <Said text=doing /></p> }.into_any()),
            watch.tail().is_empty().then(|| note("Nothing was printed so far.")),
            watch.stands_still().then(|| {
                note("The output stands still while you read or select in it. Go to its end to follow.")
            }),
            (silent > SILENT).then(|| warning(&format!("Last heard of {} ago.", lasted(silent)))),
            watch.trouble().map(|words| warning(&format!("Not live. {words} This page goes on trying."))),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<AnyView>>()
    };
    view! { <div class="room">{notes}</div> }.into_any()
}

fn note(words: &'static str) -> AnyView {
    view! { <p class="hint">{words}</p> }.into_any()
}

fn warning(words: &str) -> AnyView {
    view! { <p class="small"><span class="sign" aria-hidden="true">"! "</span><strong>{visible(words)}</strong></p> }
        .into_any()
}

/// The wish to stop it: a link, then a form that asks again, then who wished it. A link, because a page without
/// scripts is loaded again all the time and would fold up what somebody unfolded.
fn cancel(held: &Form, watch: Watch, desk: &Desk) -> AnyView {
    let here = format!("/decisions/{}", encoded(&desk.id));
    let (held, desk) = (held.clone(), desk.clone());
    let act = desk.acts.cancel;
    let wish = Memo::new(move |_| watch.known(|live| live.wish.as_ref().map(|(_, words)| words.clone())));
    let inner = move || {
        if let Some(words) = wish.try_get().flatten() {
            return made(&words);
        }
        if let Form::Shut(reason) = &held {
            return shut(act, None, CANCEL, "cancel-reason", reason);
        }
        if watch.cancelling.try_get() != Some(true) {
            let ask = address(&here, &[("cancel", "1")]);
            let failed = unformed(act, None);
            return view! { {failed} <p><a class="button quiet" href=ask data-noscroll="">{CANCEL}</a></p> }
                .into_any();
        }
        let called =
            Called { id: None, verb: "Cancel the run for good", busy: "Cancelling…", class: "main danger" };
        let back = view! { <a class="button quiet" href=here.clone() data-noscroll="">"Let it run"</a> };
        view! {
            <div class="notice waiting" id=CONFIRM tabindex="-1" role="group" aria-label="Cancel the run?">
                <p>
                    <span class="sign" aria-hidden="true">"!"</span>
                    "It stops as soon as it can. What it has done until then stays done, and the decision is over: it never runs again. The log says that it was you."
                </p>
                {form(&desk, act, &called, ().into_any(), back.into_any())}
            </div>
        }
        .into_any()
    };
    view! { <div class="wish" id=WISH>{inner}</div> }.into_any()
}
