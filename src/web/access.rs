//! Who may reach a handler, as a type: a handler that takes [`Manager`] cannot run for anybody less.
//!
//! There is no other way to learn who is signed in, so a handler that forgets to ask knows nobody.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;

use super::Web;
use super::error::WebError;
use crate::domain::time::Instant;
use crate::floor::Colleague;
use crate::people::{Role, User};

/// The session's cookie.
pub const COOKIE: &str = "floorwalker_session";

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

    async fn at_least(role: Role, parts: &Parts, web: &Web) -> Result<Self, WebError> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(COOKIE).ok_or(WebError::SignedOut)?.value().to_string();
        let user = web.people.session(&token, Instant::now()).await?.ok_or(WebError::SignedOut)?;
        if user.role < role {
            return Err(WebError::NotAllowed(role));
        }
        Ok(Self { user, token })
    }
}

macro_rules! access {
    ($(#[$doc:meta])* $name:ident, $role:expr) => {
        $(#[$doc])*
        pub struct $name(pub Staff);

        impl Deref for $name {
            type Target = Staff;
            fn deref(&self) -> &Staff {
                &self.0
            }
        }

        impl FromRequestParts<Web> for $name {
            type Rejection = WebError;
            async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, WebError> {
                Staff::at_least($role, parts, web).await.map(Self)
            }
        }
    };
}

access!(
    /// Anybody who works here: may read.
    Reader,
    Role::Analyst
);
access!(
    /// May talk to visitors.
    Agent,
    Role::Agent
);
access!(
    /// May decide what the bot knows and when it speaks.
    Manager,
    Role::Manager
);
access!(
    /// May decide who works here.
    Admin,
    Role::Admin
);
