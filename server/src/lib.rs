//! The program `nexus-control`: HTTP, sign-in, configuration and command line around the use cases of `control`.
//! It holds no rule and no SQL; it is a library only so that its tests can drive the real router.

pub mod assets;
pub mod cli;
pub mod config;
pub mod defence;
pub mod demo;
pub mod providers;
mod random;
pub mod serve;
pub mod sessions;
mod upkeep;
pub mod web;

pub use api::problem;
