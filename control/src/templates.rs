//! Templates: made once, never changed.

use crate::view::TemplateView;
use crate::{Caller, Control, Error, Operation};
use governance::decide::{self, PolicyInput};
use governance::{Mode, Refusal, Template};
use store::PageRequest;
use store::query::Page;

/// Longest description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 2_000;

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
        if description.chars().count() > MAX_DESCRIPTION_CHARS {
            let limit = MAX_DESCRIPTION_CHARS;
            return Err(Refusal::Text { field: "the description", limit, missing: false }.into());
        }
        addressable(name.trim())?;
        let workspace = self.workspace_of(caller).await?;
        let (policy, _) = decide::resolve(None, policy, Mode::DryRun, workspace.forbid_self_approval)?;
        let template =
            Template::new(name.trim(), description.trim(), policy, self.now(), caller.actor.clone())
                .map_err(Refusal::Template)?;
        self.store.create_template(&caller.workspace, &template).await?;
        Ok(template)
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

    async fn template_view(&self, caller: &Caller, template: Template) -> Result<TemplateView, Error> {
        let uses = self.store.template_uses(&caller.workspace, template.name()).await?;
        let author = template.created_by().id();
        let person = self.store.person_by_actor(&caller.workspace, author).await?;
        let author = person.map_or_else(|| author.to_owned(), |person| person.name);
        Ok(TemplateView { template, uses, author })
    }
}

/// A template's name stands in its page's address for good, so what an address cannot hold is refused.
fn addressable(name: &str) -> Result<(), Error> {
    if [".", "..", "new"].contains(&name) || name.contains(['/', '\\', '%', '?', '#']) {
        let message = "the name stands in the template's address: it cannot be `.`, `..` or `new`, and cannot hold \
                       `/`, `\\`, `%`, `?` or `#`; choose another";
        return Err(Error::Invalid { field: "name", message: message.to_owned() });
    }
    Ok(())
}
