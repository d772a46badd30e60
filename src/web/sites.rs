//! The sites and their settings, as managers see and change them, and the bot's pause.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};

use super::Web;
use super::access::{Admin, Manager, Reader, Staff};
use super::body::Body;
use super::error::WebError;
use crate::domain::ids::SiteKey;
use crate::domain::time::Instant;
use crate::sites::settings::SiteSettings;
use crate::sites::{By, Change, Version};

/// Longest pause with an end, in minutes: a week.
const LONGEST_PAUSE: u32 = 7 * 24 * 60;

/// A site as it is now.
#[derive(Serialize)]
pub struct Shown {
    #[serde(flatten)]
    version: Version,
    /// The brand that visitors see.
    shown_as: String,
    /// Whose wall its clock hangs on.
    zone: String,
    /// Is somebody there by the hours?
    open: bool,
    /// When somebody is there next, if it is closed.
    opens_at: Option<Instant>,
    /// Does the bot answer?
    bot_speaks: bool,
}

/// New settings, and the version they were made from.
#[derive(Deserialize)]
pub struct Changed {
    base: u32,
    settings: SiteSettings,
}

/// A new site.
#[derive(Deserialize)]
pub struct New {
    key: SiteKey,
    #[serde(default)]
    settings: SiteSettings,
}

/// Which version is to be in force again.
#[derive(Deserialize)]
pub struct Revert {
    base: u32,
    to: u32,
}

/// Where the bot is to be silent or to speak: everywhere, if no site is named.
#[derive(Deserialize)]
pub struct Where {
    site: Option<SiteKey>,
    /// Until when; until somebody says so, if not set.
    minutes: Option<u32>,
}

/// `GET /api/sites`
pub async fn list(_: Reader, State(web): State<Web>) -> Json<Vec<Shown>> {
    Json(web.sites.all().values().cloned().map(|version| shown(&web, version)).collect())
}

/// `POST /api/sites`
pub async fn add(
    staff: Admin,
    State(web): State<Web>,
    Body(new): Body<New>,
) -> Result<Json<Shown>, WebError> {
    let version = web.sites.add(new.key, new.settings, by(&staff)).await?;
    Ok(Json(shown(&web, version)))
}

/// `POST /api/sites/{key}`
pub async fn change(
    staff: Manager,
    State(web): State<Web>,
    Path(key): Path<SiteKey>,
    Body(changed): Body<Changed>,
) -> Result<Json<Shown>, WebError> {
    let settings = changed.settings;
    let change = move |_| Ok(settings);
    let version = web.sites.change(key, Some(changed.base), by(&staff), change).await?;
    Ok(Json(shown(&web, version)))
}

/// `GET /api/sites/{key}/history`
pub async fn history(
    _: Manager,
    State(web): State<Web>,
    Path(key): Path<SiteKey>,
) -> Result<Json<Vec<Change>>, WebError> {
    Ok(Json(web.sites.history(key).await?))
}

/// `POST /api/sites/{key}/revert`
pub async fn revert(
    staff: Manager,
    State(web): State<Web>,
    Path(key): Path<SiteKey>,
    Body(revert): Body<Revert>,
) -> Result<Json<Shown>, WebError> {
    let version = web.sites.revert(key, Some(revert.base), Some(revert.to), by(&staff)).await?;
    Ok(Json(shown(&web, version)))
}

/// `POST /api/bot/pause`
pub async fn pause(
    staff: Manager,
    State(web): State<Web>,
    Body(wanted): Body<Where>,
) -> Result<Json<Vec<Shown>>, WebError> {
    if wanted.minutes.is_some_and(|minutes| !(1..=LONGEST_PAUSE).contains(&minutes)) {
        return Err(WebError::BadRequest(format!("minutes: from 1 to {LONGEST_PAUSE}")));
    }
    let by = by(&staff);
    let long = |minutes: u32| by.at.plus(Duration::from_secs(60 * u64::from(minutes)));
    let until = wanted.minutes.map(long);
    Ok(all(&web, web.sites.pause(wanted.site, until, by).await?))
}

/// `POST /api/bot/resume`
pub async fn resume(
    staff: Manager,
    State(web): State<Web>,
    Body(wanted): Body<Where>,
) -> Result<Json<Vec<Shown>>, WebError> {
    Ok(all(&web, web.sites.resume(wanted.site, by(&staff)).await?))
}

fn all(web: &Web, versions: Vec<Version>) -> Json<Vec<Shown>> {
    Json(versions.into_iter().map(|version| shown(web, version)).collect())
}

fn by(staff: &Staff) -> By {
    By { who: staff.user.name.clone(), at: Instant::now() }
}

fn shown(web: &Web, version: Version) -> Shown {
    let site = web.sites.site(&version.site, web.answerer.shop());
    let now = web.jobs.now();
    let (hours, open) = (site.hours(), site.hours().open_at(now));
    Shown {
        shown_as: site.name().to_string(),
        zone: site.zone_name().to_string(),
        open,
        opens_at: if open { None } else { hours.next_opening(now) },
        bot_speaks: site.bot_speaks(now),
        version,
    }
}
