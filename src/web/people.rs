//! Who works here, for administrators; and what everybody may do about their own account.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::Web;
use super::access::{Admin, Manages, Reader};
use super::body::Body;
use super::client::Client;
use super::error::WebError;
use crate::audit::{self, Filter, Line};
use crate::domain::ids::SessionId;
use crate::domain::time::Instant;
use crate::mail::{self, Address, MailError, PasswordReset, Template};
use crate::people::{Account, Enrolment, INVITED_FOR, Invitation, Role, Session, User};
use crate::post;
use crate::store::StoreError;

/// Longest address that is counted by itself, in characters (RFC 5321).
const ADDRESS: usize = 254;

/// What a try is counted under: no longer than the longest address.
fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(ADDRESS)]
}

/// `GET /api/people`
pub async fn list(_: Admin, State(web): State<Web>) -> Result<Json<Vec<Account>>, WebError> {
    Ok(Json(web.people.list().await?))
}

/// Whom to invite.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    email: String,
    role: Role,
}

/// Where the invited find their way in.
#[derive(Serialize)]
pub struct Invited {
    link: String,
    /// The link is on its way to them.
    mailed: bool,
}

/// `POST /api/people/invitations`: the link is mailed where mail is set up, and shown once.
pub async fn invite(
    admin: Admin,
    State(web): State<Web>,
    Body(invite): Body<Invite>,
) -> Result<Json<Invited>, WebError> {
    let bad = |error: MailError| WebError::BadRequest(format!("`email`: {error}"));
    let to: Address = invite.email.trim().parse().map_err(bad)?;
    let (now, by) = (Instant::now(), &admin.user.name);
    let token = web.people.invite(to.as_str(), invite.role, by, now).await?;
    let link = format!("{}/console/#invitation={token}", web.base());
    let mailed = web.post.is_open();
    if mailed {
        let hours = (INVITED_FOR.as_secs() / 3_600) as u32;
        let link = link.parse().map_err(bad)?;
        let shop = web.answerer.shop();
        let inviter = admin.user.name.clone();
        let letter = mail::Invitation { shop: shop.name, inviter, link, hours };
        let letter = Template::Invitation(letter);
        web.jobs.enqueue(post::letter(to, letter, shop.locale.tag(), None, now)).await?;
    }
    Ok(Json(Invited { link, mailed }))
}

/// Who forgot their password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forgot {
    email: String,
}

/// `POST /api/auth/forgot`: a link by mail, if an account has that address. The answer is the same,
/// and as quick, if none has.
pub async fn forgot(
    State(web): State<Web>,
    Client(address): Client,
    Body(form): Body<Forgot>,
) -> Result<StatusCode, WebError> {
    let email = form.email.trim().to_lowercase();
    if !web.brakes.sign_in(&format!("forgot {}", shortened(&email)), address) {
        return Err(WebError::TooMany);
    }
    if !web.post.is_open() {
        let advice = "this server sends no mail; ask an administrator for a new password";
        return Err(WebError::BadRequest(advice.into()));
    }
    tokio::spawn(async move {
        if let Err(error) = send_reset(&web, &email).await {
            tracing::error!(%error, "a link to a new password was not sent");
        }
    });
    Ok(StatusCode::ACCEPTED)
}

async fn send_reset(web: &Web, email: &str) -> Result<(), StoreError> {
    let now = Instant::now();
    let Some((token, email)) = web.people.forgot(email, now).await? else { return Ok(()) };
    let link = format!("{}/console/#invitation={token}", web.base()).parse();
    let (Ok(to), Ok(link)) = (email.parse::<Address>(), link) else { return Ok(()) };
    let shop = web.answerer.shop();
    let letter = Template::PasswordReset(PasswordReset { shop: shop.name, link });
    web.jobs.enqueue(post::letter(to, letter, shop.locale.tag(), None, now)).await
}

/// A token of a link.
#[derive(Deserialize)]
pub struct Token {
    token: String,
}

/// `GET /api/invitations?token=`: what a link invites to.
pub async fn invitation(
    State(web): State<Web>,
    Query(query): Query<Token>,
) -> Result<Json<Invitation>, WebError> {
    let found = web.people.invitation(&query.token, Instant::now()).await?;
    Ok(Json(found.ok_or(WebError::NotFound("invitation, or it is no longer valid"))?))
}

/// What the invited choose.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    token: String,
    #[serde(default)]
    name: String,
    password: String,
}

/// `POST /api/invitations/accept`
pub async fn accept(
    State(web): State<Web>,
    Client(address): Client,
    Body(form): Body<Accept>,
) -> Result<Json<User>, WebError> {
    if !web.brakes.sign_in(&format!("invitation {}", shortened(&form.token)), address) {
        return Err(WebError::TooMany);
    }
    if form.password.len() > 1_000 {
        return Err(WebError::BadRequest("`password` is too long".into()));
    }
    let name = form.name.trim();
    Ok(Json(web.people.accept(&form.token, name, form.password, Instant::now()).await?))
}

/// What is changed about an account.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Other rights.
    Role(Role),
    /// Closed or open.
    Disabled(bool),
}

/// `POST /api/people/{name}`
pub async fn change(
    admin: Admin,
    State(web): State<Web>,
    Path(name): Path<String>,
    Body(change): Body<Change>,
) -> Result<Json<User>, WebError> {
    let by = &admin.user.name;
    Ok(Json(match change {
        Change::Role(role) => web.people.set_role(&name, role, by).await?,
        Change::Disabled(true) => web.people.disable(&name, by).await?,
        Change::Disabled(false) => web.people.enable(&name, by).await?,
    }))
}

/// `GET /api/me/sessions`
pub async fn sessions(
    reader: Reader,
    State(web): State<Web>,
) -> Result<Json<Vec<Session>>, WebError> {
    Ok(Json(web.people.sessions(reader.user.id, &reader.token, Instant::now()).await?))
}

/// `DELETE /api/me/sessions/{id}`: its sockets close within two seconds.
pub async fn end_session(
    reader: Reader,
    State(web): State<Web>,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, WebError> {
    match web.people.end_session(reader.user.id, id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(WebError::NotFound("session of yours")),
    }
}

/// `POST /api/me/second-factor`: what to tell the app. Counts when a first code has shown it.
pub async fn begin_second_factor(
    reader: Reader,
    State(web): State<Web>,
) -> Result<Json<Enrolment>, WebError> {
    let shop = web.answerer.shop().name;
    let user = &reader.user;
    // Not noted: what is begun counts for nothing until it is proven, and that is.
    Ok(Json(web.people.begin_second_factor(user.id, &user.name, &shop).await?))
}

/// Whether a code is wanted beside the password.
#[derive(Serialize)]
pub struct SecondFactor {
    on: bool,
}

/// `GET /api/me/second-factor`
pub async fn second_factor(
    reader: Reader,
    State(web): State<Web>,
) -> Result<Json<SecondFactor>, WebError> {
    Ok(Json(SecondFactor { on: web.people.wants_code(reader.user.id).await? }))
}

/// `POST /api/me/second-factor/end`: with a last code.
pub async fn end_second_factor(
    reader: Reader,
    State(web): State<Web>,
    Client(address): Client,
    Body(form): Body<Code>,
) -> Result<StatusCode, WebError> {
    let user = &reader.user;
    if !web.brakes.sign_in(&user.name, address) {
        return Err(WebError::TooMany);
    }
    web.people.give_up_second_factor(user.id, &user.name, &form.code, Instant::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code from the app, or from paper.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    code: String,
}

/// Codes to be written on paper, shown once.
#[derive(Serialize)]
pub struct Paper {
    recovery_codes: Vec<String>,
}

/// `POST /api/me/second-factor/proof`
pub async fn prove_second_factor(
    reader: Reader,
    State(web): State<Web>,
    Client(address): Client,
    Body(form): Body<Code>,
) -> Result<Json<Paper>, WebError> {
    if !web.brakes.sign_in(&reader.user.name, address) {
        return Err(WebError::TooMany);
    }
    let proof = web.people.prove_second_factor(reader.user.id, &form.code, Instant::now());
    Ok(Json(Paper { recovery_codes: proof.await? }))
}

/// `GET /api/audit?object=&actor=&before=&limit=`: the lines that fit, newest first.
pub async fn audit(
    _: Manages,
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<Json<Vec<Line>>, WebError> {
    Ok(Json(audit::lines(web.log.store(), filter).await?))
}
