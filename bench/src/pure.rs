//! The pure half: replay, and verification of one package against hashing the same bytes.

use crate::report::{plain, rate, ratio};
use anyhow::Result;
use governance::decide::{self, Context, Outcome, PolicyInput, Request};
use governance::package::{self, RouterPart};
use governance::{
    Actor, ActorKind, Decision, DecisionId, Event, Mode, NewEvent, Origin, Timestamp, canonical, digest,
    verify,
};
use std::hint::black_box;
use std::time::{Duration, Instant};

const TIME: Duration = Duration::from_secs(2);

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(1_763_700_000_000_000).plus_seconds(second)
}

fn add(decision: &mut Decision, events: Vec<NewEvent>, second: i64) {
    for new in events {
        let seq = decision.version();
        decision.evolve(Event::record(new, seq, at(second)));
    }
}

fn sample() -> Result<Decision> {
    let by = |id: &str| -> Result<Context> { Ok(Context::new(at(1), Actor::new(ActorKind::Human, id)?)) };
    let mut decision =
        Decision::empty(DecisionId::new("0b5c7b0e-3a43-4a7e-9f3c-1d1e5f6a7b8c")?, Origin::Native);
    let policy = PolicyInput { min_approvals: Some(2), ..PolicyInput::default() };
    let request = Request {
        goal: "Rotate the production signing keys of the billing service".to_owned(),
        plan: None,
        mode: Mode::Apply,
        template: None,
        policy,
        forbid_self_approval: true,
    };
    let events = decide::request(&by("ana@example.com")?, request)?;
    add(&mut decision, events, 0);
    for id in ["bo@example.com", "cy@example.com"] {
        let events = decide::approve(&decision, &by(id)?, Some("looks right".to_owned()), None)?;
        add(&mut decision, events, 1);
    }
    let events = decide::execute(&decision, &by("ana@example.com")?, "subprocess:rotate", &[], None)?;
    add(&mut decision, events, 2);
    let outcome = Outcome::Completed { response_digest: digest::sha256_hex(b"answer"), steps_executed: 1 };
    let events = decide::finish(&decision, "run_1", outcome)?;
    add(&mut decision, events, 3);
    Ok(decision)
}

fn measure(mut work: impl FnMut()) -> (u64, Duration) {
    let started = Instant::now();
    let mut count = 0;
    while started.elapsed() < TIME {
        work();
        count += 1;
    }
    (count, started.elapsed())
}

/// Prints the figures.
pub fn run() -> Result<()> {
    let decision = sample()?;
    let events = u64::from(decision.version());
    let (count, time) = measure(|| {
        black_box(Decision::replay(decision.id.clone(), Origin::Native, decision.events.clone()));
    });
    plain("replay", &format!("{:.0} events/s (goal 50,000)", rate(count * events, time)));
    let package = package::export(&decision, RouterPart::Reference { digest: None }, at(4))?;
    let text = canonical::to_string(&package.value);
    let (verified, time) = measure(|| {
        black_box(verify::verify_text(&text).is_ok_and(|report| report.ok));
    });
    let ours = rate(verified, time);
    let (hashed, time) = measure(|| {
        black_box(digest::sha256_hex(text.as_bytes()));
    });
    let what = format!("verify one package of {} bytes / its sha256", text.len());
    ratio(&what, ours, rate(hashed, time), "-");
    Ok(())
}
