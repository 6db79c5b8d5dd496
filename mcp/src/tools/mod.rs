//! The tools, as data: name, schemas, hints, and which function does it.

mod decide;
mod evidence;
mod execute;
mod look;
mod request;
mod template;
mod wait;
mod words;

use crate::call::Call;
use crate::outcome::{self, Answer};
use crate::refusal::Refusal;
use crate::{arguments as take, schema};
use rmcp::model::{InputRequiredResult, JsonObject, Tool as Definition, ToolAnnotations};
use std::sync::{Arc, LazyLock};
use words::Hint;

/// A tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    Request,
    Approve,
    RevokeApproval,
    Execute,
    Status,
    Inspect,
    Wait,
    ListRequests,
    TemplateCreate,
    TemplateGet,
    TemplateList,
    ExportBundle,
    ImportBundle,
    ExportAuditPackage,
    Verify,
}

/// What came of a call.
pub enum Outcome {
    /// It is done.
    Done(Box<Answer>),
    /// A person has to be asked first.
    Ask(Box<InputRequiredResult>),
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self::Done(Box::new(answer))
    }
}

/// The definitions never change while the server runs.
static DEFINITIONS: LazyLock<Vec<Definition>> =
    LazyLock::new(|| Tool::ALL.into_iter().map(Tool::make_definition).collect());

impl Tool {
    /// All of them, in the order in which one needs them.
    pub const ALL: [Self; 15] = [
        Self::Request,
        Self::Status,
        Self::Inspect,
        Self::Wait,
        Self::Approve,
        Self::RevokeApproval,
        Self::Execute,
        Self::ListRequests,
        Self::TemplateCreate,
        Self::TemplateGet,
        Self::TemplateList,
        Self::ExportBundle,
        Self::ImportBundle,
        Self::ExportAuditPackage,
        Self::Verify,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "nexus-control.request",
            Self::Approve => "nexus-control.approve",
            Self::RevokeApproval => "nexus-control.revoke_approval",
            Self::Execute => "nexus-control.execute",
            Self::Status => "nexus-control.status",
            Self::Inspect => "nexus-control.inspect",
            Self::Wait => "nexus-control.wait",
            Self::ListRequests => "nexus-control.list_requests",
            Self::TemplateCreate => "nexus-control.template.create",
            Self::TemplateGet => "nexus-control.template.get",
            Self::TemplateList => "nexus-control.template.list",
            Self::ExportBundle => "nexus-control.export_bundle",
            Self::ImportBundle => "nexus-control.import_bundle",
            Self::ExportAuditPackage => "nexus-control.export_audit_package",
            Self::Verify => "nexus-control.verify",
        }
    }

    /// The tool of that name. Some clients write an underscore where a name has a dot.
    pub fn parse(name: &str) -> Option<Self> {
        let dotless = |name: &str| name.replace('.', "_");
        Self::ALL.into_iter().find(|tool| tool.name() == name || dotless(tool.name()) == name)
    }

    /// Every definition.
    pub fn definitions() -> Vec<Definition> {
        DEFINITIONS.clone()
    }

    /// Its definition.
    pub fn definition(self) -> Option<Definition> {
        DEFINITIONS.iter().find(|definition| definition.name == self.name()).cloned()
    }

    fn make_definition(self) -> Definition {
        let (title, description, hint) = self.words();
        let (input, output) = self.schemas();
        let (reads, destroys, again) = match hint {
            Hint::Reads => (true, false, true),
            Hint::Adds => (false, false, false),
            Hint::Changes => (false, true, true),
            Hint::Acts => (false, true, true),
        };
        let hints =
            ToolAnnotations::with_title(title).read_only(reads).destructive(destroys).idempotent(again);
        Definition::new(self.name(), description, input)
            .with_title(title)
            .with_raw_output_schema(output)
            .with_annotations(hints.open_world(matches!(hint, Hint::Acts)))
    }

    fn schemas(self) -> (Arc<JsonObject>, Arc<JsonObject>) {
        use schema::{input, output};
        match self {
            Self::Request => (input::<take::Request>(), output::<outcome::Requested>()),
            Self::Approve => (input::<take::Approve>(), output::<outcome::Decision>()),
            Self::RevokeApproval => (input::<take::Revoke>(), output::<outcome::Decision>()),
            Self::Execute => (input::<take::Execute>(), output::<outcome::Decision>()),
            Self::Status => (input::<take::One>(), output::<outcome::Status>()),
            Self::Inspect => (input::<take::One>(), output::<outcome::Decision>()),
            Self::Wait => (input::<take::Wait>(), output::<outcome::Waited>()),
            Self::ListRequests => (input::<take::List>(), output::<outcome::Requests>()),
            Self::TemplateCreate => (input::<take::NewTemplate>(), output::<outcome::Template>()),
            Self::TemplateGet => (input::<take::TemplateName>(), output::<outcome::Template>()),
            Self::TemplateList => (input::<take::Templates>(), output::<wire::TemplateList>()),
            Self::ExportBundle => (input::<take::One>(), output::<outcome::Exported>()),
            Self::ImportBundle => (input::<take::Import>(), output::<outcome::Imported>()),
            Self::ExportAuditPackage => (input::<take::Package>(), output::<outcome::Exported>()),
            Self::Verify => (input::<take::Verify>(), output::<wire::Verification>()),
        }
    }

    /// Does it.
    pub async fn call(self, call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
        match self {
            Self::Request => request::request(call, arguments).await,
            Self::Approve => decide::approve(call, arguments).await,
            Self::RevokeApproval => decide::revoke(call, arguments).await,
            Self::Execute => execute::execute(call, arguments).await,
            Self::Status => look::status(call, arguments).await,
            Self::Inspect => look::inspect(call, arguments).await,
            Self::Wait => wait::wait(call, arguments).await,
            Self::ListRequests => look::list(call, arguments).await,
            Self::TemplateCreate => template::create(call, arguments).await,
            Self::TemplateGet => template::get(call, arguments).await,
            Self::TemplateList => template::list(call, arguments).await,
            Self::ExportBundle => evidence::export_bundle(call, arguments).await,
            Self::ImportBundle => evidence::import_bundle(call, arguments).await,
            Self::ExportAuditPackage => evidence::export_package(call, arguments).await,
            Self::Verify => evidence::verify(arguments),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_found_by_its_name_and_says_what_it_is_for() {
        for tool in Tool::ALL {
            assert_eq!(Tool::parse(tool.name()), Some(tool));
            assert_eq!(Tool::parse(&tool.name().replace('.', "_")), Some(tool));
            let definition = tool.definition().unwrap();
            assert!(definition.description.unwrap().len() > 60, "{tool:?}");
            assert_eq!(definition.input_schema.get("additionalProperties"), Some(&serde_json::json!(false)));
            assert_eq!(definition.output_schema.unwrap().get("type"), Some(&serde_json::json!("object")));
        }
        assert_eq!(Tool::parse("nexus-control.delete"), None);
    }
}
