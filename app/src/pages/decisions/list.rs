//! All decisions, narrowed by their address. The server makes all that is to be read of them.

use crate::answer;
use crate::api::load::{Ask, Told};
use crate::components::loaded::loaded;
use crate::components::made::made;
use crate::components::page_title::PageTitle;
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// The page.
#[component]
pub fn DecisionsPage() -> impl IntoView {
    let url = use_url();
    loaded(
        move || Ask::Decisions(url.with(|url| url.search().to_owned())),
        |told| match told {
            Told::Decisions(found) => {
                if found.wrong {
                    answer::set_status(422);
                }
                view! {
                    <PageTitle text="Decisions" />
                    <div class="page">
                        <header class="head">
                            <h1>"Decisions"</h1>
                        </header>
                        {made(&found.body)}
                    </div>
                }
                .into_any()
            }
            _ => ().into_any(),
        },
    )
}
