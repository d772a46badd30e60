//! Accounts, sessions and links over a real database.

use std::time::Duration;

use super::*;
use crate::domain::time::Instant;

const NOW: Instant = Instant(1_000_000);

fn people() -> (People, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("temp dir");
    (People::new(Store::open(folder.path()).expect("opens")), folder)
}

async fn with(people: &People, name: &str, role: Role) -> User {
    let email = Some(format!("{name}@shop.example"));
    people
        .add(name, role, email, format!("the password of {name}"), "operator")
        .await
        .expect("added")
}

async fn enter(people: &People, name: &str) -> Option<String> {
    let password = format!("the password of {name}");
    let entered = people.sign_in(name, password, "Firefox", NOW).await.expect("reads");
    entered.map(|(token, _)| token)
}

#[tokio::test]
async fn the_first_admin_is_made_once_with_a_password_of_its_own() {
    let (people, _folder) = people();
    let password = people.first_admin().await.expect("stored").expect("first");
    assert!(password.len() >= 20);
    assert_eq!(people.first_admin().await.expect("reads"), None);
    let sign_in = |name: &'static str, password: String| {
        let people = people.clone();
        async move { people.sign_in(name, password, "", NOW).await.expect("reads") }
    };
    assert_eq!(sign_in("admin", "admin".into()).await, None);
    assert_eq!(sign_in("nobody", password.clone()).await, None);
    let (token, user) = sign_in("admin", password).await.expect("right");
    assert_eq!(people.session(&token, NOW).await.expect("reads"), Some(user));
    assert_eq!(people.session(&token, NOW.plus(SESSION)).await.expect("reads"), None);
    people.sign_out(&token).await.expect("stored");
    assert_eq!(people.session(&token, NOW).await.expect("reads"), None);
}

#[tokio::test]
async fn a_closed_account_cannot_be_entered_and_its_sessions_end() {
    let (people, _folder) = people();
    with(&people, "ada", Role::Admin).await;
    with(&people, "ben", Role::Agent).await;
    let token = enter(&people, "ben").await.expect("open");
    people.disable("ben", "ada").await.expect("closed");
    assert_eq!(people.session(&token, NOW).await.expect("reads"), None);
    assert_eq!(enter(&people, "ben").await, None);
    people.enable("ben", "ada").await.expect("opened");
    assert!(enter(&people, "ben").await.is_some());
}

#[tokio::test]
async fn a_new_password_or_role_ends_what_the_old_one_began() {
    let (people, _folder) = people();
    with(&people, "ada", Role::Admin).await;
    with(&people, "ben", Role::Agent).await;
    let token = enter(&people, "ben").await.expect("open");
    people.set_role("ben", Role::Manager, "ada").await.expect("set");
    assert_eq!(people.session(&token, NOW).await.expect("reads"), None);
    let token = enter(&people, "ben").await.expect("open");
    people.set_password("ben", "quite another password".into(), "ada").await.expect("set");
    assert_eq!(people.session(&token, NOW).await.expect("reads"), None);
    assert_eq!(enter(&people, "ben").await, None, "the old password is gone");
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let (people, _folder) = people();
    with(&people, "ada", Role::Admin).await;
    let refused = people.disable("ada", "ada").await;
    assert!(matches!(refused, Err(PeopleError::LastAdmin(_))), "{refused:?}");
    let refused = people.set_role("ada", Role::Agent, "ada").await;
    assert!(matches!(refused, Err(PeopleError::LastAdmin(_))), "{refused:?}");
    with(&people, "bea", Role::Admin).await;
    people.disable("ada", "bea").await.expect("there is another one now");
}

#[tokio::test]
async fn names_are_taken_once_and_are_fit_to_be_shown() {
    let (people, _folder) = people();
    with(&people, "ada", Role::Admin).await;
    let again = people.add("ada", Role::Agent, None, "x".into(), "operator").await;
    assert!(matches!(again, Err(PeopleError::Taken(_))), "{again:?}");
    for bad in ["", " ada", "a\nb", &"a".repeat(61)] {
        let refused = people.add(bad, Role::Agent, None, "x".into(), "operator").await;
        assert!(matches!(refused, Err(PeopleError::BadName)), "{bad:?}");
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_only() {
    let (people, _folder) = people();
    let ada = with(&people, "ada", Role::Admin).await;
    let ben = with(&people, "ben", Role::Agent).await;
    let token = enter(&people, "ada").await.expect("open");
    enter(&people, "ada").await.expect("open");
    let sessions = people.sessions(ada.id, NOW).await.expect("reads");
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[0].agent, "Firefox");
    for session in &sessions {
        assert!(!people.end_session(ben.id, session.id).await.expect("stored"), "not theirs");
        assert!(people.end_session(ada.id, session.id).await.expect("stored"));
    }
    assert_eq!(people.session(&token, NOW).await.expect("reads"), None);
}

#[tokio::test]
async fn an_invitation_makes_one_account_and_not_for_ever() {
    let (people, _folder) = people();
    let invite = || people.invite("eve@shop.example", Role::Agent, "ada", NOW);
    let token = invite().await.expect("stored");
    let invitation = people.invitation(&token, NOW).await.expect("reads").expect("good");
    assert_eq!((invitation.role, invitation.account), (Role::Agent, None));
    let late = NOW.plus(INVITED_FOR);
    let refused = people.accept(&token, "eve", "the password of eve".into(), late).await;
    assert!(matches!(refused, Err(PeopleError::BadLink)), "{refused:?}");
    let user = people.accept(&token, "eve", "the password of eve".into(), NOW).await.expect("made");
    assert_eq!(user.role, Role::Agent);
    let again = people.accept(&token, "mallory", "any password at all".into(), NOW).await;
    assert!(matches!(again, Err(PeopleError::BadLink)), "{again:?}");
    assert!(enter(&people, "eve").await.is_some());
}

#[tokio::test]
async fn a_forgotten_password_is_renewed_by_a_link_that_works_for_an_hour() {
    let (people, _folder) = people();
    with(&people, "ada", Role::Admin).await;
    assert_eq!(people.forgot("nobody@shop.example", NOW).await.expect("reads"), None);
    let (token, email) =
        people.forgot("ADA@shop.example", NOW).await.expect("reads").expect("known");
    assert_eq!(email, "ada@shop.example");
    let late = NOW.plus(Duration::from_secs(3_600));
    assert_eq!(people.invitation(&token, late).await.expect("reads"), None);
    let session = enter(&people, "ada").await.expect("open");
    let user = people.accept(&token, "ignored", "a brand new password".into(), NOW).await;
    assert_eq!(user.expect("renewed").name, "ada");
    assert_eq!(people.session(&session, NOW).await.expect("reads"), None);
    assert_eq!(enter(&people, "ada").await, None);
}
