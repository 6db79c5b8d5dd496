//! Bringing somebody else's evidence in. What was pasted is not kept when it is refused: it is too long for an address.

use super::words;
use crate::api::audit::Import;
use crate::components::act::{Act, ActForm, Send};
use crate::components::failure::FormFailure;
use crate::components::panel::panel;
use crate::components::policy_fields::choice;
use crate::components::text_area::TextArea;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The form; `conflict` is what was chosen before.
pub fn form(conflict: String) -> AnyView {
    let act = Act::new(Import::PATH);
    let (pasted, conflict) = (RwSignal::new(String::new()), RwSignal::new(conflict));
    let modes = [
        ("reject_on_conflict", "Refuse it"),
        ("new_decision_id", "Import it under a new id"),
        ("overwrite", "Replace it; the old log is kept"),
    ];
    let fields = view! {
        <p>{words::IMPORT}</p>
        <ActForm act=act>
            <FormFailure act=act />
            <div class="field">
                <label for="bundle">"Bundle, as JSON"</label>
                <TextArea name="bundle" value=pasted rows=6 most=1_900_000 required=true code=true />
            </div>
            {choice("conflict", "conflict", "If its id exists here", &modes, conflict)}
            <p class="actions">
                <Send act=act verb="Import as evidence" busy="Importing…" />
            </p>
        </ActForm>
    };
    panel("import", "Import a bundle", fields)
}
