//! The fixed lines of the bot in the shop's tone, another one where the last sentence began alike.

use super::{
    DECLINE, GOODBYE, GREETING, HANDOFF, NARROW, SORRY, THANKS, UNKNOWN, WHICH, WHICH_PRODUCT,
};
use crate::answer::phrase::opener;
use crate::domain::tone::Tone;

/// Lines that say the same: friendly ones, and the formal ones if those must differ.
type Lines = (&'static [&'static str], &'static [&'static str]);

const ALL: [Lines; 10] = [
    (
        UNKNOWN,
        &[
            "I could not find that in our shop's information. Would you like to speak to a colleague?",
            "Our shop's information does not say that. A colleague may know more; please tell me if you would like to speak to one.",
        ],
    ),
    (
        DECLINE,
        &[
            "I am not able to help with that. I answer questions about our shop and what it sells.",
            "That is outside what I can do here. Please ask me about our shop.",
        ],
    ),
    (
        HANDOFF,
        &[
            "Certainly. I am asking a colleague to join this chat.",
            "Of course. A colleague will be asked to join you here.",
        ],
    ),
    (
        SORRY,
        &[
            "I am sorry about that. I am asking a colleague to look into it with you.",
            "Please accept our apologies. I am asking a colleague to take care of this.",
        ],
    ),
    (GREETING, &["Good day. How may I help you?", "Welcome. What may I do for you?"]),
    (THANKS, &["You are welcome.", "It was a pleasure."]),
    (GOODBYE, &["Goodbye, and thank you for your visit.", "Thank you for your visit. Goodbye."]),
    (WHICH_PRODUCT, &[]),
    (NARROW, &[]),
    (WHICH, &[]),
];

/// A line as this shop says it: the same one every time it stands for the same question, unless its
/// opener was the last. Anything that is no fixed line stays as it is.
pub fn said(line: &str, tone: Tone, last: &str) -> String {
    let Some((own, formal)) = ALL.iter().find(|(own, _)| own.contains(&line)) else {
        return line.to_string();
    };
    let at = own.iter().position(|other| *other == line).unwrap_or_default();
    let ways = if tone == Tone::Formal && !formal.is_empty() { formal } else { own };
    let ways = (0..ways.len()).map(|step| ways[(at + step) % ways.len()]);
    let fresh = ways.clone().find(|way| opener(way) != last || last.is_empty());
    fresh.or(ways.clone().next()).unwrap_or(line).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_opener_is_not_said_twice_running() {
        for (own, _) in ALL {
            for tone in Tone::ALL {
                for line in own {
                    let first = said(line, tone, "");
                    let again = said(line, tone, &opener(&first));
                    assert_ne!(opener(&first), opener(&again), "{first} / {again}");
                }
            }
        }
    }

    #[test]
    fn a_formal_shop_neither_contracts_nor_exclaims() {
        for (own, _) in ALL {
            for line in own {
                let said = said(line, Tone::Formal, "");
                assert!(
                    !said.contains("n't") && !said.contains("I'm") && !said.contains('!'),
                    "{said}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_fixed_line_stays_as_it_is() {
        let line = "We have the Aura and the Luna. Which one do you mean?";
        assert_eq!(said(line, Tone::Formal, "we have"), line);
    }
}
