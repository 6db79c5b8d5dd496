//! What stands before every door: layers that refuse, limit and label. None of them knows a rule of the product.

mod access_log;
mod client;
mod cross_site;
mod headers;
mod panic;
mod rate_limit;
mod time_limit;

pub use access_log::access_log;
pub use client::client_address;
pub use cross_site::cross_site;
pub use headers::headers;
pub use panic::caught;
pub use rate_limit::{RateLimits, rate_limit};
pub use time_limit::time_limit;
