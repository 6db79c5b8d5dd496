//! Sign-in with SAML over HTTP. The provider is the `xmlsec1` program: it signs what these tests write.

use crate::app::TestApp;
use crate::browser::{Browser, encoded};
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, HOST};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::DeflateDecoder;
use governance::Timestamp;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::Command;

const IDP: &str = "https://idp.example.com/saml";
const ACS: &str = "http://127.0.0.1:3000/sign-in/saml/corp/acs";
const ENTITY: &str = "http://127.0.0.1:3000/sign-in/saml/corp/metadata";
const FINISH: &str = "/sign-in/saml/corp/finish";

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../sso/saml-tests/data").join(name)
}

async fn scene() -> TestApp {
    let certificate = std::fs::read_to_string(data("idp.crt")).unwrap();
    let certificate: String = certificate.lines().filter(|line| !line.starts_with('-')).collect();
    let metadata = format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{IDP}\"><IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><KeyDescriptor use=\"signing\"><KeyInfo \
         xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{certificate}</X509Certificate>\
         </X509Data></KeyInfo></KeyDescriptor><SingleSignOnService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.example.com/sso\"/>\
         </IDPSSODescriptor></EntityDescriptor>"
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), metadata).unwrap();
    let section = format!(
        "[[saml]]\nname = 'corp'\nlabel = 'Sign in with Corp'\nidp_metadata_file = '{}'\nemail_attribute = 'mail'\n\
         group_attribute = 'groups'\njust_in_time = true\n[[saml.role]]\ngroup = 'deciders'\nroles = ['approver']\n",
        file.path().display()
    );
    let mut app = TestApp::configured(&section, false).await;
    app.move_in().await;
    app
}

/// Goes to the provider: the request's id and the state that it carries.
async fn begin(browser: &mut Browser<'_>, query: &str) -> (String, String) {
    let there = browser.get(&format!("/sign-in/saml/corp{query}")).await;
    let address = there.location().to_owned();
    assert!(address.starts_with("https://idp.example.com/sso?"), "{there:?}");
    let value = |name: &str| {
        let (_, rest) = address.split_once(&format!("{name}=")).unwrap();
        rest.split('&').next().unwrap().replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
    };
    let deflated = BASE64_STANDARD.decode(value("SAMLRequest")).unwrap();
    let mut request = String::new();
    DeflateDecoder::new(deflated.as_slice()).read_to_string(&mut request).unwrap();
    let (_, rest) = request.split_once(" ID=\"").unwrap();
    (rest.split('"').next().unwrap().to_owned(), value("RelayState"))
}

/// The provider's answer, signed, as a form carries it.
fn answer(app: &TestApp, request_id: &str, signed: bool) -> String {
    let at = |seconds: i64| {
        let moment = Timestamp::from_micros((app.seconds() + seconds) * 1_000_000);
        moment.to_plain().replace(" UTC", "Z").replace(' ', "T")
    };
    let signature = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
        <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><ds:SignatureMethod \
        Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference URI=\"#_assertion-1\">\
        <ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
        <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms><ds:DigestMethod \
        Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>\
        <ds:SignatureValue/></ds:Signature>";
    let (now, until) = (at(0), at(120));
    let signature = if signed { signature } else { "" };
    let xml = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_response-1\" Version=\"2.0\" \
         IssueInstant=\"{now}\" Destination=\"{ACS}\" InResponseTo=\"{request_id}\"><saml:Issuer \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}</saml:Issuer><samlp:Status><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><saml:Assertion \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_assertion-1\" Version=\"2.0\" \
         IssueInstant=\"{now}\"><saml:Issuer>{IDP}</saml:Issuer>{signature}<saml:Subject><saml:NameID \
         Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">ana-1</saml:NameID><saml:SubjectConfirmation \
         Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData Recipient=\"{ACS}\" \
         NotOnOrAfter=\"{until}\" InResponseTo=\"{request_id}\"/></saml:SubjectConfirmation></saml:Subject>\
         <saml:Conditions NotBefore=\"{now}\" NotOnOrAfter=\"{until}\"><saml:AudienceRestriction><saml:Audience>\
         {ENTITY}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement \
         AuthnInstant=\"{now}\" SessionIndex=\"s-1\"><saml:AuthnContext><saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>\
         </saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name=\"mail\"><saml:AttributeValue>\
         ana@test.example</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"groups\"><saml:AttributeValue>\
         deciders</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>"
    );
    BASE64_STANDARD.encode(if signed { sign(&xml) } else { xml })
}

fn sign(xml: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), xml).unwrap();
    let mut signer = Command::new("xmlsec1");
    signer.args(["--sign", "--privkey-pem"]).arg(data("idp.key"));
    signer.args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"]).arg(file.path());
    let made = signer.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

async fn finish(browser: &mut Browser<'_>, response: &str, state: &str) -> String {
    let fields = [("SAMLResponse", response), ("RelayState", state)];
    browser.post(FINISH, &fields).await.location().to_owned()
}

#[tokio::test]
async fn a_signed_answer_lets_in_once_the_browser_that_asked() {
    let app = scene().await;
    let mut browser = app.browser();
    let (request_id, state) = begin(&mut browser, "?next=/decisions").await;
    let response = answer(&app, &request_id, true);
    let mut other = app.browser();
    begin(&mut other, "").await;
    assert!(finish(&mut other, &response, &state).await.starts_with("/sign-in?error=SSO_STATE"));
    assert_eq!(finish(&mut browser, &response, &state).await, "/decisions");
    let me = browser.get("/api/v1/me").await.json();
    assert_eq!((&me["actor"]["id"], &me["roles"][0]), (&"ana@test.example".into(), &"approver".into()));
    assert!(finish(&mut app.browser(), &response, &state).await.starts_with("/sign-in?error=SSO_STATE"));
    // The same assertion for another request of the same browser is a replay or a forgery.
    let (_, again) = begin(&mut browser, "").await;
    assert!(finish(&mut browser, &response, &again).await.starts_with("/sign-in?error=SSO_NOT_PROVEN"));
}

#[tokio::test]
async fn an_unsigned_answer_proves_nothing() {
    let app = scene().await;
    let mut browser = app.browser();
    let (request_id, state) = begin(&mut browser, "").await;
    let to = finish(&mut browser, &answer(&app, &request_id, false), &state).await;
    assert!(to.starts_with("/sign-in?error=SSO_NOT_PROVEN"), "{to}");
    assert!(browser.session().is_none());
}

/// The provider's own page posts across sites: that alone must do nothing.
#[tokio::test]
async fn what_another_site_posts_is_only_handed_on() {
    let app = scene().await;
    let mut browser = app.browser();
    let (request_id, state) = begin(&mut browser, "").await;
    let response = answer(&app, &request_id, true);
    let post = |path: &str, response: &str| {
        let form = [("SAMLResponse", response), ("RelayState", state.as_str())];
        let body: Vec<String> =
            form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        Request::post(path)
            .header(HOST, "127.0.0.1:3000")
            .header("sec-fetch-site", "cross-site")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap()
    };
    let handed = app.send(post("/sign-in/saml/corp/acs", &response)).await;
    assert!(handed.status == 200 && handed.body.contains(&format!("action=\"{FINISH}\"")), "{handed:?}");
    assert_eq!(handed.header("set-cookie"), "");
    let hostile = app.send(post("/sign-in/saml/corp/acs", "\"><script>alert(1)</script>")).await;
    assert!(hostile.status == 303 && !hostile.body.contains("alert"), "{hostile:?}");
    assert_eq!(app.send(post(FINISH, &response)).await.status, 403);
    assert_eq!(finish(&mut browser, &response, &state).await, "/");
    let metadata = app.browser().get("/sign-in/saml/corp/metadata").await;
    assert!(metadata.body.contains("WantAssertionsSigned=\"true\"") && metadata.body.contains(ACS));
    assert_eq!(app.browser().get("/sign-in/saml/other/metadata").await.status, 404);
}
