//! What kind of answer a question wants: an amount of money, a span of time, a length, a day. A
//! sentence that holds none of that kind is no answer, however near its words are.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::language::fold;
use crate::domain::language::values::{Dimension, Kind, Reading, values};

/// A kind of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// What it costs, or that it is free.
    Money,
    /// How long it takes or lasts, or how long it is.
    Long,
    /// How long it takes or lasts.
    Duration,
    /// A weight.
    Weight,
    /// A length or several.
    Measure,
    /// How thick.
    Thickness,
    /// How wide.
    Width,
    /// How high.
    Height,
    /// How tall, which may be a person.
    Tallness,
    /// Where it was made.
    Origin,
    /// How loud.
    Loudness,
    /// How hot or cold.
    Warmth,
    /// Some number.
    Number,
    /// A time of day, a day, a date.
    Moment,
}

pattern!(
    MONEY,
    r"\bwhat(?:'s| is| are| does| do| would| will)?\b.{0,60}\b(?:costs?|price[sd]?|fee|charged?|worth)\b|\bhow much (?:is|are|does|do|would|will|for|to)\b.{0,60}(?:\bcosts?\b|\bcharge\b|\bpay\b|$)|\bwhat do (?:i|you|we) (?:pay|charge)\b|\bhow expensive\b|\bhow much (?:do|would|will) (?:i|you|we)\b.{0,20}\b(?:pay|charge|save)\b"
);
pattern!(LONG, r"\bhow long\b");
pattern!(
    DURATION,
    r"\bhow (?:soon|fast|quick|quickly|often)\b|\bhow many (?:working |business )?(?:days|weeks|months|years|hours|minutes)\b|\bfor how long\b|\bwithin what time\b"
);
pattern!(WEIGHT, r"\bhow heavy\b|\bhow much does\b.{0,40}\bweigh\b|\bwhat\b.{0,30}\bweigh\w*\b");
pattern!(
    MEASURE,
    r"\bhow (?:wide|high|tall|deep|thick|big|large|small|far)\b|\bwhat (?:size|diameter|length|width|height)\b"
);
pattern!(THICKNESS, r"\bhow thick\b");
pattern!(WIDTH, r"\bhow wide\b");
pattern!(HEIGHT, r"\bhow high\b");
pattern!(TALLNESS, r"\bhow tall\b");
pattern!(
    ORIGIN,
    r"\bwhere (?:is|are|was|were)\b.{0,60}\b(?:made|manufactured|produced|sewn|from|built)\b|\b(?:which|what) country\b|\bcountry of origin\b"
);
pattern!(
    MADE,
    r"\b(?:made|manufactured|produced|sewn|built|hand-?made|comes?) (?:in|by hand in|from)\b|\borigin\b|\bcountry\b"
);
pattern!(LOUDNESS, r"\bhow (?:loud|quiet|noisy)\b|\bdecibels?\b|\bin db\b|\bnoise level\b");
pattern!(WARMTH, r"\bhow (?:hot|warm|cold)\b|\bwhat temperature\b|\bhow many degrees\b");
pattern!(
    NUMBER,
    r"\bhow many\b|\bhow much\b|\bhow old\b|\bwhat age\b|\bwhat angle\b|\bwhat percentage\b"
);
pattern!(
    MOMENT,
    r"\b(?:what time|until when|till when|until what|till what|by when|from when|at what time)\b|\bwhen (?:do|does|are|is|can|will|could)\b"
);
pattern!(
    A_MOMENT,
    r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekdays?|january|february|march|april|may|june|july|august|september|october|november|december|noon|midnight|today|tomorrow|once|after|before|until|when|as soon as|within|day)\b"
);
pattern!(
    A_NUMBER,
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|a pair|none|no|twice|once)\b"
);
pattern!(WIDE, r"\b(?:wide|width|across|diameter|broad)\b");
pattern!(HIGH, r"\b(?:high|highest|height|tall|headroom|peak)\b");
pattern!(FREE, r"\b(?:free|nothing|no charge|no extra|same price|included|no surcharge)\b");
pattern!(
    OFTEN,
    r"\b(?:daily|weekly|monthly|yearly|once|twice|every|times a|a (?:day|week|month|year)|per (?:day|week|month|year))\b"
);

/// "How much can it hold", "what weight of dog may go in": is the limit of something asked for?
pub fn asks_limit(text: &str) -> bool {
    pattern!(
        LIMIT,
        r"\b(?:can|may|could|might) (?:i|we|my|our|a|an|he|she|it hold|it carry|it take|you put|go in|be)\b|\bmax(?:imum)?\b|\bat most\b"
    );
    LIMIT.is_match(&fold(text))
}

/// "Up to 22 kg": does a text give a limit?
pub fn is_limit(text: &str) -> bool {
    pattern!(
        LIMIT,
        r"\b(?:up to|at most|max(?:imum)?|no more than|suits?|between|for (?:people|dogs|cats|children))\b.{0,40}\d|\d.{0,20}\b(?:at most|max(?:imum)?|or less)\b"
    );
    LIMIT.is_match(&fold(text))
}

/// The kind of answer a question wants, if its words say so.
pub fn read(text: &str) -> Option<Wanted> {
    let text = fold(text);
    let text = text.trim_end_matches(['?', '!', '.', ' ']);
    let kinds: [(&Regex, Wanted); 14] = [
        (&ORIGIN, Wanted::Origin),
        (&WEIGHT, Wanted::Weight),
        (&LOUDNESS, Wanted::Loudness),
        (&WARMTH, Wanted::Warmth),
        (&DURATION, Wanted::Duration),
        (&LONG, Wanted::Long),
        (&THICKNESS, Wanted::Thickness),
        (&WIDTH, Wanted::Width),
        (&HEIGHT, Wanted::Height),
        (&TALLNESS, Wanted::Tallness),
        (&MEASURE, Wanted::Measure),
        (&MONEY, Wanted::Money),
        (&MOMENT, Wanted::Moment),
        (&NUMBER, Wanted::Number),
    ];
    kinds.iter().find(|(pattern, _)| pattern.is_match(text)).map(|(_, wanted)| *wanted)
}

impl Wanted {
    /// Does a text hold an answer of this kind?
    pub fn is_in(self, text: &str, reading: &Reading) -> bool {
        use Dimension::{
            Angle, Celsius, Days, Fahrenheit, Length, Mass, Months, Nights, Sound, Time,
            WorkingDays,
        };
        let folded = fold(text);
        let found = values(text, reading);
        let measures = |dimensions: &[Dimension]| {
            found
                .iter()
                .flat_map(|value| value.kind.quantities())
                .any(|q| dimensions.contains(&q.dimension))
        };
        const SPANS: &[Dimension] = &[Days, WorkingDays, Months, Time, Nights];
        match self {
            Self::Money => {
                found.iter().any(|value| !value.kind.money().is_empty()) || FREE.is_match(&folded)
            }
            Self::Duration => {
                measures(SPANS)
                    || OFTEN.is_match(&folded)
                    || folded.contains("same day")
                    || folded.contains("next day")
            }
            Self::Long => {
                let money = found.iter().any(|value| !value.kind.money().is_empty());
                measures(SPANS) || measures(&[Length]) || A_NUMBER.is_match(&folded) && !money
            }
            Self::Weight => measures(&[Mass]),
            Self::Measure => {
                measures(&[Length])
                    || found.iter().any(|value| matches!(value.kind, Kind::Size(_)))
                    || A_NUMBER.is_match(&folded)
            }
            Self::Thickness => folded.contains("thick") && A_NUMBER.is_match(&folded),
            Self::Width => {
                let sized = found.iter().any(|value| matches!(value.kind, Kind::Size(_)));
                sized || A_NUMBER.is_match(&folded) && WIDE.is_match(&folded)
            }
            Self::Height => {
                let sized = found.iter().any(|value| matches!(value.kind, Kind::Size(_)));
                sized && !folded.contains("pack")
                    || A_NUMBER.is_match(&folded) && HIGH.is_match(&folded)
            }
            Self::Tallness => measures(&[Length]) || A_NUMBER.is_match(&folded),
            Self::Origin => MADE.is_match(&folded),
            Self::Loudness => {
                measures(&[Sound]) || folded.contains("noise") || folded.contains("quiet")
            }
            Self::Warmth => measures(&[Celsius, Fahrenheit, Angle]) || folded.contains("degrees"),
            Self::Number => A_NUMBER.is_match(&folded),
            Self::Moment => {
                let clock = |kind: &Kind| matches!(kind, Kind::Clock(_) | Kind::Date { .. });
                A_MOMENT.is_match(&folded)
                    || found.iter().any(|value| match &value.kind {
                        Kind::Range(from, to) => clock(from) || clock(to),
                        kind => clock(kind),
                    })
                    || measures(SPANS)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Locale;

    #[test]
    fn a_question_says_what_kind_of_answer_it_wants() {
        for (text, wanted) in [
            ("How much is delivery?", Some(Wanted::Money)),
            ("what does resoling cost", Some(Wanted::Money)),
            ("how long is the cable", Some(Wanted::Long)),
            ("How many working days to Austria?", Some(Wanted::Duration)),
            ("how loud is the blender", Some(Wanted::Loudness)),
            ("until when are you open on Friday", Some(Wanted::Moment)),
            ("how much dough can it knead", Some(Wanted::Number)),
            ("is it waterproof", None),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_text_holds_an_answer_of_a_kind_or_not() {
        let reading = Reading {
            currency: "EUR".parse().ok(),
            locale: Locale::new("en-IE").expect("a known locale"),
        };
        let holds = |wanted: Wanted, text: &str| wanted.is_in(text, &reading);
        assert!(holds(Wanted::Money, "It costs €5.") && holds(Wanted::Money, "Returns are free."));
        assert!(!holds(Wanted::Money, "We wrap gifts."));
        assert!(
            holds(Wanted::Duration, "It takes two weeks.") && !holds(Wanted::Duration, "Soon.")
        );
        assert!(!holds(Wanted::Loudness, "The jug holds 1.5 litres."));
        assert!(holds(Wanted::Moment, "Open until 20:00."));
    }
}
