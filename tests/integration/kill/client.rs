//! A visitor who does what the widget does: names each message, keeps it until it is acknowledged,
//! comes back after every cut, and sends again what may be lost. It notes whatever is not as promised.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use floorwalker::domain::ids::{ClientId, ReplyId, Seq};
use floorwalker::people::secret;
use floorwalker::protocol::{Seen, VisitorHears, VisitorSays, What};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::Dice;
use crate::harness::{FOUR_PRICES, PRICE, hello};

const QUESTIONS: [&str; 3] = [PRICE.0, FOUR_PRICES, "Is the Foam Fold Mat in stock?"];

/// Messages of one visitor that may be under way at once.
const IMPATIENT: usize = 24;
/// Messages of one burst at most.
const BURST: u64 = 12;

/// One visitor.
pub struct Client {
    /// Their credential.
    pub key: String,
    /// Messages by name, with the place the server acknowledged.
    pub acknowledged: HashMap<ClientId, Seq>,
    /// Names in the order they were first sent.
    pub sent: Vec<ClientId>,
    /// Every event shown, in the order it came.
    pub shown: Vec<Seq>,
    /// How often a message was sent again.
    pub again: usize,
    /// What was not as promised.
    pub wrong: Vec<String>,
    number: u32,
    dice: Dice,
    server: watch::Receiver<Option<SocketAddr>>,
    bursts: watch::Receiver<u64>,
    no_more: watch::Receiver<bool>,
    waiting: VecDeque<(ClientId, String)>,
    unanswered: HashSet<Seq>,
    parts: HashSet<(ReplyId, Option<u32>)>,
}

/// The connection is gone.
struct Cut;

type Socket = WebSocketStream<TcpStream>;

impl Client {
    /// One who comes as soon as there is a server, writes much at once when `bursts` counts up, and
    /// stops writing when `no_more` says so.
    pub fn new(
        number: u32,
        dice: Dice,
        server: watch::Receiver<Option<SocketAddr>>,
        bursts: watch::Receiver<u64>,
        no_more: watch::Receiver<bool>,
    ) -> Self {
        Self {
            key: secret(32),
            acknowledged: HashMap::new(),
            sent: Vec::new(),
            shown: Vec::new(),
            again: 0,
            wrong: Vec::new(),
            number,
            dice,
            server,
            bursts,
            no_more,
            waiting: VecDeque::new(),
            unanswered: HashSet::new(),
            parts: HashSet::new(),
        }
    }

    /// Writes and comes back until all that was written is acknowledged and answered.
    pub async fn run(mut self) -> Self {
        loop {
            let there = self.server.wait_for(Option::is_some).await.map(|address| *address);
            let Ok(Some(address)) = there else { return self };
            if self.visit(address).await.is_ok() {
                return self;
            }
            // The same server is not coming back: wait for word of the next one.
            let _ = self.server.wait_for(|now| *now != Some(address)).await;
        }
    }

    async fn visit(&mut self, address: SocketAddr) -> Result<(), Cut> {
        let mut socket = self.connect(address).await?;
        let (mut no_more, mut bursts) = (self.no_more.clone(), self.bursts.clone());
        bursts.mark_unchanged();
        let mut live = false;
        // Some wait to hear what is stored before they send the rest again, some do not.
        let hasty = self.dice.roll(2) == 0;
        if hasty {
            self.send_again(&mut socket).await?;
        }
        loop {
            let over = *no_more.borrow() && !self.sent.is_empty();
            if live && over && self.waiting.is_empty() && self.unanswered.is_empty() {
                return Ok(());
            }
            // Somebody in a hurry: writes on while the bot still answers.
            if live && !over && self.waiting.len() + self.unanswered.len() < IMPATIENT {
                let messages = 1 + self.dice.roll(3);
                self.write(&mut socket, messages).await?;
            }
            let pause = Duration::from_millis(self.dice.roll(120));
            tokio::select! {
                () = tokio::time::sleep(pause), if live && !over => {}
                frame = next(&mut socket) => match frame? {
                    VisitorHears::Synced { .. } if !live => {
                        live = true;
                        if !hasty {
                            self.send_again(&mut socket).await?;
                        }
                    }
                    frame => self.hear(frame),
                },
                Ok(()) = bursts.changed(), if live && !over => {
                    let messages = 1 + self.dice.roll(BURST);
                    self.write(&mut socket, messages).await?;
                }
                _ = no_more.changed(), if !over => {}
            }
        }
    }

    async fn connect(&self, address: SocketAddr) -> Result<Socket, Cut> {
        let stream = TcpStream::connect(address).await.map_err(|_| Cut)?;
        let mut request =
            format!("ws://{address}/ws/visitor").into_client_request().map_err(|_| Cut)?;
        let origin = format!("http://{address}").parse().expect("a header's value");
        request.headers_mut().insert("origin", origin);
        let (mut socket, _) =
            tokio_tungstenite::client_async(request, stream).await.map_err(|_| Cut)?;
        send(&mut socket, &hello("demo", &self.key, self.shown.last().copied().unwrap_or(0)))
            .await?;
        Ok(socket)
    }

    /// Everything that was not acknowledged, under its old names.
    async fn send_again(&mut self, socket: &mut Socket) -> Result<(), Cut> {
        self.again += self.waiting.len();
        for (name, text) in self.waiting.clone() {
            send(socket, &VisitorSays::Say { client_id: name, text }).await?;
        }
        Ok(())
    }

    /// New questions, one after the other without waiting.
    async fn write(&mut self, socket: &mut Socket, messages: u64) -> Result<(), Cut> {
        for _ in 0..messages {
            let name = format!("c{}-m{}", self.number, self.sent.len());
            let name = ClientId::try_from(name).expect("letters and digits");
            // Mostly what costs no models, or the answers would take longer than the test.
            let question = QUESTIONS.get(self.dice.roll(16) as usize).unwrap_or(&"Thanks!");
            let text = (*question).to_string();
            self.sent.push(name.clone());
            self.waiting.push_back((name.clone(), text.clone()));
            send(socket, &VisitorSays::Say { client_id: name, text }).await?;
        }
        Ok(())
    }

    fn hear(&mut self, frame: VisitorHears) {
        match frame {
            VisitorHears::Ack { client_id, seq } => self.acknowledge(client_id, seq),
            VisitorHears::Event(seen) => self.see(seen),
            VisitorHears::Error { code, message, .. } => {
                self.wrong.push(format!("refused with {code:?}: {message}"));
            }
            _ => {}
        }
    }

    fn acknowledge(&mut self, name: ClientId, seq: Seq) {
        self.waiting.retain(|(waiting, _)| *waiting != name);
        match self.acknowledged.insert(name.clone(), seq) {
            Some(before) if before != seq => {
                self.wrong.push(format!("{} stood at {before} and now at {seq}", name.as_str()));
            }
            Some(_) => {}
            None => drop(self.unanswered.insert(seq)),
        }
    }

    fn see(&mut self, seen: Seen) {
        if self.shown.last().is_some_and(|last| *last >= seen.seq) {
            self.wrong.push(format!("{} was shown after {:?}", seen.seq, self.shown.last()));
        }
        self.shown.push(seen.seq);
        match seen.what {
            What::Said { client_id, .. } => {
                self.acknowledge(client_id, seen.seq);
            }
            What::Sentence { reply, index, .. } => self.part(reply, Some(index)),
            What::Reply(reply) => {
                self.part(reply.reply, None);
                for seq in &reply.answers {
                    if !self.unanswered.remove(seq) {
                        self.wrong.push(format!("{seq} was answered twice, or before it was said"));
                    }
                }
            }
            other => self.wrong.push(format!("nobody else is here: {other:?}")),
        }
    }

    fn part(&mut self, reply: ReplyId, index: Option<u32>) {
        if !self.parts.insert((reply, index)) {
            self.wrong.push(format!("reply {reply}, part {index:?} was shown twice"));
        }
    }
}

async fn next(socket: &mut Socket) -> Result<VisitorHears, Cut> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                return Ok(serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")));
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Cut),
            Some(Ok(_)) => {}
        }
    }
}

async fn send(socket: &mut Socket, frame: &VisitorSays) -> Result<(), Cut> {
    let text = serde_json::to_string(frame).expect("plain data");
    socket.send(Message::Text(text.into())).await.map_err(|_| Cut)
}
