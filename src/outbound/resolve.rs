//! From names to addresses, checked where they come into being.
//!
//! The connection is made to what [`Guard`] returns and to nothing else, so a name that means
//! something harmless when it is checked and something else when it is used has no second chance.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::check;
use super::error::Refusal;

/// The addresses of a name, later.
pub type Lookup = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Who knows the addresses of a name.
pub trait Resolver: Send + Sync + 'static {
    /// All addresses of this host name.
    fn resolve(&self, host: &str) -> Lookup;
}

/// Asks the operating system.
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, host: &str) -> Lookup {
        let host = host.to_string();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// A function from names to addresses, for tests.
impl<F> Resolver for F
where
    F: Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static,
{
    fn resolve(&self, host: &str) -> Lookup {
        Box::pin(std::future::ready(Ok(self(host))))
    }
}

/// Why there is no address to connect to.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Blocked {
    #[error(transparent)]
    Refused(Refusal),
    #[error("{0}")]
    Unresolved(String),
}

/// Lets through the addresses of a name if every one of them may be called.
pub(super) struct Guard {
    resolver: Arc<dyn Resolver>,
    named: bool,
}

impl Guard {
    /// For everybody's addresses: public ones only.
    pub fn open(resolver: Arc<dyn Resolver>) -> Self {
        Self { resolver, named: false }
    }

    /// For origins that the operator named: internal ones too.
    pub fn named(resolver: Arc<dyn Resolver>) -> Self {
        Self { resolver, named: true }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (looking, named) = (self.resolver.resolve(name.as_str()), self.named);
        Box::pin(async move {
            let found = looking.await.map_err(|error| Blocked::Unresolved(error.to_string()))?;
            if found.is_empty() {
                return Err(Blocked::Unresolved("it has no address".into()).into());
            }
            for address in &found {
                check(*address, named).map_err(Blocked::Refused)?;
            }
            // Port 0 means: the one in the URL.
            let found: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(found)
        })
    }
}
