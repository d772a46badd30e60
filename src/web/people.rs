//! Who works here, for administrators; and what everybody may do about their own account.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::Web;
use super::access::{Admin, Reader};
use super::error::WebError;
use crate::audit::{self, Line};
use crate::domain::ids::SessionId;
use crate::domain::time::Instant;
use crate::people::{Account, Invitation, Role, Session, User};

/// Longest address of a mailbox, in bytes (RFC 5321).
const ADDRESS: usize = 254;

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
pub struct Link {
    link: String,
}

/// `POST /api/people/invitations`: the link is shown once, to be sent by whoever invites.
pub async fn invite(
    admin: Admin,
    State(web): State<Web>,
    Json(invite): Json<Invite>,
) -> Result<Json<Link>, WebError> {
    let email = invite.email.trim();
    if email.len() > ADDRESS || !email.contains('@') || email.contains(char::is_whitespace) {
        return Err(WebError::BadRequest(format!("`email`: `{email}` is no address")));
    }
    let token = web.people.invite(email, invite.role, &admin.user.name, Instant::now()).await?;
    let base = web.origins.own.first().map(|origin| origin.as_str()).unwrap_or_default();
    Ok(Json(Link { link: format!("{base}/console/#invitation={token}") }))
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
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Json(form): Json<Accept>,
) -> Result<Json<User>, WebError> {
    if !web.brakes.sign_in("invitation", peer.ip()) {
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
    Json(change): Json<Change>,
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
    Ok(Json(web.people.sessions(reader.user.id, Instant::now()).await?))
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

/// `GET /api/audit`: the newest lines.
pub async fn audit(_: Admin, State(web): State<Web>) -> Result<Json<Vec<Line>>, WebError> {
    Ok(Json(audit::newest(web.log.store(), 200).await?))
}
