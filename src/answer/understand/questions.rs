//! One message may hold several questions. They part at question marks and line ends, and at "and"
//! where a new question begins after it.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Most questions answered in one reply.
const MOST: usize = 4;

static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?:how|what|what's|whats|when|where|which|who|why|do|does|did|have|has|can|could|is|are|will|would|may|should|(?:from|until|till|by|at|for|to|in|on) (?:what|which|when|how))\b)",
    )
    .expect("a constant pattern")
});
static JOINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:[,;]?\s+(?:and|plus|also)\s+(?:also\s+)?|[,;:]\s+|\s+[-+&]\s+)")
        .expect("a constant pattern")
});
/// What leads on to a whole question and says nothing: "and do students …" is a question of its own,
/// "and in blue?" is not.
static LED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:ok|oh|okay) )?(?:and|also|plus),?\s+(?:also\s+)?")
        .expect("a constant pattern")
});
static ENDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[?!]+\s*|\n+|\.\s+").expect("a constant pattern"));
static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:hi|hello|hey|hiya|good (?:morning|evening|afternoon|day)|dear \w+|please|ok|okay|so|well|thanks|thank you|cheers)(?: there| all| team| guys)?\s*$")
        .expect("a constant pattern")
});

/// Short forms that shops write in full.
fn spelled_out(message: &str) -> String {
    static AMEX: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\bamex\b").expect("a constant pattern"));
    AMEX.replace_all(message, "American Express").into_owned()
}

/// "1. … 2) …": a list of questions.
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)[1-9][.)]\s+").expect("a constant pattern"));

/// The questions of a message in order; at least one, unless the message is empty.
pub fn split(message: &str) -> Vec<String> {
    let message = &spelled_out(message);
    let listed = NUMBERED.find_iter(message).count() > 1;
    let message =
        if listed { NUMBERED.replace_all(message, "\n") } else { Cow::Borrowed(message.as_str()) };
    let mut questions: Vec<String> = Vec::new();
    let mut aside = String::new();
    for sentence in sentences(&message) {
        let led = LED.find(&sentence).map_or(0, |led| led.end());
        let whole = ASKS.is_match(&sentence[led..]);
        let parts = parts(if whole { &sentence[led..] } else { &sentence });
        let asks = listed || sentence.ends_with('?') || parts.iter().any(|p| ASKS.is_match(p));
        if asks {
            // A statement before a question is its setting: "I live in Germany. What is postage?"
            for (i, part) in parts.into_iter().enumerate() {
                let lead =
                    if i == 0 && !aside.is_empty() { format!("{aside} ") } else { String::new() };
                questions.push(format!("{lead}{part}"));
            }
            aside.clear();
        } else {
            aside = if aside.is_empty() { sentence } else { format!("{aside} {sentence}") };
        }
    }
    if !aside.is_empty() {
        match questions.last_mut() {
            Some(last) => *last = format!("{last} {aside}"),
            None => questions.push(aside),
        }
    }
    questions.truncate(MOST);
    questions
}

/// Sentences with their end marks, greetings left out where anything else is said.
fn sentences(message: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut from = 0;
    for end in ENDS.find_iter(message) {
        let mark = if end.as_str().contains('?') { "?" } else { "" };
        found.push(format!("{}{mark}", message[from..end.start()].trim()));
        from = end.end();
    }
    found.push(message[from..].trim().to_string());
    found.retain(|s| s.chars().any(char::is_alphanumeric));
    if found.len() > 1 {
        found.retain(|s| !GREETING.is_match(s));
    }
    found
}

/// A sentence cut where a second question begins.
fn parts(sentence: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut from = 0;
    for joint in JOINT.find_iter(sentence) {
        let before = sentence[from..joint.start()].trim();
        let greeted = GREETING.is_match(before);
        if ASKS.is_match(&sentence[joint.end()..])
            && (greeted || before.split_whitespace().count() > 1)
        {
            if !greeted {
                parts.push(before.to_string());
            }
            from = joint.end();
        }
    }
    let rest = sentence[from..].trim();
    if !rest.is_empty() {
        parts.push(rest.to_string());
    }
    // "I am in Cork, what is postage": the first part is the second one's setting.
    if parts.len() > 1 && !ASKS.is_match(&parts[0]) {
        let first = parts.remove(0);
        parts[0] = format!("{first}, {}", parts[0]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn two_questions_become_two() {
        let two = ["How much is the Ridge 2", "how long does delivery take?"];
        assert_eq!(split("How much is the Ridge 2 and how long does delivery take?"), two);
        assert_eq!(split("How much is the Ridge 2? how long does delivery take?").len(), 2);
        assert_eq!(split("Have you got it in 44, and how long could I send it back?").len(), 2);
    }

    #[test]
    fn lists_and_short_questions_part_too() {
        assert_eq!(
            split("hi! 1. what does the Moss cost 2. has it got a hood"),
            ["what does the Moss cost", "has it got a hood"]
        );
        assert_eq!(
            split("How much is express and until when must I order?"),
            ["How much is express", "until when must I order?"]
        );
        assert_eq!(split("do you ship to Denmark, how long, how much").len(), 3);
        assert_eq!(split("chew sticks: price? from what age").len(), 2);
    }

    #[test]
    fn one_question_stays_one() {
        for one in [
            "do you have tents and mats?",
            "which is lighter, the Ridge 2 or the Ridge 3?",
            "hi, what does the Comet cost",
            "compare the Spark and the Spark P",
            "hello",
        ] {
            assert_eq!(split(one).len(), 1, "{one}");
        }
    }

    #[test]
    fn a_greeting_is_dropped_and_a_setting_kept() {
        assert_eq!(split("Hi there! What is postage?"), ["What is postage?"]);
        assert_eq!(
            split("I live in Germany. What is postage?"),
            ["I live in Germany What is postage?"]
        );
        assert_eq!(split("Hi"), ["Hi"]);
    }
}
