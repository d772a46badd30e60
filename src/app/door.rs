//! What the outside reaches: the rooms behind the routes, and which pages may connect.

use std::sync::Arc;

use tokio::net::TcpListener;

use super::{App, Config};
use crate::domain::origin::Origin;
use crate::shutdown::Shutdown;
use crate::sites::Sites;
use crate::web::Web;
use crate::web::limits::Brakes;
use crate::web::openai::Openai;
use crate::web::operation::Operation;
use crate::web::origin::Origins;

impl App {
    /// The rooms as routes reach them.
    pub(super) fn web(&self, listener: &TcpListener, shutdown: Shutdown) -> Web {
        let settings = &self.config.settings;
        let public = self.config.public_url.as_ref();
        let openai = || Arc::new(Openai::new(self.engine.clone(), public));
        Web {
            log: self.log.clone(),
            hub: self.hub.clone(),
            floor: self.floor.clone(),
            people: self.people.clone(),
            jobs: self.jobs.clone(),
            webhooks: self.webhooks.clone(),
            post: self.post.clone(),
            sites: self.sites.clone(),
            answerer: self.answerer(),
            shelf: self.shelf.clone(),
            origins: Arc::new(origins(&self.config, &self.sites, listener)),
            limits: settings.limits.clone(),
            proxies: settings.trusted_proxies.clone().into(),
            brakes: Arc::new(Brakes::new(&settings.limits)),
            operation: Arc::new(Operation::new(&settings.metrics, public.is_some())),
            openai: settings.engine.openai.then(openai),
            shutdown,
        }
    }
}

/// Our own origins, and the site's: the pages it names and our demo page.
fn origins(config: &Config, sites: &Sites, listener: &TcpListener) -> Origins {
    let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
    let local = ["127.0.0.1", "localhost", "[::1]"];
    let local = local.iter().filter_map(|host| Origin::parse(&format!("http://{host}:{port}")));
    let own: Vec<Origin> = match &config.public_url {
        Some(public) => vec![public.clone()],
        None => local.collect(),
    };
    let (first, named) = (config.site.clone(), config.origins.clone());
    Origins { own, first, named, sites: sites.clone() }
}
