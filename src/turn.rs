//! One visitor's message from log to log.
//!
//! The dispatcher asks the log a single question, "which chats await the bot?", after every commit
//! and at start. So a restart needs no recovery of its own, and no message can be forgotten: it
//! stays in the answer to that question until its reply is in the log.
//!
//! A turn plans once, keeps the plan in the log, and then says it fact by fact. What is interrupted
//! goes on with the fact that was next. Every append expects the epoch the turn began under: after a
//! takeover the first one is refused and the turn is over.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::task::JoinSet;
use tokio::time::Instant as Clock;
use tokio_util::task::AbortOnDropHandle;

use crate::answer::{Answerer, Style};
use crate::domain::chat::{Chat, OpenReply, State};
use crate::domain::event::{Event, HandoffReason};
use crate::domain::ids::{ChatId, ReplyId, Seq};
use crate::domain::reply::{Plan, Timings};
use crate::domain::tone::Tone;
use crate::figures::{self, Counted};
use crate::hub::Hub;
use crate::jobs::Jobs;
use crate::leads::qualify::{self, Known};
use crate::log::{Append, AppendError, Expect, Log};
use crate::protocol::Composer;
use crate::shutdown::Shutdown;
use crate::sites::{Site, Sites};

/// Turns under way at once; further chats wait in the log.
const AT_ONCE: usize = 8;
/// Facts that are put into words at once: the one that is said next, and the one after it.
const AHEAD: usize = 2;
/// How long a chat rests after a failed turn.
const REST: Duration = Duration::from_secs(1);
/// Failed turns in a row after which a person is called.
const PATIENCE: u32 = 3;

/// What a turn needs.
#[derive(Clone)]
pub struct Turns {
    /// Where messages come from and replies go.
    pub log: Log,
    /// Who is shown as composing.
    pub hub: Hub,
    /// What finds the answers.
    pub answerer: Arc<Answerer>,
    /// Where the bot is to speak.
    pub sites: Sites,
    /// For their clock.
    pub jobs: Jobs,
}

impl Turns {
    /// Gives every chat that awaits the bot its turn until `shutdown` turns true, then lets the
    /// turns under way stop where they are: the log knows how to go on.
    pub async fn run(self, mut shutdown: Shutdown) {
        let (answerer, tones) = (self.answerer.clone(), self.tones());
        tokio::spawn(async move {
            for tone in tones {
                answerer.warm(tone).await;
            }
        });
        let mut news = self.log.follow_all();
        let mut turns = JoinSet::new();
        let mut running = HashSet::new();
        loop {
            news.mark_unchanged();
            match self.log.awaiting_bot().await {
                Ok(chats) => {
                    for chat in chats {
                        if running.len() < AT_ONCE && running.insert(chat) {
                            turns.spawn(self.clone().attempt(chat));
                        }
                    }
                }
                Err(error) => tracing::error!(%error, "cannot see which chats await the bot"),
            }
            tokio::select! {
                _ = news.changed() => {}
                Some(Ok(chat)) = turns.join_next() => { running.remove(&chat); }
                () = tokio::time::sleep(REST * 5) => {}
                () = shutdown.requested() => return,
            }
        }
    }

    /// Takes the turn, again if it fails, and calls a person when it keeps failing.
    async fn attempt(self, chat: ChatId) -> ChatId {
        for _ in 0..PATIENCE {
            // In a task of its own, so that a panic is one failed turn and not the end of them all.
            match AbortOnDropHandle::new(tokio::spawn(self.clone().turn(chat))).await {
                Ok(Ok(())) => return chat,
                Ok(Err(error)) => tracing::error!(%error, %chat, "a turn failed"),
                Err(error) => tracing::error!(%error, %chat, "a turn panicked"),
            }
            tokio::time::sleep(REST).await;
        }
        if let Err(error) = self.give_up(chat).await {
            tracing::error!(%error, %chat, "cannot hand a failed chat to a person");
        }
        chat
    }

    /// Plans or resumes the reply, says it, and closes it.
    async fn turn(self, chat: ChatId) -> Result<(), AppendError> {
        let began = Clock::now();
        let Some(state) = self.log.chat(chat).await? else { return Ok(()) };
        if !state.head.awaits_bot() {
            return Ok(());
        }
        let _counted = Counted::turn();
        if state.unanswered.is_empty() && state.open_reply.is_none() {
            // What was asked is erased or damaged: nobody can answer it any more.
            return self.settle(chat, &state).await;
        }
        let epoch = Expect::Epoch(state.head.epoch);
        if state.open_reply.is_none() && !self.bot_speaks(&state) {
            return match self.leave_to_people(chat, &epoch, &state).await {
                Err(AppendError::Conflict(_)) => Ok(()),
                outcome => outcome,
            };
        }
        let _composing = self.hub.composing(chat, Composer::Bot);
        match self.say(chat, &epoch, state, began).await {
            // Somebody took over: what was shown stays, nothing follows.
            Err(AppendError::Conflict(_)) => Ok(()),
            outcome => outcome,
        }
    }

    async fn say(
        &self,
        chat: ChatId,
        epoch: &Expect,
        state: Chat,
        began: Clock,
    ) -> Result<(), AppendError> {
        let mut timings = Timings::default();
        // One version of the knowledge from the plan to the last sentence.
        let answerer = self.answerer.pinned();
        let tone = self.tone(&state);
        let last_said = state.last_said.clone();
        let open = match state.open_reply {
            Some(open) => open,
            None => self.plan(&answerer, chat, epoch, &state, &mut timings).await?,
        };
        // Words for the next fact are sought while the one before is written down and shown.
        let facts = open.plan.facts.clone().into_iter().enumerate().skip(open.said.len());
        let drafted = facts.map(|(index, fact)| {
            let patience = if index == 0 { Style::FIRST } else { Style::NEXT };
            let style = Style { patience, tone, ..Style::default() };
            let answerer = &answerer;
            async move { (index, answerer.draft(&fact, &style).await) }
        });
        let mut drafted = pin!(stream::iter(drafted).buffered(AHEAD));
        let mut last = last_said;
        while let Some((index, drafts)) = drafted.next().await {
            let sentence = drafts.sentence(&last);
            last.clone_from(&sentence.text);
            let event = Event::SentenceSaid {
                reply: open.reply,
                index: u32::try_from(index).unwrap_or(u32::MAX),
                text: sentence.text,
                generated: sentence.generated,
            };
            self.append(chat, epoch, vec![event]).await?;
            if timings.first_sentence == 0.0 {
                timings.first_sentence = millis(began);
                figures::first_sentence(began.elapsed());
            }
        }
        timings.total = millis(began);
        self.append(chat, epoch, closing(&open, timings)).await?;
        figures::replied();
        Ok(())
    }

    async fn plan(
        &self,
        answerer: &Answerer,
        chat: ChatId,
        epoch: &Expect,
        state: &Chat,
        timings: &mut Timings,
    ) -> Result<OpenReply, AppendError> {
        let messages: Vec<String> = state.unanswered.iter().map(|(_, text)| text.clone()).collect();
        let answers: Vec<Seq> = state.unanswered.iter().map(|(seq, _)| *seq).collect();
        let mut planned = answerer.plan(&messages, &state.context, self.jobs.now()).await;
        self.qualify(&mut planned.plan, state, &messages);
        (timings.understand, timings.look_up) = (planned.understand_ms, planned.look_up_ms);
        let reply = ReplyId::new();
        let event = Event::ReplyPlanned {
            reply,
            answers: answers.clone(),
            plan: Box::new(planned.plan.clone()),
        };
        self.append(chat, epoch, vec![event]).await?;
        Ok(OpenReply { reply, answers, plan: planned.plan, said: Vec::new() })
    }

    /// The chat's site.
    fn site(&self, state: &Chat) -> Option<Site> {
        state.site.as_ref().map(|key| self.sites.site(key, self.answerer.shop()))
    }

    /// How the chat's site sounds.
    fn tone(&self, state: &Chat) -> Tone {
        self.site(state).map(|site| site.settings.tone).unwrap_or_default()
    }

    /// How the sites sound, each way once.
    fn tones(&self) -> Vec<Tone> {
        let all = self.sites.all();
        let set = |tone: &Tone| all.values().any(|version| version.settings.tone == *tone);
        Tone::ALL.into_iter().filter(set).collect()
    }

    /// Thanks for an answer to what the bot asked, and asks the next thing, where the site wants that.
    fn qualify(&self, plan: &mut Plan, state: &Chat, messages: &[String]) {
        let Some(site) = self.site(state).filter(|site| site.settings.qualify) else { return };
        if let (Some(asked), [message]) = (state.open_ask, messages)
            && qualify::is_reply(asked, message, plan)
        {
            qualify::thank(plan, message);
        }
        let open = site.hours().open_at(self.jobs.now());
        let known = Known { asked: state.asked.clone(), told: state.told.clone(), open };
        if let Some(question) = qualify::next(plan, &known) {
            qualify::ask(plan, question);
        }
    }

    /// Is the bot to speak in this chat now?
    fn bot_speaks(&self, state: &Chat) -> bool {
        self.site(state).is_none_or(|site| site.bot_speaks(self.jobs.now()))
    }

    /// The bot is silent by order: these messages are for people.
    async fn leave_to_people(
        &self,
        chat: ChatId,
        epoch: &Expect,
        state: &Chat,
    ) -> Result<(), AppendError> {
        let answers = state.unanswered.iter().map(|(seq, _)| *seq).collect();
        let cut = Event::ReplyCut { reply: ReplyId::new(), answers };
        let wanted = Event::PersonWanted { reason: HandoffReason::BotPaused };
        let wanted = (state.head.state == State::Bot).then_some(wanted);
        self.append(chat, epoch, std::iter::once(cut).chain(wanted).collect()).await
    }

    async fn settle(&self, chat: ChatId, state: &Chat) -> Result<(), AppendError> {
        let answers = vec![state.head.visitor_seq];
        let cut = Event::ReplyCut { reply: ReplyId::new(), answers };
        match self.append(chat, &Expect::LastSeq(state.head.last_seq), vec![cut]).await {
            Err(AppendError::Conflict(_)) => Ok(()),
            outcome => outcome,
        }
    }

    async fn give_up(&self, chat: ChatId) -> Result<(), AppendError> {
        let Some(state) = self.log.chat(chat).await? else { return Ok(()) };
        let (reply, answers) = match state.open_reply {
            Some(open) => (open.reply, open.answers),
            None => (ReplyId::new(), state.unanswered.iter().map(|(seq, _)| *seq).collect()),
        };
        let events = vec![
            Event::ReplyCut { reply, answers },
            Event::PersonWanted { reason: HandoffReason::BotFailed },
        ];
        self.append(chat, &Expect::Epoch(state.head.epoch), events).await
    }

    async fn append(
        &self,
        chat: ChatId,
        expect: &Expect,
        events: Vec<Event>,
    ) -> Result<(), AppendError> {
        let expect = expect.clone();
        let append =
            Append { chat, expect, client_id: None, events, jobs: Vec::new(), at: self.jobs.now() };
        self.log.append(append).await.map(|_| ())
    }
}

/// What ends a reply: that it is done, what could not be answered, and who is wanted.
fn closing(open: &OpenReply, timings_ms: Timings) -> Vec<Event> {
    let last = open.answers.last().copied().unwrap_or(0);
    let done = Event::ReplyDone { reply: open.reply, answers: open.answers.clone(), timings_ms };
    let gaps = open
        .plan
        .gaps
        .iter()
        .map(|question| Event::GapFound { question: question.clone(), answers: last });
    let wanted = open.plan.handoff.map(|reason| Event::PersonWanted { reason });
    std::iter::once(done).chain(gaps).chain(wanted).collect()
}

fn millis(since: Clock) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
