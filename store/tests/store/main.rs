//! The promise of the store, tried on both engines.
//!
//! Postgres is named by `NEXUS_TEST_POSTGRES_URL`; `cargo xtask test` starts one and sets it. Without it the tests on
//! Postgres fail: a suite that quietly tries half of what it names proves nothing.

#[cfg(test)]
mod bounded;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod engines;
#[cfg(test)]
mod migration;
#[cfg(test)]
mod people;
#[cfg(test)]
mod property;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod upkeep;
