//! Telling other programs what happened, as the Standard Webhooks specification has it: signed, tried
//! again for days, kept in a log, and sent again on request. `docs/webhooks.md` is for receivers.
//!
//! ```text
//! log -> Notices (one write: message, a delivery and a job for each endpoint)
//!            -> job -> sign, with the time of this attempt -> outbound -> attempt, state, next try
//! ```
//!
//! Each endpoint's deliveries have a lane of their own among the jobs, so that one that hangs keeps
//! nobody else waiting. An address comes from a form: `outbound` decides whether it may be called.

mod attempt;
mod deliver;
mod deliveries;
mod endpoints;
mod erase;
mod kind;
mod message;
mod notices;
pub mod sign;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use crate::domain::ids::EndpointId;
use crate::jobs::Jobs;
use crate::outbound::{OutboundError, Policy};
use crate::seal::{SealError, Sealer};
use crate::store::{Store, StoreError};

pub use attempt::Attempt;
pub use deliver::PAUSES;
pub use deliveries::{Delivery, Detail, State};
pub use endpoints::{Endpoint, NewEndpoint, Wish};
pub use erase::forget;
pub use kind::Kind;
pub use notices::Notices;

/// The kind of job that delivers.
pub const KIND: &str = "webhook";
/// Endpoints there may be: each may keep a connection open.
pub const MOST: usize = 20;

/// Handle on the webhooks. Cheap to clone.
#[derive(Clone)]
pub struct Webhooks {
    store: Store,
    jobs: Jobs,
    policy: Arc<Policy>,
    sealer: Arc<OnceLock<Sealer>>,
}

/// Why something about a webhook was not done.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// No such endpoint.
    #[error("there is no webhook {0}; `floorwalker webhook list` shows all")]
    NoSuchEndpoint(EndpointId),
    /// No such delivery.
    #[error("this webhook has no delivery {0}; `floorwalker webhook log` shows all")]
    NoSuchDelivery(i64),
    /// The address may not be called.
    #[error(transparent)]
    Url(#[from] OutboundError),
    /// It would never be told anything.
    #[error("choose at least one kind of event: {}", kind::all())]
    NoKinds,
    /// There are enough.
    #[error("there are {MOST} webhooks already, which is the most; remove one first")]
    TooMany,
    /// It is being sent at this moment.
    #[error("this is being sent just now; look at the log again in a few seconds")]
    UnderWay,
    /// Nothing is sent while it is paused.
    #[error("this webhook is paused; resume it first")]
    Paused,
    /// What it said was erased.
    #[error("what this said was erased on request; there is nothing left to send")]
    Erased,
    /// Its secret cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for WebhookError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Webhooks {
    /// The webhooks in this store. `policy` says which addresses may be registered.
    pub fn new(store: Store, jobs: Jobs, policy: Policy) -> Self {
        Self { store, jobs, policy: Arc::new(policy), sealer: Arc::default() }
    }

    /// Seals secrets with the key beside the database, which is made when it is first needed.
    fn sealer(&self) -> Result<Sealer, SealError> {
        if let Some(sealer) = self.sealer.get() {
            return Ok(sealer.clone());
        }
        let sealer = Sealer::of_folder(self.store.folder())?;
        Ok(self.sealer.get_or_init(|| sealer).clone())
    }

    /// Lets the jobs look for new deliveries at once.
    fn wake(&self) -> impl FnOnce() + Send + 'static {
        let waker = self.jobs.waker();
        move || waker.send_modify(|count| *count += 1)
    }
}

/// Where the deliveries of an endpoint wait their turn among the jobs.
fn lane(endpoint: EndpointId) -> String {
    format!("{KIND} {endpoint}")
}

/// What a secret is sealed as.
fn purpose(endpoint: EndpointId) -> String {
    format!("webhook secret {endpoint}")
}
