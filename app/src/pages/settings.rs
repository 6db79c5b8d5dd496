//! The workspace's settings, for admins, and making another workspace.

use crate::api::settings::{CreateWorkspace, RenameWorkspace, SetForbidSelfApproval};
use crate::components::act::{Act, ActForm};
use crate::components::done::done;
use crate::components::failure::FormFailure;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::components::time::Time;
use crate::error::AppError;
use crate::query::{Query, use_query};
use crate::ssr::enter;
use control::Operation;
use control::lists::WorkspaceRecord;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[derive(Clone, Copy)]
struct Acts {
    rename: Act,
    own_approval: Act,
    create: Act,
}

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let acts = Acts {
        rename: Act::new(RenameWorkspace::PATH),
        own_approval: Act::new(SetForbidSelfApproval::PATH),
        create: Act::new(CreateWorkspace::PATH),
    };
    view! {
        <PageTitle text="Settings" />
        {loaded_once(load(), move |workspace| shown(&workspace, acts, &query))}
    }
}

async fn load() -> Result<WorkspaceRecord, AppError> {
    let (control, caller) = enter()?;
    // Everyone may know the settings; this page is for those who may change them.
    caller.require(Operation::ManageSettings)?;
    Ok(control.settings(&caller).await?)
}

fn shown(workspace: &WorkspaceRecord, acts: Acts, query: &Query) -> AnyView {
    let words = match query.get("done").as_str() {
        "name" => Some("The workspace has its new name."),
        "self" => Some("Saved. It holds for new requests."),
        "created" => {
            Some("The workspace is made, with you in every role. Change to it in the menu with your name.")
        }
        _ => None,
    };
    view! {
        <div class="page narrow">
            <header class="head">
                <h1>"Settings"</h1>
                <p class="byline">"Of this workspace, made " <Time at=workspace.created_at.micros() absolute=true /> "."</p>
            </header>
            {done(words)}
            {name(workspace, acts, query)}
            {own_approval(workspace.forbid_self_approval, acts)}
            {create(acts, query)}
        </div>
    }
    .into_any()
}

fn name(workspace: &WorkspaceRecord, acts: Acts, query: &Query) -> AnyView {
    let typed = if query.has("workspace") { query.get("workspace") } else { workspace.name.clone() };
    view! {
        <section class="panel" aria-labelledby="naming">
            <h2 id="naming">"Name"</h2>
            <ActForm act=acts.rename>
                <FormFailure act=acts.rename />
                <div class="field">
                    <label for="workspace">"What this workspace is called"</label>
                    <input id="workspace" name="workspace" required=true maxlength="100" autocomplete="off" value=typed />
                </div>
                <p class="actions"><button type="submit">"Save name"</button></p>
            </ActForm>
            <div class="field">
                <label for="workspace-id">"Workspace id"</label>
                <input id="workspace-id" class="code" readonly=true aria-describedby="id-hint" value=workspace.id.as_str().to_owned() />
                <p class="hint" id="id-hint">"It never changes. Rules that give roles by groups name a workspace by it."</p>
            </div>
        </section>
    }
    .into_any()
}

fn own_approval(forbid: bool, acts: Acts) -> AnyView {
    let (now, verb, to) = if forbid {
        (
            "A requester's own approval does not count, unless a policy says so.",
            "Let requesters approve their own",
            "false",
        )
    } else {
        ("A requester's own approval counts, unless a policy says otherwise.", "Forbid self-approval", "true")
    };
    view! {
        <section class="panel" aria-labelledby="setting">
            <h2 id="setting">"Self-approval"</h2>
            <p>{now}</p>
            <p class="hint">"Holds for new requests. Decisions that exist keep their policy."</p>
            <ActForm act=acts.own_approval>
                <FormFailure act=acts.own_approval />
                <input type="hidden" name="forbid" value=to />
                <p class="actions"><button type="submit">{verb}</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}

fn create(acts: Acts, query: &Query) -> AnyView {
    let typed = query.get("name");
    view! {
        <section class="panel" aria-labelledby="another">
            <h2 id="another">"Another workspace"</h2>
            <p>"A wall of its own: decisions, templates, people's roles, keys and this log are not shared between workspaces."</p>
            <ActForm act=acts.create>
                <FormFailure act=acts.create />
                <div class="field">
                    <label for="name">"Its name"</label>
                    <input id="name" name="name" required=true maxlength="100" autocomplete="off" value=typed />
                </div>
                <p class="actions"><button type="submit">"Make the workspace"</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}
