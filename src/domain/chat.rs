//! The fold of a chat: what its events, read in order, say about it now.
//!
//! [`Head`] is the small part that the log keeps beside the stream and compares before it appends:
//! whose turn it is, and whether the bot owes an answer. [`Chat`] is the whole of it, for the turn.
//! Both are pure; erased payloads fold without complaint.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::ids::{ReplyId, Seq, SiteKey, UserId};
use super::qualify::{Topic, told};
use super::reply::{Context, Generated, Plan};

/// Whose turn a chat is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The bot answers.
    #[default]
    Bot,
    /// A person is wanted; the bot answers until one comes.
    Queued,
    /// A colleague has it; the bot is silent.
    Open,
    /// Settled.
    Resolved,
}

impl State {
    /// As the log writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Queued => "queued",
            Self::Open => "open",
            Self::Resolved => "resolved",
        }
    }
}

/// What is compared and set with every append.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Whose turn it is.
    pub state: State,
    /// The colleague who has it, if one does.
    pub owner: Option<UserId>,
    /// Grows whenever the chat changes hands: what was begun under an older one must not be said.
    pub epoch: u64,
    /// Seq of the last event.
    pub last_seq: Seq,
    /// Seq of the visitor's last message.
    pub visitor_seq: Seq,
    /// Seq of the last visitor's message that needs no answer of the bot any more.
    pub answered_seq: Seq,
}

impl Head {
    /// The head after one more event.
    pub fn after(mut self, event: &Event) -> Self {
        self.last_seq += 1;
        match event {
            Event::VisitorSaid { .. } => {
                self.visitor_seq = self.last_seq;
                if self.state == State::Resolved {
                    self.change_hands(State::Bot, None);
                }
            }
            Event::ReplyDone { answers, .. } | Event::ReplyCut { answers, .. } => {
                let last = answers.iter().copied().max().unwrap_or(0);
                self.answered_seq = self.answered_seq.max(last);
            }
            Event::PersonWanted { .. } | Event::ContactLeft { .. } => match self.state {
                State::Bot => self.state = State::Queued,
                State::Resolved => self.change_hands(State::Queued, None),
                State::Queued | State::Open => {}
            },
            Event::StaffTook { staff, .. } => self.change_hands(State::Open, Some(*staff)),
            Event::HandedBack { .. } => self.change_hands(State::Bot, None),
            // What is erased is settled, and the epoch grows by one for each event that is gone: no
            // less than it had grown by them, so nothing begun before an erasure is said after it.
            Event::Resolved { .. } | Event::Erased => self.change_hands(State::Resolved, None),
            Event::ChatStarted { .. }
            | Event::ReplyPlanned { .. }
            | Event::SentenceSaid { .. }
            | Event::StaffSaid { .. }
            | Event::NobodyThere { .. }
            | Event::TranscriptWanted { .. }
            | Event::GapFound { .. } => {}
        }
        self
    }

    /// Does the bot owe this chat an answer?
    pub fn awaits_bot(&self) -> bool {
        matches!(self.state, State::Bot | State::Queued) && self.visitor_seq > self.answered_seq
    }

    /// Everything said until now is settled; only what comes next may need the bot.
    fn change_hands(&mut self, state: State, owner: Option<UserId>) {
        // A message that reopens a chat is itself still to be answered.
        let reopened = self.visitor_seq == self.last_seq;
        self.answered_seq = if reopened { self.answered_seq } else { self.visitor_seq };
        self.state = state;
        self.owner = owner;
        self.epoch += 1;
    }
}

/// A reply that was planned and not yet finished.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenReply {
    /// Its id.
    pub reply: ReplyId,
    /// The messages it answers.
    pub answers: Vec<Seq>,
    /// What is to be said.
    pub plan: Plan,
    /// Who worded the sentences already said, in order.
    pub said: Vec<Generated>,
}

/// A chat as its events tell it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chat {
    /// The part the log compares.
    pub head: Head,
    /// The visitor's messages without an answer, oldest first.
    pub unanswered: Vec<(Seq, String)>,
    /// What the last completed reply left as context.
    pub context: Context,
    /// A reply under way, if any.
    pub open_reply: Option<OpenReply>,
    /// The site it belongs to; unknown once that was erased.
    pub site: Option<SiteKey>,
    /// The visitor was told that nobody comes, or left an address; nobody came since.
    pub absence_told: bool,
    /// What the bot said last; empty before it said anything.
    pub last_said: String,
    /// What the bot has asked of its own accord.
    pub asked: Vec<Topic>,
    /// What the last completed reply asked.
    pub open_ask: Option<Topic>,
    /// What the visitor told of themselves.
    pub told: Vec<Topic>,
    /// How often the visitor asked for the chat by mail.
    pub transcripts: u32,
}

impl Chat {
    /// Folds events in order. `None` is a payload that was erased.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        events.into_iter().fold(Self::default(), Self::after)
    }

    /// The chat after one more event.
    pub fn after(mut self, event: &Event) -> Self {
        self.head = self.head.after(event);
        match event {
            Event::VisitorSaid { text, .. } => {
                self.unanswered.push((self.head.last_seq, text.clone()));
                self.told.extend(told(text));
            }
            Event::ReplyPlanned { reply, answers, plan } => {
                self.open_reply = Some(OpenReply {
                    reply: *reply,
                    answers: answers.clone(),
                    plan: (**plan).clone(),
                    said: Vec::new(),
                });
            }
            Event::SentenceSaid { generated, text, .. } => {
                self.last_said.clone_from(text);
                if let Some(open) = &mut self.open_reply {
                    open.said.push(*generated);
                }
            }
            Event::ReplyDone { answers, .. } | Event::ReplyCut { answers, .. } => {
                self.unanswered.retain(|(seq, _)| !answers.contains(seq));
                if let Some(open) = self.open_reply.take() {
                    self.asked.extend(open.plan.asks);
                    self.open_ask = open.plan.asks;
                    self.context = open.plan.context;
                }
            }
            Event::StaffTook { .. } | Event::HandedBack { .. } | Event::Resolved { .. } => {
                self.unanswered.clear();
                self.open_reply = None;
                self.absence_told = false;
            }
            Event::NobodyThere { .. } => self.absence_told = true,
            Event::ContactLeft { .. } => {
                self.absence_told = true;
                self.told.push(Topic::Contact);
            }
            Event::TranscriptWanted { .. } => self.transcripts += 1,
            Event::ChatStarted { site, .. } => self.site = Some(site.clone()),
            Event::Erased => {
                self.unanswered.clear();
                self.open_reply = None;
                self.context = Context::default();
                self.last_said.clear();
                (self.asked, self.open_ask, self.told) = Default::default();
            }
            Event::PersonWanted { .. } | Event::StaffSaid { .. } | Event::GapFound { .. } => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Contact, HandoffReason};
    use crate::domain::time::Instant;

    fn said(text: &str) -> Event {
        let client_id = format!("c-{}", text.len()).try_into().expect("valid");
        Event::VisitorSaid { client_id, text: text.into() }
    }

    fn took(staff: UserId) -> Event {
        Event::StaffTook { staff, name: "Ana".into() }
    }

    #[test]
    fn the_bot_owes_an_answer_until_the_reply_is_done() {
        let reply = ReplyId::new();
        let chat = Chat::fold(&[said("hello")]);
        assert!(chat.head.awaits_bot());
        assert_eq!(chat.unanswered, [(1, "hello".to_string())]);
        let done = Event::ReplyDone { reply, answers: vec![1], timings_ms: Default::default() };
        let chat = chat.after(&done);
        assert!(!chat.head.awaits_bot());
        assert!(chat.unanswered.is_empty());
    }

    #[test]
    fn a_second_question_during_a_reply_still_awaits_one() {
        let reply = ReplyId::new();
        let done = Event::ReplyDone { reply, answers: vec![1], timings_ms: Default::default() };
        let chat = Chat::fold(&[said("one"), said("three"), done]);
        assert!(chat.head.awaits_bot());
        assert_eq!(chat.unanswered, [(2, "three".to_string())]);
    }

    #[test]
    fn a_takeover_silences_the_bot_and_changes_the_epoch() {
        let staff = UserId::new();
        let chat = Chat::fold(&[said("hello"), took(staff)]);
        assert_eq!(
            (chat.head.state, chat.head.owner, chat.head.epoch),
            (State::Open, Some(staff), 1)
        );
        assert!(!chat.head.awaits_bot());
        let chat = chat.after(&said("are you there?"));
        assert!(!chat.head.awaits_bot());
    }

    #[test]
    fn after_handing_back_only_new_messages_need_the_bot() {
        let staff = UserId::new();
        let back = Event::HandedBack { staff };
        let chat = Chat::fold(&[said("hello"), took(staff), said("more"), back]);
        assert!(!chat.head.awaits_bot());
        assert!(chat.unanswered.is_empty());
        assert!(chat.after(&said("and now?")).head.awaits_bot());
    }

    #[test]
    fn writing_into_a_resolved_chat_opens_it_for_the_bot() {
        let staff = UserId::new();
        let chat = Chat::fold(&[said("hello"), took(staff), Event::Resolved { staff }]);
        assert_eq!(chat.head.state, State::Resolved);
        let chat = chat.after(&said("one more thing"));
        assert_eq!(chat.head.state, State::Bot);
        assert!(chat.head.awaits_bot());
        assert_eq!(chat.unanswered.len(), 1);
    }

    #[test]
    fn an_address_that_was_left_calls_a_person_and_absence_ends_when_one_comes() {
        let contact =
            Contact { name: String::new(), email: "a@b.example".into(), phone: String::new() };
        let left = Event::ContactLeft {
            client_id: "f".to_string().try_into().expect("valid"),
            contact,
            message: String::new(),
            reply_by: Instant(9),
            text: String::new(),
        };
        let chat = Chat::fold(&[said("hello"), left]);
        assert_eq!((chat.head.state, chat.absence_told), (State::Queued, true));
        assert!(!chat.after(&took(UserId::new())).absence_told);
    }

    #[test]
    fn an_erased_chat_is_settled_has_a_later_epoch_and_can_be_written_into() {
        let staff = UserId::new();
        let before = Chat::fold(&[said("hello"), took(staff), said("more")]);
        let chat = Chat::fold(&[Event::Erased, Event::Erased, Event::Erased, Event::Erased]);
        assert!(chat.head.epoch > before.head.epoch);
        assert_eq!((chat.head.state, chat.head.owner), (State::Resolved, None));
        assert!(!chat.head.awaits_bot());
        let chat = chat.after(&said("something new"));
        assert!(chat.head.awaits_bot());
        assert_eq!(chat.unanswered, [(5, "something new".to_string())]);
    }

    #[test]
    fn what_was_asked_and_told_is_remembered_until_it_is_erased() {
        let plan = Plan {
            decision: crate::domain::reply::Decision::Answer,
            intent: crate::domain::reply::Intent { name: "recommend".into(), confidence: 1.0 },
            facts: Vec::new(),
            cards: Vec::new(),
            choices: Vec::new(),
            context: Context::default(),
            handoff: None,
            gaps: Vec::new(),
            knowledge: 1,
            asks: Some(Topic::Budget),
        };
        let reply = ReplyId::new();
        let planned = Event::ReplyPlanned { reply, answers: vec![1], plan: Box::new(plan) };
        let done = Event::ReplyDone { reply, answers: vec![1], timings_ms: Default::default() };
        let chat = Chat::fold(&[said("a tent, please"), planned]);
        assert_eq!((chat.asked.len(), chat.open_ask), (0, None), "not said yet");
        let chat = chat.after(&done).after(&said("about 200 euros"));
        assert_eq!(chat.asked, [Topic::Budget]);
        assert_eq!((chat.open_ask, &chat.told[..]), (Some(Topic::Budget), &[Topic::Budget][..]));
        let chat = chat.after(&Event::Erased);
        assert_eq!((chat.asked.len(), chat.open_ask, chat.told.len()), (0, None, 0));
    }

    #[test]
    fn waiting_for_a_person_leaves_the_bot_answering() {
        let wanted = Event::PersonWanted { reason: HandoffReason::VisitorAsked };
        let chat = Chat::fold(&[said("hello"), wanted]);
        assert_eq!(chat.head.state, State::Queued);
        assert_eq!(chat.head.epoch, 0);
        assert!(chat.head.awaits_bot());
    }
}
