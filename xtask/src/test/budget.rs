//! The wasm size gate: what was built against `xtask/wasm-budget.toml`.
//! Refuses growth beyond the tolerance; who needs more raises the budget in the same change and says why.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::site::Size;
use crate::{process, tree};

/// Fails when a size is over its budget by more than the tolerance.
pub fn check(sizes: Vec<Size>) -> Result<()> {
    let text = fs::read_to_string(tree::root()?.join("xtask/wasm-budget.toml"))
        .context("xtask/wasm-budget.toml cannot be read")?;
    let budgets: toml::Table = text.parse().context("xtask/wasm-budget.toml is no TOML")?;
    for size in sizes {
        let part = size.part.name();
        let budget = budgets.get(part).and_then(toml::Value::as_table);
        let budget = budget.with_context(|| format!("xtask/wasm-budget.toml has no table `{part}`"))?;
        let tolerance = number(budget, "tolerance_percent")?;
        for (name, size) in [("raw_bytes", size.raw), ("brotli_bytes", size.brotli)] {
            let planned = number(budget, name)?;
            let most = planned + planned * tolerance / 100;
            if size > most {
                bail!("{part}.wasm has {size} {name}, the budget is {planned} and at most {most} pass");
            }
            process::say(&format!("{part}.wasm {name}: {size} of {planned}"));
        }
    }
    Ok(())
}

fn number(budget: &toml::Table, name: &str) -> Result<u64> {
    let value = budget.get(name).and_then(toml::Value::as_integer);
    let value = value.with_context(|| format!("xtask/wasm-budget.toml has no whole number `{name}`"))?;
    u64::try_from(value).with_context(|| format!("`{name}` is negative"))
}
