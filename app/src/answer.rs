//! What a page says about its own answer while the server makes it; in the browser it says nothing.

/// Sets the status of the page being made. Not for server functions: a plain form needs its redirect.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(status);
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
