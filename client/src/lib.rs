//! The command line as a client of a server: requests, waits, evidence, and the gate that runs a command only once people
//! said yes to it. Knows the REST interface and how to verify; nothing of the server, its store or its use cases.

mod answers;
mod ask;
mod bridge;
mod cli;
mod commands;
mod duration;
mod exit;
mod gate;
mod key;
mod plan;
mod printable;
mod problem;
mod screen;
mod server;
mod settings;
mod signals;
mod stop;
mod watch;

pub use cli::Command;
pub use commands::keys;
pub use exit::{Exit, TABLE};
