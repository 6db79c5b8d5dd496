//! The document around the application. Nothing in it is inline except one script, which carries the nonce.

use crate::app::App;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use std::fmt::Write as _;

/// The whole document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let styles = styles(&options);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                {head(styles)}
                <Hydration options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Where the style sheet is.
pub(crate) fn styles(options: &LeptosOptions) -> String {
    format!("/{}/{}.css", options.site_pkg_dir, options.output_name)
}

/// What every document's head begins with.
pub(crate) fn head(styles: String) -> impl IntoView {
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href=styles />
    }
}

/// One script of a plain page's own, from beside the style sheet: how the verify page comes alive without the rest.
#[cfg(feature = "ssr")]
pub(crate) fn module(name: &str) -> Option<impl IntoView + use<>> {
    let folder = crate::ssr::context().ok()?.leptos_options.site_pkg_dir;
    Some(view! { <script type="module" nonce=use_nonce() src=format!("/{folder}/{name}.js")></script> })
}

/// Loads the browser's half. Our own instead of `HydrationScripts`, which writes the nonce into attributes that a
/// style sheet could read, and looks for more files than there are.
#[component]
fn Hydration(
    /// Where the files are.
    options: LeptosOptions,
) -> impl IntoView {
    let root = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let script = format!(
        "import({js}).then(m => m.default({{module_or_path: {wasm}}}).then(() => m.hydrate()));",
        js = js_string(&format!("{root}.js")),
        wasm = js_string(&format!("{root}.wasm")),
    );
    let nonce = use_nonce();
    view! {
        <link rel="modulepreload" href=format!("{root}.js") nonce=nonce.clone() />
        <link rel="preload" href=format!("{root}.wasm") r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce inner_html=script></script>
    }
}

/// A JavaScript string that can stand in a script element.
fn js_string(text: &str) -> String {
    let mut made = String::from("\"");
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.') {
            made.push(c);
        } else {
            // Writing into a `String` cannot fail.
            let _ = write!(made, "\\u{{{:x}}}", u32::from(c));
        }
    }
    made.push('"');
    made
}

#[cfg(test)]
mod tests {
    use super::js_string;

    #[test]
    fn a_path_cannot_end_the_script() {
        assert_eq!(js_string("/pkg/a.js"), "\"/pkg/a.js\"");
        assert_eq!(js_string("</\""), "\"\\u{3c}/\\u{22}\"");
    }
}
