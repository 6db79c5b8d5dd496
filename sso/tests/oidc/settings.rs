//! Settings that cannot work, or should not, are refused with a sentence; and secrets are not printed.

use sso::SsoError;
use sso::oidc::{Provider, Secret, Settings, http_client};

fn usual() -> Settings {
    Settings {
        name: "fake".into(),
        issuer: "https://id.example.com/realms/one".into(),
        client_id: "nexus".into(),
        client_secret: Some(Secret::new("hidden-1".into())),
        scopes: vec!["email".into()],
        redirect_uri: "https://nexus.example.com/callback".into(),
        group_claim: None,
        leeway_seconds: 60,
    }
}

#[tokio::test]
async fn senseless_settings_are_refused_by_the_name_of_the_key() {
    type Change = fn(&mut Settings);
    let cases: [(Change, &str); 20] = [
        (|s| s.name = String::new(), "name"),
        (|s| s.name = "Fake".into(), "name"),
        (|s| s.name = "a/b".into(), "name"),
        (|s| s.issuer = "id.example.com".into(), "issuer"),
        (|s| s.issuer = "http://id.example.com".into(), "issuer"),
        (|s| s.issuer = "http://localhost.example.com".into(), "issuer"),
        (|s| s.issuer = "http://10.0.0.1".into(), "issuer"),
        (|s| s.issuer = "https://id.example.com?a=b".into(), "issuer"),
        (|s| s.issuer = "https://id.example.com#a".into(), "issuer"),
        (|s| s.issuer = "https://user@id.example.com".into(), "issuer"),
        (|s| s.issuer = "file:///etc/passwd".into(), "issuer"),
        (|s| s.redirect_uri = "http://nexus.example.com/callback".into(), "redirect_uri"),
        (|s| s.redirect_uri = "/callback".into(), "redirect_uri"),
        (|s| s.client_id = String::new(), "client_id"),
        (|s| s.client_secret = Some(Secret::new(String::new())), "client_secret"),
        (|s| s.scopes = vec!["openid email".into()], "scopes"),
        (|s| s.scopes = vec![String::new()], "scopes"),
        (|s| s.group_claim = Some("realm_access.".into()), "group_claim"),
        (|s| s.leeway_seconds = -1, "leeway_seconds"),
        (|s| s.leeway_seconds = 301, "leeway_seconds"),
    ];
    let http = http_client().unwrap();
    for (change, key) in cases {
        let mut settings = usual();
        change(&mut settings);
        match Provider::new(settings.clone(), http.clone()) {
            Err(SsoError::Settings(text)) => assert!(text.contains(&format!("`{key}`")), "{text}"),
            other => panic!("{settings:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn https_works_anywhere_and_http_on_this_machine() {
    let http = http_client().unwrap();
    for issuer in
        ["https://id.example.com", "http://localhost:8080/a", "http://127.0.0.1", "http://[::1]:8080"]
    {
        let settings = Settings { issuer: issuer.into(), ..usual() };
        assert!(Provider::new(settings, http.clone()).is_ok(), "{issuer}");
    }
}

#[tokio::test]
async fn a_secret_is_not_printed() {
    let settings = usual();
    let provider = Provider::new(settings.clone(), http_client().unwrap()).unwrap();
    for text in [format!("{settings:?}"), format!("{provider:?}"), format!("{:#?}", settings.client_secret)] {
        assert!(!text.contains("hidden"), "{text}");
    }
}

#[test]
fn the_client_can_be_made_more_than_once() {
    assert!(http_client().is_ok());
    assert!(http_client().is_ok());
}
