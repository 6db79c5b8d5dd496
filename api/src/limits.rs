//! How many calls that stay open (waits and streams) one person may have at once: the refusal in words.

use crate::{Api, Problem};
use axum::http::StatusCode;
use control::Caller;
use control::seats::{MOST, Seat, TRY_AGAIN_SECONDS};

impl Api {
    /// Takes a seat, when there is one left.
    pub(crate) fn seat(&self, caller: &Caller) -> Result<Seat, Problem> {
        let words =
            format!("you have {MOST} calls open that wait; end one, or listen to `/api/v1/events` instead");
        let full = || Problem::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_OPEN", words);
        self.control.seat(caller).ok_or_else(|| full().retry_after(TRY_AGAIN_SECONDS))
    }
}
