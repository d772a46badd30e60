//! The one place where errors become status codes. The body is `{"error": {"code", "message"}}`; the
//! message is for the person at the screen, details stay in the log.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use floorwalker_engine::Refusal;
use serde_json::json;

use crate::floor::FloorError;
use crate::knowledge::history::PublishError;
use crate::people::keys::Scope;
use crate::people::{PeopleError, Role};
use crate::shelf::ShelfError;
use crate::sites::SitesError;
use crate::store::StoreError;
use crate::webhooks::WebhookError;

/// What a handler may refuse with.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Nobody is signed in.
    #[error("sign in first")]
    SignedOut,
    /// The name or the password is wrong; which of them is not told.
    #[error("that name and password do not belong together")]
    WrongPassword,
    /// The account has a second factor.
    #[error("enter the code from your app, or one of your recovery codes")]
    CodeWanted,
    /// Too many tries.
    #[error("too many tries; wait a few minutes")]
    TooMany,
    /// The page may not do this.
    #[error(
        "this page may not connect here; its origin is not on the list (start with --origin to add it)"
    )]
    ForeignOrigin,
    /// The request names another host than ours.
    #[error("this server is not called that; use its public address (--public-url) or localhost")]
    ForeignHost,
    /// The account's role does not allow it.
    #[error("this needs the role `{0}`; an administrator can give it")]
    NotAllowed(Role),
    /// No key, or one that was revoked.
    #[error("this API key is not in use; make another one in the settings")]
    WrongKey,
    /// The key's scopes do not allow it.
    #[error("this needs a key with the scope `{0}`")]
    KeyLacks(Scope),
    /// About a webhook.
    #[error(transparent)]
    Webhook(WebhookError),
    /// About an account.
    #[error(transparent)]
    People(PeopleError),
    /// About a site.
    #[error(transparent)]
    Sites(SitesError),
    /// The request makes no sense.
    #[error("{0}")]
    BadRequest(String),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The floor says no.
    #[error(transparent)]
    Floor(#[from] FloorError),
    /// The shelf says no.
    #[error(transparent)]
    Shelf(ShelfError),
    /// The models say no.
    #[error(transparent)]
    Engine(#[from] Refusal),
    /// It could not be stored or read.
    #[error("the server could not store this; try again")]
    Store(#[from] StoreError),
}

impl From<PeopleError> for WebError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => Self::Store(error),
            error => Self::People(error),
        }
    }
}

impl From<SitesError> for WebError {
    fn from(error: SitesError) -> Self {
        match error {
            SitesError::Store(error) => Self::Store(error),
            error => Self::Sites(error),
        }
    }
}

impl From<ShelfError> for WebError {
    fn from(error: ShelfError) -> Self {
        match error {
            ShelfError::Store(error) | ShelfError::Publish(PublishError::Store(error)) => {
                Self::Store(error)
            }
            error => Self::Shelf(error),
        }
    }
}

impl From<WebhookError> for WebError {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Store(error) => Self::Store(error),
            error => Self::Webhook(error),
        }
    }
}

impl WebError {
    /// The status code, and the error's name. What only the operator can mend goes to the log.
    pub(super) fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed_out"),
            Self::WrongPassword => (StatusCode::UNAUTHORIZED, "wrong_password"),
            Self::CodeWanted => (StatusCode::UNAUTHORIZED, "code_wanted"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too_many"),
            Self::ForeignOrigin => (StatusCode::FORBIDDEN, "foreign_origin"),
            Self::ForeignHost => (StatusCode::FORBIDDEN, "foreign_host"),
            Self::NotAllowed(_) | Self::KeyLacks(_) => (StatusCode::FORBIDDEN, "not_allowed"),
            Self::WrongKey => (StatusCode::UNAUTHORIZED, "wrong_key"),
            Self::Webhook(error) => of_webhook(error),
            Self::People(PeopleError::NotYours(_)) => (StatusCode::FORBIDDEN, "not_yours"),
            Self::People(PeopleError::NoSuchKey(_)) => (StatusCode::NOT_FOUND, "not_found"),
            Self::People(PeopleError::Taken(_)) => (StatusCode::CONFLICT, "taken"),
            Self::People(PeopleError::NoSuchUser(_)) => (StatusCode::NOT_FOUND, "not_found"),
            Self::People(PeopleError::WrongCode) => (StatusCode::BAD_REQUEST, "wrong_code"),
            Self::People(PeopleError::HasSecondFactor) => {
                (StatusCode::CONFLICT, "has_second_factor")
            }
            Self::People(PeopleError::Seal(error)) => {
                tracing::error!(%error, "a secret cannot be used");
                (StatusCode::INTERNAL_SERVER_ERROR, "sealed")
            }
            Self::People(PeopleError::LastAdmin(_)) => (StatusCode::CONFLICT, "last_admin"),
            Self::People(PeopleError::BadLink) => (StatusCode::GONE, "bad_link"),
            Self::People(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::Sites(SitesError::Taken(_)) => (StatusCode::CONFLICT, "taken"),
            Self::Sites(SitesError::Changed { .. }) => (StatusCode::CONFLICT, "changed"),
            Self::Sites(SitesError::NoSuchSite(_) | SitesError::NoSuchVersion { .. }) => {
                (StatusCode::NOT_FOUND, "not_found")
            }
            Self::Sites(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::NotFound(_) | Self::Floor(FloorError::NoSuchChat) => {
                (StatusCode::NOT_FOUND, "not_found")
            }
            Self::Floor(FloorError::Taken(_)) => (StatusCode::CONFLICT, "taken"),
            Self::Floor(FloorError::NotYours) => (StatusCode::CONFLICT, "not_yours"),
            Self::Floor(FloorError::Busy) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Shelf(error) => of_shelf(error),
            Self::Engine(refusal) => of_engine(refusal),
            Self::Floor(FloorError::Store(error)) | Self::Store(error) => {
                tracing::error!(%error, "a request could not be served");
                (StatusCode::SERVICE_UNAVAILABLE, "not_stored")
            }
        }
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let (status, code) = self.status();
        let mut body = json!({ "error": { "code": code, "message": self.to_string() } });
        if let Self::Shelf(ShelfError::Mistakes(remarks)) = &self {
            body["error"]["remarks"] = json!(remarks);
        }
        (status, Json(body)).into_response()
    }
}

fn of_engine(refusal: &Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::Busy => (StatusCode::TOO_MANY_REQUESTS, "busy"),
        Refusal::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        Refusal::TooLong { .. } => (StatusCode::BAD_REQUEST, "context_length_exceeded"),
        Refusal::Failed(_) => {
            tracing::error!(%refusal, "a model could not serve a request");
            (StatusCode::INTERNAL_SERVER_ERROR, "failed")
        }
    }
}

fn of_shelf(error: &ShelfError) -> (StatusCode, &'static str) {
    match error {
        ShelfError::Mistakes(_) => (StatusCode::UNPROCESSABLE_ENTITY, "mistakes"),
        ShelfError::Unchanged => (StatusCode::BAD_REQUEST, "unchanged"),
        ShelfError::TooMuch(_) => (StatusCode::BAD_REQUEST, "bad_request"),
        ShelfError::NoVersion(_) => (StatusCode::NOT_FOUND, "not_found"),
        ShelfError::Publish(_) => (StatusCode::CONFLICT, "meanwhile"),
        ShelfError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        ShelfError::TookTooLong(_) => (StatusCode::SERVICE_UNAVAILABLE, "took_too_long"),
        ShelfError::Prepare(_) | ShelfError::Store(_) | ShelfError::Broken(_) => {
            tracing::error!(%error, "a version of the knowledge could not be made");
            (StatusCode::SERVICE_UNAVAILABLE, "not_prepared")
        }
    }
}

fn of_webhook(error: &WebhookError) -> (StatusCode, &'static str) {
    match error {
        WebhookError::NoSuchEndpoint(_) | WebhookError::NoSuchDelivery(_) => {
            (StatusCode::NOT_FOUND, "not_found")
        }
        WebhookError::Url(_) | WebhookError::NoKinds => (StatusCode::BAD_REQUEST, "bad_request"),
        WebhookError::TooMany => (StatusCode::CONFLICT, "too_many_webhooks"),
        WebhookError::UnderWay => (StatusCode::CONFLICT, "under_way"),
        WebhookError::Paused => (StatusCode::CONFLICT, "paused"),
        WebhookError::Erased => (StatusCode::GONE, "erased"),
        WebhookError::Seal(error) => {
            tracing::error!(%error, "a secret cannot be used");
            (StatusCode::INTERNAL_SERVER_ERROR, "sealed")
        }
        WebhookError::Store(error) => {
            tracing::error!(%error, "a request could not be served");
            (StatusCode::SERVICE_UNAVAILABLE, "not_stored")
        }
    }
}
