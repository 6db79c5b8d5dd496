//! New requests: the form, what it would take, and sending it.

use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Policy values as a form has them: text, empty where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyForm {
    /// Distinct approvers needed.
    pub min_approvals: String,
    /// `dry_run`, `apply` or `both`; empty for the default.
    pub modes: String,
    /// Capabilities, separated by commas or line breaks.
    pub capabilities: String,
    /// Most steps.
    pub max_steps: String,
    /// Labels, separated by commas or line breaks.
    pub labels: String,
    /// `yes`, `no`, or empty for what the template or the workspace says.
    pub forbid_self: String,
    /// Minutes that a sign-in may be old when somebody approves.
    pub max_sign_in_age: String,
}

/// A request as the form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestForm {
    /// What is to be achieved.
    pub goal: String,
    /// What exactly will run.
    pub plan: String,
    /// `dry_run` or `apply`.
    pub mode: String,
    /// Template's name; empty for none.
    pub template: String,
    /// `check` when only the preview is wanted (without JavaScript).
    pub intent: String,
}

/// What a request would take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The policy as statements.
    pub policy: Vec<String>,
    /// What will not work, in words; empty when all is well.
    pub warnings: Vec<String>,
}

/// What the form offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Names of templates, newest first.
    pub templates: Vec<String>,
    /// Capabilities that some adapter has.
    pub capabilities: Vec<String>,
    /// Whether the workspace forbids self-approval where a policy is silent.
    pub forbid_self: bool,
}

/// Creates the request and goes to it.
#[server(prefix = "/api", endpoint = "request")]
pub async fn request(
    #[server(default)] form: RequestForm,
    #[server(default)] policy: PolicyForm,
) -> Result<(), AppError> {
    let typed = server::typed(&form, &policy);
    if form.intent == "check" {
        crate::ssr::go(&server::check_again(&typed));
        return Ok(());
    }
    let kept: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = server::request(form, policy).await;
    crate::ssr::keep_typed::<Request, ()>(done, "/requests/new", &kept)
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use super::{Choices, PolicyForm, Preview, RequestForm};
    use crate::error::AppError;
    use crate::query::address;
    use crate::ssr::{enter, go};
    use crate::text::{encoded, lines};
    use crate::words;
    use control::lists::PageRequest;
    use control::requests::RequestInput;
    use control::{Caller, Control, Operation};
    use governance::decide::PolicyInput;
    use governance::{Mode, Policy};
    use std::collections::BTreeSet;

    /// What the form offers.
    pub(crate) async fn choices(control: &Control, caller: &Caller) -> Result<Choices, AppError> {
        caller.require(Operation::CreateRequest)?;
        let page = PageRequest { limit: 200, ..PageRequest::default() };
        let templates = control.templates(caller, None, &page).await?;
        let adapters = control.adapters(caller).await?;
        let capabilities: BTreeSet<String> =
            adapters.into_iter().flat_map(|adapter| adapter.capabilities).collect();
        Ok(Choices {
            templates: templates.rows.into_iter().map(|view| view.template.name().to_owned()).collect(),
            capabilities: capabilities.into_iter().collect(),
            forbid_self: control.settings(caller).await?.forbid_self_approval,
        })
    }

    pub(super) async fn request(form: RequestForm, policy: PolicyForm) -> Result<(), AppError> {
        let (control, caller) = enter()?;
        let decision = control.request(&caller, input(form, policy)?).await?;
        go(&format!("/decisions/{}", encoded(decision.id.as_str())));
        Ok(())
    }

    fn mode(word: &str) -> Mode {
        Mode::parse(word).unwrap_or(Mode::DryRun)
    }

    fn input(form: RequestForm, policy: PolicyForm) -> Result<RequestInput, AppError> {
        Ok(RequestInput {
            mode: mode(&form.mode),
            plan: if form.plan.trim().is_empty() { None } else { Some(lines(&form.plan)) },
            goal: lines(&form.goal),
            template: Some(form.template).filter(|name| !name.trim().is_empty()),
            policy: policy_input(&policy)?,
        })
    }

    pub(crate) fn policy_input(form: &PolicyForm) -> Result<PolicyInput, AppError> {
        Ok(PolicyInput {
            min_approvals: number(&form.min_approvals, "min_approvals", "the number of approvals")?,
            allowed_modes: match form.modes.as_str() {
                "dry_run" => Some(vec!["dry_run".to_owned()]),
                "apply" => Some(vec!["apply".to_owned()]),
                "both" => Some(vec!["dry_run".to_owned(), "apply".to_owned()]),
                _ => None,
            },
            require_adapter_capabilities: entries(&form.capabilities),
            max_steps: number(&form.max_steps, "max_steps", "the number of steps")?,
            labels: entries(&form.labels),
            forbid_self_approval: match form.forbid_self.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            max_sign_in_age_minutes: number(
                &form.max_sign_in_age,
                "max_sign_in_age",
                "the age of a sign-in",
            )?,
        })
    }

    fn number(text: &str, field: &str, what: &str) -> Result<Option<i64>, AppError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = |_| AppError::Invalid {
            field: field.to_owned(),
            message: format!("{what} must be a whole number, such as 2"),
        };
        text.parse().map(Some).map_err(wrong)
    }

    fn entries(text: &str) -> Option<Vec<String>> {
        let found: Vec<String> = text
            .split([',', '\n', '\r'])
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(str::to_owned)
            .collect();
        if found.is_empty() { None } else { Some(found) }
    }

    /// What the request would take. Records nothing.
    pub(crate) async fn preview(
        control: &Control,
        caller: &Caller,
        form: RequestForm,
        policy: PolicyForm,
    ) -> Result<Preview, AppError> {
        let mode = mode(&form.mode);
        let input = match input(form, policy) {
            Ok(input) => input,
            Err(error) => return Ok(no_policy(&error)),
        };
        match control.preview(caller, input).await.map_err(AppError::from) {
            Ok(found) => Ok(previewed(&found.policy, found.possible_approvers, mode)),
            // Half-typed values are no failure of the page.
            Err(error @ AppError::Refused { .. }) => Ok(no_policy(&error)),
            Err(error) => Err(error),
        }
    }

    fn no_policy(error: &AppError) -> Preview {
        Preview { policy: Vec::new(), warnings: vec![error.words_of_page()] }
    }

    fn previewed(policy: &Policy, possible: u32, mode: Mode) -> Preview {
        let mut warnings = Vec::new();
        if !policy.allows_mode(mode) {
            let word = words::mode(mode.as_str()).to_lowercase();
            warnings.push(format!("The policy does not allow a {word}. Change the mode or the policy."));
        }
        if possible < policy.min_approvals() {
            let people = if possible == 1 { "1 person".to_owned() } else { format!("{possible} people") };
            warnings.push(format!(
                "Only {people} could approve it today, and it needs {}. Without more approvers it can never run.",
                policy.min_approvals()
            ));
        }
        Preview { policy: words::policy(policy), warnings }
    }

    pub(super) fn typed(form: &RequestForm, policy: &PolicyForm) -> Vec<(&'static str, String)> {
        let mut typed = vec![
            ("goal", form.goal.clone()),
            ("plan", form.plan.clone()),
            ("mode", form.mode.clone()),
            ("template", form.template.clone()),
        ];
        typed.extend(policy_typed(policy));
        typed
    }

    pub(crate) fn policy_typed(policy: &PolicyForm) -> Vec<(&'static str, String)> {
        vec![
            ("min_approvals", policy.min_approvals.clone()),
            ("modes", policy.modes.clone()),
            ("capabilities", policy.capabilities.clone()),
            ("max_steps", policy.max_steps.clone()),
            ("labels", policy.labels.clone()),
            ("forbid_self", policy.forbid_self.clone()),
            ("max_sign_in_age", policy.max_sign_in_age.clone()),
        ]
    }

    /// The form's own address with what was typed, and the preview shown.
    pub(super) fn check_again(typed: &[(&'static str, String)]) -> String {
        let mut kept: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        kept.push(("check", "1"));
        let whole = address("/requests/new", &kept);
        if whole.len() <= 6_000 {
            return whole;
        }
        kept.retain(|(name, _)| *name != "plan");
        kept.push(("lost", "1"));
        let short = address("/requests/new", &kept);
        if short.len() <= 6_000 { short } else { "/requests/new?lost=1".to_owned() }
    }

    #[cfg(test)]
    mod tests {
        use super::{PolicyForm, policy_input};

        #[test]
        fn empty_fields_say_nothing_and_lists_split_at_commas_and_lines() {
            let silent = policy_input(&PolicyForm::default()).unwrap();
            assert_eq!(silent, governance::decide::PolicyInput::default());
            let form = PolicyForm {
                labels: " prod, db\r\n\nnight ,".into(),
                min_approvals: " 2 ".into(),
                ..PolicyForm::default()
            };
            let input = policy_input(&form).unwrap();
            assert_eq!(input.labels.unwrap(), ["prod", "db", "night"]);
            assert_eq!(input.min_approvals, Some(2));
            assert!(policy_input(&PolicyForm { max_steps: "many".into(), ..PolicyForm::default() }).is_err());
        }
    }
}
