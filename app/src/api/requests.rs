//! New requests: the form, what it would take, and sending it.

use crate::components::made::Made;
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

/// What a form would make, before it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// What would be refused, by field.
    pub wrong: Vec<Wrong>,
    /// The policy in a sentence, and what could be recorded and would not work.
    pub takes: Made,
    /// Whether there is such a warning.
    pub warned: bool,
    /// How the policy differs from the copied one.
    pub differences: Made,
    /// Decisions that the policy would govern.
    pub samples: Made,
}

/// A field that would be refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// Id of the field.
    pub field: String,
    /// Why, in a sentence.
    pub message: String,
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
    /// What the form as it begins would make.
    pub checked: Preview,
}

/// Creates the request and goes to it.
#[server(prefix = "/api", endpoint = "request")]
pub async fn request(
    #[server(default)] form: RequestForm,
    #[server(default)] policy: PolicyForm,
) -> Result<(), AppError> {
    let typed = server::typed(&form, &policy);
    let kept: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if form.intent == "check" {
        crate::ssr::go(&server::check_again("/requests/new", kept));
        return Ok(());
    }
    let done = server::request(form, policy).await;
    crate::ssr::keep_typed::<Request, ()>(done, "/requests/new", &kept)
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use super::{Choices, PolicyForm, Preview, RequestForm, Wrong};
    use crate::api::form_check;
    use crate::components::made::Made;
    use crate::components::takes::takes;
    use crate::error::AppError;
    use crate::policy_words;
    use crate::query::{Query, address};
    use crate::ssr::{enter, go};
    use crate::text::{encoded, lines, visible};
    use crate::words;
    use control::requests::RequestInput;
    use control::{Caller, Control, Operation};
    use governance::decide::PolicyInput;
    use governance::{Mode, Policy};
    use std::collections::BTreeSet;

    /// Most bytes of an address that a form is sent back with.
    const ADDRESS_LIMIT: usize = 6_000;

    /// A request's form, as an address has it.
    fn form_of(query: &Query) -> RequestForm {
        RequestForm {
            goal: query.get("goal"),
            plan: query.get("plan"),
            mode: query.get("mode"),
            template: query.get("template"),
            intent: String::new(),
        }
    }

    /// A policy's fields, as an address has them.
    pub(crate) fn policy_of(query: &Query) -> PolicyForm {
        PolicyForm {
            min_approvals: query.get("min_approvals"),
            modes: query.get("modes"),
            capabilities: query.get("capabilities"),
            max_steps: query.get("max_steps"),
            labels: query.get("labels"),
            forbid_self: query.get("forbid_self"),
            max_sign_in_age: query.get("max_sign_in_age"),
        }
    }

    /// What the form offers, and what it would make as it begins.
    pub(crate) async fn choices(
        control: &Control,
        caller: &Caller,
        search: &str,
    ) -> Result<Choices, AppError> {
        caller.require(Operation::CreateRequest)?;
        let templates = control.template_names(caller).await?;
        let adapters = control.adapters(caller).await?;
        let capabilities: BTreeSet<String> =
            adapters.into_iter().flat_map(|adapter| adapter.capabilities).collect();
        let template = Query::parse(search).get("template");
        let checked = match preview(control, caller, search).await {
            // An old link may name a template that this workspace does not have.
            Err(AppError::NotFound { .. }) => no_policy(vec![Wrong {
                field: "template".to_owned(),
                message: format!("There is no template {} here. Choose another one.", visible(&template)),
            }]),
            checked => checked?,
        };
        Ok(Choices {
            templates,
            capabilities: capabilities.into_iter().collect(),
            forbid_self: control.settings(caller).await?.forbid_self_approval,
            checked,
        })
    }

    pub(super) async fn request(form: RequestForm, policy: PolicyForm) -> Result<(), AppError> {
        let (control, caller) = enter()?;
        caller.require(Operation::CreateRequest)?;
        // The first field that is wrong is named, so that the page can lead there.
        if let Some(Wrong { field, message }) =
            form_check::request(&control, &caller, &form, &policy)?.into_iter().next()
        {
            return Err(AppError::Invalid { field, message });
        }
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
        search: &str,
    ) -> Result<Preview, AppError> {
        caller.require(Operation::CreateRequest)?;
        let query = Query::parse(search);
        let (form, policy) = (form_of(&query), policy_of(&query));
        let mode = mode(&form.mode);
        let wrong = form_check::request(control, caller, &form, &policy)?;
        // Half-typed values are no failure of the page; `wrong` names them.
        let Ok(input) = input(form, policy) else { return Ok(no_policy(wrong)) };
        match control.preview(caller, input).await.map_err(AppError::from) {
            Ok(found) => Ok(previewed(&found.policy, found.possible_approvers, mode, wrong)),
            Err(AppError::Refused { .. }) => Ok(no_policy(wrong)),
            Err(error) => Err(error),
        }
    }

    fn no_policy(wrong: Vec<Wrong>) -> Preview {
        Preview { wrong, takes: Made::of(takes("", &[])), ..Preview::default() }
    }

    fn previewed(policy: &Policy, possible: u32, mode: Mode, wrong: Vec<Wrong>) -> Preview {
        let mut warnings = Vec::new();
        if !policy.allows_mode(mode) {
            let word = words::mode(mode.as_str()).to_lowercase();
            warnings.push(format!("The policy does not allow a {word}. Change the mode or the policy."));
        }
        warnings.extend(policy_words::quorum_of_request(policy, possible));
        let sentence = policy_words::sentence(policy);
        Preview {
            wrong,
            takes: Made::of(takes(&sentence, &warnings)),
            warned: !warnings.is_empty(),
            ..Preview::default()
        }
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

    /// The form's own address with what was typed, and the preview shown. Where it would be too long, the longest
    /// texts stay behind, and the page says so.
    pub(crate) fn check_again(page: &str, mut kept: Vec<(&str, &str)>) -> String {
        kept.push(("check", "1"));
        let mut back = address(page, &kept);
        while back.len() > ADDRESS_LIMIT {
            let longest = kept.iter().enumerate().max_by_key(|(_, (_, value))| value.len());
            let Some((at, _)) = longest else { break };
            kept.remove(at);
            kept.retain(|(name, _)| *name != "lost");
            kept.push(("lost", "1"));
            back = address(page, &kept);
        }
        back
    }

    #[cfg(test)]
    mod tests {
        use super::{PolicyForm, check_again, policy_input};

        #[test]
        fn what_does_not_fit_into_the_way_back_is_said_to_be_lost() {
            let plan = "x".repeat(7_000);
            assert_eq!(check_again("/x", vec![("goal", "a b")]), "/x?goal=a%20b&check=1");
            assert_eq!(check_again("/x", vec![("plan", &plan), ("goal", "a")]), "/x?goal=a&check=1&lost=1");
        }

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
