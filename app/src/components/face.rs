//! Faces: initials in a circle, its colour chosen by the name. The name stands beside it, so that it is silent.

use crate::text::initials;
use leptos::prelude::*;

/// How many colours there are.
const HUES: u32 = 6;

/// The face of whoever has this name.
pub fn face(name: &str) -> AnyView {
    view! {
        <span class="face" data-hue=hue(name).to_string() aria-hidden="true">{initials(name)}</span>
    }
    .into_any()
}

/// The same name has the same colour everywhere.
fn hue(name: &str) -> u32 {
    // FNV: names that differ in one letter differ in all of it.
    let sum = name.chars().fold(0x811c_9dc5_u32, |sum, c| (sum ^ u32::from(c)).wrapping_mul(0x0100_0193));
    (sum >> 16) % HUES
}

#[cfg(test)]
mod tests {
    use super::{HUES, hue};

    #[test]
    fn a_name_keeps_its_colour_and_names_differ() {
        assert_eq!(hue("Ben Okafor"), hue("Ben Okafor"));
        let names =
            ["Alice Moreau", "Ben Okafor", "Carol Lindqvist", "Dev Patel", "Erin Walsh", "Grace Kim", "יעל"];
        let mut hues: Vec<u32> = names.iter().map(|name| hue(name)).collect();
        assert!(hues.iter().all(|one| *one < HUES));
        hues.sort_unstable();
        hues.dedup();
        assert!(hues.len() > 3, "{hues:?}");
    }
}
