//! A built server at work: the rooms start, the door opens, and when told so all stop in order.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::App;
use crate::control::{self, Rooms};
use crate::figures;
use crate::floor::absence::Wishes;
use crate::leads::alerts::Alerts;
use crate::leads::gaps::Gaps;
use crate::log::subscriber;
use crate::shutdown::Shutdown;
use crate::turn::Turns;
use crate::web::limits::Brakes;
use crate::web::{router, server};
use crate::webhooks::Notices;

/// How often counters of quiet clients are forgotten.
const FORGET: std::time::Duration = std::time::Duration::from_secs(300);

impl App {
    /// Serves on `listener` until told to stop, then stops in order.
    pub async fn serve(self, listener: TcpListener, shutdown: Shutdown) {
        let web = self.web(&listener, shutdown.clone());
        let base = web.base().to_string();
        // Each room has a signal of its own, so that they stop one after the other.
        let (stop_turns, turns_stop) = Shutdown::new();
        let (stop_jobs, jobs_stop) = Shutdown::new();
        let turning = tokio::spawn(self.turns().run(turns_stop));
        let working = tokio::spawn(self.jobs.clone().run(self.handlers(&base), jobs_stop));
        let mut rooms = self.followers(base);
        let (folder, orders) = (self.config.data.clone(), self.orders());
        rooms.spawn(async move { control::socket::serve(&folder, orders).await });
        rooms.spawn(figures::keep());
        rooms.spawn(forget(web.brakes.clone()));

        let (engine, store) = (self.engine.clone(), self.log.store().clone());
        let (limits, proxies) = (self.config.settings.limits.clone(), web.proxies.clone());
        drop(self);
        server::serve(listener, router(web), &limits, &proxies, shutdown).await;
        stopped("sockets");
        stop_turns.now();
        if turning.await.is_err() {
            tracing::error!("the turns did not stop cleanly");
        }
        stopped("turns");
        stop_jobs.now();
        if working.await.is_err() {
            tracing::error!("the jobs did not stop cleanly");
        }
        rooms.shutdown().await;
        stopped("jobs");
        drop(engine);
        stopped("engine");
        drop(store);
        stopped("database");
    }

    fn turns(&self) -> Turns {
        Turns {
            log: self.log.clone(),
            hub: self.hub.clone(),
            answerer: self.answerer(),
            sites: self.sites.clone(),
            jobs: self.jobs.clone(),
        }
    }

    /// Whoever reads the log behind its own cursor.
    fn followers(&self, base: String) -> JoinSet<()> {
        let (log, jobs) = (&self.log, &self.jobs);
        let mut rooms = JoinSet::new();
        rooms.spawn(self.floor.clone().run());
        rooms.spawn(subscriber::run(log.clone(), Arc::new(Gaps), watch::Sender::new(0)));
        let wishes = Arc::new(Wishes { jobs: jobs.clone() });
        rooms.spawn(subscriber::run(log.clone(), wishes, jobs.waker()));
        rooms.spawn(subscriber::run(log.clone(), Arc::new(Notices { base }), jobs.waker()));
        if self.post.is_open() && !self.config.settings.alerts.lead_waiting.is_empty() {
            rooms.spawn(subscriber::run(log.clone(), Arc::new(Alerts), jobs.waker()));
        }
        rooms
    }

    /// What the operator's orders reach.
    fn orders(&self) -> Rooms {
        Rooms {
            log: self.log.clone(),
            people: self.people.clone(),
            jobs: self.jobs.clone(),
            sites: self.sites.clone(),
            shelf: Some(self.shelf.clone()),
            webhooks: self.webhooks.clone(),
            engine: Some(self.engine.clone()),
        }
    }
}

async fn forget(brakes: Arc<Brakes>) {
    loop {
        tokio::time::sleep(FORGET).await;
        brakes.forget_quiet();
    }
}

/// Tells how far the stopping has come.
fn stopped(stage: &'static str) {
    tracing::info!(stage, "stopped");
}
