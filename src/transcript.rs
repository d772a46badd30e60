//! A chat as a letter to the visitor who asked for it: written from the log when it is sent, so that
//! nothing of the chat is kept anywhere else meanwhile.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::answer::Answerer;
use crate::domain::event::Event;
use crate::domain::ids::{ChatId, ClientId, ReplyId};
use crate::domain::time::Instant;
use crate::jobs::{Failure, Job, NewJob};
use crate::log::{Entry, Log, PAGE};
use crate::mail::{Address, Speaker, Template, Transcript, TranscriptLine};
use crate::post::{Letter, Post};
use crate::sites::Sites;

/// The kind of job that sends a transcript.
pub const KIND: &str = "transcript";

#[derive(Serialize, Deserialize)]
struct Wanted {
    chat: ChatId,
    to: Address,
    at: Instant,
}

/// The job that sends the chat as it is at this moment.
pub fn job(chat: ChatId, client_id: &ClientId, to: Address, at: Instant) -> NewJob {
    let key = Some(format!("{chat} {}", client_id.as_str()));
    let payload = serde_json::to_value(Wanted { chat, to, at }).unwrap_or_default();
    NewJob { kind: KIND, key, payload, run_at: at }
}

/// Who writes transcripts.
#[derive(Clone)]
pub struct Clerk {
    /// The chats.
    pub log: Log,
    /// The brands.
    pub sites: Sites,
    /// The shop.
    pub answerer: Arc<Answerer>,
    /// The way out.
    pub post: Post,
}

impl Clerk {
    /// Writes and sends the letter of a job. An erased chat has none.
    pub async fn send(self, job: Job) -> Result<(), Failure> {
        let never = |error: serde_json::Error| Failure::Never(error.to_string());
        let wanted: Wanted = serde_json::from_value(job.payload).map_err(never)?;
        let entries = self.read(wanted.chat).await?;
        let site = entries.iter().find_map(|entry| match &entry.event {
            Event::ChatStarted { site, .. } => Some(site.clone()),
            _ => None,
        });
        let lines = lines(entries.iter().filter(|entry| entry.at <= wanted.at));
        let Some(site) = site.filter(|_| !lines.is_empty()) else { return Ok(()) };
        let site = self.sites.site(&site, self.answerer.shop());
        let template = Template::Transcript(Transcript {
            shop: site.name().into(),
            time_zone: site.zone_name().into(),
            lines,
        });
        let letter = Letter::new(wanted.to, template, site.language_tag(), wanted.at);
        self.post.deliver(job.id, letter).await
    }

    async fn read(&self, chat: ChatId) -> Result<Vec<Entry>, Failure> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let page = self.log.read(chat, after).await;
            let page = page.map_err(|error| Failure::Later(error.to_string()))?;
            let last = page.len() < PAGE;
            entries.extend(page);
            if last {
                return Ok(entries);
            }
        }
    }
}

/// What was said, in order; the sentences of one reply are one line.
fn lines<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<TranscriptLine> {
    let mut lines: Vec<TranscriptLine> = Vec::new();
    let mut speaking: Option<ReplyId> = None;
    for entry in entries {
        let line = |who, text: &str| TranscriptLine { at: entry.at, who, text: text.into() };
        let said = match &entry.event {
            Event::SentenceSaid { reply, text, .. } if speaking == Some(*reply) => {
                if let Some(last) = lines.last_mut() {
                    last.text = format!("{} {text}", last.text);
                }
                continue;
            }
            Event::SentenceSaid { reply, text, .. } => {
                speaking = Some(*reply);
                lines.push(line(Speaker::Bot, text));
                continue;
            }
            Event::VisitorSaid { text, .. } => line(Speaker::Visitor, text),
            Event::ContactLeft { message, .. } if !message.is_empty() => {
                line(Speaker::Visitor, message)
            }
            Event::NobodyThere { text, .. } => line(Speaker::Bot, text),
            Event::StaffSaid { name, text, .. } => line(Speaker::Colleague(name.clone()), text),
            _ => continue,
        };
        speaking = None;
        lines.push(said);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reply::Generated;

    #[test]
    fn the_sentences_of_a_reply_are_one_line_and_interruptions_begin_another() {
        let (chat, reply) = (ChatId::new(), ReplyId::new());
        let sentence = |text: &str| Event::SentenceSaid {
            reply,
            index: 0,
            text: text.into(),
            generated: Generated::Facts,
        };
        let said = |text: &str| Event::VisitorSaid {
            client_id: "c".to_string().try_into().expect("valid"),
            text: text.into(),
        };
        let events = [
            said("How much?"),
            sentence("It is €5."),
            sentence("In stock."),
            said("And?"),
            sentence("Yes."),
        ];
        let entries: Vec<Entry> = (1..)
            .zip(events)
            .map(|(seq, event)| Entry {
                chat,
                seq,
                at: Instant(0),
                audience: event.audience(),
                event,
            })
            .collect();
        let texts: Vec<String> = lines(entries.iter()).into_iter().map(|line| line.text).collect();
        assert_eq!(texts, ["How much?", "It is €5. In stock.", "And?", "Yes."]);
    }
}
