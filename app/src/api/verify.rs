//! Verification on the server, for readers without JavaScript. It keeps nothing.

use crate::error::AppError;
use crate::once::answer_with_page;
use crate::pages::verify::answer;
use crate::ssr;
use leptos::prelude::*;
use leptos::server_fn::codec::{StreamingText, TextStream};

/// Verifies a pasted text. The verdict is the page that answers, never an address that somebody could make up.
#[server(prefix = "/api", endpoint = "verify_here", output = StreamingText)]
pub async fn verify_here(#[server(default)] document: String) -> Result<TextStream<AppError>, AppError> {
    let now = ssr::context()?.control.now();
    answer_with_page("Verification", answer(&document, now))
}
