//! Each kind of doubt is raised for what it is about, and names it.

use super::*;

fn doubts(sentence: &str, text: &str) -> Vec<Doubt> {
    verify(sentence, &fact(text), &reading()).err().unwrap_or_default()
}

fn raises(sentence: &str, text: &str, doubt: Doubt) {
    let found = doubts(sentence, text);
    assert!(found.contains(&doubt), "{sentence}: {found:?}");
}

#[test]
fn values_are_doubted_by_what_is_wrong_with_them() {
    let text = "The Ridge 2 tent weighs 1.9 kg.";
    raises("The Ridge 2 tent weighs 2.4 kg.", text, Doubt::UnsupportedValue("2.4 kg".into()));
    raises("The Ridge 2 tent weighs 2.4 kg.", text, Doubt::MissingValue("1.9 kg".into()));
    raises("The Ridge 2 tent weighs 1.9 g.", text, Doubt::UnitMismatch("1.9 g".into()));
    raises("The 2 Ridge tents weigh 1.9 kg.", text, Doubt::UnitMismatch("2".into()));
}

#[test]
fn what_must_be_kept_is_missed_by_its_own_words() {
    let mut fact = fact("The Aura desk lamp costs €49.90.");
    fact.keep = vec!["Aura".into(), "€49.90".into()];
    let found = verify("It costs 49.90 euros.", &fact, &reading());
    assert_eq!(found, Err(vec![Doubt::MissingValue("Aura".into())]));
    assert_eq!(verify("The Aura costs 49.90 euros.", &fact, &reading()), Ok(()));
}

#[test]
fn words_are_doubted_as_words_names_promises_or_comparisons() {
    let text = "The Aura desk lamp costs €49.90.";
    raises(
        "The Aura desk lamp is pretty and costs €49.90.",
        text,
        Doubt::UnsupportedWord("pretty".into()),
    );
    raises("The Aura desk lamp by Zorba costs €49.90.", text, Doubt::Name("Zorba".into()));
    raises("The Aura AX-9 desk lamp costs €49.90.", text, Doubt::Name("AX-9".into()));
    raises(
        "The Aura desk lamp costs €49.90 with free delivery.",
        text,
        Doubt::Promise("free".into()),
    );
    raises(
        "The Aura desk lamp costs €49.90, cheaper than others.",
        text,
        Doubt::Comparative("cheaper".into()),
    );
    raises("The desk lamp costs €49.90.", text, Doubt::MissingWord("Aura".into()));
}

#[test]
fn the_question_licenses_nothing() {
    let mut fact = fact("The Aura desk lamp costs €49.90.");
    fact.question = "Is the Aura desk lamp waterproof and free?".into();
    let found = verify("The waterproof Aura desk lamp costs €49.90.", &fact, &reading());
    assert_eq!(found, Err(vec![Doubt::UnsupportedWord("waterproof".into())]));
}

#[test]
fn denials_limits_answers_and_links_are_told_apart() {
    raises("We ship to Germany.", "We do not ship to Germany.", Doubt::Negation("not".into()));
    raises(
        "The tent sleeps 3 people.",
        "The tent sleeps up to 3 people.",
        Doubt::Modality("up".into()),
    );
    raises("You must return it.", "You can return it.", Doubt::Modality("must".into()));
    raises("Yes, we ship to Germany.", "We ship to Germany.", Doubt::Polarity("Yes".into()));
    raises("Write to a@b.example.", "Write to a@c.example.", Doubt::Link("a@b.example".into()));
    raises(
        "The Luna is lighter than the Aura.",
        "The Aura is lighter than the Luna.",
        Doubt::Comparative("than".into()),
    );
    raises(
        "The Aura costs €59 and the Luna costs €49.",
        "The Aura costs €49 and the Luna costs €59.",
        Doubt::Order("€59".into()),
    );
}

#[test]
fn a_yes_or_no_needs_the_polarity_of_the_fact() {
    let mut fact = fact("The Aura desk lamp is dimmable.");
    fact.polarity = Some(true);
    assert_eq!(verify("Yes, the Aura desk lamp is dimmable.", &fact, &reading()), Ok(()));
    fact.polarity = Some(false);
    assert!(verify("Yes, the Aura desk lamp is dimmable.", &fact, &reading()).is_err());
    fact.polarity = None;
    assert!(verify("Yes, the Aura desk lamp is dimmable.", &fact, &reading()).is_err());
}

#[test]
fn what_is_no_plain_sentence_is_doubted_for_its_form() {
    let text = "We ship to Germany.";
    for sentence in [
        "",
        "   ",
        "We ship to Germany",
        "We ship to Germany...",
        "We ship to Germany, and",
        "Do we ship to Germany?",
        "\"We ship to Germany.\"",
        "*We ship* to Germany.",
        "We ship to Germany.\nWe ship to Germany.",
        "<b>We ship to Germany.</b>",
        "We ship to Germany.<|im_end|>",
        "Answer: We ship to Germany.",
        "Fact: we ship to Germany.",
        "I ship to Germany.",
        "we ship to Germany.",
        "We ship to Germany 🎉.",
        "- We ship to Germany.",
        "We We ship to Germany.",
        "We ship To Germany.",
        "We ship to Germany. We ship. We ship.",
    ] {
        let found = doubts(sentence, text);
        assert!(found.iter().any(|doubt| matches!(doubt, Doubt::Form(_))), "{sentence}: {found:?}");
    }
    assert_eq!(doubts("We ship to Germany!", text), []);
}

#[test]
fn the_reply_check_names_what_no_fact_says() {
    let facts = [
        "The Aura desk lamp costs €49.90 and takes an E27 bulb.",
        "Delivery takes 2 to 3 working days.",
    ];
    let unsupported = |reply: &str| unsupported(reply, &facts, &reading());
    for reply in [
        "The Aura costs 49.90 euros and delivery takes two to three business days.",
        "It takes an E27 bulb.",
        "Sure, happy to help with that one!",
    ] {
        assert_eq!(unsupported(reply), Vec::<String>::new(), "{reply}");
    }
    for (reply, claim) in [
        ("It costs €59.90.", "€59.90"),
        ("It costs fifty euros.", "fifty euros"),
        ("It takes 2 working days.", "2 working days"),
        ("It takes 2 to 3 days.", "2 to 3 days"),
        ("It takes an E14 bulb.", "E14"),
        ("It arrives on 24 December.", "24 December"),
        ("Delivery is free.", "free"),
        ("See https://lumen.example.", "https://lumen.example"),
        ("Write to care@lumen.example.", "care@lumen.example"),
        ("There is a 2-year guarantee.", "2-year"),
        ("There is a 2-year guarantee.", "guarantee"),
    ] {
        assert!(
            unsupported(reply).contains(&claim.to_string()),
            "{reply}: {:?}",
            unsupported(reply)
        );
    }
}

#[test]
fn a_side_of_a_size_is_known_and_an_end_of_a_range_is_not() {
    let facts = ["It packs down to 42 x 16 cm in 2 to 3 minutes."];
    assert_eq!(
        unsupported("It is 42 cm long and 16 cm wide.", &facts, &reading()),
        Vec::<String>::new()
    );
    assert_eq!(unsupported("It takes 2 minutes.", &facts, &reading()), ["2 minutes"]);
}
