//! Audit packages, format 0.6: the decision bound to the run, under one digest.

use crate::bundle::{self, Artifact};
use crate::decision::Decision;
use crate::digest;
use crate::json::{Value, object};
use crate::router_bundle;
use crate::time::Timestamp;
use std::fmt;

/// The format's version. It is part of what the binding digest covers.
pub const PACKAGE_VERSION: &str = "0.6";

/// How a package speaks of the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RouterPart<'a> {
    /// By run id and digest. The digest is the run's, where the log itself has none (a failed run).
    Reference {
        /// Digest of the run's bundle, with or without prefix.
        digest: Option<&'a str>,
    },
    /// With the run's whole bundle inside.
    Embedded {
        /// The nexus-router bundle.
        bundle: &'a Value,
    },
}

/// Why there is no package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageError {
    /// The decision never ran, or nothing is known of its run.
    NoRouterLink,
    /// The run's bundle is not the one that the log names.
    RouterDigestMismatch,
}

impl PackageError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoRouterLink => "NO_ROUTER_LINK",
            Self::RouterDigestMismatch => "ROUTER_DIGEST_MISMATCH",
        }
    }
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRouterLink => {
                "this decision has no recorded run, so there is nothing to bind it to; export its bundle instead"
            }
            Self::RouterDigestMismatch => "the stored run does not have the digest that the log names",
        })
    }
}

impl std::error::Error for PackageError {}

/// Exports the audit package of a decision that ran.
pub fn export(decision: &Decision, router: RouterPart<'_>, now: Timestamp) -> Result<Artifact, PackageError> {
    let control = bundle::export(decision, now);
    let link = control.value.get("router_link");
    let text = |name: &str| link.and_then(|link| link.get(name)).and_then(Value::as_str).map(str::to_owned);
    let run_id = text("run_id").ok_or(PackageError::NoRouterLink)?;
    let link_digest = text("control_router_link_digest").ok_or(PackageError::NoRouterLink)?;
    let logged = text("router_result_digest");
    let (router_digest, section) = match router {
        RouterPart::Embedded { bundle } => {
            let stated = router_bundle::stated_digest(bundle).ok_or(PackageError::RouterDigestMismatch)?;
            if logged.as_deref().is_some_and(|logged| logged != stated) || !router_bundle::is_sound(bundle) {
                return Err(PackageError::RouterDigestMismatch);
            }
            (stated.to_owned(), object([("mode", "embedded".into()), ("bundle", bundle.clone())]))
        }
        RouterPart::Reference { digest } => {
            let given = digest.map(|given| digest::prefixed(digest::bare(given)));
            let digest = logged.or(given).ok_or(PackageError::NoRouterLink)?;
            let reference = object([("run_id", run_id.into()), ("digest", digest.as_str().into())]);
            (digest, object([("mode", "reference".into()), ("ref", reference)]))
        }
    };
    let control_digest = digest::prefixed(&control.digest);
    let digest = binding_digest(PACKAGE_VERSION, &control_digest, &router_digest, &link_digest);
    let value = object([
        ("package_version", PACKAGE_VERSION.into()),
        ("control_bundle", control.value),
        ("router", section),
        (
            "binding",
            object([
                ("control_digest", control_digest.into()),
                ("router_digest", router_digest.into()),
                ("control_router_link_digest", link_digest.into()),
            ]),
        ),
        ("integrity", bundle::integrity("binding_digest", &digest)),
        (
            "provenance",
            bundle::provenance(&decision.id, &digest, "nexus-control.audit_export_v0_6", "audit_package"),
        ),
        ("meta", object([("exported_at", now.to_string().into())])),
    ]);
    Ok(Artifact { value, digest })
}

/// SHA-256 over the package version and the three bound digests (each with its prefix), bare hexadecimal.
pub fn binding_digest(version: &str, control: &str, router: &str, link: &str) -> String {
    digest::of_value(&object([
        ("package_version", version.into()),
        ("control_digest", control.into()),
        ("router_digest", router.into()),
        ("control_router_link_digest", link.into()),
    ]))
}

/// A readable summary of a package.
pub fn render(package: &Value) -> String {
    let at = |path: &[&str]| {
        let found = path.iter().try_fold(package, |value, name| value.get(name));
        found.and_then(Value::as_str).unwrap_or("—").to_owned()
    };
    let mode = at(&["router", "mode"]);
    let (run, digest) = if mode == "embedded" {
        (at(&["router", "bundle", "run_id"]), at(&["router", "bundle", "integrity", "canonical_digest"]))
    } else {
        (at(&["router", "ref", "run_id"]), at(&["router", "ref", "digest"]))
    };
    let control = package.get("control_bundle").map(bundle::render).unwrap_or_default();
    let lines = [
        "# Audit package".to_owned(),
        String::new(),
        format!("Format:          {}", at(&["package_version"])),
        format!("Binding digest:  {}", at(&["integrity", "binding_digest"])),
        String::new(),
        "## Binding".to_owned(),
        format!("  Control:  {}", at(&["binding", "control_digest"])),
        format!("  Router:   {}", at(&["binding", "router_digest"])),
        format!("  Link:     {}", at(&["binding", "control_router_link_digest"])),
        String::new(),
        format!("## Router ({mode})"),
        format!("  Run:      {run}"),
        format!("  Digest:   {digest}"),
        String::new(),
        control,
    ];
    lines.join("\n")
}
