//! Errors as OpenAI's clients read them: `{"error": {"message", "type", "code"}}`. Which status code
//! and which name an error has is said in `error` alone.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use floorwalker_engine::Refusal;
use serde::Serialize;

use crate::web::error::WebError;

/// Why a program gets no answer.
#[derive(Debug)]
pub struct Refused(WebError);

/// The body.
#[derive(Serialize)]
pub struct Told {
    error: Error,
}

#[derive(Serialize)]
struct Error {
    message: String,
    r#type: &'static str,
    code: &'static str,
}

impl<E: Into<WebError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Refused {
    /// The status code and the body.
    pub fn told(&self) -> (StatusCode, Told) {
        let (status, code) = self.0.status();
        let message = match &self.0 {
            WebError::SignedOut => {
                "bring an API key with the scope `use_engine`: Authorization: Bearer fw_...".into()
            }
            error => error.to_string(),
        };
        (status, Told { error: Error { message, r#type: kind(status), code } })
    }
}

/// What clients sort errors by.
fn kind(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "authentication_error",
        StatusCode::FORBIDDEN => "permission_error",
        StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
        status if status.is_client_error() => "invalid_request_error",
        _ => "server_error",
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, told) = self.told();
        let mut response = (status, Json(told)).into_response();
        if matches!(self.0, WebError::Engine(Refusal::Busy)) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_the_engine_is_one_that_clients_know() {
        let why = || "no file".to_string();
        for (refusal, status, code, kind) in [
            (Refusal::Busy, 429, "busy", "rate_limit_error"),
            (Refusal::Unavailable { why: why() }, 503, "unavailable", "server_error"),
            (
                Refusal::TooLong { tokens: 9, limit: 8 },
                400,
                "context_length_exceeded",
                "invalid_request_error",
            ),
            (Refusal::Failed(why()), 500, "failed", "server_error"),
        ] {
            let (told, body) = Refused::from(refusal.clone()).told();
            assert_eq!(
                (told.as_u16(), body.error.code, body.error.r#type),
                (status, code, kind),
                "{refusal}"
            );
        }
    }

    #[test]
    fn who_comes_when_it_is_busy_is_told_when_to_come_again() {
        let answer = Refused::from(Refusal::Busy).into_response();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers()[header::RETRY_AFTER], "1");
        let answer = Refused::from(Refusal::Failed("so".into())).into_response();
        assert!(!answer.headers().contains_key(header::RETRY_AFTER));
    }
}
