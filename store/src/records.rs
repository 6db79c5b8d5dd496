//! Templates and runs: facts beside the decisions. Both are written once; a template never changes.

use crate::error::StoreError;
use crate::query::{Page, PageRequest};
use crate::stream::RunWrite;
use async_trait::async_trait;
use governance::{RunId, Template, WorkspaceId};

/// Templates and runs.
#[async_trait]
pub trait Records: Send + Sync {
    /// Adds a template with its `TEMPLATE_CREATED` event. Fails with `Exists` when the name is taken.
    async fn create_template(&self, workspace: &WorkspaceId, template: &Template) -> Result<(), StoreError>;

    /// One template by name.
    async fn template(&self, workspace: &WorkspaceId, name: &str) -> Result<Option<Template>, StoreError>;

    /// Templates, newest first, optionally with a label.
    async fn templates(
        &self,
        workspace: &WorkspaceId,
        label: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Template>, StoreError>;

    /// One run's record.
    async fn run(&self, workspace: &WorkspaceId, run_id: &RunId) -> Result<Option<RunWrite>, StoreError>;

    /// The latest run of a decision.
    async fn run_of(
        &self,
        workspace: &WorkspaceId,
        decision: &governance::DecisionId,
    ) -> Result<Option<RunWrite>, StoreError>;
}
