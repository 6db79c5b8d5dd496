//! What is shown once: a key, recovery codes, a link. It is the whole answer to the form that made it, a page that no
//! address leads to, so that nobody finds it again in a history, a log or a second tab.

use crate::components::frame::footer;
use crate::components::header::brand;
use crate::components::page_title::title_text;
use crate::error::AppError;
use crate::shell::{head, styles};
use crate::ssr;
use axum::http::{StatusCode, header};
use leptos::prelude::*;
use leptos::server_fn::codec::TextStream;
use leptos_axum::ResponseOptions;

/// Answers a plain form with a page of its own. `body` is what stands in its `<main>`. The server function has
/// `output = StreamingText`.
pub fn answer_with_page(title: &str, body: AnyView) -> Result<TextStream<AppError>, AppError> {
    let styles = styles(&ssr::context()?.leptos_options);
    let title = title_text(title);
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(StatusCode::OK);
        let html = header::HeaderValue::from_static("text/html; charset=utf-8");
        options.insert_header(header::CONTENT_TYPE, html);
        options.insert_header(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    }
    let page = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                {head(styles)}
                <title>{title}</title>
            </head>
            <body>
                <header class="top"><div class="bar">{brand(None)}</div></header>
                <main id="main" tabindex="-1">
                    <section class="page narrow">{body}</section>
                </main>
                {footer()}
            </body>
        </html>
    };
    Ok(TextStream::from(futures::stream::iter([page.to_html()])))
}
