//! Columns by the names that answers use for them, whatever a feed calls them: `gewicht`, `Weight (g)`
//! and `net_weight` are all `weight`. A unit that stands in the header goes to where readers need it,
//! behind the number. What is kept of a shop stays as its owner wrote it; this is how it is read.

use std::borrow::Cow;

use super::{Attribute, Product};
use crate::domain::language::fold;

/// English names and what feeds call them, folded, with `_` for spaces: English first, then German,
/// French, Spanish, Italian, Dutch.
const GLOSSARY: &[(&str, &[&str])] = &[
    (
        "weight",
        &[
            "net_weight",
            "item_weight",
            "product_weight",
            "wt",
            "mass",
            "gewicht",
            "nettogewicht",
            "eigengewicht",
            "artikelgewicht",
            "poids",
            "peso",
            "peso_netto",
        ],
    ),
    (
        "length",
        &["item_length", "laenge", "lange", "longueur", "longitud", "largo", "lunghezza", "lengte"],
    ),
    ("width", &["item_width", "breite", "largeur", "ancho", "anchura", "larghezza", "breedte"]),
    ("height", &["item_height", "hoehe", "hohe", "hauteur", "altura", "alto", "altezza", "hoogte"]),
    ("depth", &["tiefe", "profondeur", "profundidad", "profondita", "diepte"]),
    ("thickness", &["dicke", "starke", "staerke", "epaisseur", "grosor", "spessore", "dikte"]),
    ("diameter", &["durchmesser", "diametre", "diametro", "doorsnede"]),
    (
        "dimensions",
        &[
            "masse",
            "abmessungen",
            "abmessung",
            "dimension",
            "dimensiones",
            "dimensioni",
            "afmetingen",
            "maten",
        ],
    ),
    ("size", &["groesse", "grosse", "taille", "talla", "taglia", "maat", "konfektionsgrosse"]),
    ("color", &["colour", "farbe", "couleur", "colore", "kleur"]),
    (
        "material",
        &["werkstoff", "materiau", "matiere", "materiale", "materiaal", "fabric", "obermaterial"],
    ),
    (
        "brand",
        &["marke", "hersteller", "marque", "marca", "merk", "manufacturer", "maker", "producer"],
    ),
    (
        "capacity",
        &[
            "inhalt",
            "fassungsvermogen",
            "kapazitat",
            "contenance",
            "capacite",
            "capacidad",
            "capacita",
            "inhoud",
        ],
    ),
    ("volume", &["volumen", "volumes", "volumenes"]),
    ("power", &["leistung", "puissance", "potencia", "potenza", "vermogen"]),
    ("voltage", &["spannung", "tension", "voltaje", "tensione", "spanning"]),
    (
        "battery_life",
        &["akkulaufzeit", "laufzeit", "batterielaufzeit", "autonomie", "autonomia", "batterijduur"],
    ),
    ("burn_time", &["brenndauer", "brennzeit", "leuchtdauer"]),
    (
        "brightness",
        &["helligkeit", "lichtstrom", "luminosite", "brillo", "luminosita", "helderheid"],
    ),
    ("warranty", &["guarantee", "garantie", "garantia", "garanzia", "gewahrleistung"]),
    (
        "country_of_origin",
        &[
            "herkunft",
            "herkunftsland",
            "ursprungsland",
            "origin",
            "made_in",
            "origine",
            "origen",
            "herkomst",
        ],
    ),
    ("gender", &["geschlecht", "genre", "genero", "genere", "geslacht"]),
    ("age", &["alter", "age_group", "age_range", "edad", "eta", "leeftijd", "altersempfehlung"]),
    ("pattern", &["muster", "motif", "patron", "motivo", "patroon"]),
    ("shape", &["form", "forme", "forma", "vorm"]),
    ("flavour", &["geschmack", "flavor", "sabor", "gusto", "smaak", "sorte"]),
    ("ingredients", &["zutaten", "zusammensetzung", "ingredientes", "ingredienti", "ingredienten"]),
    ("washing", &["waschen", "pflege", "pflegehinweis", "care", "lavage", "lavado", "lavaggio"]),
    (
        "dishwasher_safe",
        &[
            "spuelmaschinenfest",
            "spulmaschinenfest",
            "spulmaschinengeeignet",
            "dishwasher",
            "lave_vaisselle",
            "lavavajillas",
            "lavastoviglie",
            "vaatwasser",
        ],
    ),
    ("oven_safe", &["backofenfest", "ofenfest", "oven", "ovenproof", "four", "horno", "forno"]),
    ("induction", &["induktion", "induktionsgeeignet", "induccion", "induzione", "inductie"]),
    ("waterproof", &["wasserdicht", "impermeable", "impermeabile", "waterdicht"]),
    ("assembly", &["montage", "aufbau", "montaje", "montaggio"]),
    (
        "pieces",
        &[
            "stuck",
            "stueck",
            "stuckzahl",
            "anzahl",
            "pieces_per_pack",
            "piezas",
            "pezzi",
            "stuks",
            "pack_size",
        ],
    ),
    (
        "maximum_load",
        &[
            "belastbarkeit",
            "traglast",
            "max_belastung",
            "max_load",
            "charge_maximale",
            "carga_maxima",
            "portata",
        ],
    ),
    ("maximum_user_weight", &["korpergewicht"]),
    ("blade_length", &["klingenlange", "klingenlaenge"]),
    ("cable_length", &["kabellange", "kabellaenge"]),
    ("handle_length", &["grifflange", "stiellange"]),
    ("temperature", &["temperatur", "temperature_range", "temperatura"]),
    ("speed", &["geschwindigkeit", "vitesse", "velocidad", "velocita", "snelheid"]),
    ("noise", &["lautstarke", "gerausch", "bruit", "ruido", "rumore", "geluid", "noise_level"]),
    ("model", &["modell", "modele", "modelo", "modello"]),
    ("season", &["saison", "jahreszeit", "temporada", "stagione", "seizoen"]),
    ("language", &["sprache", "langue", "idioma", "lingua", "taal"]),
    ("author", &["autor", "auteur", "autore"]),
    (
        "suitable_for",
        &[
            "geeignet_fur",
            "suited_for",
            "fits",
            "passend_fur",
            "convient_pour",
            "apto_para",
            "adatto_a",
            "geschikt_voor",
        ],
    ),
    ("scope_of_delivery", &["lieferumfang", "contents", "in_the_box", "included", "contenu"]),
    ("delivery_time", &["lieferzeit", "delai_de_livraison", "plazo_de_entrega", "levertijd"]),
];

/// Endings of German compounds that say what is measured: `rohrlange` is a length.
const ENDINGS: &[(&str, &str)] = &[
    ("durchmesser", "diameter"),
    ("lange", "length"),
    ("laenge", "length"),
    ("breite", "width"),
    ("hohe", "height"),
    ("hoehe", "height"),
    ("tiefe", "depth"),
    ("gewicht", "weight"),
    ("volumen", "volume"),
    ("leistung", "power"),
    ("temperatur", "temperature"),
    ("material", "material"),
    ("farbe", "color"),
];

/// Units that headers carry.
const UNITS: &[&str] = &[
    "g", "kg", "mg", "lb", "lbs", "oz", "mm", "cm", "m", "in", "inch", "ft", "ml", "cl", "l",
    "litres", "liters", "litre", "w", "watt", "watts", "kw", "v", "volt", "mah", "ah", "wh", "lm",
    "lumen", "lumens", "h", "hours", "hrs", "min", "minutes", "days", "months", "years", "yrs",
    "db", "bar", "kelvin", "c", "hz", "persons", "people", "pcs", "percent",
];

/// A product with its columns under their English names and units behind numbers.
pub fn in_english(product: &Product) -> Product {
    let mut read = product.clone();
    for attribute in &mut read.attributes {
        *attribute = column(attribute);
    }
    read
}

fn column(attribute: &Attribute) -> Attribute {
    let (name, unit) = parted(&attribute.name);
    let name = english(name).to_string();
    let bare = |value: &str| value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let value = match unit {
        Some(unit) if bare(&attribute.value) => format!("{} {}", attribute.value, written(&unit)),
        _ => attribute.value.clone(),
    };
    Attribute { name, value }
}

/// `weight_(g)` and `weight_g` as a name and a unit.
fn parted(name: &str) -> (&str, Option<String>) {
    let known = |unit: &str| UNITS.contains(&unit).then(|| unit.to_string());
    if let Some((before, rest)) = name.split_once(['(', '[']) {
        let before = before.trim_end_matches('_');
        let unit = rest.trim_end_matches([')', ']']).trim_matches('_');
        return if before.is_empty() { (name, None) } else { (before, known(unit)) };
    }
    match name.rsplit_once('_') {
        // "made_in" ends in no inch.
        Some((before, unit)) if unit != "in" && !before.is_empty() && known(unit).is_some() => {
            (before, known(unit))
        }
        _ => (name, None),
    }
}

fn written(unit: &str) -> String {
    match unit {
        "w" | "v" => unit.to_uppercase(),
        "c" => "°C".into(),
        "mah" => "mAh".into(),
        "wh" => "Wh".into(),
        "kelvin" => "K".into(),
        "percent" => "%".into(),
        unit => unit.to_string(),
    }
}

fn english(name: &str) -> Cow<'_, str> {
    let folded = fold(name).replace(' ', "_");
    if GLOSSARY.iter().any(|(english, _)| *english == folded) {
        return Cow::Owned(folded);
    }
    if let Some((english, _)) = GLOSSARY.iter().find(|(_, names)| names.contains(&folded.as_str()))
    {
        return Cow::Borrowed(*english);
    }
    let ending = ENDINGS.iter().find_map(|(ending, english)| {
        let before = folded.strip_suffix(ending)?;
        (before.len() > 2 && !before.ends_with('_')).then(|| format!("{before}_{english}"))
    });
    ending.map_or(Cow::Borrowed(name), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> (String, String) {
        let attribute = Attribute { name: name.into(), value: value.into() };
        let Attribute { name, value } = column(&attribute);
        (name, value)
    }

    #[test]
    fn columns_are_known_by_one_name_in_several_languages() {
        for (name, english) in [
            ("gewicht", "weight"),
            ("länge", "length"),
            ("colour", "color"),
            ("spülmaschinenfest", "dishwasher_safe"),
            ("rohrlänge", "rohr_length"),
            ("water_column", "water_column"),
            ("made_in", "country_of_origin"),
        ] {
            assert_eq!(read(name, "x").0, english, "{name}");
        }
    }

    #[test]
    fn a_unit_in_the_header_goes_behind_the_number() {
        assert_eq!(read("weight_(g)", "310"), ("weight".into(), "310 g".into()));
        assert_eq!(read("power_w", "40"), ("power".into(), "40 W".into()));
        assert_eq!(read("weight_(g)", "310 g"), ("weight".into(), "310 g".into()));
        assert_eq!(read("burn_time", "40 h"), ("burn_time".into(), "40 h".into()));
    }
}
