//! Templates: list, one, and writing a new one. A template never changes.

use crate::api::requests::PolicyForm;
use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateInfo {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its policy as statements.
    pub policy: Vec<String>,
    /// Its policy as a form's values, to start a copy from.
    pub values: PolicyForm,
    /// Labels.
    pub labels: Vec<String>,
    /// Digest of the whole template.
    pub digest: String,
    /// Who wrote it.
    pub author: String,
    /// When, microseconds.
    pub created_at: i64,
    /// Decisions made from it.
    pub uses: u32,
}

/// A page of templates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Templates {
    /// The templates.
    pub rows: Vec<TemplateInfo>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Whether the reader may write new ones.
    pub author: bool,
}

/// Writes a template and goes to it.
#[server(prefix = "/api", endpoint = "create_template")]
pub async fn create_template(
    #[server(default)] name: String,
    #[server(default)] description: String,
    #[server(default)] policy: PolicyForm,
) -> Result<(), AppError> {
    let values = crate::api::requests::server::policy_typed(&policy);
    let mut typed = vec![("name", name.as_str()), ("description", &description)];
    typed.extend(values.iter().map(|(field, value)| (*field, value.as_str())));
    let done = server::create(&name, &description, &policy).await;
    crate::ssr::keep_typed::<CreateTemplate, ()>(done, "/templates/new", &typed)
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use super::{TemplateInfo, Templates};
    use crate::api::lists::server::page;
    use crate::api::requests::PolicyForm;
    use crate::api::requests::server::policy_input;
    use crate::error::AppError;
    use crate::ssr::{enter, go};
    use crate::text::{encoded, lines};
    use crate::words;
    use control::view::TemplateView;
    use control::{Caller, Control, Operation, Scope};
    use governance::{Mode, Policy};

    pub(super) async fn create(name: &str, description: &str, policy: &PolicyForm) -> Result<(), AppError> {
        let (control, caller) = enter()?;
        let made = control.create_template(&caller, name, &lines(description), policy_input(policy)?).await?;
        go(&format!("/templates/{}", encoded(made.name())));
        Ok(())
    }

    /// Templates, newest first, all or with a label.
    pub(crate) async fn templates(
        control: &Control,
        caller: &Caller,
        label: &str,
        after: &str,
    ) -> Result<Templates, AppError> {
        let label = Some(label.trim()).filter(|label| !label.is_empty());
        let found = control.templates(caller, label, &page(after, false)).await?;
        let author = caller.scope(Operation::CreateTemplate) != Scope::No;
        Ok(Templates { rows: found.rows.iter().map(info).collect(), next: found.next, author })
    }

    /// One template.
    pub(crate) async fn template(
        control: &Control,
        caller: &Caller,
        name: &str,
    ) -> Result<TemplateInfo, AppError> {
        Ok(info(&control.template(caller, name).await?))
    }

    /// What a new template starts from: a copy, or nothing. Refuses those who may not write one before they have.
    pub(crate) async fn start(
        control: &Control,
        caller: &Caller,
        copy: &str,
    ) -> Result<Option<TemplateInfo>, AppError> {
        caller.require(Operation::CreateTemplate)?;
        if copy.is_empty() { Ok(None) } else { template(control, caller, copy).await.map(Some) }
    }

    fn info(view: &TemplateView) -> TemplateInfo {
        let template = &view.template;
        TemplateInfo {
            name: template.name().to_owned(),
            description: template.description().to_owned(),
            policy: words::policy(template.policy()),
            values: values(template.policy()),
            labels: template.policy().labels().to_vec(),
            digest: template.digest(),
            author: view.author.clone(),
            created_at: template.created_at().micros(),
            uses: view.uses,
        }
    }

    fn values(policy: &Policy) -> PolicyForm {
        let modes = match (policy.allows_mode(Mode::DryRun), policy.allows_mode(Mode::Apply)) {
            (true, true) => "both",
            (false, true) => "apply",
            (_, false) => "dry_run",
        };
        PolicyForm {
            min_approvals: policy.min_approvals().to_string(),
            modes: modes.to_owned(),
            capabilities: policy.require_adapter_capabilities().join(", "),
            max_steps: policy.max_steps().map(|steps| steps.to_string()).unwrap_or_default(),
            labels: policy.labels().join(", "),
            forbid_self: if policy.forbid_self_approval() { "yes" } else { "no" }.to_owned(),
            max_sign_in_age: policy
                .max_sign_in_age_minutes()
                .map(|minutes| minutes.to_string())
                .unwrap_or_default(),
        }
    }
}
