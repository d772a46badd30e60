//! `shop.toml`: who the shop is, what it charges in, and when somebody is there.

use jiff::tz::TimeZone;
use toml::de::{DeTable, DeValue};

use super::files::Folder;
use super::findings::{Findings, Remark};
use super::settings::{self, Settings};
use crate::domain::hours::{self, DAYS, Opening};
use crate::domain::language::Locale;
use crate::domain::money::Currency;
use crate::knowledge::catalogue::Shop;

const FILE: &str = "shop.toml";
/// Keys with a meaning of their own; every other text is a contact fact.
const OWN_KEYS: [&str; 5] = ["name", "currency", "locale", "time_zone", "hours"];

/// Reads the file; without a readable one there is no shop, and a problem.
pub(super) fn read(folder: &Folder, findings: &mut Findings) -> Option<Shop> {
    let Some(name) = folder.one_of(&[FILE], findings) else {
        let message = "missing; write one with name, currency, locale and time_zone";
        findings.problem(Remark::new(FILE, message));
        return None;
    };
    let text = findings.keep(folder.read(name))?;
    let table = findings.keep(settings::parse(name, &text))?;
    let root = Settings::new(name, &text, &table);
    let title = findings.keep(root.required("name", "Tarn & Trail"));
    let currency = findings.keep(currency(&root));
    let locale = findings.keep(locale(&root));
    let time_zone = findings.keep(time_zone(&root));
    let hours = hours_of(name, &text, &root, findings);
    let contact = contact(&root, findings);
    Some(Shop {
        name: title?,
        currency: currency?,
        locale: locale?,
        time_zone: time_zone?,
        hours,
        contact,
    })
}

fn currency(root: &Settings) -> Result<Currency, Remark> {
    let code = root.required("currency", "EUR")?;
    code.parse().map_err(|_| {
        root.remark(
            "currency",
            format!("`{code}` is not a currency; write its three letters, like EUR"),
        )
    })
}

fn locale(root: &Settings) -> Result<Locale, Remark> {
    let tag = root.required("locale", "en-IE")?;
    Locale::new(&tag).map_err(|error| root.remark("locale", error.to_string()))
}

fn time_zone(root: &Settings) -> Result<String, Remark> {
    let name = root.required("time_zone", "Europe/Dublin")?;
    let zone = TimeZone::get(&name).ok();
    let canonical = zone.and_then(|zone| zone.iana_name().map(str::to_string));
    canonical.ok_or_else(|| {
        let message = format!("`{name}` is not a known time zone; write it like Europe/Dublin");
        root.remark("time_zone", message)
    })
}

fn hours_of(file: &str, text: &str, root: &Settings, findings: &mut Findings) -> [Vec<Opening>; 7] {
    let mut week: [Vec<Opening>; 7] = Default::default();
    match root.entries().find(|(key, _)| *key == "hours") {
        Some((_, DeValue::Table(table))) => fill(&mut week, file, text, table, findings),
        Some(_) => {
            findings.problem(root.remark("hours", "not a table; write [hours] above the days"))
        }
        None => {
            let message = "missing, so visitors are told that nobody is ever there; \
                           write [hours] and mon = [\"09:00-17:00\"]";
            findings.warn(root.remark("hours", message));
        }
    }
    week
}

fn fill(
    week: &mut [Vec<Opening>; 7],
    file: &str,
    text: &str,
    table: &DeTable,
    findings: &mut Findings,
) {
    let days = Settings::new(file, text, table);
    for (key, _) in days.entries() {
        let Some(day) = hours::day(key) else {
            let message = format!(
                "not a day; write {}. Other settings belong above [hours]",
                DAYS.join(", ")
            );
            findings.problem(days.remark(key, message));
            continue;
        };
        let parsed = days.texts(key).and_then(|blocks| {
            let blocks: Result<Vec<_>, _> = blocks.into_iter().map(hours::parse).collect();
            let sorted =
                blocks.and_then(|blocks| hours::sorted(blocks.into_iter().flatten().collect()));
            sorted.map_err(|error| days.remark(key, error.to_string()))
        });
        week[day] = findings.keep(parsed).unwrap_or_default();
    }
}

fn contact(root: &Settings, findings: &mut Findings) -> Vec<(String, String)> {
    let mut contact = Vec::new();
    for (key, _) in root.entries().filter(|(key, _)| !OWN_KEYS.contains(key)) {
        let text = root.optional(key).map_err(|_| {
            let message = "unknown; a shop has name, currency, locale, time_zone, [hours], and \
                           further facts as text, like email = \"hello@example.com\"";
            root.remark(key, message)
        });
        contact.extend(findings.keep(text).flatten().map(|text| (key.to_string(), text)));
    }
    contact
}
