//! Who does which job: what is done at once, and what every night by the shop's clock.

use super::App;
use crate::backups::daily::{self, Copier};
use crate::floor::absence::{self, Doorkeeper};
use crate::jobs::{Daily, Handlers};
use crate::leads::alerts::{self, Teller};
use crate::post;
use crate::retention::{self, Keeper};
use crate::transcript::{self, Clerk};
use crate::webhooks;

impl App {
    /// Every kind of job with whoever does it. `base` is where links in letters begin.
    pub(super) fn handlers(&self, base: &str) -> Handlers {
        let (log, sites, answerer) = (&self.log, &self.sites, self.answerer());
        let teller = Teller {
            log: log.clone(),
            presence: self.floor.presence().clone(),
            jobs: self.jobs.clone(),
            to: self.config.settings.alerts.lead_waiting.clone(),
            shop: answerer.shop().name,
            language: answerer.shop().locale.tag().into(),
            base: base.to_string(),
        };
        let doorkeeper = Doorkeeper {
            log: log.clone(),
            sites: sites.clone(),
            answerer: answerer.clone(),
            presence: self.floor.presence().clone(),
            jobs: self.jobs.clone(),
        };
        let clerk =
            Clerk { log: log.clone(), sites: sites.clone(), answerer, post: self.post.clone() };
        let sending = self.post.clone();
        let (delivering, outbound) = (self.webhooks.clone(), self.outbound.clone());
        let handlers = Handlers::default()
            .with(post::KIND, move |job| sending.clone().send(job))
            .with(transcript::KIND, move |job| clerk.clone().send(job))
            .with(absence::KIND, move |job| doorkeeper.clone().look(job))
            .with(alerts::KIND, move |job| teller.clone().tell(job))
            .paced(webhooks::KIND, webhooks::PAUSES, move |job| {
                delivering.clone().deliver(outbound.clone(), job)
            });
        self.by_night(handlers)
    }

    fn by_night(&self, handlers: Handlers) -> Handlers {
        let (settings, clock) = (&self.config.settings, self.config.clock.clone());
        let zone = self.answerer().time_zone();
        let keeper = Keeper {
            log: self.log.clone(),
            keep: settings.retention,
            sites: self.sites.clone(),
            clock: clock.clone(),
        };
        let retention = Daily { kind: retention::KIND, at: retention::AT, zone: zone.clone() };
        let handlers = handlers.daily(retention, move |_| keeper.clone().run());
        let store = self.log.store().clone();
        let copier = Copier { store, daily: settings.backup.clone(), clock };
        let copied = copier.daily.is_some();
        let copy = move |_| copier.clone().run();
        match copied {
            true => handlers.daily(Daily { kind: daily::KIND, at: daily::AT, zone }, copy),
            // One that was enqueued before the setting went is done by doing nothing.
            false => handlers.with(daily::KIND, copy),
        }
    }
}
