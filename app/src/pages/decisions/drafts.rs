//! What somebody has typed into the forms of a decision, kept while the page around it is made anew.

use crate::query::Query;
use leptos::prelude::*;

/// What is typed into the forms.
#[derive(Clone, Copy)]
pub(super) struct Drafts {
    pub(super) comment: RwSignal<String>,
    pub(super) expiry: RwSignal<String>,
    pub(super) expires_at: RwSignal<String>,
    pub(super) reject: RwSignal<String>,
    pub(super) revoke: RwSignal<String>,
    pub(super) withdraw: RwSignal<String>,
    /// Whether what the server kept was looked at.
    restored: StoredValue<bool>,
}

impl Drafts {
    pub(super) fn of_query(query: &Query) -> Self {
        Self {
            comment: RwSignal::new(query.get("comment")),
            expiry: RwSignal::new(query.get("expiry")),
            expires_at: RwSignal::new(query.get("expires_at")),
            reject: RwSignal::new(query.get("reject_reason")),
            revoke: RwSignal::new(query.get("revoke_reason")),
            withdraw: RwSignal::new(query.get("withdraw_reason")),
            restored: StoredValue::new(false),
        }
    }

    /// Takes over what the server kept while the reader signed in again, once, and never over what is typed.
    pub(super) fn restore(self, kept: Option<&(String, String)>) {
        if self.restored.try_get_value() != Some(false) {
            return;
        }
        self.restored.set_value(true);
        let untouched = self.comment.get_untracked().is_empty() && self.expiry.get_untracked().is_empty();
        if let Some((comment, expires_at)) = kept.filter(|_| untouched) {
            self.comment.set(comment.clone());
            if !expires_at.is_empty() {
                self.expiry.set("at".to_owned());
                self.expires_at.set(expires_at.clone());
            }
        }
    }

    pub(super) fn clear(self) {
        for draft in [self.comment, self.expiry, self.expires_at, self.reject, self.revoke, self.withdraw] {
            draft.set(String::new());
        }
        self.restored.set_value(false);
    }
}
