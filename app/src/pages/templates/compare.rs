//! Two templates beside each other, field by field. Each difference carries a sign and a word, not only a colour.

use crate::alive;
use crate::components::crumbs::crumbs;
use crate::components::exact::Digest;
use crate::components::icons::{Icon, icon};
use crate::components::loaded_once::loaded_once;
use crate::components::notice::{Tone, notice_still};
use crate::components::page_title::PageTitle;
use crate::error::AppError;
use crate::policy_words::{fields, sentence};
use crate::query::use_query;
use crate::ssr::{enter, set_status};
use crate::text::{encoded, visible};
use governance::Template;
use leptos::prelude::*;

struct Found {
    /// The two names that were asked for, each with its template where there is one.
    sides: [(String, Option<Template>); 2],
    /// Names to choose from.
    names: Vec<String>,
}

/// The page.
#[component]
pub fn ComparePage() -> impl IntoView {
    let query = use_query().get_untracked();
    view! {
        <PageTitle text="Compare templates" />
        {loaded_once(load(query.get("a"), query.get("b")), shown)}
    }
}

async fn load(a: String, b: String) -> Result<Found, AppError> {
    let (control, caller) = enter()?;
    let names = control.template_names(&caller).await?;
    let find = async |name: &str| match control.template(&caller, name).await {
        Ok(view) => Ok(Some(view.template)),
        Err(control::Error::NotFound(_)) => Ok(None),
        Err(error) => Err(AppError::from(error)),
    };
    let (first, second) = (find(&a).await?, find(&b).await?);
    Ok(Found { sides: [(a, first), (b, second)], names })
}

fn shown(found: Found) -> AnyView {
    let [a, b] = &found.sides;
    let missing: Vec<AnyView> = [a, b]
        .into_iter()
        .filter(|(name, template)| !name.is_empty() && template.is_none())
        .map(|(name, _)| {
            let words = format!("There is no template {} here.", visible(name));
            notice_still(
                Tone::Bad,
                &words,
                view! { <p>"Nothing can be compared with it. Choose another one below."</p> },
            )
        })
        .collect();
    if !missing.is_empty() {
        set_status(404);
    }
    let compared = match (&a.1, &b.1) {
        (Some(a), Some(b)) => beside(a, b),
        _ => ().into_any(),
    };
    view! {
        <div class="page">
            {crumbs(&[("/templates", "Templates")], "Compare")}
            <header class="head"><h1>"Compare templates"</h1></header>
            {missing}
            {choice(&found.names, &a.0, &b.0)}
            {compared}
        </div>
    }
    .into_any()
}

fn choice(names: &[String], a: &str, b: &str) -> AnyView {
    let options = |chosen: &str| {
        // One that is too old for the list of names, and is being looked at, stays chosen.
        let listed = chosen.is_empty() || names.iter().any(|name| name == chosen);
        let extra = (!listed).then(|| chosen.to_owned());
        let option = |name: String| {
            let text = visible(&name);
            let now = name == chosen;
            view! { <option value=name selected=now>{text}</option> }
        };
        extra.into_iter().chain(names.iter().cloned()).map(option).collect::<Vec<_>>()
    };
    view! {
        <form class="filters compared" method="get" action="/templates/compare" aria-label="Choose two templates">
            <div class="field">
                <label for="a">"Template"</label>
                <select id="a" name="a">{options(a)}</select>
            </div>
            <div class="field">
                <label for="b">"Compared with"</label>
                <select id="b" name="b">{options(b)}</select>
            </div>
            <p class="actions"><button type="submit">"Compare"</button></p>
        </form>
    }
    .into_any()
}

fn beside(a: &Template, b: &Template) -> AnyView {
    let said = |template: &Template| {
        let mut lines = vec![("What it is for", template.description().to_owned())];
        lines.extend(fields(template.policy()));
        lines
    };
    let pairs: Vec<_> = said(a).into_iter().zip(said(b)).collect();
    let differ = pairs.iter().filter(|((_, a), (_, b))| a != b).count();
    let names = (visible(a.name()), visible(b.name()));
    let row = |term, first: &str, second: &str| row(&names, term, first, second);
    let rows: Vec<AnyView> = pairs.into_iter().map(|((term, a), (_, b))| row(term, &a, &b)).collect();
    let result = match differ {
        _ if a.name() == b.name() => "This is the same template twice.".to_owned(),
        0 => "Their fields say the same; only name, author and time differ.".to_owned(),
        1 => "They differ in 1 field.".to_owned(),
        _ => format!("They differ in {differ} fields."),
    };
    view! {
        <p class="takes">{result}</p>
        <table class="cards compare">
            <caption class="unheard">"Two templates, field by field"</caption>
            <thead>
                <tr>
                    <th scope="col">"Field"</th>
                    <th scope="col">{head(a)}</th>
                    <th scope="col">{head(b)}</th>
                    <th scope="col">"Difference"</th>
                </tr>
            </thead>
            <tbody>
                {rows}
                // No fields: what follows from them.
                <tr>
                    <th scope="row">"In a sentence"</th>
                    <td data-label=names.0.clone()><bdi>{visible(&sentence(a.policy()))}</bdi></td>
                    <td data-label=names.1.clone() colspan="2"><bdi>{visible(&sentence(b.policy()))}</bdi></td>
                </tr>
                <tr>
                    <th scope="row">"Digest"</th>
                    <td data-label=names.0.clone()><Digest hex=a.digest() /></td>
                    <td data-label=names.1.clone() colspan="2"><Digest hex=b.digest() /></td>
                </tr>
            </tbody>
        </table>
    }
    .into_any()
}

fn head(template: &Template) -> AnyView {
    let href = format!("/templates/{}", encoded(template.name()));
    view! { <a href=href.clone() rel=alive::rel(&href)><bdi>{visible(template.name())}</bdi></a> }.into_any()
}

/// A field; on a phone each side says whose it is.
fn row(names: &(String, String), term: &'static str, a: &str, b: &str) -> AnyView {
    let differs = a != b;
    view! {
        <tr class:differs=differs>
            <th scope="row">{term}</th>
            <td data-label=names.0.clone()><bdi>{visible(a)}</bdi></td>
            <td data-label=names.1.clone()><bdi>{visible(b)}</bdi></td>
            <td data-label="Difference">{mark(differs)}</td>
        </tr>
    }
    .into_any()
}

/// A sign and a word.
fn mark(differs: bool) -> AnyView {
    let (sign, word) = if differs { (Icon::Warning, "Differs") } else { (Icon::Check, "Same") };
    view! { <span class="mark" class:differs=differs>{icon(sign)} {word}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::beside;
    use governance::actor::ActorKind;
    use governance::{Actor, Policy, Template, Timestamp};
    use leptos::prelude::*;

    fn template(name: &str, approvals: i64, labels: &[&str]) -> Template {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let policy = Policy::new(approvals, &["dry_run".to_owned()], Vec::new(), None, labels).unwrap();
        let by = Actor::new(ActorKind::Human, "ada@x.example").unwrap();
        Template::new(name, "For deploys", policy, Timestamp::from_micros(0), by).unwrap()
    }

    fn html(a: &Template, b: &Template) -> String {
        Owner::new().with(|| beside(a, b).to_html())
    }

    #[test]
    fn each_field_says_whether_it_differs_in_a_word() {
        let (old, new) = (template("old", 1, &[]), template("new", 2, &["prod"]));
        let page = html(&old, &new);
        assert!(page.contains("They differ in 2 fields."), "{page}");
        // Approvals and labels; not the sentence that says both, nor the digest.
        assert_eq!(page.matches("Differs").count(), 2, "{page}");
        assert!(page.contains(&old.digest()) && page.contains(&new.digest()));
    }

    #[test]
    fn the_same_fields_under_two_names_are_no_difference() {
        let page = html(&template("old", 1, &[]), &template("new", 1, &[]));
        assert!(page.contains("Their fields say the same"), "{page}");
        assert_eq!(page.matches("Differs").count(), 0, "{page}");
        assert!(html(&template("a", 1, &[]), &template("a", 1, &[])).contains("the same template twice"));
    }
}
