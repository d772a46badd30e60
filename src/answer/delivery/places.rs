//! Places that parcels go to: countries, the cities people name instead, and the regions that hold
//! them. General geography; what a shop charges for a place is in its own pages.

use std::collections::BTreeSet;

use crate::domain::language::words;

/// A place by its usual English name, or a region of several.
pub type Place = &'static str;

const HOME: Place = "home";

/// Countries of the European Union, by the names people write.
const UNION: &[&[&str]] = &[
    &["austria"],
    &["belgium"],
    &["bulgaria"],
    &["croatia"],
    &["cyprus"],
    &["czechia", "czech republic"],
    &["denmark"],
    &["estonia"],
    &["finland"],
    &["france"],
    &["germany"],
    &["greece"],
    &["hungary"],
    &["ireland", "republic of ireland", "eire"],
    &["italy"],
    &["latvia"],
    &["lithuania"],
    &["luxembourg"],
    &["malta"],
    &["netherlands", "holland"],
    &["poland"],
    &["portugal"],
    &["romania"],
    &["slovakia"],
    &["slovenia"],
    &["spain"],
    &["sweden"],
];

/// Other countries in Europe.
const EUROPE: &[&[&str]] = &[
    &["switzerland"],
    &["norway"],
    &["iceland"],
    &["liechtenstein"],
    &["ukraine"],
    &["serbia"],
    &["turkey", "turkiye"],
    &["albania"],
    &["montenegro"],
    &["bosnia"],
    &["north macedonia", "macedonia"],
    &["moldova"],
    &["monaco"],
    &["andorra"],
    &["england"],
    &["scotland"],
    &["wales"],
    &["northern ireland", "ulster"],
    &["guernsey"],
    &["jersey"],
    &["isle of man"],
    &["isle of skye", "skye"],
    &["isle of wight"],
    &["orkney"],
    &["shetland"],
    &["outer hebrides", "hebrides"],
    &["inverness"],
    &["sylt"],
    &["canary islands", "canaries", "tenerife"],
    &["balearic islands", "mallorca", "majorca", "ibiza"],
];

/// Countries elsewhere.
const WORLD: &[&[&str]] = &[
    &["united states", "usa", "us", "america", "the states"],
    &["canada"],
    &["mexico"],
    &["brazil"],
    &["argentina"],
    &["australia"],
    &["new zealand"],
    &["japan"],
    &["china"],
    &["hong kong"],
    &["singapore"],
    &["india"],
    &["israel"],
    &["south africa"],
    &["south korea", "korea"],
    &["uae", "united arab emirates", "dubai"],
    &["russia"],
    &["thailand"],
    &["egypt"],
    &["morocco"],
];

/// Regions and what they hold.
const REGIONS: &[(&[&str], &[&str])] = &[
    (&["great britain", "britain", "gb", "uk mainland"], &["england", "scotland", "wales"]),
    (&["uk", "united kingdom"], &["great britain", "northern ireland"]),
    (&["benelux"], &["belgium", "netherlands", "luxembourg"]),
    (&["scandinavia"], &["denmark", "norway", "sweden"]),
    (&["channel islands"], &["guernsey", "jersey"]),
    (
        &["islands", "isles", "the islands"],
        &[
            "isle of skye",
            "isle of wight",
            "orkney",
            "shetland",
            "outer hebrides",
            "channel islands",
            "isle of man",
            "sylt",
            "canary islands",
            "balearic islands",
        ],
    ),
    (&["highlands", "scottish highlands"], &["inverness"]),
];

const EU: &[&str] = &["european union", "eu"];
const CONTINENT: &[&str] = &["europe"];
const ANYWHERE: &[&str] = &["worldwide", "anywhere", "rest of the world", "all over the world"];
/// Words for places beyond the shop's own country.
const AWAY: &[&str] = &["abroad", "overseas", "international", "internationally"];
/// Words for the shop's own country.
const AT_HOME: &[&str] = &["domestic", "nationwide", "inland", "national"];

/// Cities that people name instead of the country.
const CITIES: &[(&str, &[&str])] = &[
    ("ireland", &["dublin", "cork", "galway", "limerick", "waterford"]),
    ("northern ireland", &["belfast", "derry"]),
    ("england", &["london", "manchester", "birmingham", "liverpool", "leeds", "bristol"]),
    ("scotland", &["edinburgh", "glasgow", "aberdeen"]),
    ("wales", &["cardiff", "swansea"]),
    ("france", &["paris", "lyon", "marseille", "toulouse", "bordeaux", "strasbourg"]),
    ("germany", &["berlin", "munich", "hamburg", "cologne", "frankfurt", "stuttgart", "leipzig"]),
    ("austria", &["vienna", "salzburg", "graz", "innsbruck", "linz"]),
    ("switzerland", &["zurich", "geneva", "basel", "bern", "lausanne"]),
    ("italy", &["rome", "milan", "naples", "turin", "florence", "venice"]),
    ("spain", &["madrid", "barcelona", "valencia", "seville", "malaga"]),
    ("portugal", &["lisbon", "porto"]),
    ("netherlands", &["amsterdam", "rotterdam", "utrecht", "the hague"]),
    ("belgium", &["brussels", "antwerp", "ghent", "bruges"]),
    ("denmark", &["copenhagen", "aarhus"]),
    ("sweden", &["stockholm", "gothenburg", "malmo"]),
    ("norway", &["oslo", "bergen"]),
    ("finland", &["helsinki"]),
    ("poland", &["warsaw", "krakow", "gdansk"]),
    ("czechia", &["prague", "brno"]),
    ("hungary", &["budapest"]),
    ("slovakia", &["bratislava"]),
    ("slovenia", &["ljubljana"]),
    ("croatia", &["zagreb"]),
    ("romania", &["bucharest"]),
    ("bulgaria", &["sofia"]),
    ("greece", &["athens", "thessaloniki"]),
    ("estonia", &["tallinn"]),
    ("latvia", &["riga"]),
    ("lithuania", &["vilnius"]),
    ("iceland", &["reykjavik"]),
    ("united states", &["new york", "los angeles", "chicago", "boston", "california"]),
    ("canada", &["toronto", "vancouver", "montreal"]),
    ("australia", &["sydney", "melbourne"]),
    ("japan", &["tokyo"]),
];

/// Where a shop is, by the region of its locale.
pub fn home(region: &str) -> Option<Place> {
    Some(match region {
        "IE" => "ireland",
        "GB" => "great britain",
        "US" => "united states",
        "CA" => "canada",
        "AU" => "australia",
        "NZ" => "new zealand",
        "DE" => "germany",
        "AT" => "austria",
        "CH" => "switzerland",
        "FR" => "france",
        "NL" => "netherlands",
        "BE" => "belgium",
        "ES" => "spain",
        "IT" => "italy",
        "PT" => "portugal",
        "DK" => "denmark",
        "SE" => "sweden",
        "FI" => "finland",
        "NO" => "norway",
        "PL" => "poland",
        _ => return None,
    })
}

/// The places a text names, in no order. `home` is what "nationwide" means.
pub fn named(text: &str, home: Option<Place>) -> BTreeSet<Place> {
    // Padded, so that only whole words are found: "us" is in every "house".
    let said: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    let mut rest = format!(" {} ", said.join(" "));
    // "Us" is a word of its own in English; the country has capitals.
    if !text.contains("US") {
        rest = rest.replace(" us ", " ");
    }
    let mut found = BTreeSet::new();
    let mut names: Vec<(&str, Place)> = all().collect();
    // "Northern Ireland" before "Ireland".
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, place) in names {
        let padded = format!(" {name} ");
        if rest.contains(&padded) {
            rest = rest.replace(&padded, " . ");
            match place {
                HOME => found.extend(home),
                place => {
                    found.insert(place);
                }
            }
        }
    }
    found
}

/// Every name with the place it stands for.
fn all() -> impl Iterator<Item = (&'static str, Place)> {
    let countries = UNION.iter().chain(EUROPE).chain(WORLD);
    let countries = countries.flat_map(|names| names.iter().map(move |name| (*name, names[0])));
    let regions =
        REGIONS.iter().flat_map(|(names, _)| names.iter().map(move |name| (*name, names[0])));
    let cities =
        CITIES.iter().flat_map(|(place, names)| names.iter().map(move |name| (*name, *place)));
    let wide = [EU, CONTINENT, ANYWHERE, AWAY].into_iter();
    let wide = wide.flat_map(|names| names.iter().map(move |name| (*name, names[0])));
    let home = AT_HOME.iter().map(|name| (*name, HOME));
    countries.chain(regions).chain(cities).chain(wide).chain(home)
}

/// Does a region hold a place? A place holds itself. `home` decides what is abroad.
pub fn holds(region: Place, place: Place, home: Option<Place>) -> bool {
    if region == place {
        return true;
    }
    let listed = |list: &[&[&str]]| list.iter().any(|names| names[0] == place);
    let part = |parts: &&[&'static str]| parts.iter().any(|part| holds(part, place, home));
    match region {
        "european union" => listed(UNION),
        "europe" => {
            listed(UNION)
                || listed(EUROPE)
                || matches!(place, "great britain" | "uk" | "european union")
        }
        "worldwide" => true,
        "abroad" => home.is_some_and(|home| !holds(home, place, None)) && place != "worldwide",
        region => REGIONS.iter().find(|(n, _)| n[0] == region).map(|(_, p)| p).is_some_and(part),
    }
}

/// Is it one country, or a part of one, and not a region of several?
pub fn is_wide(place: Place) -> bool {
    matches!(place, "european union" | "europe" | "worldwide" | "abroad")
}

/// The name as it is written in a sentence.
pub fn written(place: Place) -> String {
    match place {
        "united states" | "netherlands" | "european union" | "uk" | "uae" => {
            let name = if place.len() < 4 { place.to_uppercase() } else { titled(place) };
            format!("the {name}")
        }
        place => titled(place),
    }
}

fn titled(place: &str) -> String {
    let word = |word: &str| match word {
        "of" => word.to_string(),
        word => super::super::wording::capitalised(word),
    };
    place.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Place> {
        named(text, Some("ireland")).into_iter().collect()
    }

    #[test]
    fn places_are_found_by_country_city_and_region() {
        assert_eq!(found("what is postage to Vienna"), ["austria"]);
        assert_eq!(found("do you ship to Northern Ireland?"), ["northern ireland"]);
        assert_eq!(found("tell us the price"), Vec::<Place>::new());
        assert_eq!(found("delivery to the US"), ["united states"]);
        assert_eq!(
            found("Belgium, France and the rest of the EU"),
            ["belgium", "european union", "france"]
        );
        assert_eq!(found("domestic orders"), ["ireland"]);
    }

    #[test]
    fn regions_hold_their_parts() {
        let home = Some("ireland");
        assert!(holds("european union", "spain", home) && !holds("european union", "norway", home));
        assert!(holds("uk", "scotland", home) && holds("great britain", "wales", home));
        assert!(!holds("great britain", "northern ireland", home));
        assert!(holds("europe", "switzerland", home) && !holds("europe", "canada", home));
        assert!(holds("abroad", "france", home) && !holds("abroad", "ireland", home));
    }
}
