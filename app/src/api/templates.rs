//! Templates: list, one, two beside each other, and writing a new one. A template never changes.

use crate::api::requests::{PolicyForm, Preview};
use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A template as it is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateForm {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Name of the template that it started from; empty when it started from nothing.
    pub copy: String,
    /// Policy values.
    pub policy: PolicyForm,
}

/// What the form of a new template starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Its fields, as an address has them.
    pub fields: String,
    /// What is wrong with them, and what they mean.
    pub checked: Preview,
}

/// Writes a template and goes to it.
#[server(prefix = "/api", endpoint = "create_template")]
pub async fn create_template(
    #[server(default)] name: String,
    #[server(default)] description: String,
    #[server(default)] copy: String,
    #[server(default)] policy: PolicyForm,
    /// `check` when only the preview is wanted (without JavaScript).
    #[server(default)]
    intent: String,
    /// `1` when the page has shown that today's members cannot give the approvals.
    #[server(default)]
    warned: String,
) -> Result<(), AppError> {
    let form = TemplateForm { name, description, copy, policy };
    let values = server::typed(&form);
    let typed: Vec<(&str, &str)> = values.iter().map(|(field, value)| (*field, value.as_str())).collect();
    if intent == "check" {
        crate::ssr::go(&crate::api::requests::server::check_again("/templates/new", typed));
        return Ok(());
    }
    let done = server::create(&form, warned == "1").await;
    crate::ssr::keep_typed::<CreateTemplate, ()>(done, "/templates/new", &typed)
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use super::{Start, TemplateForm};
    use crate::api::form_check;
    use crate::api::requests::PolicyForm;
    use crate::api::requests::server::{policy_input, policy_of, policy_typed};
    use crate::error::AppError;
    use crate::policy_words;
    use crate::query::{Query, address};
    use crate::ssr::{enter, go};
    use crate::text::{encoded, lines};
    use control::{Caller, Control, Operation};
    use governance::{Mode, Policy};

    /// The form's pairs, as its page's address has them.
    pub(super) fn typed(form: &TemplateForm) -> Vec<(&'static str, String)> {
        let mut typed = vec![
            ("name", form.name.clone()),
            ("description", form.description.clone()),
            ("copy", form.copy.clone()),
        ];
        typed.extend(policy_typed(&form.policy));
        typed
    }

    /// The form, as an address has it.
    pub(crate) fn form_of(search: &str) -> TemplateForm {
        let query = Query::parse(search);
        TemplateForm {
            name: query.get("name"),
            description: query.get("description"),
            copy: query.get("copy"),
            policy: policy_of(&query),
        }
    }

    pub(super) async fn create(form: &TemplateForm, warned: bool) -> Result<(), AppError> {
        let (control, caller) = enter()?;
        let input = policy_input(&form.policy)?;
        if !warned {
            unwarned(&control, &caller, form).await?;
        }
        let made = control.create_template(&caller, &form.name, &lines(&form.description), input).await?;
        go(&format!("/templates/{}", encoded(made.name())));
        Ok(())
    }

    /// Whoever was not told yet that it cannot be met today is told before it is saved for good.
    async fn unwarned(control: &Control, caller: &Caller, form: &TemplateForm) -> Result<(), AppError> {
        let policy = control.template_policy(caller, policy_input(&form.policy)?).await?;
        let quorum = control.quorum(caller, &policy).await?;
        match policy_words::quorum(quorum).filter(|_| !quorum.can_be_met()) {
            None => Ok(()),
            Some(words) => Err(AppError::Invalid {
                field: "warned".to_owned(),
                message: format!("{words} Save again to keep it all the same"),
            }),
        }
    }

    /// What a new template starts from: what was typed, a copy, or nothing. Refuses those who may not write one
    /// before they have.
    pub(crate) async fn start(control: &Control, caller: &Caller, search: &str) -> Result<Start, AppError> {
        caller.require(Operation::CreateTemplate)?;
        let typed = form_of(search);
        let copy = typed.copy.clone();
        let untouched = TemplateForm { copy: copy.clone(), ..TemplateForm::default() } == typed;
        let form = if !untouched {
            typed
        } else if copy.is_empty() {
            let policy = PolicyForm { min_approvals: "1".to_owned(), ..PolicyForm::default() };
            TemplateForm { policy, ..typed }
        } else {
            let copied = control.template(caller, &copy).await?.template;
            TemplateForm {
                name: control.next_template_name(caller, &copy).await?.unwrap_or_default(),
                description: copied.description().to_owned(),
                policy: values(copied.policy()),
                copy,
            }
        };
        let checked = form_check::template(control, caller, &form).await?;
        let values = self::typed(&form);
        let pairs: Vec<(&str, &str)> = values.iter().map(|(field, value)| (*field, value.as_str())).collect();
        Ok(Start { fields: address("", &pairs), checked })
    }

    fn values(policy: &Policy) -> PolicyForm {
        let modes = match (policy.allows_mode(Mode::DryRun), policy.allows_mode(Mode::Apply)) {
            (true, true) => "both",
            (false, true) => "apply",
            (_, false) => "dry_run",
        };
        let figure = |figure: Option<u32>| figure.map(|figure| figure.to_string()).unwrap_or_default();
        PolicyForm {
            min_approvals: policy.min_approvals().to_string(),
            modes: modes.to_owned(),
            capabilities: policy.require_adapter_capabilities().join(", "),
            max_steps: figure(policy.max_steps()),
            labels: policy.labels().join(", "),
            forbid_self: if policy.forbid_self_approval() { "yes" } else { "no" }.to_owned(),
            max_sign_in_age: figure(policy.max_sign_in_age_minutes()),
        }
    }
}
