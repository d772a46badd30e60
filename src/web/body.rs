//! A JSON body. What is wrong with it is told as every other error is, by the field it is about.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::error::WebError;

/// The request's body, read as JSON.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(WebError::BadRequest(told(&rejection))),
        }
    }
}

/// The reason without what only a programmer would miss.
fn told(rejection: &JsonRejection) -> String {
    let text = rejection.body_text();
    let text = match rejection {
        JsonRejection::JsonDataError(_) => text.split_once(": ").map_or(&*text, |(_, why)| why),
        _ => &text,
    };
    text.split(" at line ").next().unwrap_or(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body as Bytes;
    use axum::http::header;

    #[derive(serde::Deserialize, Debug)]
    struct Form {
        #[expect(dead_code, reason = "only its type counts")]
        settings: crate::sites::settings::SiteSettings,
    }

    async fn refused(body: &str) -> String {
        let request = Request::builder()
            .header(header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(body.to_string()))
            .expect("a request");
        match Body::<Form>::from_request(request, &()).await {
            Err(WebError::BadRequest(message)) => message,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("{body} should be refused"),
        }
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_by_its_field() {
        let message = refused(r##"{"settings": {"accent": "red"}}"##).await;
        assert_eq!(message, "settings.accent: `red` is not a colour; write it like #1f6350");
        assert!(refused("{").await.contains("Failed to parse"), "not JSON at all");
    }
}
