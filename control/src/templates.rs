//! Templates: made once, never changed.

use crate::view::TemplateView;
use crate::{Caller, Control, Error, Operation, Scope};
use governance::decide::{self, PolicyInput};
use governance::template::{MAX_NAME_CHARS, check_name};
use governance::{Decision, Mode, Policy, Refusal, Template};
use store::query::Page;
use store::{DecisionFilter, PageRequest};

/// Longest description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 2_000;
/// Most names that a form offers to choose from.
const NAMES: u32 = 200;
/// How many names are tried for a free one.
const TRIES: usize = 50;
/// Labels of a new template by which decisions are looked for.
const LABELS_LOOKED_AT: usize = 3;

impl Control {
    /// Creates a template. What it does not say about self-approval, the workspace's default says, for good.
    pub async fn create_template(
        &self,
        caller: &Caller,
        name: &str,
        description: &str,
        policy: PolicyInput,
    ) -> Result<Template, Error> {
        let (caller, _) = self.refreshed(caller).await?;
        let caller = &caller;
        caller.require(Operation::CreateTemplate)?;
        check_description(description)?;
        addressable(name.trim())?;
        let policy = self.template_policy(caller, policy).await?;
        let template =
            Template::new(name.trim(), description.trim(), policy, self.now(), caller.actor.clone())
                .map_err(Refusal::Template)?;
        self.store.create_template(&caller.workspace, &template).await?;
        Ok(template)
    }

    /// The policy that a template with these values would stand for. Records nothing.
    pub async fn template_policy(&self, caller: &Caller, policy: PolicyInput) -> Result<Policy, Error> {
        caller.require(Operation::CreateTemplate)?;
        let workspace = self.workspace_of(caller).await?;
        Ok(decide::resolve(None, policy, Mode::DryRun, workspace.forbid_self_approval)?.0)
    }

    /// Whether a new template could have this name: the rules that saving has, and that nobody has it yet.
    pub async fn check_template_name(&self, caller: &Caller, name: &str) -> Result<(), Error> {
        caller.require(Operation::CreateTemplate)?;
        let name = name.trim();
        check_name(name).map_err(Refusal::Template)?;
        addressable(name)?;
        match self.store.template(&caller.workspace, name).await? {
            Some(_) => Err(Error::Exists("template")),
            None => Ok(()),
        }
    }

    /// The next free name after this one: `prod-deploy-2` after `prod-deploy`. `None` when none of many is free.
    pub async fn next_template_name(&self, caller: &Caller, name: &str) -> Result<Option<String>, Error> {
        caller.require(Operation::CreateTemplate)?;
        let mut name = name.trim().to_owned();
        for _ in 0..TRIES {
            name = following(&name);
            if self.store.template(&caller.workspace, &name).await?.is_none() {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// One template with its use.
    pub async fn template(&self, caller: &Caller, name: &str) -> Result<TemplateView, Error> {
        caller.require(Operation::SeeTemplates)?;
        let template =
            self.store.template(&caller.workspace, name).await?.ok_or(Error::NotFound("template"))?;
        self.template_view(caller, template).await
    }

    /// Templates, newest first, optionally with a label.
    pub async fn templates(
        &self,
        caller: &Caller,
        label: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<TemplateView>, Error> {
        caller.require(Operation::SeeTemplates)?;
        let found = self.store.templates(&caller.workspace, label, page).await?;
        let mut rows = Vec::with_capacity(found.rows.len());
        for template in found.rows {
            rows.push(self.template_view(caller, template).await?);
        }
        Ok(Page { rows, next: found.next })
    }

    /// Names to choose from, newest first; not more than a list can hold.
    pub async fn template_names(&self, caller: &Caller) -> Result<Vec<String>, Error> {
        caller.require(Operation::SeeTemplates)?;
        let page = PageRequest { limit: NAMES, ..PageRequest::default() };
        let found = self.store.templates(&caller.workspace, None, &page).await?;
        Ok(found.rows.into_iter().map(|template| template.name().to_owned()).collect())
    }

    /// Decisions that a new template would govern if they were asked for again, latest first: those made from the
    /// template that it was copied from, then those with its labels. Only what the caller may see.
    pub async fn sample_decisions(
        &self,
        caller: &Caller,
        copied: Option<&str>,
        labels: &[String],
        most: u32,
    ) -> Result<Vec<Decision>, Error> {
        if caller.scope(Operation::SeeDecisions) == Scope::No {
            return Ok(Vec::new());
        }
        let by_label =
            |label: &String| DecisionFilter { label: Some(label.clone()), ..DecisionFilter::default() };
        let by_template =
            |name: &str| DecisionFilter { template: Some(name.to_owned()), ..DecisionFilter::default() };
        let filters =
            copied.map(by_template).into_iter().chain(labels.iter().take(LABELS_LOOKED_AT).map(by_label));
        let page = PageRequest { limit: most, ..PageRequest::default() };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut ids = Vec::new();
        for filter in filters {
            if ids.len() >= most {
                break;
            }
            for row in self.list(caller, filter, &page).await?.rows {
                if !ids.contains(&row.id) {
                    ids.push(row.id);
                }
            }
        }
        let mut found = Vec::with_capacity(most.min(ids.len()));
        for id in ids.iter().take(most) {
            found.push(self.load_for(caller, Operation::SeeDecisions, id).await?);
        }
        Ok(found)
    }

    async fn template_view(&self, caller: &Caller, template: Template) -> Result<TemplateView, Error> {
        let uses = self.store.template_uses(&caller.workspace, template.name()).await?;
        let author = template.created_by().id();
        let person = self.store.person_by_actor(&caller.workspace, author).await?;
        let author = person.map_or_else(|| author.to_owned(), |person| person.name);
        Ok(TemplateView { template, uses, author })
    }
}

/// Whether a description is short enough.
pub fn check_description(description: &str) -> Result<(), Error> {
    if description.chars().count() > MAX_DESCRIPTION_CHARS {
        let limit = MAX_DESCRIPTION_CHARS;
        return Err(Refusal::Text { field: "the description", limit, missing: false }.into());
    }
    Ok(())
}

/// A template's name stands in its page's address for good, so what an address cannot hold is refused.
fn addressable(name: &str) -> Result<(), Error> {
    if [".", "..", "new", "compare"].contains(&name) || name.contains(['/', '\\', '%', '?', '#']) {
        let message = "the name stands in the template's address: it cannot be `.`, `..`, `new` or `compare`, and \
                       cannot hold `/`, `\\`, `%`, `?` or `#`; choose another";
        return Err(Error::Invalid { field: "name", message: message.to_owned() });
    }
    Ok(())
}

/// `a` is followed by `a-2`, and `a-2` by `a-3`.
fn following(name: &str) -> String {
    let numbered = name.rsplit_once('-').and_then(|(stem, tail)| Some((stem, tail.parse::<u32>().ok()?)));
    let (stem, number) = match numbered {
        // Long figures are a date or an id rather than a count.
        Some((stem, number)) if !stem.is_empty() && number < 1_000 => (stem, number + 1),
        _ => (name, 2),
    };
    let tail = format!("-{number}");
    let kept: String = stem.chars().take(MAX_NAME_CHARS - tail.len()).collect();
    kept + &tail
}

#[cfg(test)]
mod tests {
    use super::following;

    #[test]
    fn a_name_is_followed_by_the_next_number() {
        for (name, next) in [
            ("prod-deploy", "prod-deploy-2"),
            ("prod-deploy-2", "prod-deploy-3"),
            ("prod-deploy-9", "prod-deploy-10"),
            ("deploy-2026", "deploy-2026-2"),
            ("-4", "-4-2"),
            ("a-", "a--2"),
        ] {
            assert_eq!(following(name), next);
        }
        let long = "ü".repeat(100);
        assert_eq!(following(&long).chars().count(), 100);
    }
}
