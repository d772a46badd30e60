//! Signing in and out.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::Deserialize;

use super::Web;
use super::access::{COOKIE, Reader};
use super::body::Body;
use super::client::Client;
use super::error::WebError;
use crate::domain::time::Instant;
use crate::people::{Entered, SESSION, User};

/// What the sign-in form sends.
#[derive(Deserialize)]
pub struct SignIn {
    name: String,
    password: String,
    /// From the app or from paper, where the account wants one.
    code: Option<String>,
}

/// `POST /api/auth/sign-in`
pub async fn sign_in(
    State(web): State<Web>,
    Client(address): Client,
    headers: HeaderMap,
    jar: CookieJar,
    Body(form): Body<SignIn>,
) -> Result<(StatusCode, CookieJar), WebError> {
    let name = form.name.trim();
    if name.len() > 100 || form.password.len() > 1_000 {
        return Err(WebError::WrongPassword);
    }
    if !web.brakes.sign_in(name, address) {
        return Err(WebError::TooMany);
    }
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let code = form.code.as_deref().filter(|code| !code.is_empty() && code.len() <= 100);
    let entered = web.people.sign_in(name, form.password, code, agent, Instant::now()).await?;
    let token = match entered {
        Entered::In { token, .. } => token,
        Entered::CodeWanted => return Err(WebError::CodeWanted),
        Entered::Wrong => return Err(WebError::WrongPassword),
    };
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
    staff: Reader,
    jar: CookieJar,
) -> Result<(StatusCode, CookieJar), WebError> {
    web.people.sign_out(&staff.token).await?;
    Ok((StatusCode::NO_CONTENT, jar.remove(Cookie::build(COOKIE).path("/"))))
}

/// `GET /api/auth/me`
pub async fn me(staff: Reader) -> Json<User> {
    Json(staff.0.user)
}
