//! What is sent and what comes back. Decides what a request may carry across a redirect.

use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use reqwest::{Method, StatusCode};

use super::error::{OutboundError, Refusal};
use super::target::Target;

/// Headers that describe the connection and are the client's to write.
const RESERVED: [HeaderName; 8] = [
    CONNECTION,
    CONTENT_LENGTH,
    HOST,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];
/// Headers that say nothing about who we are to the first origin, so that another may have them.
const HARMLESS: [HeaderName; 3] = [ACCEPT, ACCEPT_LANGUAGE, USER_AGENT];

/// What to send.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Asks for something.
    pub fn get(url: impl Into<String>) -> Self {
        Self { method: Method::GET, url: url.into(), headers: HeaderMap::new(), body: Vec::new() }
    }

    /// Delivers something.
    pub fn post(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { method: Method::POST, body: body.into(), ..Self::get(url) }
    }

    /// Sets a header. What describes the connection, such as `Host`, cannot be set.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, OutboundError> {
        let wrong = || OutboundError::Header(name.to_string());
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        let value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        if RESERVED.contains(&key) {
            return Err(wrong());
        }
        self.headers.insert(key, value);
        Ok(self)
    }

    /// What is sent to the next hop. Another origin gets neither credentials nor signatures, and
    /// never the body.
    pub(super) fn redirected(
        mut self,
        status: StatusCode,
        from: &Target,
        to: &Target,
    ) -> Result<Self, OutboundError> {
        let rewritten = match status {
            StatusCode::SEE_OTHER => true,
            // As every browser does.
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            _ => false,
        };
        if rewritten {
            self.method = Method::GET;
            self.body.clear();
        }
        if from.origin() != to.origin() {
            if !self.body.is_empty() {
                let why = Refusal::BodyElsewhere;
                return Err(OutboundError::Refused { at: to.origin(), why });
            }
            let all = std::mem::take(&mut self.headers);
            self.headers = all
                .into_iter()
                .filter_map(|(name, value)| Some((name?, value)))
                .filter(|(name, _)| HARMLESS.contains(name))
                .collect();
        }
        Ok(self)
    }
}

/// What came back.
#[derive(Clone)]
pub struct Response {
    /// Where the answer came from, after redirects.
    pub url: String,
    /// Its status, which may be an error.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, up to the policy's limit.
    pub body: Vec<u8>,
    /// Whether there was more of the body than the limit.
    pub cut: bool,
}
