//! `saml-rs` as the provider: its metadata to us, ours and our request to it, its answer to us. The clock is the real
//! one, because it has no other.

use crate::answer::{ACS_URL, ENTITY_ID, IDP, IDP_CERTIFICATE, IDP_KEY, REQUEST_ID, settings};
use saml_rs::{
    AuthnRequest, BrowserInput, CertificatePem, Credentials, EntityId, ForceAuthn, Idp, IdpConfig,
    IdpValidationPolicy, MetadataTrustPolicy, NameId, NameIdFormat, PrivateKeyPem, Received, ReplayPolicy,
    RespondSso, Saml, SamlValidationContext, SpDescriptor, SsoEndpoint, Subject,
};
use sso::saml::{Provider, Settings};
use std::time::{SystemTime, UNIX_EPOCH};

const SSO: &str = "https://idp.example.com/sso";

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

fn idp() -> Saml<Idp> {
    let credentials = Credentials {
        signing_key: Some(PrivateKeyPem::new(IDP_KEY)),
        signing_certificate: Some(CertificatePem::new(IDP_CERTIFICATE)),
        ..Credentials::default()
    };
    let config = IdpConfig::builder(EntityId::try_new(IDP).unwrap())
        .sso_endpoint(SsoEndpoint::redirect(SSO).unwrap())
        .credentials(credentials)
        .validation(IdpValidationPolicy::compatibility())
        .build()
        .unwrap();
    Saml::idp(config).unwrap()
}

fn provider(idp: &Saml<Idp>) -> Provider {
    let settings =
        Settings { idp_metadata: idp.metadata_xml().to_owned(), email_attribute: None, ..settings() };
    Provider::new(settings).unwrap()
}

/// What the provider makes of our metadata.
fn ours(provider: &Provider) -> SpDescriptor {
    let trust = MetadataTrustPolicy::UnsignedForCompatibility;
    SpDescriptor::from_metadata_xml_for(EntityId::try_new(ENTITY_ID).unwrap(), &provider.metadata(), trust)
        .unwrap()
}

/// What the provider makes of our request, which it gets from a browser.
fn receive(idp: &Saml<Idp>, provider: &Provider, fresh: bool) -> Received<AuthnRequest> {
    let url = provider.begin("relay & state", fresh, REQUEST_ID, now()).unwrap();
    let (address, query) = url.split_once('?').unwrap();
    assert_eq!(address, SSO);
    let context = SamlValidationContext::new(SystemTime::now(), ReplayPolicy::DisabledForCompatibility);
    idp.receive_sso(&ours(provider), BrowserInput::<AuthnRequest>::redirect(query), context).unwrap()
}

#[test]
fn our_metadata_and_our_request_are_read_by_another_implementation() {
    let idp = idp();
    let provider = provider(&idp);
    for fresh in [false, true] {
        let received = receive(&idp, &provider, fresh);
        let request = received.message();
        assert_eq!(request.id().as_str(), REQUEST_ID);
        assert_eq!(request.issuer().as_str(), ENTITY_ID);
        assert_eq!(request.acs_url().unwrap().as_str(), ACS_URL);
        assert_eq!(request.destination().unwrap().as_str(), SSO);
        assert_eq!(request.force_authn(), fresh.then_some(ForceAuthn::Required));
        assert_eq!(received.relay_state().as_deref(), Some("relay & state"));
    }
}

#[test]
fn an_answer_of_another_implementation_is_accepted_once_it_is_asked_for() {
    let idp = idp();
    let provider = provider(&idp);
    let request = receive(&idp, &provider, false);
    let name_id = NameId::new("alice@example.com", Some(NameIdFormat::EmailAddress));
    for options in [RespondSso::post(), RespondSso::post().sign_response()] {
        let options = options.apply_web_browser_sso_generation_rules();
        let subject = Subject::new(name_id.clone(), Vec::new());
        let answer = idp.respond_sso(&ours(&provider), &request, subject, options).unwrap();
        let form = answer.post_form().unwrap();
        let field =
            form.fields().iter().find(|field| field.name() == "SAMLResponse").unwrap().value().to_owned();

        let proven = provider.finish(&field, REQUEST_ID, Some(now() - 10), now()).unwrap();
        assert_eq!(proven.claims.issuer, IDP);
        assert_eq!(proven.claims.subject, "emailAddress:alice@example.com");
        assert_eq!(proven.claims.email.as_deref(), Some("alice@example.com"));
        assert!(proven.claims.auth_time.unwrap().abs_diff(now()) < 10);
        assert!(proven.expires_at > now());

        assert!(provider.finish(&field, "_another", None, now()).is_err());
        assert!(provider.finish(&field, REQUEST_ID, None, proven.expires_at).is_err());
        assert!(provider.finish(&field, REQUEST_ID, Some(now() + 120), now()).is_err());
    }
}
