//! The sites that embed the widget, and what is set for each: brand, origins, hours, texts, when the
//! bot speaks. Every change is a new version with who made it, so each can be seen and undone.

pub mod differences;
pub mod settings;
mod site;
mod table;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use serde::Serialize;
use tokio::sync::watch;

use crate::audit;
use crate::domain::ids::SiteKey;
use crate::domain::origin::Origin;
use crate::domain::time::Instant;
use crate::knowledge::catalogue::Shop;
use crate::store::{Store, StoreError};

use differences::{Difference, differences};
use settings::{Pause, SiteSettings, Wrong};

pub use site::Site;

/// One version of a site's settings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    /// Whose.
    pub site: SiteKey,
    /// From 1.
    pub version: u32,
    /// Since when.
    pub at: Instant,
    /// Who set it.
    pub by: String,
    /// As they were set.
    pub settings: SiteSettings,
}

/// A version and what it changed.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// From 1.
    pub version: u32,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// What was another value before.
    pub changes: Vec<Difference>,
}

/// Who changes something, and when.
#[derive(Clone, Debug)]
pub struct By {
    /// A colleague's name, or what else the audit log names.
    pub who: String,
    /// The moment.
    pub at: Instant,
}

/// Why settings were not changed.
#[derive(Debug, thiserror::Error)]
pub enum SitesError {
    /// There is none.
    #[error("there is no site `{}`; `floorwalker site list` shows all", .0.as_str())]
    NoSuchSite(SiteKey),
    /// There is one already.
    #[error("there is already a site `{}`; choose another key", .0.as_str())]
    Taken(SiteKey),
    /// Somebody changed it meanwhile.
    #[error("`{}` was changed meanwhile, it is now version {now}; look at it again", site.as_str())]
    Changed {
        /// Which.
        site: SiteKey,
        /// The version in force.
        now: u32,
    },
    /// There is no such version.
    #[error("`{}` has no version {version}; `floorwalker site history` shows all", site.as_str())]
    NoSuchVersion {
        /// Which.
        site: SiteKey,
        /// Which of its versions.
        version: u32,
    },
    /// A setting cannot be that.
    #[error(transparent)]
    Wrong(#[from] Wrong),
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type InForce = Arc<BTreeMap<SiteKey, Version>>;

/// Handle on the sites. Cheap to clone; what is in force is read without waiting.
#[derive(Clone)]
pub struct Sites {
    store: Store,
    in_force: watch::Sender<InForce>,
}

impl Sites {
    /// The sites in this store.
    pub async fn open(store: Store) -> Result<Self, StoreError> {
        let versions = store.read(table::current).await?;
        let in_force = versions.into_iter().map(|version| (version.site.clone(), version));
        Ok(Self { store, in_force: watch::Sender::new(Arc::new(in_force.collect())) })
    }

    /// What is in force everywhere.
    pub fn all(&self) -> InForce {
        self.in_force.borrow().clone()
    }

    /// A site over its shop. One that is not known, as in an old chat, is as the shop itself.
    pub fn site(&self, key: &SiteKey, shop: Shop) -> Site {
        let settings = self.all().get(key).map(|version| version.settings.clone());
        Site::new(settings.unwrap_or_default(), shop)
    }

    /// May pages of this origin embed the site's widget?
    pub fn allows(&self, key: &SiteKey, origin: &Origin) -> bool {
        self.all().get(key).is_some_and(|version| version.settings.origins.contains(origin))
    }

    /// Adds a site.
    pub async fn add(
        &self,
        site: SiteKey,
        settings: SiteSettings,
        by: By,
    ) -> Result<Version, SitesError> {
        settings.check()?;
        self.write(move |db| match table::of(db, &site)? {
            Some(_) => Err(SitesError::Taken(site)),
            None => Ok(vec![put(db, site, 1, settings, &by, "site.add")?]),
        })
        .await
        .map(only)
    }

    /// Adds a site unless it is there.
    pub async fn ensure(&self, site: &SiteKey, by: By) -> Result<(), SitesError> {
        match self.add(site.clone(), SiteSettings::default(), by).await {
            Ok(_) | Err(SitesError::Taken(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Changes a site's settings. With a `base`, only if that version is still in force.
    pub async fn change(
        &self,
        site: SiteKey,
        base: Option<u32>,
        by: By,
        change: impl FnOnce(SiteSettings) -> Result<SiteSettings, SitesError> + Send + 'static,
    ) -> Result<Version, SitesError> {
        self.write(move |db| {
            let now = in_force(db, &site, base)?;
            let settings = change(now.settings.clone())?;
            settings.check()?;
            match settings == now.settings {
                true => Ok(vec![now]),
                false => Ok(vec![put(db, site, now.version + 1, settings, &by, "site.change")?]),
            }
        })
        .await
        .map(only)
    }

    /// Sets a site as it was in an earlier version.
    pub async fn revert(
        &self,
        site: SiteKey,
        base: Option<u32>,
        to: Option<u32>,
        by: By,
    ) -> Result<Version, SitesError> {
        self.write(move |db| {
            let now = in_force(db, &site, base)?;
            let version = to.unwrap_or(now.version.saturating_sub(1));
            let Some(then) = table::version(db, &site, version)? else {
                return Err(SitesError::NoSuchVersion { site, version });
            };
            Ok(vec![put(db, site, now.version + 1, then.settings, &by, "site.revert")?])
        })
        .await
        .map(only)
    }

    /// Silences the bot at one site, or at all of them.
    pub async fn pause(
        &self,
        site: Option<SiteKey>,
        until: Option<Instant>,
        by: By,
    ) -> Result<Vec<Version>, SitesError> {
        self.set_pause(site, Some(Pause { until }), by, "bot.pause").await
    }

    /// Lets the bot speak again at one site, or at all of them.
    pub async fn resume(&self, site: Option<SiteKey>, by: By) -> Result<Vec<Version>, SitesError> {
        self.set_pause(site, None, by, "bot.resume").await
    }

    async fn set_pause(
        &self,
        site: Option<SiteKey>,
        paused: Option<Pause>,
        by: By,
        action: &'static str,
    ) -> Result<Vec<Version>, SitesError> {
        self.write(move |db| {
            let sites = match &site {
                Some(site) => vec![in_force(db, site, None)?],
                None => table::current(db)?,
            };
            let set = |now: Version| {
                let settings = SiteSettings { paused, ..now.settings.clone() };
                match settings == now.settings {
                    true => Ok(now),
                    false => put(db, now.site, now.version + 1, settings, &by, action),
                }
            };
            sites.into_iter().map(set).collect()
        })
        .await
    }

    /// A site's versions, the newest first, each with what it changed.
    pub async fn history(&self, site: SiteKey) -> Result<Vec<Change>, SitesError> {
        let read = move |db: &Connection| Ok::<_, SitesError>((table::history(db, &site)?, site));
        let (versions, site) = self.store.read(read).await?;
        if versions.is_empty() {
            return Err(SitesError::NoSuchSite(site));
        }
        let json = |version: &Version| serde_json::to_value(&version.settings).unwrap_or_default();
        let first = SiteSettings::default();
        let before = versions.iter().skip(1).map(json);
        let before = before.chain([serde_json::to_value(first).unwrap_or_default()]);
        let change = |(version, before): (&Version, _)| Change {
            version: version.version,
            at: version.at,
            by: version.by.clone(),
            changes: differences(&before, &json(version)),
        };
        Ok(versions.iter().zip(before).map(change).collect())
    }

    /// Does the work, and puts in force what it returns once that is on disk.
    async fn write(
        &self,
        work: impl FnOnce(&Connection) -> Result<Vec<Version>, SitesError> + Send + 'static,
    ) -> Result<Vec<Version>, SitesError> {
        let in_force = self.in_force.clone();
        let publish = move |versions: &Vec<Version>| {
            in_force.send_modify(|sites| {
                let changed = versions.iter().map(|v| (v.site.clone(), v.clone()));
                *sites = Arc::new((**sites).clone().into_iter().chain(changed).collect());
            });
        };
        self.store.write(work, publish).await
    }
}

/// What is in force at a site, if it is still `base`.
fn in_force(db: &Connection, site: &SiteKey, base: Option<u32>) -> Result<Version, SitesError> {
    let now = table::of(db, site)?.ok_or_else(|| SitesError::NoSuchSite(site.clone()))?;
    match base {
        Some(base) if base != now.version => {
            Err(SitesError::Changed { site: site.clone(), now: now.version })
        }
        _ => Ok(now),
    }
}

fn put(
    db: &Connection,
    site: SiteKey,
    version: u32,
    settings: SiteSettings,
    by: &By,
    action: &str,
) -> Result<Version, SitesError> {
    audit::note(db, by.at, &by.who, action, &format!("{} v{version}", site.as_str()))?;
    let version = Version { site, version, at: by.at, by: by.who.clone(), settings };
    table::insert(db, &version)?;
    Ok(version)
}

fn only(mut versions: Vec<Version>) -> Version {
    versions.pop().expect("one site was written")
}

#[cfg(test)]
mod tests;
