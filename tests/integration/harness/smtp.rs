//! A mail server in this process that does what a script says, one behaviour a connection, and
//! remembers what it was given.

#![allow(dead_code, reason = "shared with the mail room's own tests; each uses what it needs")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How the server treats one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes the message.
    Accept,
    /// Takes the message and then never says goodbye.
    AcceptAndLinger,
    /// Not now: 451 to the recipient.
    Defer,
    /// Never: 550 to the recipient, in two lines, naming the address.
    Refuse,
    /// Never: 554 to the content.
    RefuseContent,
    /// 535 to whoever signs in.
    RefuseLogin,
    /// 554 instead of a greeting.
    TurnAway,
    /// Takes the connection and never says a word.
    Silent,
    /// Closes in the middle of the content.
    DieInData,
    /// Takes the content and closes before it says so.
    DieAfterData,
}

/// A message the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Headers and content as sent, lines ended by CR LF.
    pub data: String,
}

impl Received {
    /// The first header of this name, if it stands on one line.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default();
        let fields = head.split("\r\n").filter_map(|line| line.split_once(": "));
        fields.into_iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }
}

#[derive(Default)]
struct State {
    script: VecDeque<Behaviour>,
    received: Vec<Received>,
    commands: Vec<String>,
    connections: usize,
}

/// The server. It stops when it is dropped.
pub struct SmtpServer {
    port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl SmtpServer {
    /// Listens on a free port of this machine. After the script's end it accepts everything.
    pub async fn start(script: impl IntoIterator<Item = Behaviour>) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a free port"), script)
    }

    /// The same at a port that the caller has taken.
    pub fn on(listener: TcpListener, script: impl IntoIterator<Item = Behaviour>) -> Self {
        let port = listener.local_addr().expect("an address").port();
        let state = State { script: script.into_iter().collect(), ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let task = tokio::spawn(listen(listener, state.clone()));
        Self { port, state, task }
    }

    /// Where it listens, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every message it took, in order; also those it took without saying so.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.state).received.clone()
    }

    /// Every command it was given, in order, without the content of messages.
    pub fn commands(&self) -> Vec<String> {
        lock(&self.state).commands.clone()
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        lock(&self.state).connections
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("nothing panics while it holds the state")
}

/// Conversations belong to this task, so they end with the server.
async fn listen(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut conversations = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let behaviour = {
            let mut state = lock(&state);
            state.connections += 1;
            state.script.pop_front().unwrap_or(Behaviour::Accept)
        };
        let state = state.clone();
        conversations.spawn(async move {
            // The client may be gone at any moment; that ends the conversation and nothing else.
            let _ = Conversation::new(stream, behaviour, state).run().await;
        });
    }
}

struct Conversation {
    stream: BufReader<TcpStream>,
    behaviour: Behaviour,
    state: Arc<Mutex<State>>,
    from: String,
    to: Vec<String>,
}

impl Conversation {
    fn new(stream: TcpStream, behaviour: Behaviour, state: Arc<Mutex<State>>) -> Self {
        let stream = BufReader::new(stream);
        Self { stream, behaviour, state, from: String::new(), to: Vec::new() }
    }

    async fn run(mut self) -> std::io::Result<()> {
        match self.behaviour {
            Behaviour::Silent => return self.stay().await,
            Behaviour::TurnAway => return self.say("554 5.7.1 not from there").await,
            _ => self.say("220 scripted").await?,
        }
        while let Some(line) = self.line().await? {
            lock(&self.state).commands.push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.say("250-scripted\r\n250 AUTH PLAIN").await?,
                "AUTH" if self.behaviour == Behaviour::RefuseLogin => {
                    self.say("535 5.7.8 wrong password").await?;
                }
                "AUTH" => self.say("235 2.7.0 welcome").await?,
                "MAIL" => {
                    self.from = in_brackets(&line);
                    self.say("250 2.1.0 ok").await?;
                }
                "RCPT" => self.recipient(in_brackets(&line)).await?,
                "DATA" => {
                    self.say("354 go ahead").await?;
                    if !self.content().await? {
                        return Ok(());
                    }
                }
                "QUIT" if self.behaviour == Behaviour::AcceptAndLinger => return self.stay().await,
                "QUIT" => return self.say("221 bye").await,
                _ => self.say("502 5.5.1 not in the script").await?,
            }
        }
        Ok(())
    }

    async fn recipient(&mut self, address: String) -> std::io::Result<()> {
        match self.behaviour {
            Behaviour::Defer => self.say("451 4.7.1 try again later").await,
            Behaviour::Refuse => {
                let text = format!("550-5.1.1 <{address}>\r\n550 5.1.1 no such mailbox");
                self.say(&text).await
            }
            _ => {
                self.to.push(address);
                self.say("250 2.1.5 ok").await
            }
        }
    }

    /// Whether the conversation goes on after the content.
    async fn content(&mut self) -> std::io::Result<bool> {
        let mut data = String::new();
        loop {
            let Some(line) = self.line().await? else { return Ok(false) };
            if self.behaviour == Behaviour::DieInData {
                return Ok(false);
            }
            if line == "." {
                break;
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
            data.push_str("\r\n");
        }
        if self.behaviour == Behaviour::RefuseContent {
            self.say("554 5.6.0 not wanted").await?;
            return Ok(true);
        }
        let from = std::mem::take(&mut self.from);
        let to = std::mem::take(&mut self.to);
        lock(&self.state).received.push(Received { from, to, data });
        if self.behaviour == Behaviour::DieAfterData {
            return Ok(false);
        }
        self.say("250 2.0.0 taken").await?;
        Ok(true)
    }

    async fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        Ok(Some(line.trim_end_matches(['\r', '\n']).to_string()))
    }

    async fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.write_all(format!("{text}\r\n").as_bytes()).await
    }

    /// Says nothing until the client goes.
    async fn stay(&mut self) -> std::io::Result<()> {
        while self.line().await?.is_some() {}
        Ok(())
    }
}

fn in_brackets(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_string()).unwrap_or_default()
}
