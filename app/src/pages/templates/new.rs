//! Writing a template, from nothing or from a copy.

use crate::api::load::{Ask, Told};
use crate::api::requests::PolicyForm;
use crate::api::templates::{CreateTemplate, TemplateInfo};
use crate::components::act::{Act, ActForm, Send};
use crate::components::failure::FormFailure;
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::components::policy_fields::{PolicyDraft, PolicyFields};
use crate::components::text_area::TextArea;
use crate::query::{Query, use_query};
use crate::text::visible;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    description: RwSignal<String>,
    policy: PolicyDraft,
}

/// The page.
#[component]
pub fn NewTemplatePage() -> impl IntoView {
    let query = use_query();
    let action = Act::new(CreateTemplate::PATH);
    let form = loaded(
        move || Ask::NewTemplate(query.with(|query| query.get("copy"))),
        move |told| match told {
            Told::NewTemplate(copied) => shown(copied, &query.get_untracked(), action),
            _ => ().into_any(),
        },
    );
    view! {
        <PageTitle text="New template" />
        {form}
    }
}

fn draft(copied: Option<&TemplateInfo>, query: &Query) -> Draft {
    // What was typed and came back in the address wins over the copy.
    let back = query.has("name") || query.has("description") || query.has("min_approvals");
    match copied {
        Some(template) if !back => Draft {
            name: RwSignal::new(String::new()),
            description: RwSignal::new(template.description.clone()),
            policy: PolicyDraft::of_values(template.values.clone()),
        },
        _ if back => Draft {
            name: RwSignal::new(query.get("name")),
            description: RwSignal::new(query.get("description")),
            policy: PolicyDraft::of_query(query),
        },
        _ => Draft {
            name: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            policy: PolicyDraft::of_values(PolicyForm {
                min_approvals: "1".to_owned(),
                ..PolicyForm::default()
            }),
        },
    }
}

fn shown(copied: Option<TemplateInfo>, query: &Query, action: Act) -> AnyView {
    let draft = draft(copied.as_ref(), query);
    let source = copied.map(|template| {
        view! { <p class="byline">"Started from a copy of " <bdi>{visible(&template.name)}</bdi> ". Give it a name of its own."</p> }
    });
    view! {
        <div class="page narrow">
            <header class="head">
                <p class="crumb"><a href="/templates">"Templates"</a></p>
                <h1>"New template"</h1>
                {source}
            </header>
            <ActForm act=action>
                <div class="stack">
                    <FormFailure act=action />
                    <div class="field">
                        <label for="name">"Name"</label>
                        <input
                            id="name"
                            name="name"
                            required=true
                            maxlength="100"
                            autocomplete="off"
                            aria-describedby="name-hint"
                            value=draft.name.get_untracked()
                        />
                        <p class="hint" id="name-hint">"Short and telling, such as production-deploy. It cannot be changed or used again."</p>
                    </div>
                    <div class="field">
                        <label for="description">"What it is for"</label>
                        <TextArea name="description" value=draft.description rows=3 />
                    </div>
                    <PolicyFields draft=draft.policy silent="The usual" />
                    <p class="hint">
                        "The usual: dry runs only, and self-approval as this workspace has it. A template never changes: look twice."
                    </p>
                    <p class="actions">
                        <Send act=action verb="Save for good" busy="Saving…" class="main" />
                        <a class="button quiet" href="/templates">"Cancel"</a>
                    </p>
                </div>
            </ActForm>
        </div>
    }
    .into_any()
}
