//! The wasm size gate: what was built against `xtask/wasm-budget.toml`.
//! Refuses growth beyond the tolerance; who needs more raises the budget in the same change and says why.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::site::Sizes;
use crate::{process, tree};

/// Fails when a size is over its budget by more than the tolerance.
pub fn check(sizes: Sizes) -> Result<()> {
    let text = fs::read_to_string(tree::root()?.join("xtask/wasm-budget.toml"))
        .context("xtask/wasm-budget.toml cannot be read")?;
    let budget: toml::Table = text.parse().context("xtask/wasm-budget.toml is no TOML")?;
    let tolerance = number(&budget, "tolerance_percent")?;
    for (name, size) in [("raw_bytes", sizes.raw), ("brotli_bytes", sizes.brotli)] {
        let planned = number(&budget, name)?;
        let most = planned + planned * tolerance / 100;
        if size > most {
            bail!("the wasm has {size} {name}, the budget is {planned} and at most {most} pass");
        }
        process::say(&format!("{name}: {size} of {planned}"));
    }
    Ok(())
}

fn number(budget: &toml::Table, name: &str) -> Result<u64> {
    let value = budget.get(name).and_then(toml::Value::as_integer);
    let value = value.with_context(|| format!("xtask/wasm-budget.toml has no whole number `{name}`"))?;
    u64::try_from(value).with_context(|| format!("`{name}` is negative"))
}
