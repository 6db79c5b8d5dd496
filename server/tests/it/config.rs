//! The configuration of sign-in providers and endpoints: what is read, and what is refused by name.

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

const ENDPOINT: &str =
    "[[http_adapter]]\nname = 'key-rotation'\nurl = 'https://hooks.example.com/run?token=t0ken'\n";
const ENDPOINT_SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";

#[test]
fn the_secret_of_an_endpoint_comes_from_a_file_or_a_variable_and_is_never_printed() {
    let held = file(&format!("{ENDPOINT_SECRET}\n"));
    let with_file = format!("{ENDPOINT}secret_file = '{}'\n", held.display());
    let both = format!("{ENDPOINT_SECRET} {ENDPOINT_SECRET}");
    let variable = [("NEXUS_HTTP_KEY_ROTATION_SECRET", both.as_str())];
    for (text, variables, secrets) in [
        (ENDPOINT, &[][..], "0 secrets"),
        (with_file.as_str(), &[], "1 secrets"),
        (ENDPOINT, &variable, "2 secrets"),
        (&with_file, &variable, "2 secrets"),
    ] {
        let config = load(text, variables).unwrap();
        let printed = format!("{config:?}");
        assert!(printed.contains(secrets), "{printed}");
        assert!(!printed.contains("MDEy") && !printed.contains("t0ken"), "{printed}");
    }
    std::fs::remove_file(held).unwrap();
    assert!(load(&with_file, &[]).unwrap_err().contains("nexus-cfg-"));
}

#[test]
fn an_endpoint_that_makes_no_sense_is_refused_by_name() {
    let secret = |value| [("NEXUS_HTTP_KEY_ROTATION_SECRET", value)];
    for (text, variables, says) in [
        (format!("{ENDPOINT}{ENDPOINT}"), &[][..], "twice"),
        (format!("{ENDPOINT}secret = 'x'\n"), &[], "secret"),
        (format!("{ENDPOINT}idempotnt = true\n"), &[], "idempotnt"),
        (ENDPOINT.replace("https", "gopher"), &[], "https://"),
        (ENDPOINT.to_owned(), &secret("MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u"), "NEXUS_HTTP_KEY_ROTATION_SECRET"),
        (ENDPOINT.to_owned(), &[("NEXUS_HTTP_OTHER_SECRET", ENDPOINT_SECRET)], "NEXUS_HTTP_OTHER_SECRET"),
        (String::new(), &secret(ENDPOINT_SECRET), "NEXUS_HTTP_KEY_ROTATION_SECRET"),
    ] {
        let error = load(&text, variables).unwrap_err();
        assert!(error.contains(says) && !error.contains("MDEy"), "{says}: {error}");
    }
}

#[tokio::test]
async fn a_server_with_an_endpoint_that_cannot_work_does_not_start() {
    let opened = "allow_private = ['127.0.0.0/8']\n";
    let secret = [("NEXUS_HTTP_KEY_ROTATION_SECRET", ENDPOINT_SECRET)];
    let inside = ENDPOINT.replace("https://hooks.example.com", "http://127.0.0.1:9");
    for (text, variables, says) in [
        (ENDPOINT.to_owned(), &[][..], "NEXUS_HTTP_KEY_ROTATION_SECRET"),
        (inside.clone(), &secret, "allow_private"),
        (format!("{inside}{}", opened.replace("127", "10")), &secret, "127.0.0.1"),
        (format!("{ENDPOINT}allow_private = ['0.0.0.0/0']\n"), &secret, "0.0.0.0/0"),
    ] {
        let refused = control(&text, variables).await.unwrap_err();
        assert!(refused.contains(says), "{says}: {refused}");
    }
    for text in [ENDPOINT.to_owned(), format!("{inside}{opened}")] {
        control(&text, &secret).await.unwrap();
    }
}

/// Puts a server together with this configuration, or says why it does not start.
async fn control(text: &str, variables: &[(&str, &str)]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let mut config = load(text, variables).unwrap();
    config.database.url = Some(format!("sqlite://{}", folder.path().join("nexus.db").display()));
    let store = server::serve::open(&config, false).await.map_err(|error| error.to_string())?;
    server::serve::control(&config, false, store).map(drop).map_err(|error| error.to_string())
}

#[cfg(not(feature = "saml"))]
#[test]
fn saml_is_refused_by_a_server_that_was_built_without_it() {
    let text = "[[saml]]\nname = 'a'\nlabel = 'A'\nidp_metadata_file = 'x.xml'\n";
    assert!(load(text, &[]).unwrap_err().contains("--features saml"));
}
