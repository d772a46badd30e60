//! What is read out of sentences, by example.

use super::*;

fn reading(locale: &str, currency: &str) -> Reading {
    Reading { currency: currency.parse().ok(), locale: Locale::new(locale).expect("known") }
}

fn irish() -> Reading {
    reading("en-IE", "EUR")
}

fn kinds(text: &str) -> Vec<Kind> {
    values(text, &irish()).into_iter().map(|value| value.kind).collect()
}

/// Asserts that each text holds one value, and that it is the same in all.
fn same(texts: &[&str], reading: &Reading) {
    let first = values(texts[0], reading);
    assert_eq!(first.len(), 1, "{}: {first:?}", texts[0]);
    for text in texts {
        assert_eq!(values(text, reading), first, "{text}");
    }
}

#[test]
fn one_price_has_many_spellings() {
    same(
        &[
            "€49.90",
            "49,90 €",
            "EUR 49.90",
            "49.90 EUR",
            "it costs 49.90 euros.",
            "49.9 euro",
            "forty-nine euros ninety",
            "49 euros and 90 cents",
            "forty nine euros and ninety cents",
            "just €49.90!",
            "(€49,90)",
            "49.90 eur",
        ],
        &irish(),
    );
    same(
        &["€1,299", "1.299,00 €", "1299 EUR", "€1,299.00", "1 299 €", "€1'299"],
        &reading("fr-FR", "EUR"),
    );
    same(&["€49", "49,- €", "€49,-", "49.00 €", "forty-nine euros"], &irish());
    same(&["£5", "5 pounds", "five pounds", "GBP 5.00"], &reading("en-GB", "GBP"));
    same(&["$20", "20 dollars", "20 USD", "twenty dollars"], &reading("en-US", "USD"));
    same(&["90 cents", "€0.90"], &irish());
}

#[test]
fn one_quantity_has_many_spellings() {
    for texts in [
        &["1.9 kg", "1900 g", "1,900 grams", "1.9kg", "1,9 kg", "1.9 kilos"][..],
        &["2 years", "two years", "2-year", "two-year", "24 months", "2 yrs"],
        &["1 week", "7 days", "a week", "one week", "seven days"],
        &["6 months", "half a year", "a half year", "six-month"],
        &["90 minutes", "1.5 hours", "1½ hours", "one and a half hours", "1 1/2 hours"],
        &["half a litre", "500 ml", "0.5 l", "1/2 litre", "½ l"],
        &["3 working days", "three business days"],
        &["12 W", "12W", "12 watts", "twelve watts", "12-watt"],
        &["2700 K", "2,700 kelvin", "2700K"],
        &["40 °C", "40°C", "40 degrees Celsius"],
        &["-5 °C", "minus 5 °C", "−5°C"],
        &["20 %", "20%", "20 percent", "twenty per cent"],
        &["10 in", "10 inches", "10\"", "25.4 cm", "10-inch", "254 mm"],
        &["4 people", "4-person", "four persons"],
        &["4000 mAh", "4 Ah", "4,000mAh"],
        &["8 GB", "8GB", "8 gigabytes"],
        &["3 m²", "3 square metres", "3 sqm"],
        &["25 km/h", "25 kph"],
        &["2 dozen", "two dozen", "24"],
        &["two hundred and fifty grams", "250 g", "0.25 kg"],
        &["20 TB", "20000 GB"],
        &["1200 lm", "1,200 lumens"],
    ] {
        same(texts, &irish());
    }
}

#[test]
fn what_means_something_else_is_not_equal() {
    for (one, other) in [
        ("5 days", "5 working days"),
        ("1 month", "30 days"),
        ("24 hours", "1 day"),
        ("1.9 kg", "1.9 g"),
        ("20 %", "20 €"),
        ("€20", "$20"),
        ("12 W", "12 V"),
        ("42 x 16 cm", "16 x 42 cm"),
        ("9:30 am", "9:30 pm"),
        ("2-3 days", "2 days"),
        ("5 °C", "-5 °C"),
        ("12 mW", "12 MW"),
        ("second", "2"),
        ("24 December", "24 November"),
    ] {
        assert_ne!(kinds(one), kinds(other), "{one} {other}");
    }
}

#[test]
fn sizes_and_ranges_are_one_value() {
    same(
        &["42 x 16 cm", "42x16 cm", "42 × 16 cm", "42 cm x 16 cm", "42 by 16 cm", "420 x 160 mm"],
        &irish(),
    );
    same(
        &[
            "2-3 days",
            "2 to 3 days",
            "2–3 days",
            "between 2 and 3 days",
            "two to three days",
            "2 – 3 days",
        ],
        &irish(),
    );
    same(&["€10-€20", "€10 to €20", "10-20 €", "€10–20", "between 10 and 20 euros"], &irish());
    same(&["36 to 42", "36-42"], &irish());
    same(&["2-3 working days", "2 to 3 business days"], &irish());
    assert_eq!(kinds("reduced from €129 to €99").len(), 2);
    assert_eq!(kinds("2 x 1.5 kg").len(), 2);
}

#[test]
fn dates_and_times_have_many_spellings() {
    same(
        &[
            "24.12.2026",
            "2026-12-24",
            "24 December 2026",
            "24th of December 2026",
            "December 24, 2026",
            "24/12/2026",
        ],
        &irish(),
    );
    same(&["24 December", "December 24th", "24 Dec", "24th December"], &irish());
    same(&["9.30 am", "09:30", "9:30", "9:30 a.m.", "9.30am", "09:30:00"], &irish());
    same(&["5 pm", "17:00", "5pm", "17h00", "5 o'clock pm"], &irish());
    same(&["noon", "12:00", "12 pm"], &irish());
    assert_eq!(
        values("12/24/2026", &reading("en-US", "USD")),
        values("24 December 2026", &irish())
    );
    assert_eq!(kinds("10 may apply"), kinds("10 apply"));
}

#[test]
fn names_with_digits_are_no_values() {
    for text in [
        "RT-210",
        "an E27 bulb",
        "IP65",
        "the EOS-R6",
        "size 2XL",
        "4K",
        "USB-C3",
        "MP3",
        "5G",
        "H2O",
        "Birch-2",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
    assert_eq!(kinds("the RT-210 weighs 2 kg").len(), 1);
    assert_eq!(kinds("1080p").len(), 0);
}

#[test]
fn words_that_only_look_like_numbers_count_nothing() {
    for text in [
        "this one",
        "the one you like",
        "one of our lamps",
        "5 %".get(..0).expect("empty"),
        "a person will reply",
        "a couple of days",
        "€",
        "that is a first-aid kit",
        "one-way",
        "half of them",
        "I am here",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
    assert_eq!(kinds("€5 a month").len(), 1);
    assert_eq!(kinds("once a week").len(), 0);
    assert_eq!(kinds("one bulb").len(), 1);
    assert_eq!(kinds("we have 2 in stock"), kinds("2"));
}

#[test]
fn digits_that_identify_are_codes() {
    same(&["+353 1 234 5678", "+353-1-234-5678", "+353 (1) 2345678"], &irish());
    same(&["01 234 5678", "012345678"], &irish());
    assert_eq!(kinds("5391234567890"), [Kind::Code("5391234567890".into())]);
}

#[test]
fn values_know_their_place() {
    let text = "It was €129, now 99 € – a 2-year warranty.";
    let found: Vec<&str> = values(text, &irish()).into_iter().map(|v| &text[v.span]).collect();
    assert_eq!(found, ["€129", "99 €", "2-year"]);
}

#[test]
fn a_closing_quotation_mark_is_no_inch() {
    assert_eq!(kinds("the \"Ridge 2\" tent"), kinds("the Ridge 2 tent"));
    assert_eq!(kinds("a 10\" pan"), kinds("a 10-inch pan"));
}

#[test]
fn cells_are_read_as_one_quantity_or_not_at_all() {
    let parse = |cell| Quantity::parse(cell, &irish());
    assert!(parse("1.9 kg") < parse("2 kg") && parse("1900 g") == parse("1.9 kg"));
    assert!(parse("ca. 60 W").is_some() && parse("4").is_some());
    let (light, long) = (parse("1 kg").expect("read"), parse("1 m").expect("read"));
    assert_eq!(light.partial_cmp(&long), None);
    for cell in ["", "red", "42 x 16 cm", "2-3 kg", "1 kg or 2 kg", "1.9 kg without poles", "€5"]
    {
        assert_eq!(parse(cell), None, "{cell}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_spans_are_in_order(text in "\\PC{0,60}") {
            let mut end = 0;
            for value in values(&text, &irish()) {
                prop_assert!(value.span.start >= end && value.span.start < value.span.end);
                prop_assert!(text.get(value.span.clone()).is_some());
                end = value.span.end;
            }
        }

        #[test]
        fn text_of_numbers_and_units_never_panics(
            parts in proptest::collection::vec(
                prop::sample::select(vec![
                    "1", "49.90", "1,299", "€", "EUR", "-", "x", "kg", "two", "half", "a", "and", "hundred",
                    ":", "30", ".", ",", "/", "°", "C", "December", "2026", "\"", "'", "%", "to", "th", "pm", "+",
                    "years", "(", "working", "days", "½", "dozen", "minus", "cents",
                ]), 0..14),
            spaces in proptest::collection::vec(any::<bool>(), 14),
        ) {
            let text: String = parts.iter().zip(&spaces)
                .map(|(part, space)| format!("{part}{}", if *space { " " } else { "" })).collect();
            let _ = values(&text, &irish());
        }

        #[test]
        fn a_price_is_read_back_in_every_locale(minor in 0_i64..10_000_000, locale in prop::sample::select(vec!["en-IE", "de-DE", "fr-FR", "de-CH", "nl-NL"])) {
            let reading = reading(locale, "EUR");
            let money = Money { minor, currency: reading.currency.expect("known") };
            let text = format!("It costs {} today.", money.format(&reading.locale));
            let read: Vec<Kind> = values(&text, &reading).into_iter().map(|v| v.kind).collect();
            prop_assert_eq!(read, vec![Kind::Money(money)], "{}", text);
        }
    }
}
