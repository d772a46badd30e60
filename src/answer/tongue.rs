//! In what language is a message, if it is one that the models do not read? Pure.
//!
//! The models read English. A message in another language is told by its letters, or by its little
//! words: the ones that every sentence of a language has and English has not. Names prove nothing
//! (a Quechua tent, a Fjällräven bag), so words that the shop knows are not counted, and a single
//! little word is not enough beside English ones.

use crate::domain::language::{is_stop_word, words};

/// A language that a message may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Italian.
    Italian,
    /// Dutch.
    Dutch,
    /// Portuguese.
    Portuguese,
    /// Polish.
    Polish,
    /// One that is not written in Latin letters.
    OtherLetters,
}

impl Tongue {
    const LATIN: [Self; 7] = [
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Dutch,
        Self::Portuguese,
        Self::Polish,
    ];

    /// The two letters of its tag; empty where the letters alone do not tell.
    pub fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Portuguese => "pt",
            Self::Polish => "pl",
            Self::OtherLetters => "",
        }
    }

    /// That only English is understood, and the offer of a person, in this language.
    pub fn sorry(self) -> &'static str {
        match self {
            Self::German => {
                "Leider verstehe ich nur Englisch. Möchten Sie mit einem Menschen sprechen?"
            }
            Self::French => {
                "Malheureusement, je ne comprends que l'anglais. Voulez-vous parler à une personne ?"
            }
            Self::Spanish => "Lo siento, solo entiendo inglés. ¿Quiere hablar con una persona?",
            Self::Italian => "Mi dispiace, capisco solo l'inglese. Vuole parlare con una persona?",
            Self::Dutch => "Helaas begrijp ik alleen Engels. Wilt u met een medewerker spreken?",
            Self::Portuguese => "Lamento, só compreendo inglês. Quer falar com uma pessoa?",
            Self::Polish => {
                "Niestety rozumiem tylko po angielsku. Czy chce Pan/Pani porozmawiać z pracownikiem?"
            }
            Self::OtherLetters => "",
        }
    }

    /// Words that nearly every message in it has one of, and no English one; folded, so without
    /// accents.
    fn little_words(self) -> &'static [&'static str] {
        match self {
            Self::German => &[
                "ich",
                "sie",
                "ist",
                "und",
                "der",
                "das",
                "ein",
                "eine",
                "einen",
                "nicht",
                "wie",
                "viel",
                "haben",
                "habt",
                "hat",
                "kostet",
                "kosten",
                "gibt",
                "fur",
                "mit",
                "auf",
                "von",
                "wann",
                "wo",
                "kann",
                "konnen",
                "noch",
                "auch",
                "sind",
                "mein",
                "meine",
                "bitte",
                "guten",
                "danke",
                "welche",
                "welches",
                "den",
                "dem",
                "zum",
                "zur",
                "es",
                "lange",
                "oder",
                "bei",
                "nach",
                "wieviel",
                "lieferung",
                "versand",
                "mochte",
                "zu",
            ],
            Self::French => &[
                "je",
                "vous",
                "est",
                "et",
                "le",
                "la",
                "les",
                "des",
                "une",
                "du",
                "que",
                "qui",
                "pour",
                "avec",
                "dans",
                "avez",
                "combien",
                "coute",
                "quel",
                "quelle",
                "quels",
                "puis",
                "bonjour",
                "merci",
                "sont",
                "mon",
                "ma",
                "livraison",
                "ou",
                "quand",
                "comment",
                "pas",
                "ce",
                "cette",
                "votre",
                "vos",
                "peut",
                "il",
                "elle",
                "avoir",
                "prix",
                "nous",
                "au",
                "aux",
                "sur",
            ],
            Self::Spanish => &[
                "el", "los", "las", "una", "que", "para", "con", "por", "cuanto", "cuesta", "hola",
                "gracias", "tienen", "tiene", "hay", "donde", "cuando", "como", "es", "son",
                "puedo", "esta", "este", "mi", "su", "del", "al", "y", "envio", "precio", "cual",
                "quiero", "la", "se", "les", "en", "de",
            ],
            Self::Italian => &[
                "il",
                "lo",
                "gli",
                "una",
                "che",
                "per",
                "con",
                "quanto",
                "costa",
                "ciao",
                "grazie",
                "avete",
                "dove",
                "quando",
                "come",
                "sono",
                "posso",
                "questa",
                "questo",
                "mio",
                "della",
                "del",
                "spedizione",
                "prezzo",
                "quale",
                "vorrei",
                "la",
                "di",
                "e",
                "ce",
                "buongiorno",
                "un",
                "nel",
            ],
            Self::Dutch => &[
                "ik", "het", "een", "en", "van", "voor", "met", "hoeveel", "kost", "kosten",
                "hebben", "heeft", "jullie", "niet", "zijn", "wat", "waar", "wanneer", "hoe",
                "kan", "deze", "dit", "mijn", "bedankt", "graag", "welke", "ook", "nog", "naar",
                "de", "u", "levering",
            ],
            Self::Portuguese => &[
                "o", "os", "uma", "que", "para", "com", "quanto", "custa", "ola", "obrigado",
                "obrigada", "tem", "voces", "onde", "quando", "como", "sao", "posso", "esta",
                "este", "meu", "minha", "da", "envio", "preco", "qual", "quero", "nao", "em", "um",
                "e",
            ],
            Self::Polish => &[
                "ile", "kosztuje", "czy", "jest", "nie", "macie", "jak", "gdzie", "kiedy", "dla",
                "na", "sie", "jaki", "jaka", "prosze", "dziekuje", "dzien", "dobry", "moge", "mam",
                "wysylka", "cena", "lub", "tez", "ta", "ten",
            ],
            Self::OtherLetters => &[],
        }
    }
}

/// The language of a message that is not in English and not in the shop's language, whose two-letter
/// code is `of_shop`. `known` tells whether the shop uses a folded word.
pub fn foreign(text: &str, of_shop: &str, known: impl Fn(&str) -> bool) -> Option<Tongue> {
    if in_other_letters(text) {
        return (!in_other_letters_of(of_shop)).then_some(Tongue::OtherLetters);
    }
    let all: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    let little = |tongue: &Tongue| {
        let of = tongue.little_words();
        all.iter().filter(|word| of.contains(&word.as_str())).count()
    };
    // Of equals the first: they share their little words, and any of them is not English.
    let tongue = Tongue::LATIN.into_iter().rev().max_by_key(little)?;
    let found = little(&tongue);
    let shared = |word: &&String| tongue.little_words().contains(&word.as_str());
    let english =
        all.iter().filter(|word| !shared(word) && (is_stop_word(word) || known(word))).count();
    let whole = all.iter().filter(|word| word.chars().any(char::is_alphabetic)).count();
    // Two little words, or one of a message of two or three words; and more than what is English.
    let enough = found >= 2 || found == 1 && (2..=3).contains(&whole) && english == 0;
    (enough && found > english && tongue.code() != of_shop).then_some(tongue)
}

/// Is most of a text not in Latin letters?
fn in_other_letters(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    // Latin, with its extensions, ends before Greek.
    let other = letters().filter(|c| *c >= '\u{370}' && !('\u{1e00}'..'\u{1f00}').contains(c));
    let (all, other) = (letters().count(), other.count());
    all > 0 && other * 2 > all
}

/// Does the shop itself write in such letters?
fn in_other_letters_of(code: &str) -> bool {
    matches!(
        code,
        "el" | "ru" | "uk" | "bg" | "sr" | "zh" | "ja" | "ko" | "he" | "ar" | "th" | "hi" | "ka"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Tongue> {
        let shop = ["tent", "quechua", "ridge", "jacket", "panniers", "price", "delivery"];
        foreign(text, "en", |word| shop.contains(&word))
    }

    #[test]
    fn messages_in_other_languages_are_recognised() {
        for (text, tongue) in [
            ("Wie viel kostet das Ridge 2?", Tongue::German),
            ("Haben Sie die Jacke noch in Größe M?", Tongue::German),
            ("Guten Tag, ich möchte meine Bestellung zurückgeben", Tongue::German),
            ("Combien coûte la livraison ?", Tongue::French),
            ("Bonjour, avez-vous des tentes pour deux personnes ?", Tongue::French),
            ("¿Cuánto cuesta el envío a España?", Tongue::Spanish),
            ("Hola, ¿tienen la chaqueta en azul?", Tongue::Spanish),
            ("Quanto costa la tenda per due persone?", Tongue::Italian),
            ("Hoeveel kost het om naar Nederland te verzenden?", Tongue::Dutch),
            ("Quanto custa o envio para Portugal? Vocês têm em azul?", Tongue::Portuguese),
            ("Ile kosztuje wysyłka do Polski?", Tongue::Polish),
            ("Сколько стоит доставка?", Tongue::OtherLetters),
            ("送料はいくらですか", Tongue::OtherLetters),
            ("Πόσο κοστίζει;", Tongue::OtherLetters),
        ] {
            assert_eq!(of(text), Some(tongue), "{text}");
        }
    }

    #[test]
    fn english_messages_are_not_foreign_whatever_they_name() {
        for text in [
            "how much is the Ridge 2?",
            "Do you have the Quechua tent in red?",
            "price of the Dash 18 in blue pls",
            "whats the prise of the wistle boil sytem",
            "is a pannier from Las Palmas de Gran Canaria any good?",
            "can you ship to El Salvador or La Paz?",
            "delivery to Den Haag?",
            "on me, no?",
            "Ridge 2",
            "red jacket",
            "hi",
            "ok",
            "",
            "42",
            "do u hav the sumit lether boots in 43",
            "e-mail me at ana@example.org",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn the_shops_own_language_is_not_foreign() {
        assert_eq!(foreign("Wie viel kostet das Zelt?", "de", |_| false), None);
        assert_eq!(foreign("Сколько стоит доставка?", "ru", |_| false), None);
        assert_eq!(foreign("Combien coûte la tente ?", "de", |_| false), Some(Tongue::French));
    }
}
