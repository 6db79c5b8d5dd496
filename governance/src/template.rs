//! Templates: named policies that never change. A new rule is a new template with a new name.

use crate::actor::Actor;
use crate::digest;
use crate::json::{Value, object};
use crate::policy::{Policy, PolicyError};
use crate::time::Timestamp;
use std::fmt;

/// Longest template name, in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// A named, immutable policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    name: String,
    description: String,
    policy: Policy,
    created_at: Timestamp,
    created_by: Actor,
}

/// Why a template cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateError {
    /// The name is empty, too long or holds control characters.
    Name,
    /// The policy in it is none.
    Policy(PolicyError),
    /// A stored template lacks this field.
    Field(&'static str),
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => {
                write!(f, "a template name has 1 to {MAX_NAME_CHARS} characters and no control characters")
            }
            Self::Policy(error) => error.fmt(f),
            Self::Field(name) => write!(f, "the template lacks `{name}`"),
        }
    }
}

impl std::error::Error for TemplateError {}

/// Whether a template can have this name.
pub fn check_name(name: &str) -> Result<(), TemplateError> {
    let fits = !name.trim().is_empty()
        && name.chars().count() <= MAX_NAME_CHARS
        && !name.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(TemplateError::Name) }
}

impl Template {
    /// Checks the name and makes the template.
    pub fn new(
        name: impl Into<String>,
        description: impl Into<String>,
        policy: Policy,
        created_at: Timestamp,
        created_by: Actor,
    ) -> Result<Self, TemplateError> {
        let name = name.into();
        check_name(&name)?;
        Ok(Self { name, description: description.into(), policy, created_at, created_by })
    }

    /// The name, unique in its workspace.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The policy that it stands for.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// When it was made.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Who made it.
    pub fn created_by(&self) -> &Actor {
        &self.created_by
    }

    /// The payload of `TEMPLATE_CREATED`.
    pub fn created_payload(&self) -> Value {
        self.with_policy(object([
            ("name", self.name.as_str().into()),
            ("description", self.description.as_str().into()),
        ]))
    }

    /// The whole template, as its digest sees it.
    pub fn to_value(&self) -> Value {
        let head = object([
            ("name", self.name.as_str().into()),
            ("description", self.description.as_str().into()),
            ("created_at", self.created_at.to_string().into()),
            ("created_by", self.created_by.to_value()),
        ]);
        self.with_policy(head)
    }

    /// What a decision keeps of it: the values at that moment, without who and when.
    pub fn snapshot(&self) -> Value {
        self.with_policy(object([
            ("template_name", self.name.as_str().into()),
            ("template_description", self.description.as_str().into()),
        ]))
    }

    /// SHA-256 over the whole template, bare hexadecimal.
    pub fn digest(&self) -> String {
        digest::of_value(&self.to_value())
    }

    /// Reads what [`Template::to_value`] wrote.
    pub fn from_value(value: &Value) -> Result<Self, TemplateError> {
        let text =
            |name: &'static str| value.get(name).and_then(Value::as_str).ok_or(TemplateError::Field(name));
        let created_at =
            Timestamp::parse(text("created_at")?).map_err(|_| TemplateError::Field("created_at"))?;
        let created_by = value.get("created_by").and_then(Actor::from_value);
        Self::new(
            text("name")?,
            text("description")?,
            Policy::from_value(value).map_err(TemplateError::Policy)?,
            created_at,
            created_by.ok_or(TemplateError::Field("created_by"))?,
        )
    }

    fn with_policy(&self, head: Value) -> Value {
        match (head, self.policy.to_value()) {
            (Value::Object(mut map), Value::Object(policy)) => {
                map.extend(policy);
                Value::Object(map)
            }
            (head, _) => head,
        }
    }
}
