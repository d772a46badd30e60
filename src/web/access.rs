//! Who may reach a handler, as a type: a handler that takes [`Manager`] cannot run for anybody less.
//!
//! There is no other way to learn who is signed in, so a handler that forgets to ask knows nobody.
//!
//! Some handlers are for programs as well: [`ReadsChats`] is a person who may, or a key with the scope
//! for it. A key comes as `Authorization: Bearer fw_...` and in no other way. No page of another site
//! can make a browser send that, so it needs no further proof of where it comes from.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;

use super::Web;
use super::client::Client;
use super::error::WebError;
use crate::domain::time::Instant;
use crate::floor::Colleague;
use crate::people::keys::Scope;
use crate::people::{Key, Role, User};

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

/// A person with a role, or a program with a key.
pub enum Caller {
    /// Signed in.
    Person(Staff),
    /// By its key.
    Program(Key),
}

impl Caller {
    /// Who it is, for the audit log: a colleague's name, or `key:ID`.
    pub fn name(&self) -> String {
        match self {
            Self::Person(staff) => staff.user.name.clone(),
            Self::Program(key) => format!("key:{}", key.id),
        }
    }

    /// Whether they may do as well what needs this role or this scope.
    pub fn may(&self, role: Role, scope: Scope) -> bool {
        match self {
            Self::Person(staff) => staff.user.role >= role,
            Self::Program(key) => key.scopes.has(scope),
        }
    }

    async fn with(
        role: Role,
        scope: Scope,
        parts: &mut Parts,
        web: &Web,
    ) -> Result<Self, WebError> {
        let Some(presented) = bearer(parts) else {
            return Staff::at_least(role, parts, web).await.map(Self::Person);
        };
        let Some(key) = web.people.key(presented, Instant::now()).await? else {
            let Ok(Client(from)) = Client::from_request_parts(parts, web).await;
            return Err(match web.brakes.wrong_key(from) {
                true => WebError::WrongKey,
                false => WebError::TooMany,
            });
        };
        if !key.scopes.has(scope) {
            return Err(WebError::KeyLacks(scope));
        }
        Ok(Self::Program(key))
    }
}

/// What comes as `Authorization: Bearer`. Another scheme may belong to a proxy before us.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

macro_rules! either {
    ($($(#[$doc:meta])* $name:ident: $role:ident or $scope:ident;)*) => {$(
        $(#[$doc])*
        pub struct $name(pub Caller);

        impl Deref for $name {
            type Target = Caller;
            fn deref(&self) -> &Caller {
                &self.0
            }
        }

        impl FromRequestParts<Web> for $name {
            type Rejection = WebError;
            async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, WebError> {
                Caller::with(Role::$role, Scope::$scope, parts, web).await.map(Self)
            }
        }
    )*};
}

either! {
    /// May read chats.
    ReadsChats: Analyst or ReadChats;
    /// May read what the bot knows.
    ReadsKnowledge: Analyst or ReadKnowledge;
    /// May decide what the bot knows.
    WritesKnowledge: Manager or WriteKnowledge;
    /// May read reports.
    ReadsReports: Analyst or ReadReports;
    /// May put the models to a use of their own.
    UsesEngine: Admin or UseEngine;
    /// May see how the server works: jobs and deliveries.
    Oversees: Manager or Manage;
    /// May change settings.
    Manages: Admin or Manage;
}
