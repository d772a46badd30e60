//! What the bot asks a visitor of its own accord. Pure: the plan of the reply and what the chat
//! knows come in, at most one question goes out.
//!
//! It is asked after the visitor's own question was answered, never twice, and not at all if the
//! visitor has said it already or the reply asks something itself. A way to reach them is asked for
//! where somebody has a reason to write: what is out of stock, an offer for many, nobody there.

use crate::domain::qualify::Topic;
use crate::domain::reply::{Decision, Fact, Plan};

/// What the chat knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Asked already.
    pub asked: Vec<Topic>,
    /// Told by the visitor.
    pub told: Vec<Topic>,
    /// Is a person there now?
    pub open: bool,
}

/// A question to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// About what.
    pub topic: Topic,
    /// In words.
    pub text: &'static str,
}

/// The question to ask after this reply, if any.
pub fn next(plan: &Plan, known: &Known) -> Option<Question> {
    let answered = plan.decision == Decision::Answer && plan.gaps.is_empty();
    // Who does not know offers a person; that a colleague can write goes with it.
    let asks = plan.decision != Decision::Abstain
        && plan.facts.iter().any(|fact| fact.text.trim_end().ends_with('?'));
    if asks || plan.handoff.is_some() {
        return None;
    }
    let fresh = |question: &&Question| {
        !known.asked.contains(&question.topic) && !known.told.contains(&question.topic)
    };
    let wanted: &[Question] = match () {
        () if answered && is_out_of_stock(plan) => &[WHEN_BACK],
        () if answered && plan.intent.name == "trade" => &[HOW_MANY, BY_WHEN, WHO_DECIDES, OFFER],
        () if answered && CHOOSING.contains(&plan.intent.name.as_str()) => {
            &[WHAT_FOR, HOW_MUCH, BY_WHEN]
        }
        () if plan.decision == Decision::Abstain && !plan.gaps.is_empty() && !known.open => {
            &[ANSWER_LATER]
        }
        () => return None,
    };
    wanted.iter().find(fresh).copied()
}

/// Adds the question to a plan: a line of its own, said as it stands.
pub fn ask(plan: &mut Plan, question: Question) {
    plan.asks = Some(question.topic);
    plan.facts.push(line(question.text));
}

/// A line that is said as it stands.
fn line(text: &str) -> Fact {
    Fact {
        text: text.into(),
        question: String::new(),
        polarity: None,
        keep: Vec::new(),
        sources: Vec::new(),
    }
}

/// Puts thanks in the place of an admission that this is not known: it was no question.
pub fn thank(plan: &mut Plan, message: &str) {
    plan.decision = Decision::Smalltalk;
    plan.gaps.clear();
    plan.cards.clear();
    let at = message.len() % NOTED.len();
    plan.facts = vec![line(NOTED[at])];
}

/// Does this message answer the question that was asked, and nothing else? Then it needs thanks and
/// no search.
pub fn is_reply(asked: Topic, message: &str, plan: &Plan) -> bool {
    let question = message.contains('?') || plan.decision == Decision::Answer;
    let short = message.split_whitespace().count() <= 12;
    let told = crate::domain::qualify::told(message).contains(&asked);
    !question
        && (told || short && matches!(asked, Topic::Need | Topic::Timing | Topic::Decider))
        && !matches!(plan.decision, Decision::Handoff | Decision::Smalltalk)
}

/// What is said to an answer.
pub const NOTED: &[&str] = &[
    "Thank you, that helps. Our team can see it here, too.",
    "Good to know, thank you. I have noted it for our team.",
];

/// Intents of who is choosing.
const CHOOSING: &[&str] = &["recommend", "superlative", "compare"];

const WHAT_FOR: Question =
    Question { topic: Topic::Need, text: "What would you like to use it for?" };
const HOW_MANY: Question =
    Question { topic: Topic::Need, text: "How many would you need, and what for?" };
const HOW_MUCH: Question =
    Question { topic: Topic::Budget, text: "Is there a price I should stay below?" };
const BY_WHEN: Question = Question { topic: Topic::Timing, text: "By when would you need it?" };
const WHO_DECIDES: Question = Question {
    topic: Topic::Decider,
    text: "Do you decide on this yourself, or should a colleague of yours hear about it as well?",
};
const OFFER: Question = Question {
    topic: Topic::Contact,
    text: "A colleague can write you an offer for that: what e-mail address should it go to?",
};
const WHEN_BACK: Question = Question {
    topic: Topic::Contact,
    text: "Shall we write to you about it? Then please leave your e-mail address here, so that a colleague can tell you when it is back.",
};
const ANSWER_LATER: Question = Question {
    topic: Topic::Contact,
    text: "Nobody from our team is here right now. If you leave your e-mail address, a colleague can write to you with the answer.",
};

/// Is the product that was asked about not to be had?
fn is_out_of_stock(plan: &Plan) -> bool {
    plan.intent.name == "ask_stock"
        && plan.facts.iter().any(|fact| fact.text.contains("out of stock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reply::Intent;

    fn plan(decision: Decision, intent: &str, text: &str) -> Plan {
        Plan {
            decision,
            intent: Intent { name: intent.into(), confidence: 0.9 },
            facts: vec![Fact {
                text: text.into(),
                question: "?".into(),
                polarity: None,
                keep: Vec::new(),
                sources: Vec::new(),
            }],
            cards: Vec::new(),
            choices: Vec::new(),
            context: Default::default(),
            handoff: None,
            gaps: Vec::new(),
            knowledge: 1,
            asks: None,
        }
    }

    fn topic(plan: &Plan, known: &Known) -> Option<Topic> {
        next(plan, known).map(|question| question.topic)
    }

    fn open() -> Known {
        Known { open: true, ..Known::default() }
    }

    #[test]
    fn who_is_choosing_is_asked_one_thing_at_a_time_and_nothing_twice() {
        let plan = plan(Decision::Answer, "recommend", "We have the Aura.");
        let mut known = open();
        let mut asked = Vec::new();
        while let Some(question) = next(&plan, &known) {
            asked.push(question.topic);
            known.asked.push(question.topic);
        }
        assert_eq!(asked, [Topic::Need, Topic::Budget, Topic::Timing]);
    }

    #[test]
    fn what_the_visitor_has_said_is_not_asked() {
        let plan = plan(Decision::Answer, "recommend", "We have the Aura.");
        let known = Known { told: vec![Topic::Need, Topic::Budget], ..open() };
        assert_eq!(topic(&plan, &known), Some(Topic::Timing));
    }

    #[test]
    fn nothing_is_asked_before_the_visitors_own_question_is_answered() {
        for decision in
            [Decision::Abstain, Decision::Clarify, Decision::Handoff, Decision::Smalltalk]
        {
            assert_eq!(topic(&plan(decision, "recommend", "x"), &open()), None);
        }
        let mut half = plan(Decision::Answer, "recommend", "We have the Aura.");
        half.gaps.push("and is it vegan?".into());
        assert_eq!(topic(&half, &open()), None);
    }

    #[test]
    fn a_reply_that_asks_something_itself_gets_no_second_question() {
        let plan = plan(Decision::Answer, "recommend", "We have four. Which one do you mean?");
        assert_eq!(topic(&plan, &open()), None);
    }

    #[test]
    fn a_contact_is_asked_for_with_its_reason() {
        let out = plan(Decision::Answer, "ask_stock", "The Aura is out of stock at the moment.");
        let asked = next(&out, &open()).expect("something to follow up");
        assert_eq!(asked.topic, Topic::Contact);
        assert!(asked.text.contains("when it is back"));
        let stocked = plan(Decision::Answer, "ask_stock", "The Aura is in stock.");
        assert_eq!(topic(&stocked, &open()), None);
        let trade = plan(Decision::Answer, "trade", "We supply schools.");
        let told = vec![Topic::Need, Topic::Timing, Topic::Decider];
        let asked = next(&trade, &Known { told, ..open() }).expect("an offer");
        assert!(asked.text.contains("offer"));
    }

    #[test]
    fn outside_hours_an_open_question_is_a_reason_to_write() {
        let mut unknown = plan(Decision::Abstain, "oos", "I don't know that.");
        unknown.gaps.push("is it vegan?".into());
        assert_eq!(topic(&unknown, &open()), None);
        assert_eq!(topic(&unknown, &Known::default()), Some(Topic::Contact));
    }

    #[test]
    fn small_questions_about_a_price_lead_to_none_of_ours() {
        assert_eq!(topic(&plan(Decision::Answer, "ask_price", "It costs €5."), &open()), None);
    }

    #[test]
    fn a_short_answer_to_our_question_is_thanked_for() {
        let unknown = plan(Decision::Abstain, "oos", "I don't know that.");
        assert!(is_reply(Topic::Need, "for hiking in Norway", &unknown));
        assert!(is_reply(Topic::Budget, "about 100 euros", &unknown));
        assert!(!is_reply(Topic::Budget, "for hiking", &unknown));
        assert!(!is_reply(Topic::Need, "do you have socks?", &unknown));
        let answered = plan(Decision::Answer, "recommend", "We have the Aura.");
        assert!(!is_reply(Topic::Budget, "under 100 euros", &answered));
    }
}
