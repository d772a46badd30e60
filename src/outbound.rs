//! The one HTTP client for everything that calls out: webhooks, and pages to be read.
//!
//! An address to call comes from a form or from a page, so it is an attempt to reach the shop's own
//! network until shown otherwise. Every hop is held against the same rules ([`Policy`]); its name
//! is looked up once, by us, and the connection goes to an address that has been checked. There is
//! no other way out: no proxies from the environment, no redirects behind our back, no reuse of
//! connections that were checked for something else.
//!
//! ```text
//! text -> target (scheme, port, credentials) -> guard (addresses) -> connection -> answer
//!            ^                                                                       |
//!            \-------------------------- redirect, at most five ---------------------/
//! ```
//!
//! Wants a rustls crypto provider installed by the program. Retries belong to the caller.

mod address;
mod error;
mod message;
mod policy;
mod resolve;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::LOCATION;
use tokio::time::timeout;

pub use error::{OutboundError, Refusal};
pub use message::{Request, Response};
pub use policy::{NamedOrigin, Policy};
pub use resolve::{Lookup, Resolver, SystemResolver};

use error::explain;
use resolve::Guard;
use target::Target;

/// Calls out, within its policy. Cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    policy: Arc<Policy>,
    /// Connects to public addresses only.
    open: Client,
    /// Used for the origins that the operator named, and for nothing else.
    named: Client,
}

impl Outbound {
    /// A client that asks the system for addresses.
    pub fn new(policy: Policy) -> Result<Self, OutboundError> {
        Self::with_resolver(policy, Arc::new(SystemResolver))
    }

    /// A client that asks this resolver for addresses. They are checked like any other.
    pub fn with_resolver(
        policy: Policy,
        resolver: Arc<dyn Resolver>,
    ) -> Result<Self, OutboundError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(OutboundError::Setup("no TLS provider is installed".into()));
        }
        let open = client(&policy, Guard::open(resolver.clone()))?;
        let named = match policy.origins.is_empty() {
            true => open.clone(),
            false => client(&policy, Guard::named(resolver))?,
        };
        Ok(Self { policy: Arc::new(policy), open, named })
    }

    /// Sends a request, follows its redirects, and reads the answer up to the policy's limit.
    ///
    /// Any status is an answer. An error means that there is none, and says why.
    pub async fn fetch(&self, request: Request) -> Result<Response, OutboundError> {
        let target = Target::parse(&request.url, &self.policy)?;
        let at = target.origin();
        let after = self.policy.total;
        match timeout(after, self.follow(target, request)).await {
            Ok(result) => result,
            Err(_) => Err(OutboundError::TimedOut { at, doing: "answer in full", after }),
        }
    }

    async fn follow(
        &self,
        mut target: Target,
        mut request: Request,
    ) -> Result<Response, OutboundError> {
        let mut redirects = 0;
        loop {
            let answer = self.send(&target, &request).await?;
            let Some(location) = location(&answer, &target)? else {
                return self.read(&target, answer).await;
            };
            let next = target.follow(&location, &self.policy)?;
            if redirects == self.policy.redirects {
                let (at, to, limit) = (target.origin(), next.origin(), redirects);
                return Err(OutboundError::TooManyRedirects { at, to, limit });
            }
            redirects += 1;
            request = request.redirected(answer.status(), &target, &next)?;
            target = next;
        }
    }

    async fn send(
        &self,
        target: &Target,
        request: &Request,
    ) -> Result<reqwest::Response, OutboundError> {
        let client = if target.named() { &self.named } else { &self.open };
        client
            .request(request.method.clone(), target.url().clone())
            .headers(request.headers.clone())
            .body(request.body.clone())
            .send()
            .await
            .map_err(|error| explain(error, target, &self.policy))
    }

    async fn read(
        &self,
        target: &Target,
        mut answer: reqwest::Response,
    ) -> Result<Response, OutboundError> {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let (mut body, mut cut) = (Vec::new(), false);
        while let Some(piece) =
            answer.chunk().await.map_err(|error| explain(error, target, &self.policy))?
        {
            let room = self.policy.body - body.len();
            body.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.len() > room {
                cut = true;
                break;
            }
        }
        Ok(Response { url: target.url().to_string(), status, headers, body, cut })
    }
}

fn client(policy: &Policy, guard: Guard) -> Result<Client, OutboundError> {
    Client::builder()
        .user_agent(concat!("floorwalker/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(guard)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // A connection serves one request, so that every request is checked by itself.
        .pool_max_idle_per_host(0)
        .pool_idle_timeout(Duration::ZERO)
        .connect_timeout(policy.connect)
        .read_timeout(policy.read)
        .build()
        .map_err(|error| OutboundError::Setup(error::innermost(&error)))
}

/// Where an answer sends us, if it is a redirect.
fn location(answer: &reqwest::Response, at: &Target) -> Result<Option<String>, OutboundError> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(value) = answer.headers().get(LOCATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| OutboundError::Broken {
        at: at.origin(),
        why: "it redirects to something that is not text".into(),
    })?;
    Ok(Some(text.to_string()))
}
