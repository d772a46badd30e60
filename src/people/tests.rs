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
    match people.sign_in(name, password, None, "Firefox", NOW).await.expect("reads") {
        Entered::In { token, .. } => Some(token),
        _ => None,
    }
}

#[tokio::test]
async fn the_first_admin_is_made_once_with_a_password_of_its_own() {
    let (people, _folder) = people();
    let password = people.first_admin().await.expect("stored").expect("first");
    assert!(password.len() >= 20);
    assert_eq!(people.first_admin().await.expect("reads"), None);
    let sign_in = |name: &'static str, password: String| {
        let people = people.clone();
        async move { people.sign_in(name, password, None, "", NOW).await.expect("reads") }
    };
    assert_eq!(sign_in("admin", "admin".into()).await, Entered::Wrong);
    assert_eq!(sign_in("nobody", password.clone()).await, Entered::Wrong);
    let Entered::In { token, user } = sign_in("admin", password).await else { panic!("right") };
    assert_eq!(people.session(&token, NOW).await.expect("reads"), Some(user));
    assert_eq!(people.session(&token, NOW.plus(SESSION)).await.expect("reads"), None);
    people.sign_out(&token).await.expect("stored");
    assert_eq!(people.session(&token, NOW).await.expect("reads"), None);
}

#[tokio::test]
async fn a_session_bears_a_clock_set_back_or_forth_by_an_hour_but_not_by_a_year() {
    let (people, _folder) = people();
    with(&people, "ada", Role::Admin).await;
    let token = enter(&people, "ada").await.expect("open");
    const HOUR: i64 = 60 * 60 * 1_000;
    for (moved, lives) in [(-HOUR, true), (HOUR, true), (-24 * 365 * HOUR, false)] {
        let found = people.session(&token, Instant(NOW.0 + moved)).await.expect("reads");
        assert_eq!(found.is_some(), lives, "{moved}");
    }
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
    let sessions = people.sessions(ada.id, &token, NOW).await.expect("reads");
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1, "the one that asks");
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
    let refused = people.accept(&token, "eve", "kettle orbit mosaic plum".into(), late).await;
    assert!(matches!(refused, Err(PeopleError::BadLink)), "{refused:?}");
    let user =
        people.accept(&token, "eve", "kettle orbit mosaic plum".into(), NOW).await.expect("made");
    assert_eq!(user.role, Role::Agent);
    let again = people.accept(&token, "mallory", "harbour lantern six goats".into(), NOW).await;
    assert!(matches!(again, Err(PeopleError::BadLink)), "{again:?}");
    let entered = people
        .sign_in("eve", "kettle orbit mosaic plum".into(), None, "", NOW)
        .await
        .expect("reads");
    assert!(matches!(entered, Entered::In { .. }), "{entered:?}");
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
    let user = people.accept(&token, "ignored", "harbour lantern six goats".into(), NOW).await;
    assert_eq!(user.expect("renewed").name, "ada");
    assert_eq!(people.session(&session, NOW).await.expect("reads"), None);
    assert_eq!(enter(&people, "ada").await, None);
}

/// The code of the app that was told this.
fn code(enrolment: &Enrolment, at: Instant) -> String {
    // What an app does with the text: base32 back to bytes, then the code of the step.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = 0_u64;
    let mut held = 0;
    let mut secret = Vec::new();
    for letter in enrolment.secret.chars().filter(char::is_ascii_alphanumeric) {
        bits = bits << 5 | alphabet.find(letter).expect("base32") as u64;
        held += 5;
        if held >= 8 {
            held -= 8;
            secret.push((bits >> held) as u8);
        }
    }
    let fits = |code: &String| totp::check(&secret, code, at.0 as u64 / 1_000, None).is_some();
    (0..1_000_000).map(|n| format!("{n:06}")).find(fits).expect("one of a million")
}

#[tokio::test]
async fn a_second_factor_counts_once_it_is_proven_and_no_code_works_twice() {
    let (people, _folder) = people();
    let ada = with(&people, "ada", Role::Admin).await;
    let enter_with = |code: Option<String>, at: Instant| {
        let people = people.clone();
        async move {
            let password = "the password of ada".to_string();
            people.sign_in("ada", password, code.as_deref(), "", at).await.expect("reads")
        }
    };
    let enrolment = people.begin_second_factor(ada.id, "ada", "Shop").await.expect("begun");
    assert!(enter(&people, "ada").await.is_some(), "it does not count yet");
    let wrong = people.prove_second_factor(ada.id, "000000x", NOW).await;
    assert!(matches!(wrong, Err(PeopleError::WrongCode)), "{wrong:?}");
    let first = code(&enrolment, NOW);
    let paper = people.prove_second_factor(ada.id, &first, NOW).await.expect("proven");
    assert_eq!(paper.len(), recovery::CODES);
    let again = people.begin_second_factor(ada.id, "ada", "Shop").await;
    assert!(matches!(again, Err(PeopleError::HasSecondFactor)), "{again:?}");

    assert_eq!(enter_with(None, NOW).await, Entered::CodeWanted);
    assert_eq!(enter_with(Some(first), NOW).await, Entered::Wrong, "it was used to prove");
    let later = NOW.plus(Duration::from_secs(90));
    let next = code(&enrolment, later);
    assert!(matches!(enter_with(Some(next.clone()), later).await, Entered::In { .. }));
    assert_eq!(enter_with(Some(next), later).await, Entered::Wrong);
    assert!(matches!(enter_with(Some(paper[3].clone()), later).await, Entered::In { .. }));
    assert_eq!(enter_with(Some(paper[3].clone()), later).await, Entered::Wrong);

    let given_up = people.give_up_second_factor(ada.id, "ada", &paper[3], later).await;
    assert!(matches!(given_up, Err(PeopleError::WrongCode)), "it was used: {given_up:?}");
    assert!(people.wants_code(ada.id).await.expect("reads"));
    people.give_up_second_factor(ada.id, "ada", &paper[4], later).await.expect("ended");
    assert!(matches!(enter_with(None, later).await, Entered::In { .. }));
    let none = people.give_up_second_factor(ada.id, "ada", &paper[5], later).await;
    assert!(matches!(none, Err(PeopleError::WrongCode)), "there is none: {none:?}");
}

#[tokio::test]
async fn a_link_takes_no_password_that_anybody_would_try_first() {
    let (people, _folder) = people();
    let token = people.invite("eve@shop.example", Role::Agent, "ada", NOW).await.expect("stored");
    for weak in ["short", "evevevevevevev", "password1234"] {
        let refused = people.accept(&token, "eve", weak.into(), NOW).await;
        assert!(matches!(refused, Err(PeopleError::BadPassword(_))), "{weak}: {refused:?}");
    }
}
