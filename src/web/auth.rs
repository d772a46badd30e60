//! Signing in and out, and the extractor that no staff handler can do without.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::Deserialize;

use super::Web;
use super::error::WebError;
use crate::domain::time::Instant;
use crate::floor::Colleague;
use crate::people::{SESSION, User};

const COOKIE: &str = "floorwalker_session";

/// Somebody who works here, signed in.
pub struct Staff {
    /// Who.
    pub user: User,
    /// Their session, to see whether it still lives.
    pub token: String,
}

impl Staff {
    /// As the floor knows them.
    pub fn colleague(&self) -> Colleague {
        Colleague { id: self.user.id, name: self.user.name.clone() }
    }
}

impl FromRequestParts<Web> for Staff {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, WebError> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(COOKIE).ok_or(WebError::SignedOut)?.value().to_string();
        let user = web.people.session(&token, Instant::now()).await?.ok_or(WebError::SignedOut)?;
        Ok(Self { user, token })
    }
}

/// What the sign-in form sends.
#[derive(Deserialize)]
pub struct SignIn {
    name: String,
    password: String,
}

/// `POST /api/auth/sign-in`
pub async fn sign_in(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    jar: CookieJar,
    Json(form): Json<SignIn>,
) -> Result<(StatusCode, CookieJar), WebError> {
    let name = form.name.trim();
    if name.len() > 100 || form.password.len() > 1_000 {
        return Err(WebError::WrongPassword);
    }
    if !web.brakes.sign_in(name, peer.ip()) {
        return Err(WebError::TooMany);
    }
    let signed_in = web.people.sign_in(name, form.password, Instant::now()).await?;
    let (token, _) = signed_in.ok_or(WebError::WrongPassword)?;
    let cookie = Cookie::build((COOKIE, token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(web.origins.own.iter().any(|origin| origin.as_str().starts_with("https:")))
        .max_age(SESSION.try_into().expect("half a day fits"))
        .build();
    Ok((StatusCode::NO_CONTENT, jar.add(cookie)))
}

/// `POST /api/auth/sign-out`
pub async fn sign_out(
    State(web): State<Web>,
    staff: Staff,
    jar: CookieJar,
) -> Result<(StatusCode, CookieJar), WebError> {
    web.people.sign_out(&staff.token).await?;
    Ok((StatusCode::NO_CONTENT, jar.remove(Cookie::build(COOKIE).path("/"))))
}

/// `GET /api/auth/me`
pub async fn me(staff: Staff) -> Json<User> {
    Json(staff.user)
}
