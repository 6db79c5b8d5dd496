//! What is wrong with a form, by field, before anything is recorded. Each value is tried alone under the very rules
//! that saving has, so that a form can say all at once what saving would say one after the other.

use crate::api::requests::server::policy_input;
use crate::api::requests::{PolicyForm, Preview, RequestForm, Wrong};
use crate::api::templates::TemplateForm;
use crate::components::made::Made;
use crate::components::takes::takes;
use crate::error::AppError;
use crate::pages::templates::means::{self, Sample};
use crate::policy_words;
use crate::text::{lines, sentence, visible};
use control::{Caller, Control};
use governance::decide::{self, Context, PolicyInput, Request};
use governance::{Mode, Refusal};

/// Adds what is wrong with one field, in the words of a refused form without what every one of them says.
fn note(wrong: &mut Vec<Wrong>, field: &str, tried: Result<(), AppError>) -> Result<(), AppError> {
    let message = match tried {
        Ok(()) => return Ok(()),
        Err(AppError::Refused { message, .. } | AppError::Invalid { message, .. }) => sentence(&message),
        Err(other) => return Err(other),
    };
    wrong.push(Wrong { field: field.to_owned(), message });
    Ok(())
}

/// What is wrong with the policy's fields.
pub(crate) fn policy(form: &PolicyForm) -> Result<Vec<Wrong>, AppError> {
    let silent = PolicyForm::default;
    let alone = [
        ("min_approvals", PolicyForm { min_approvals: form.min_approvals.clone(), ..silent() }),
        ("max_steps", PolicyForm { max_steps: form.max_steps.clone(), ..silent() }),
        ("max_sign_in_age", PolicyForm { max_sign_in_age: form.max_sign_in_age.clone(), ..silent() }),
        ("capabilities", PolicyForm { capabilities: form.capabilities.clone(), ..silent() }),
        ("labels", PolicyForm { labels: form.labels.clone(), ..silent() }),
    ];
    let mut wrong = Vec::new();
    for (field, form) in alone {
        let tried = policy_input(&form).and_then(|input| {
            let resolved = decide::resolve(None, input, Mode::DryRun, false);
            resolved.map(drop).map_err(|refusal| control::Error::from(refusal).into())
        });
        note(&mut wrong, field, tried)?;
    }
    Ok(wrong)
}

/// What is wrong with a request, its template aside.
pub(crate) fn request(
    control: &Control,
    caller: &Caller,
    form: &RequestForm,
    policy_form: &PolicyForm,
) -> Result<Vec<Wrong>, AppError> {
    let context = Context::new(control.now(), caller.actor.clone());
    let tried = |goal: &str, plan: Option<String>| {
        let asked = Request {
            goal: lines(goal),
            plan,
            mode: Mode::DryRun,
            template: None,
            policy: PolicyInput::default(),
            forbid_self_approval: false,
        };
        let made: Result<_, Refusal> = decide::request(&context, asked);
        made.map(drop).map_err(|refusal| control::Error::from(refusal).into())
    };
    let mut wrong = Vec::new();
    note(&mut wrong, "goal", tried(&form.goal, None))?;
    let plan = Some(lines(&form.plan)).filter(|plan| !plan.trim().is_empty());
    note(&mut wrong, "plan", tried("a goal", plan))?;
    wrong.extend(policy(policy_form)?);
    Ok(wrong)
}

/// A template as it is being written: what is wrong with it, and what it would mean.
pub(crate) async fn template(
    control: &Control,
    caller: &Caller,
    form: &TemplateForm,
) -> Result<Preview, AppError> {
    let mut wrong = Vec::new();
    match control.check_template_name(caller, &form.name).await {
        Err(control::Error::Exists(_)) => {
            let message = taken(control, caller, &form.name).await?;
            wrong.push(Wrong { field: "name".to_owned(), message });
        }
        tried => note(&mut wrong, "name", tried.map_err(AppError::from))?,
    }
    let described = control::templates::check_description(&lines(&form.description));
    note(&mut wrong, "description", described.map_err(AppError::from))?;
    let of_policy = policy(&form.policy)?;
    let sound = of_policy.is_empty();
    wrong.extend(of_policy);
    let mut preview = Preview { wrong, ..Preview::default() };
    if sound {
        sound_means(control, caller, form, &mut preview).await?;
    } else {
        preview.takes = Made::of(takes("", &[]));
        preview.differences = Made::of(means::no_policy());
        preview.samples = Made::of(means::no_policy());
    }
    Ok(preview)
}

async fn taken(control: &Control, caller: &Caller, name: &str) -> Result<String, AppError> {
    let name = name.trim();
    let other = match control.next_template_name(caller, name).await? {
        Some(free) => format!("Choose another name, such as {}.", visible(&free)),
        None => "Choose another name.".to_owned(),
    };
    Ok(format!("The name {} is taken, and a template never changes. {other}", visible(name)))
}

/// Most decisions that a template is tried on.
const SAMPLES: u32 = 5;

/// What the policy means: in words, for today's members, beside the copied one, and for what was decided before.
async fn sound_means(
    control: &Control,
    caller: &Caller,
    form: &TemplateForm,
    preview: &mut Preview,
) -> Result<(), AppError> {
    let policy = control.template_policy(caller, policy_input(&form.policy)?).await?;
    let warning = policy_words::quorum(control.quorum(caller, &policy).await?);
    preview.warned = warning.is_some();
    preview.takes = Made::of(takes(&policy_words::sentence(&policy), warning.as_slice()));
    let copied = Some(form.copy.as_str()).filter(|name| !name.is_empty());
    if let Some(name) = copied {
        let before = control.template(caller, name).await?.template;
        let found = policy_words::differences(before.policy(), &policy);
        preview.differences = Made::of(means::differences(&found));
    }
    let tried = control.sample_decisions(caller, copied, policy.labels(), SAMPLES).await?;
    let samples: Vec<_> = tried
        .iter()
        .map(|decision| Sample {
            id: decision.id.as_str().to_owned(),
            goal: decision.goal.clone().unwrap_or_default(),
            differs: policy_words::would_differ(decision, &policy),
        })
        .collect();
    preview.samples = Made::of(means::samples(&samples));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::policy;
    use crate::api::requests::PolicyForm;

    #[test]
    fn every_field_that_is_wrong_is_named_at_once() {
        let form = PolicyForm {
            min_approvals: "0".into(),
            max_steps: "many".into(),
            max_sign_in_age: "99999".into(),
            labels: "x".repeat(101),
            capabilities: vec!["a"; 33].join(","),
            ..PolicyForm::default()
        };
        let wrong = policy(&form).unwrap();
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["min_approvals", "max_steps", "max_sign_in_age", "capabilities", "labels"]);
        for one in &wrong {
            let (first, rest) = one.message.split_at(1);
            assert!(first == first.to_uppercase() && rest.ends_with('.'), "{}", one.message);
        }
    }

    #[test]
    fn what_can_be_saved_is_not_complained_about() {
        let form = PolicyForm {
            min_approvals: " 2 ".into(),
            max_steps: "50".into(),
            labels: "prod, db".into(),
            ..PolicyForm::default()
        };
        assert_eq!(policy(&form).unwrap(), []);
        assert_eq!(policy(&PolicyForm::default()).unwrap(), [], "empty fields say nothing");
    }
}
