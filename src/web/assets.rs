//! The pages and scripts, embedded in the binary and served with the headers that keep them safe.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::routes::Routes;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/widget"]
#[exclude = "tests/*"]
#[exclude = "fixtures/*"]
#[exclude = "package.json"]
struct Widget;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/console"]
#[exclude = "tests/*"]
#[exclude = "fixtures/*"]
#[exclude = "package.json"]
struct Console;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/knowledge/demo/images"]
struct Pictures;

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' https: data:; connect-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

/// Pages, scripts, styles and pictures.
pub fn routes() -> Routes {
    type Headers = HeaderMap;
    Routes::default()
        .get("/", |headers: Headers| async move { page::<Widget>("demo.html", &headers) })
        .get("/widget.js", |headers: Headers| async move { widget("widget.js", &headers) })
        .get("/widget/{*path}", |Path(path): Path<String>, headers: Headers| async move {
            widget(&path, &headers)
        })
        .get("/console", || async { Redirect::permanent("/console/") })
        .get("/console/", |headers: Headers| async move { page::<Console>("index.html", &headers) })
        .get("/console/{*path}", |Path(path): Path<String>, headers: Headers| async move {
            file(Console::get(&path), &headers)
        })
        .get("/demo/images/{name}", |Path(name): Path<String>, headers: Headers| async move {
            picture(&name, &headers)
        })
}

fn page<A: RustEmbed>(name: &str, headers: &HeaderMap) -> Response {
    let mut response = file(A::get(name), headers);
    let policy = HeaderValue::from_static(PAGE_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The widget's modules are imported from other sites' pages.
fn widget(path: &str, headers: &HeaderMap) -> Response {
    let mut response = file(Widget::get(path), headers);
    let anyone = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
    response
}

/// Cards show pictures on other sites' pages. An SVG opened by itself must not run anything.
fn picture(name: &str, headers: &HeaderMap) -> Response {
    let mut response = file(Pictures::get(name), headers);
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// A file with its type and a tag made of its content: browsers ask each time and get it once.
fn file(found: Option<EmbeddedFile>, headers: &HeaderMap) -> Response {
    let Some(found) = found else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&found.metadata.sha256_hash()[..12]));
    let known =
        headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut kind = found.metadata.mimetype().to_string();
    if kind.starts_with("text/") {
        kind.push_str("; charset=utf-8");
    }
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "no-cache".to_string()),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, found.data.into_owned()).into_response()
}
