//! Templates.

use crate::support::{Story, at, created, human, policy, ws};
use governance::event::TemplateRef;
use governance::json::object;
use governance::{Body, Policy, Template};
use std::sync::Arc;
use store::{PageRequest, Store, StoreError};

fn template(name: &str, seconds: i64, labels: &[&str]) -> Template {
    let labels = labels.iter().map(|label| (*label).to_owned()).collect();
    let policy = Policy::new(2, &["apply".to_owned()], vec!["rollback".to_owned()], Some(5), labels).unwrap();
    Template::new(name, "for „keys“", policy, at(seconds), human("ann")).unwrap()
}

pub async fn templates_are_unique_and_never_change(store: &Arc<dyn Store>) {
    let first = template("rotate", 0, &["prod"]);
    store.create_template(&ws("w"), &first).await.unwrap();
    let error = store.create_template(&ws("w"), &template("rotate", 9, &[])).await.unwrap_err();
    assert!(matches!(error, StoreError::Exists(_)));
    let kept = store.template(&ws("w"), "rotate").await.unwrap().unwrap();
    assert_eq!((kept.digest(), kept), (first.digest(), first));
    assert_eq!(store.template(&ws("v"), "rotate").await.unwrap(), None);
    assert_eq!(store.template(&ws("w"), "nul\0").await.unwrap(), None);
    store.create_template(&ws("v"), &template("rotate", 9, &[])).await.unwrap();
}

pub async fn templates_by_label_and_page(store: &Arc<dyn Store>) {
    for (name, seconds, labels) in
        [("a", 3, &["x"][..]), ("b", 1, &["x", "y", "x"]), ("c", 2, &[]), ("d", 2, &["x"])]
    {
        store.create_template(&ws("w"), &template(name, seconds, labels)).await.unwrap();
    }
    let names = |workspace: &'static str, label: Option<&'static str>| async move {
        let mut page = PageRequest { after: None, limit: 2, oldest_first: false };
        let mut names = Vec::new();
        loop {
            let found = store.templates(&ws(workspace), label, &page).await.unwrap();
            names.extend(found.rows.iter().map(|template| template.name().to_owned()));
            match found.next {
                Some(next) => page.after = Some(next),
                None => return names,
            }
        }
    };
    assert_eq!(names("w", None).await, ["a", "d", "c", "b"]);
    assert_eq!(names("w", Some("x")).await, ["a", "d", "b"]);
    assert_eq!(names("w", Some("y")).await, ["b"]);
    assert_eq!(names("w", Some("z")).await, [""; 0]);
    assert_eq!(names("v", None).await, [""; 0]);
}

pub async fn template_uses_are_counted(store: &Arc<dyn Store>) {
    for number in 0..3 {
        let template = Some(TemplateRef {
            name: "rotate".to_owned(),
            digest: "00".to_owned(),
            snapshot: object([]),
            overrides: object([]),
        });
        Story::new("w", &format!("d{number}"))
            .then(number, "ann", created("goal", &[]))
            .then(number, "ann", Body::PolicyAttached { policy: policy(1, false), template })
            .save(store)
            .await;
    }
    assert_eq!(store.template_uses(&ws("w"), "rotate").await.unwrap(), 3);
    assert_eq!(store.template_uses(&ws("w"), "other").await.unwrap(), 0);
    assert_eq!(store.template_uses(&ws("v"), "rotate").await.unwrap(), 0);
}
