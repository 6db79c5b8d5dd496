//! The configuration of sign-in providers: what is read, and what is refused by name.

use server::config::Config;
use server::providers::Providers;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

const SECTION: &str =
    "[[oidc]]\nname = 'my-idp'\nlabel = 'Ours'\nissuer = 'https://idp.example'\nclient_id = 'x'\n";

fn file(text: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("nexus-cfg-{}-{}.toml", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// The configuration of this text and these variables, or what is said about it.
fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let path = file(text);
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let loaded = Config::load(Some(&path), variables);
    std::fs::remove_file(path).unwrap();
    loaded.map_err(|error| server::problem::chain(&error))
}

fn secret(config: &Config) -> Option<&str> {
    config.oidc[0].secret.0.as_deref()
}

#[test]
fn a_secret_comes_from_a_file_or_a_variable_and_is_never_printed() {
    let held = file("  from-file\n");
    let with_file = format!("{SECTION}client_secret_file = '{}'\n", held.display());
    let variable = [("NEXUS_OIDC_MY_IDP_CLIENT_SECRET", "from-variable")];
    for (text, variables, expected) in [
        (SECTION, &[][..], None),
        (with_file.as_str(), &[], Some("from-file")),
        (SECTION, &variable, Some("from-variable")),
        (&with_file, &variable, Some("from-variable")),
    ] {
        let config = load(text, variables).unwrap();
        assert_eq!(secret(&config), expected);
        assert!(!format!("{config:?}").contains("from-"), "{config:?}");
        let providers = Providers::of(&config).unwrap();
        let told: Vec<String> = providers.record.iter().map(governance::canonical::to_string).collect();
        assert!(!told.concat().contains("from-"), "{told:?}");
    }
    std::fs::remove_file(held).unwrap();
    let error = load(&with_file, &[]).unwrap_err();
    assert!(error.contains("nexus-cfg-"), "{error}");
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let section = |from: &str, to: &str| SECTION.replace(from, to);
    for (text, says) in [
        (format!("{SECTION}client_secret = 'x'\n"), "client_secret"),
        (format!("{SECTION}group_clam = 'x'\n"), "group_clam"),
        (format!("{SECTION}[[oidc.role]]\ngroup = 'a'\nroles = ['boss']\n"), "boss"),
        (format!("{SECTION}[[oidc.role]]\ngroup = 'a'\nrole = ['admin']\n"), "role"),
        (format!("{SECTION}[[oidc.role]]\ngroup = 'a'\nroles = []\nworkspace = ''\n"), "workspace"),
        (format!("{SECTION}leeway_seconds = 301\n"), "leeway_seconds"),
        (format!("{SECTION}{SECTION}"), "twice"),
        (section("my-idp", "My IdP"), "My IdP"),
        (section("my-idp", "../x"), "../x"),
        (section("Ours", " "), "label"),
        ("[sign_in]\nlokal = false\n".to_owned(), "lokal"),
    ] {
        let error = load(&text, &[]).unwrap_err();
        assert!(error.contains(says), "{says}: {error}");
    }
    let insecure = load(&section("https://idp.example", "http://idp.example"), &[]).unwrap();
    assert!(Providers::of(&insecure).is_err(), "a provider that anybody on the way could be");
}

#[test]
fn a_secret_for_no_provider_is_refused() {
    for name in ["NEXUS_OIDC_OTHER_CLIENT_SECRET", "NEXUS_OIDC__CLIENT_SECRET", "NEXUS_OIDC_MY_IDP_SECRET"] {
        let error = load(SECTION, &[(name, "x")]).unwrap_err();
        assert!(error.contains(name), "{error}");
    }
}

#[cfg(not(feature = "saml"))]
#[test]
fn saml_is_refused_by_a_server_that_was_built_without_it() {
    let text = "[[saml]]\nname = 'a'\nlabel = 'A'\nidp_metadata_file = 'x.xml'\n";
    assert!(load(text, &[]).unwrap_err().contains("--features saml"));
}
