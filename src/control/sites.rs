//! Orders about sites and the bot's pause.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{OPERATOR, said, shown};
use crate::domain::ids::SiteKey;
use crate::domain::time::Instant;
use crate::sites::settings::SiteSettings;
use crate::sites::{By, Sites, SitesError};

/// What is asked about sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Ask {
    /// What is in force everywhere.
    List,
    /// A new site, with nothing set.
    Add {
        /// Its key.
        site: SiteKey,
    },
    /// Another value for one setting.
    Set {
        /// Whose.
        site: SiteKey,
        /// Its path, as `texts.greeting`.
        field: String,
        /// The value; `null` follows the shop again.
        value: Value,
    },
    /// What was changed, when, by whom.
    History {
        /// Whose.
        site: SiteKey,
    },
    /// As it was in an earlier version; the one before, if none is named.
    Revert {
        /// Which.
        site: SiteKey,
        /// The version.
        to: Option<u32>,
    },
    /// The bot is silent.
    Pause {
        /// Where; everywhere, if none is named.
        site: Option<SiteKey>,
        /// For how long; until it is resumed, if not set.
        minutes: Option<u32>,
    },
    /// The bot speaks.
    Resume {
        /// Where; everywhere, if none is named.
        site: Option<SiteKey>,
    },
}

/// Does what was ordered.
pub async fn obey(sites: &Sites, order: Ask) -> Result<Value, String> {
    let by = By { who: OPERATOR.into(), at: Instant::now() };
    match order {
        Ask::List => shown(Ok::<_, SitesError>(sites.all().values().cloned().collect::<Vec<_>>())),
        Ask::Add { site } => shown(sites.add(site, SiteSettings::default(), by).await),
        Ask::Set { site, field, value } => {
            let now = sites.all().get(&site).cloned();
            let now = now.ok_or_else(|| said(SitesError::NoSuchSite(site.clone())))?;
            let settings = with(&now.settings, &field, value)?;
            let base = Some(now.version);
            shown(sites.change(site, base, by, move |_| Ok(settings)).await)
        }
        Ask::History { site } => shown(sites.history(site).await),
        Ask::Revert { site, to } => shown(sites.revert(site, None, to, by).await),
        Ask::Pause { site, minutes } => {
            let long = |minutes: u32| by.at.plus(Duration::from_secs(60 * u64::from(minutes)));
            let until = minutes.map(long);
            shown(sites.pause(site, until, by).await)
        }
        Ask::Resume { site } => shown(sites.resume(site, by).await),
    }
}

/// The settings with another value at a path.
fn with(settings: &SiteSettings, field: &str, value: Value) -> Result<SiteSettings, String> {
    let mut all = serde_json::to_value(settings).map_err(said)?;
    let mut place = &mut all;
    for name in field.split('.') {
        if !place.is_object() {
            *place = Value::Object(serde_json::Map::new());
        }
        place = &mut place[name];
    }
    *place = value;
    serde_json::from_value(all).map_err(|error| format!("{field}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_setting_is_set_by_its_path() {
        let settings = SiteSettings::default();
        let set = with(&settings, "texts.greeting", json!("Hello, I am an AI.")).expect("set");
        assert_eq!(set.texts.greeting.as_deref(), Some("Hello, I am an AI."));
        let hours = with(&set, "hours.mon", json!(["09:00-12:00"])).expect("set");
        assert!(hours.hours.is_some_and(|week| week.0[0].len() == 1));
        let unset = with(&set, "texts.greeting", Value::Null).expect("set");
        assert_eq!(unset, settings);
    }

    #[test]
    fn what_cannot_be_is_named() {
        let wrong =
            |field, value| with(&SiteSettings::default(), field, value).expect_err("cannot be");
        let error = wrong("hours.mon", json!(["nine"]));
        assert!(error.starts_with("hours.mon: ") && error.contains("`nine`"), "{error}");
        assert!(wrong("greting", json!("x")).contains("unknown field `greting`"));
    }
}
