//! Who may do what: one table, as data. A test prints it; a new operation without a row does not compile.

use crate::key::KeyScope;

/// A role in a workspace. A person may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Asks.
    Requester,
    /// Decides.
    Approver,
    /// Writes templates.
    Author,
    /// Reads everything, changes nothing.
    Auditor,
    /// Looks after people and settings.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [Self::Requester, Self::Approver, Self::Author, Self::Auditor, Self::Admin];

    /// The word in forms and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Approver => "approver",
            Self::Author => "author",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// See decisions and their timelines.
    SeeDecisions,
    /// See templates.
    SeeTemplates,
    /// Create a request.
    CreateRequest,
    /// Withdraw one's own request.
    Withdraw,
    /// Execute an approved decision.
    Execute,
    /// Stop a run.
    Cancel,
    /// Approve a decision.
    Approve,
    /// Reject a decision.
    Reject,
    /// Revoke one's own approval.
    Revoke,
    /// Create a template.
    CreateTemplate,
    /// Export bundles and audit packages.
    Export,
    /// Import bundles.
    Import,
    /// See who belongs to the workspace.
    SeePeople,
    /// Invite people, change roles, suspend, end sessions.
    ManagePeople,
    /// Create and revoke API keys, and see whose there are.
    ManageKeys,
    /// Change the workspace's name and settings.
    ManageSettings,
    /// Create another workspace.
    CreateWorkspace,
    /// Read and export the log of administrative acts.
    SeeLog,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 18] = [
        Self::SeeDecisions,
        Self::SeeTemplates,
        Self::CreateRequest,
        Self::Withdraw,
        Self::Execute,
        Self::Cancel,
        Self::Approve,
        Self::Reject,
        Self::Revoke,
        Self::CreateTemplate,
        Self::Export,
        Self::Import,
        Self::SeePeople,
        Self::ManagePeople,
        Self::ManageKeys,
        Self::ManageSettings,
        Self::CreateWorkspace,
        Self::SeeLog,
    ];

    /// The operation's name in the printed table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SeeDecisions => "see decisions",
            Self::SeeTemplates => "see templates",
            Self::CreateRequest => "create request",
            Self::Withdraw => "withdraw",
            Self::Execute => "execute",
            Self::Cancel => "cancel",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Revoke => "revoke",
            Self::CreateTemplate => "create template",
            Self::Export => "export",
            Self::Import => "import",
            Self::SeePeople => "see people",
            Self::ManagePeople => "manage people",
            Self::ManageKeys => "manage keys",
            Self::ManageSettings => "manage settings",
            Self::CreateWorkspace => "create workspace",
            Self::SeeLog => "see log",
        }
    }
}

/// How far a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Not at all.
    No,
    /// For decisions that the person requested.
    Own,
    /// For every decision of the workspace.
    All,
}

/// The table of the design, row by operation, column by role.
pub fn scope(role: Role, operation: Operation) -> Scope {
    use Operation as O;
    use Role as R;
    use Scope::{All, No, Own};
    match (operation, role) {
        (O::SeeDecisions | O::Export, R::Requester) => Own,
        (O::SeeDecisions | O::Export, R::Approver | R::Author | R::Auditor | R::Admin) => All,
        (O::SeeTemplates, _) => All,
        (O::CreateRequest, R::Auditor) => No,
        (O::CreateRequest, R::Requester | R::Approver | R::Author | R::Admin) => All,
        (O::Withdraw, R::Auditor) => No,
        (O::Withdraw, R::Requester | R::Approver | R::Author | R::Admin) => Own,
        (O::Execute | O::Cancel, R::Requester) => Own,
        (O::Execute | O::Cancel, R::Approver | R::Author | R::Admin) => All,
        (O::Execute | O::Cancel, R::Auditor) => No,
        (O::Approve | O::Reject | O::Revoke, R::Approver) => All,
        (O::Approve | O::Reject | O::Revoke, R::Requester | R::Author | R::Auditor | R::Admin) => No,
        (O::CreateTemplate, R::Author | R::Admin) => All,
        (O::CreateTemplate, R::Requester | R::Approver | R::Auditor) => No,
        (O::SeePeople, R::Requester) => No,
        (O::SeePeople, R::Approver | R::Author | R::Auditor | R::Admin) => All,
        (O::SeeLog, R::Auditor | R::Admin) => All,
        (O::SeeLog, R::Requester | R::Approver | R::Author) => No,
        (O::Import | O::ManagePeople | O::ManageKeys | O::ManageSettings | O::CreateWorkspace, R::Admin) => {
            All
        }
        (
            O::Import | O::ManagePeople | O::ManageKeys | O::ManageSettings | O::CreateWorkspace,
            R::Requester | R::Approver | R::Author | R::Auditor,
        ) => No,
    }
}

/// What a key's scope allows, row by operation, column by scope. What stands here as `No` for every scope of a machine
/// is a person's alone: a machine approves nothing and looks after nobody.
pub fn of_key(scope: KeyScope, operation: Operation) -> Scope {
    use KeyScope as K;
    use Operation as O;
    use Scope::{All, No, Own};
    match (operation, scope) {
        (O::SeeDecisions, K::Read | K::Execute | K::Export | K::Decide | K::Manage) => All,
        (O::SeeDecisions, K::Request) => Own,
        (O::SeeDecisions, K::Evaluate) => No,
        (O::SeeTemplates, K::Read | K::Request | K::Execute | K::Decide | K::Manage) => All,
        (O::SeeTemplates, K::Export | K::Evaluate) => No,
        (O::CreateRequest | O::Withdraw, K::Request) => All,
        (O::CreateRequest | O::Withdraw, _) => No,
        (O::Execute, K::Execute) => All,
        (O::Execute, _) => No,
        (O::Cancel, K::Execute | K::Decide) => All,
        (O::Cancel, K::Request) => Own,
        (O::Cancel, K::Read | K::Export | K::Evaluate | K::Manage) => No,
        (O::Export, K::Export) => All,
        (O::Export, _) => No,
        (O::Approve | O::Reject | O::Revoke, K::Decide) => All,
        (O::Approve | O::Reject | O::Revoke, _) => No,
        (
            O::CreateTemplate | O::Import | O::SeePeople | O::ManagePeople | O::ManageKeys | O::SeeLog,
            K::Manage,
        ) => All,
        (O::CreateTemplate | O::Import | O::SeePeople | O::ManagePeople | O::ManageKeys | O::SeeLog, _) => No,
        (O::ManageSettings | O::CreateWorkspace, _) => No,
    }
}

/// Whether any scope opens the operation to keys of this kind.
pub fn open_to_keys(operation: Operation, personal: bool) -> bool {
    KeyScope::ALL.iter().any(|key| key.is_for(personal) && of_key(*key, operation) != Scope::No)
}

/// The scopes that a key needs for it, in words: ``a key with the scope `execute` ``.
pub fn key_need(operation: Operation, personal: bool) -> String {
    let able =
        KeyScope::ALL.into_iter().filter(|key| key.is_for(personal) && of_key(*key, operation) != Scope::No);
    let words: Vec<String> = able.map(|key| format!("`{}`", key.as_str())).collect();
    format!("a key with the scope {}", words.join(" or "))
}

/// The widest reach that any of the roles gives.
pub fn widest(roles: &[Role], operation: Operation) -> Scope {
    roles.iter().map(|role| scope(*role, operation)).max().unwrap_or(Scope::No)
}

/// The roles that may, in words: `the approver role`, `the author or the admin role`.
pub fn need(operation: Operation) -> String {
    let roles: Vec<&str> =
        Role::ALL.into_iter().filter(|role| scope(*role, operation) != Scope::No).map(Role::as_str).collect();
    match roles.as_slice() {
        [] => "a role that does not exist".to_owned(),
        [only] => format!("the {only} role"),
        [first @ .., last] => format!("the {} or {last} role", first.join(", ")),
    }
}
