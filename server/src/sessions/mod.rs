//! Who is signed in: a cookie with a random id, and a row under that id's hash. Anonymous visitors get neither.

mod bearer;
mod door;
mod identity;
mod layer;
mod store;

pub use door::identify;
pub use identity::{Browser, Identity, Proof, begin, end, go_to, identity};
pub use layer::layer;
pub use store::Sessions;
