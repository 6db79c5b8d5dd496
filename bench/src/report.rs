//! How figures are printed: what, the ratio, its goal, and what both sides were.

use std::time::Duration;

/// A heading.
pub fn title(text: &str) {
    println!("\n{text}");
}

/// One figure as a ratio of two rates, with its goal.
pub fn ratio(what: &str, ours: f64, baseline: f64, goal: &str) {
    let ratio = if baseline > 0.0 { ours / baseline } else { f64::NAN };
    println!("  {what:<44} {ratio:>7.2}x   goal {goal:<8} ({ours:.0}/s against {baseline:.0}/s)");
}

/// One figure that is no ratio.
pub fn plain(what: &str, value: &str) {
    println!("  {what:<44} {value}");
}

/// Things per second.
pub fn rate(count: u64, time: Duration) -> f64 {
    // Counts here stay far below 2^52, where a float is exact.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    let count = count as f64;
    count / time.as_secs_f64().max(1e-9)
}
