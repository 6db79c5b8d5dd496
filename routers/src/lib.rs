//! Routers across the network: `http:<name>` and `nexus-router` over MCP. They run what `control` says, and decide nothing.

pub mod http;
pub mod nexus_router;
mod reach;

pub use http::{HttpConfig, HttpRouter};
pub use nexus_router::{NexusAdapterConfig, NexusRouter, NexusRouterConfig};
