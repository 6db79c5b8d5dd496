//! What a server does beside answering, until it stops: it hears of other servers' appends, records runs that fell silent,
//! asks routers again what they offer, and deletes what has ended. Each of it is tried again after its time, whatever
//! went wrong; none of it is needed for an answer to be right.

use crate::problem::chain;
use control::Control;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// Begins all of it. `shared`: other servers may write to the same database.
pub fn begin(control: &Control, shared: bool, stopping: &CancellationToken) {
    if shared {
        let (control, stopping) = (control.clone(), stopping.clone());
        tokio::spawn(async move { control.follow(stopping).await });
    }
    tokio::spawn(minutely(control.clone(), stopping.clone()));
    tokio::spawn(routers(control.clone(), stopping.clone()));
    tokio::spawn(hourly(control.clone(), stopping.clone()));
}

/// Runs of the gate whose caller fell silent, and what another server left without a result.
async fn minutely(control: Control, stopping: CancellationToken) {
    let mut times = every(Duration::from_mins(1));
    while next(&mut times, &stopping).await {
        if let Err(error) = control.recover(false).await {
            tracing::warn!("runs without a result were not recorded: {}", chain(&error));
        }
    }
}

/// On its own: a router that hangs must not keep anything else waiting.
async fn routers(control: Control, stopping: CancellationToken) {
    let mut times = every(Duration::from_mins(1));
    let mut before = Vec::new();
    while next(&mut times, &stopping).await {
        let silent = control.refresh_routers().await;
        // Said when it changes, not every minute.
        if silent != before {
            for words in &silent {
                tracing::warn!("a router does not answer: {words}");
            }
            if silent.is_empty() {
                tracing::info!("every router answers");
            }
            before = silent;
        }
    }
}

/// Sessions, sign-ins and kept answers that have ended.
async fn hourly(control: Control, stopping: CancellationToken) {
    let mut times = every(Duration::from_hours(1));
    while next(&mut times, &stopping).await {
        match control.store().delete_expired_sessions(control.now()).await {
            Ok(0) => {}
            Ok(sessions) => tracing::debug!(sessions, "deleted sessions that had ended"),
            Err(error) => tracing::warn!("ended sessions were not deleted: {}", chain(&error)),
        }
        if let Err(error) = control.store().delete_expired_sign_ins(control.now()).await {
            tracing::warn!("sign-ins that were never finished were not deleted: {}", chain(&error));
        }
        if let Err(error) = control.sweep_claims().await {
            tracing::warn!("old Idempotency-Keys were not deleted: {}", chain(&error));
        }
    }
}

/// The first time is now. Times that were missed, on a laptop that slept, are not made up for.
fn every(time: Duration) -> tokio::time::Interval {
    let mut times = interval(time);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    times
}

/// Waits for the next time; false once the server stops.
async fn next(times: &mut tokio::time::Interval, stopping: &CancellationToken) -> bool {
    tokio::select! {
        () = stopping.cancelled() => false,
        _ = times.tick() => true,
    }
}
