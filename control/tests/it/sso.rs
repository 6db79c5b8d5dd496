//! Coming in through a provider: who somebody is there is its issuer and subject, and never an address.

use crate::proofs::{corp, proven};
use crate::scene::{ADDRESS, PASSWORD, Scene, code};
use control::Role;
use control::access::attempt::Purpose;
use control::access::sso::{Proven, Provider};
use governance::Actor;

/// Gives somebody who came without a role the one to request, so that they can come in.
async fn with_a_role(scene: &Scene, actor_id: &str) {
    let people = scene.control.people(&scene.admin).await.unwrap();
    let person = people.into_iter().find(|person| person.actor_id == actor_id).unwrap();
    scene.control.set_roles(&scene.admin, &person.id, &[Role::Requester]).await.unwrap();
}

#[tokio::test]
async fn whoever_is_unknown_gets_an_account_without_a_role() {
    let scene = Scene::new().await;
    let ivy = proven("ivy", Some("Ivy@Example.com"));
    assert_eq!(code(scene.through(&corp(), &ivy, &Purpose::SignIn).await), "SSO_NO_ROLE");
    assert_eq!(
        code(scene.through(&corp(), &ivy, &Purpose::SignIn).await),
        "SSO_NO_ROLE",
        "once is one account"
    );
    let people = scene.control.people(&scene.admin).await.unwrap();
    let there: Vec<_> = people.iter().filter(|person| person.actor_id == "ivy@example.com").collect();
    assert_eq!((there.len(), there[0].name.as_str(), there[0].roles.len()), (1, "ivy of Corp", 0));
    with_a_role(&scene, "ivy@example.com").await;
    let signed_in = scene.through(&corp(), &ivy, &Purpose::SignIn).await.unwrap();
    assert_eq!(signed_in.person_id, there[0].id);
    let vouched = signed_in.vouched.unwrap();
    assert_eq!((vouched.issuer.as_str(), vouched.subject.as_str()), ("https://corp.example", "ivy"));
    let password = scene.control.sign_in("ivy@example.com", "", ADDRESS).await;
    assert_eq!(code(password), "WRONG_CREDENTIALS", "no password is no password");
}

#[tokio::test]
async fn without_just_in_time_accounts_the_unknown_stay_out() {
    let scene = Scene::new().await;
    let provider = Provider { just_in_time: false, ..corp() };
    let people = scene.control.people(&scene.admin).await.unwrap().len();
    for claims in [proven("ivy", Some("ivy@example.com")), proven("ada", Some(scene.admin.actor.id()))] {
        assert_eq!(code(scene.through(&provider, &claims, &Purpose::SignIn).await), "SSO_UNKNOWN");
    }
    assert_eq!(scene.control.people(&scene.admin).await.unwrap().len(), people);
}

#[tokio::test]
async fn an_address_is_compared_with_the_allowed_domains_and_nothing_else_is() {
    let scene = Scene::new().await;
    let provider =
        Provider { allowed_email_domains: vec!["Corp.Example".to_owned(), "b.example".to_owned()], ..corp() };
    let (yes, no, unsaid) = (Some(true), Some(false), None);
    let table = [
        (Some("a1@corp.example"), yes, true),
        (Some("A2@CORP.EXAMPLE"), yes, true),
        (Some("a3@b.example"), unsaid, true),
        (Some("a4@sub.corp.example"), yes, false),
        (Some("a5@evilcorp.example"), yes, false),
        (Some("a6@corp.example.evil.test"), yes, false),
        (Some("corp.example"), yes, false),
        (Some("a7@evil.test@corp.example"), yes, false),
        (Some("a8@evil.test <x@corp.example>"), yes, false),
        (Some("a9@corp.example"), no, false),
        (Some(""), yes, false),
        (None, yes, false),
    ];
    for (at, (email, email_verified, allowed)) in table.into_iter().enumerate() {
        let claims = Proven { email_verified, ..proven(&format!("subject {at}"), email) };
        let said = code(scene.through(&provider, &claims, &Purpose::SignIn).await);
        assert_eq!(said, if allowed { "SSO_NO_ROLE" } else { "SSO_DOMAIN" }, "{email:?} {email_verified:?}");
        let known = scene.control.store().identity(&claims.issuer, &claims.subject).await.unwrap();
        assert_eq!(known.is_some(), allowed, "{email:?}");
    }
}

#[tokio::test]
async fn where_a_verified_address_is_required_silence_is_no() {
    let scene = Scene::new().await;
    for domains in [Vec::new(), vec!["corp.example".to_owned()]] {
        let provider = Provider { require_verified_email: true, allowed_email_domains: domains, ..corp() };
        for (said, allowed) in [(Some(true), true), (Some(false), false), (None, false)] {
            let subject = format!("{said:?} {}", provider.allowed_email_domains.len());
            let email = format!("{}@corp.example", subject.replace([' ', '(', ')'], "-"));
            let claims = Proven { email_verified: said, ..proven(&subject, Some(&email)) };
            let answer = code(scene.through(&provider, &claims, &Purpose::SignIn).await);
            assert_eq!(answer, if allowed { "SSO_NO_ROLE" } else { "SSO_DOMAIN" }, "{subject}");
        }
    }
}

#[tokio::test]
async fn a_domain_that_is_no_longer_allowed_keeps_the_known_out_too() {
    let scene = Scene::new().await;
    let ivy = proven("ivy", Some("ivy@example.com"));
    scene.through(&corp(), &ivy, &Purpose::SignIn).await.unwrap_err();
    with_a_role(&scene, "ivy@example.com").await;
    scene.through(&corp(), &ivy, &Purpose::SignIn).await.unwrap();
    let narrow = Provider { allowed_email_domains: vec!["corp.example".to_owned()], ..corp() };
    assert_eq!(code(scene.through(&narrow, &ivy, &Purpose::SignIn).await), "SSO_DOMAIN");
}

#[tokio::test]
async fn an_address_signs_nobody_in_and_links_nothing() {
    let scene = Scene::new().await;
    let ada = scene.admin.actor.id().to_owned();
    for (subject, email) in
        [("thief", ada.clone()), ("thief", ada.to_uppercase()), (ada.as_str(), ada.clone())]
    {
        let claims = proven(subject, Some(&email));
        assert_eq!(code(scene.through(&corp(), &claims, &Purpose::SignIn).await), "SSO_ADDRESS_TAKEN");
        assert!(scene.control.store().identity(&claims.issuer, subject).await.unwrap().is_none());
    }
    assert!(scene.control.identities(&scene.admin).await.unwrap().is_empty());
    scene.control.sign_in(&ada, PASSWORD, ADDRESS).await.unwrap();
}

#[tokio::test]
async fn the_same_address_under_another_subject_or_issuer_is_somebody_else() {
    let scene = Scene::new().await;
    let ivy = proven("ivy", Some("ivy@example.com"));
    scene.through(&corp(), &ivy, &Purpose::SignIn).await.unwrap_err();
    with_a_role(&scene, "ivy@example.com").await;
    let first = scene.through(&corp(), &ivy, &Purpose::SignIn).await.unwrap();
    // A subject that the provider gave to somebody new, with the old one's address.
    let reissued = proven("ivy-2", Some("ivy@example.com"));
    assert_eq!(code(scene.through(&corp(), &reissued, &Purpose::SignIn).await), "SSO_ADDRESS_TAKEN");
    for issuer in ["https://other.example", "https://corp.example/", "HTTPS://CORP.EXAMPLE"] {
        let other = Proven { issuer: issuer.to_owned(), ..ivy.clone() };
        assert_eq!(
            code(scene.through(&corp(), &other, &Purpose::SignIn).await),
            "SSO_ADDRESS_TAKEN",
            "{issuer}"
        );
    }
    for subject in ["IVY", "ivy ", " ivy"] {
        let other = proven(subject, None);
        assert_eq!(
            code(scene.through(&corp(), &other, &Purpose::SignIn).await),
            "SSO_NO_ROLE",
            "{subject:?}"
        );
    }
    let nul = scene.through(&corp(), &proven("ivy\0", None), &Purpose::SignIn).await;
    assert_eq!(code(nul), "SSO_NOT_PROVEN");
    // The person stays who they are when their address changes.
    let moved = proven("ivy", Some("ivy.new@example.com"));
    let again = scene.through(&corp(), &moved, &Purpose::SignIn).await.unwrap();
    assert_eq!(again.person_id, first.person_id);
    let caller = scene.call(&again.workspace, &again.person_id).await.unwrap();
    assert_eq!(caller.actor.id(), "ivy@example.com", "the actor id is for good");
    let told = scene.control.identities(&caller).await.unwrap();
    assert_eq!(told[0].email.as_deref(), Some("ivy.new@example.com"));
}

#[tokio::test]
async fn without_a_trusted_address_the_actor_is_named_after_the_provider() {
    let scene = Scene::new().await;
    let unverified = Proven { email_verified: Some(false), ..proven("17", Some(scene.admin.actor.id())) };
    for (claims, actor_id) in [(unverified, "corp:17"), (proven("18", None), "corp:18")] {
        assert_eq!(code(scene.through(&corp(), &claims, &Purpose::SignIn).await), "SSO_NO_ROLE");
        with_a_role(&scene, actor_id).await;
        let signed_in = scene.through(&corp(), &claims, &Purpose::SignIn).await.unwrap();
        let caller = scene.call(&signed_in.workspace, &signed_in.person_id).await.unwrap();
        assert_eq!(caller.actor.id(), actor_id);
    }
}

#[tokio::test]
async fn strange_words_of_a_provider_break_nothing() {
    let scene = Scene::new().await;
    let long = "x".repeat(5_000);
    let names = ["", "   ", "\u{7}", "\u{7}\n \t", "a\nb", &long, "\u{202e}evil"];
    for (at, name) in names.into_iter().enumerate() {
        let claims = Proven { name: Some(name.to_owned()), ..proven(&format!("n{at}"), None) };
        assert_eq!(code(scene.through(&corp(), &claims, &Purpose::SignIn).await), "SSO_NO_ROLE", "{name:?}");
    }
    for subject in [long.as_str(), "a\nb", "a\u{7}b", &"é".repeat(250)] {
        let said = scene.through(&corp(), &proven(subject, None), &Purpose::SignIn).await.unwrap_err();
        assert!(!said.is_fault(), "{said:?}");
    }
    for person in scene.control.people(&scene.admin).await.unwrap() {
        let whole = Actor::new(governance::ActorKind::Human, person.actor_id.clone());
        assert!(whole.is_ok(), "nobody can ever act as {:?}", person.actor_id);
    }
}

#[tokio::test]
async fn proving_oneself_again_takes_ones_own_identity() {
    let scene = Scene::new().await;
    let (ivy, jo) = (proven("ivy", Some("ivy@example.com")), proven("jo", Some("jo@example.com")));
    for claims in [&ivy, &jo] {
        scene.through(&corp(), claims, &Purpose::SignIn).await.unwrap_err();
        with_a_role(&scene, claims.email.as_deref().unwrap()).await;
    }
    let id = scene.through(&corp(), &ivy, &Purpose::SignIn).await.unwrap().person_id;
    let again = Purpose::Again(id.to_string());
    assert_eq!(scene.through(&corp(), &ivy, &again).await.unwrap().person_id, id);
    assert_eq!(code(scene.through(&corp(), &jo, &again).await), "SSO_OTHER_PERSON");
    let unknown = proven("new", Some("new@example.com"));
    assert_eq!(code(scene.through(&corp(), &unknown, &again).await), "SSO_OTHER_PERSON");
    assert!(scene.control.store().identity(&unknown.issuer, "new").await.unwrap().is_none());
}
