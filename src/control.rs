//! What an operator orders at the command line. One list of orders, done by the running server through
//! its control socket, or by the command itself where no server has the data folder.

pub mod knowledge;
pub mod sites;
pub mod socket;
mod writer;

use std::path::PathBuf;

use floorwalker_engine::Engine;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::backups;
use crate::domain::ids::EndpointId;
use crate::domain::time::Instant;
use crate::jobs::Jobs;
use crate::log::Log;
use crate::models::Choice;
use crate::people::keys::Scopes;
use crate::people::{People, PeopleError, Role, secret};
use crate::privacy::{Privacy, Who};
use crate::shelf::Shelf;
use crate::sites::Sites;
use crate::webhooks::{Kind, Webhooks, Wish};

/// Who does it, in the audit log.
const OPERATOR: &str = "operator";

/// An order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// Who works here.
    UserList,
    /// A new account; its password is made and returned once.
    UserAdd {
        /// To sign in with.
        name: String,
        /// What they may do.
        role: Role,
        /// Where mail reaches them.
        email: Option<String>,
    },
    /// A new password, made and returned once.
    UserPasswd {
        /// Whose.
        name: String,
    },
    /// Other rights.
    UserRole {
        /// Whose.
        name: String,
        /// Which.
        role: Role,
    },
    /// Closes an account.
    UserDisable {
        /// Whose.
        name: String,
    },
    /// Opens it again.
    UserEnable {
        /// Whose.
        name: String,
    },
    /// Ends the second factor of somebody who lost it.
    UserEndCodes {
        /// Whose.
        name: String,
    },
    /// A link that makes an account.
    UserInvite {
        /// To whom.
        email: String,
        /// What they may do.
        role: Role,
    },
    /// Jobs that wait, run or are dead.
    JobsList,
    /// Another try for a dead job.
    JobsRetry {
        /// Its number.
        id: i64,
    },
    /// About sites, and the bot's pause.
    Site {
        /// What.
        ask: sites::Ask,
    },
    /// Another model writes from now on.
    WriterUse {
        /// Which.
        writer: Choice,
    },
    /// About what the shop knows.
    Knowledge {
        /// What.
        ask: knowledge::Ask,
    },
    /// Somebody's chats, without their words.
    PersonFind {
        /// A chat's id, or an address.
        person: String,
    },
    /// All that is kept about somebody.
    Export {
        /// A chat's id, or an address.
        person: String,
    },
    /// Erases all that is kept about somebody.
    Erase {
        /// A chat's id, or an address.
        person: String,
    },
    /// API keys.
    KeyList,
    /// A new API key, returned once.
    KeyAdd {
        /// What it is for.
        name: String,
        /// What it may do.
        scopes: Scopes,
    },
    /// Ends an API key.
    KeyRevoke {
        /// Which.
        id: String,
    },
    /// Webhooks.
    WebhookList,
    /// A new webhook; its secret is returned once.
    WebhookAdd {
        /// Where it listens.
        url: String,
        /// What it is told.
        kinds: Vec<Kind>,
        /// Whether it is told what visitors write.
        include_text: bool,
    },
    /// A ping.
    WebhookTest {
        /// To which.
        id: EndpointId,
    },
    /// Silence until it is resumed.
    WebhookPause {
        /// Which.
        id: EndpointId,
    },
    /// The end of that.
    WebhookResume {
        /// Which.
        id: EndpointId,
    },
    /// Forgets a webhook.
    WebhookRemove {
        /// Which.
        id: EndpointId,
    },
    /// What was sent to a webhook.
    WebhookLog {
        /// Which.
        id: EndpointId,
    },
    /// Sends one thing again.
    WebhookReplay {
        /// To which.
        id: EndpointId,
        /// What.
        delivery: i64,
    },
    /// Sends again what did not arrive.
    WebhookRecover {
        /// To which.
        id: EndpointId,
        /// From when on.
        since: Instant,
    },
    /// Everything in one new file.
    Backup {
        /// Absolute, as the server's working directory may be another.
        to: PathBuf,
    },
}

/// The rooms that orders are about.
#[derive(Clone)]
pub struct Rooms {
    /// The chats and the database.
    pub log: Log,
    /// Accounts.
    pub people: People,
    /// Jobs.
    pub jobs: Jobs,
    /// Sites.
    pub sites: Sites,
    /// The knowledge in force, where a server runs.
    pub shelf: Option<Shelf>,
    /// Webhooks.
    pub webhooks: Webhooks,
    /// The models, where a server runs.
    pub engine: Option<Engine>,
}

impl Rooms {
    /// Does what was ordered. The error is for the operator to read.
    pub async fn obey(&self, order: Order) -> Result<Value, String> {
        match order {
            Order::UserList => shown(self.people.list().await),
            Order::UserAdd { name, role, email } => {
                let password = secret(15);
                let added = self.people.add(&name, role, email, password.clone(), OPERATOR).await;
                added.map_err(said).map(|user| json!({ "user": user, "password": password }))
            }
            Order::UserPasswd { name } => {
                let password = secret(15);
                let set = self.people.set_password(&name, password.clone(), OPERATOR).await;
                set.map_err(said).map(|user| json!({ "user": user, "password": password }))
            }
            Order::UserRole { name, role } => {
                shown(self.people.set_role(&name, role, OPERATOR).await)
            }
            Order::UserDisable { name } => shown(self.people.disable(&name, OPERATOR).await),
            Order::UserEnable { name } => shown(self.people.enable(&name, OPERATOR).await),
            Order::UserEndCodes { name } => {
                let users = self.people.list().await.map_err(said)?;
                let found = users.into_iter().find(|account| account.user.name == name);
                let user = found.ok_or_else(|| said(PeopleError::NoSuchUser(name)))?.user;
                shown(self.people.end_second_factor(user.id, OPERATOR).await)
            }
            Order::UserInvite { email, role } => {
                let token = self.people.invite(&email, role, OPERATOR, Instant::now()).await;
                token
                    .map_err(said)
                    .map(|token| json!({ "path": format!("/console/#invitation={token}") }))
            }
            Order::JobsList => shown(self.jobs.list().await),
            Order::JobsRetry { id } => match self.jobs.retry(id, OPERATOR).await.map_err(said)? {
                true => Ok(Value::Null),
                false => {
                    Err(format!("there is no dead job {id}; `floorwalker jobs list` shows all"))
                }
            },
            Order::WriterUse { writer } => writer::exchange(self, writer).await,
            Order::Site { ask } => sites::obey(&self.sites, ask).await,
            Order::Knowledge { ask } => knowledge::obey(self, ask).await,
            Order::PersonFind { person } => {
                let who: Who = person.parse().map_err(said)?;
                shown(self.privacy().find(&who).await)
            }
            Order::Export { person } => {
                let who = person.parse().map_err(said)?;
                shown(self.privacy().export(&who, OPERATOR, Instant::now()).await)
            }
            Order::Erase { person } => {
                let who = person.parse().map_err(said)?;
                shown(self.privacy().erase(&who, OPERATOR, Instant::now()).await)
            }
            Order::Backup { to } => shown(backups::take(self.log.store(), to).await),
            Order::KeyList => shown(self.people.keys().await),
            Order::KeyAdd { name, scopes } => {
                let (may, now) = (Scopes::all(), Instant::now());
                let made = self.people.add_key(&name, scopes, may, OPERATOR, now).await;
                made.map_err(said).map(|made| json!({ "key": made.key, "secret": *made.text }))
            }
            Order::KeyRevoke { id } => {
                shown(self.people.revoke_key(&id, OPERATOR, Instant::now()).await)
            }
            Order::WebhookList => shown(self.webhooks.list().await),
            Order::WebhookAdd { url, kinds, include_text } => {
                let made = self.webhooks.add(Wish { url, kinds, include_text }, OPERATOR).await;
                made.map_err(said)
                    .map(|made| json!({ "webhook": made.endpoint, "secret": *made.secret }))
            }
            Order::WebhookTest { id } => {
                let sent = self.webhooks.test(id, OPERATOR).await;
                sent.map_err(said).map(|delivery| json!({ "delivery": delivery }))
            }
            Order::WebhookPause { id } => shown(self.webhooks.pause(id, OPERATOR).await),
            Order::WebhookResume { id } => shown(self.webhooks.resume(id, OPERATOR).await),
            Order::WebhookRemove { id } => shown(self.webhooks.remove(id, OPERATOR).await),
            Order::WebhookLog { id } => shown(self.webhooks.log(id, None).await),
            Order::WebhookReplay { id, delivery } => {
                let sent = self.webhooks.replay(id, delivery, OPERATOR).await;
                sent.map_err(said).map(|()| json!({ "delivery": delivery }))
            }
            Order::WebhookRecover { id, since } => {
                let sent = self.webhooks.recover(id, since, OPERATOR).await;
                sent.map_err(said).map(|count| json!({ "deliveries": count }))
            }
        }
    }

    fn privacy(&self) -> Privacy {
        Privacy::new(self.log.clone())
    }
}

fn shown<T: Serialize, E: std::fmt::Display>(found: Result<T, E>) -> Result<Value, String> {
    serde_json::to_value(found.map_err(said)?).map_err(said)
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
