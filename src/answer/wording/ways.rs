//! Other ways to say what records say, for when the model does not: a few shapes of sentence, each
//! with wordings that read well. A wording stands only if the verifier finds that it says the same.

use crate::answer::phrase::{lowered, opener};
use crate::answer::verify;
use crate::domain::language::values::Reading;
use crate::domain::reply::Fact;
use crate::domain::tone::Tone;

use super::capitalised;

/// A fact in the shop's own words: a way chosen by what was asked, so that a question gets the same
/// words again, and another one if its opener was the last.
pub fn said(fact: &Fact, tone: Tone, last: &str, reading: &Reading) -> String {
    let ways: Vec<String> = ways(fact, tone)
        .into_iter()
        .filter(|way| *way == fact.text || verify::verify(way, fact, reading).is_ok())
        .collect();
    let asked = fact.question.bytes();
    let hash = asked.fold(7_usize, |hash, b| hash.wrapping_mul(31).wrapping_add(b.into()));
    let turned = (0..ways.len()).map(|step| &ways[(hash + step) % ways.len()]);
    let fresh = turned.clone().find(|way| last.is_empty() || opener(way) != last);
    fresh.or(turned.clone().next()).unwrap_or(&fact.text).clone()
}

/// The fact's own words and others for its shape.
fn ways(fact: &Fact, tone: Tone) -> Vec<String> {
    let own = fact.text.as_str();
    let said = match (fact.polarity, tone) {
        // The answer first, whatever the tone: it is what was asked for.
        (Some(true), _) => return answered("Yes", own, true),
        (Some(false), Tone::Friendly) => return answered("Sorry", own, false),
        (Some(false), Tone::Formal) => return answered("Unfortunately", own, false),
        _ => own,
    };
    let mut ways = vec![said.to_string()];
    if tone == Tone::Plain {
        return ways;
    }
    let Some(body) = said.strip_suffix('.') else { return ways };
    if let Some((name, price)) = body.split_once(" costs ").filter(|_| is_simple(body)) {
        ways.push(format!("{name} is {price}."));
        ways.push(format!("The price of {} is {price}.", lowered(name)));
        if tone == Tone::Friendly {
            ways.push(format!("You can get {} for {price}.", lowered(name)));
        }
    } else if let Some((name, rest)) = body.split_once(" is on sale for ")
        && let Some((now, was)) = rest.split_once(", reduced from ")
    {
        ways.push(format!("{name} is on sale: it costs {now} instead of {was}."));
        ways.push(format!("{name} is on sale for {now}, down from {was}."));
    } else if let Some(name) = body.strip_suffix(" is in stock") {
        ways.push(format!("We have {} in stock.", lowered(name)));
    } else if let Some(name) = body.strip_suffix(" is out of stock at the moment") {
        ways.push(format!("{name} is sold out at the moment."));
        ways.push(format!("At the moment, {} is out of stock.", lowered(name)));
    } else if let Some((name, weight)) = body.split_once(" weighs ").filter(|_| is_simple(body)) {
        ways.push(format!("The weight of {} is {weight}.", lowered(name)));
    } else if let Some((name, of)) = body.split_once(" is made of ").filter(|_| is_simple(body)) {
        ways.push(format!("{name} is made from {of}."));
    } else if let Some((name, span)) = body.split_once(" has a warranty of ") {
        ways.push(format!("{name} comes with a warranty of {span}."));
        ways.push(format!("The warranty on {} is {span}.", lowered(name)));
    } else if let Some(rest) = body.strip_prefix("The ")
        && let Some((what, value)) = rest.split_once(" is ")
        && let Some((column, name)) = what.split_once(" of ")
    {
        ways.push(format!("{} has a {column} of {value}.", capitalised(name)));
    }
    // What begins with another word than an article may be a name: it stays where it is.
    let first = own.split(' ').next().unwrap_or_default();
    if lowered(own) == own {
        ways.retain(|way| way.starts_with(first));
    }
    ways
}

/// One thing said of one thing: nothing that another shape would have to carry along.
fn is_simple(body: &str) -> bool {
    !body.contains(" and ") && !body.contains(", so ") && !body.contains(';')
}

/// The answer to a yes-or-no question before the fact, and the fact alone.
fn answered(answer: &str, own: &str, yes: bool) -> Vec<String> {
    let begins = |word: &str| own.starts_with(word);
    if ["Yes", "No", "Sorry", "Unfortunately"].into_iter().any(begins) {
        return vec![own.to_string()];
    }
    let mut ways = vec![format!("{answer}, {}", lowered(own))];
    if yes && let Some(name) = own.strip_suffix(" is in stock.") {
        ways.push(format!("{answer}, we have {} in stock.", lowered(name)));
    }
    if !yes && let Some(name) = own.strip_suffix(" is out of stock at the moment.") {
        ways.push(format!("{answer}, {} is sold out at the moment.", lowered(name)));
    }
    ways.push(own.to_string());
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::verify::corpus::reading;

    fn fact(text: &str, polarity: Option<bool>) -> Fact {
        let question = "and now?".to_string();
        Fact { text: text.into(), question, polarity, keep: Vec::new(), sources: Vec::new() }
    }

    const FACTS: [(&str, Option<bool>); 9] = [
        ("The Aura costs €49.90.", None),
        ("The Aura is on sale for €39.90, reduced from €49.90.", None),
        ("The Aura is in stock.", Some(true)),
        ("The Aura is in stock.", None),
        ("The Aura is out of stock at the moment.", Some(false)),
        ("The Aura weighs 1.2 kg.", None),
        ("The Aura is made of oak.", None),
        ("The Aura has a warranty of 2 years.", None),
        ("The burn time of the Aura is 40 h.", None),
    ];

    #[test]
    fn every_way_says_what_the_fact_says() {
        for (text, polarity) in FACTS {
            let fact = fact(text, polarity);
            for tone in Tone::ALL {
                for way in ways(&fact, tone) {
                    assert_eq!(verify::verify(&way, &fact, &reading()), Ok(()), "{way}");
                }
            }
        }
    }

    #[test]
    fn shapes_that_are_known_have_several_ways() {
        for (text, polarity) in FACTS {
            assert!(ways(&fact(text, polarity), Tone::Friendly).len() > 1, "{text}");
        }
    }

    #[test]
    fn another_opener_is_chosen_where_there_is_one() {
        for (text, polarity) in FACTS {
            let fact = fact(text, polarity);
            let first = said(&fact, Tone::Friendly, "", &reading());
            assert_eq!(first, said(&fact, Tone::Friendly, "", &reading()));
            let again = said(&fact, Tone::Friendly, &opener(&first), &reading());
            let openers: std::collections::HashSet<String> =
                ways(&fact, Tone::Friendly).iter().map(|way| opener(way)).collect();
            assert!(openers.len() == 1 || opener(&again) != opener(&first), "{first} / {again}");
        }
    }

    #[test]
    fn what_has_no_known_shape_is_said_as_it_stands() {
        let text = "Bring a passport or an identity card.";
        assert_eq!(said(&fact(text, None), Tone::Friendly, "", &reading()), text);
    }
}
