//! Which pages are alive in the browser, and so how a link leads to the others.

/// How a link to this address says that the browser itself has to go there: the page is made on the server alone, and
/// the router would look for it in itself.
pub fn rel(href: &str) -> Option<&'static str> {
    (!is_alive(href)).then_some("external")
}

/// Whether the page at this address is one of [`App`](crate::App)'s.
pub fn is_alive(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    if matches!(path, "" | "/" | "/decisions" | "/requests/new" | "/templates/new") {
        // Nothing before `?` is the page itself; before `#` it is a place in it.
        return !href.starts_with('#');
    }
    path.strip_prefix("/decisions/").is_some_and(|id| !id.is_empty() && !id.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::rel;

    #[test]
    fn a_link_says_whether_the_browser_itself_must_go_there() {
        for alive in [
            "/",
            "/?after=x",
            "?after=x",
            "/decisions",
            "/decisions?state=open",
            "/decisions/42#event-1",
            "/requests/new?template=a%2Fb",
        ] {
            assert_eq!(rel(alive), None, "{alive}");
        }
        for plain in [
            "/templates",
            "/templates/prod-deploy",
            "/audit?state=open",
            "/verify",
            "/decisions/42/export",
            "/decisions/",
            "#main",
            "https://x.example/",
            "/people",
        ] {
            assert_eq!(rel(plain), Some("external"), "{plain}");
        }
    }
}
