//! A visitor: says typed frames, hears typed frames, keeps all it heard in order.

use std::fmt::Write;
use std::net::SocketAddr;

use floorwalker::domain::event::Page;
use floorwalker::domain::ids::{ClientId, Seq};
use floorwalker::people::secret;
use floorwalker::protocol::{ErrorCode, Reply, Seen, VisitorHears, VisitorSays, What};
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::{QUIET, Server, Socket, upgrade, within};

/// One visitor at one socket.
pub struct Visitor {
    /// Their credential.
    pub key: String,
    /// Everything heard, in order.
    pub heard: Vec<VisitorHears>,
    /// The same as it came.
    pub raw: Vec<String>,
    socket: Socket,
    /// How much of `heard` [`Visitor::until`] has passed.
    passed: usize,
}

impl Visitor {
    /// Comes for the first time, and knows all there is.
    pub async fn arrive(server: &Server) -> Self {
        Self::again(server, &secret(32), 0).await
    }

    /// Comes with a known key and what they have seen already, and has heard all there is. What
    /// `until` finds begins with that.
    pub async fn again(server: &Server, key: &str, after_seq: Seq) -> Self {
        Self::at(server.address, key, after_seq).await
    }

    /// The same with a server that need not be in this process.
    pub async fn at(address: SocketAddr, key: &str, after_seq: Seq) -> Self {
        let mut visitor = Self::connect(address, key, after_seq).await;
        let synced =
            |frame: &VisitorHears| matches!(frame, VisitorHears::Synced { .. }).then_some(());
        visitor.find("synced", 0, synced).await;
        visitor
    }

    /// Comes for the first time, on this page of the shop.
    pub async fn on_page(server: &Server, page: Page) -> Self {
        let key = secret(32);
        let VisitorSays::Hello { site, .. } = hello("demo", &key, 0) else { unreachable!() };
        let page = Some(page);
        let hello = VisitorSays::Hello { site, key: key.clone(), after_seq: 0, page };
        Self::greet(server.address, &key, &hello).await
    }

    /// Says hello and does not wait for an answer.
    async fn connect(address: SocketAddr, key: &str, after_seq: Seq) -> Self {
        Self::greet(address, key, &hello("demo", key, after_seq)).await
    }

    async fn greet(address: SocketAddr, key: &str, hello: &VisitorSays) -> Self {
        let origin = format!("http://{address}");
        let socket = upgrade(address, "/ws/visitor", &[("origin", &origin)]).await;
        let socket = socket.expect("our own page may connect");
        let mut visitor =
            Self { key: key.into(), heard: Vec::new(), raw: Vec::new(), socket, passed: 0 };
        visitor.send(hello).await;
        visitor
    }

    /// Writes, and returns the place the server acknowledged.
    pub async fn say(&mut self, text: &str) -> Seq {
        self.say_as(&client_id(), text).await
    }

    /// Writes under a name of one's own.
    pub async fn say_as(&mut self, name: &ClientId, text: &str) -> Seq {
        self.send(&VisitorSays::Say { client_id: name.clone(), text: text.into() }).await;
        self.acknowledged(name).await
    }

    /// Writes something that must be refused, and returns how.
    pub async fn refused(&mut self, text: &str) -> ErrorCode {
        let name = client_id();
        self.send(&VisitorSays::Say { client_id: name.clone(), text: text.into() }).await;
        let about = Some(name);
        self.until("a refusal", |frame| match frame {
            VisitorHears::Error { code, client_id, .. } if *client_id == about => Some(*code),
            _ => None,
        })
        .await
    }

    /// Presses "Talk to a person".
    pub async fn ask_person(&mut self) -> Seq {
        let name = client_id();
        self.send(&VisitorSays::AskPerson { client_id: name.clone() }).await;
        self.acknowledged(&name).await
    }

    /// The seq of a message's acknowledgement; leaves all else to be found by `until`.
    pub async fn acknowledged(&mut self, name: &ClientId) -> Seq {
        let from = self.passed;
        let ack = |frame: &VisitorHears| match frame {
            VisitorHears::Ack { client_id, seq } if client_id == name => Some(*seq),
            _ => None,
        };
        self.find("an acknowledgement", from, ack).await.1
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &VisitorSays) {
        let text = serde_json::to_string(frame).expect("frames are plain data");
        self.send_text(text).await;
    }

    /// Sends text that need not be a frame.
    pub async fn send_text(&mut self, text: String) {
        self.socket.send(Message::Text(text.into())).await.expect("the socket is open");
    }

    /// The first frame from here on of which `wanted` makes something.
    pub async fn until<T>(
        &mut self,
        what: &str,
        wanted: impl FnMut(&VisitorHears) -> Option<T>,
    ) -> T {
        let (at, found) = self.find(what, self.passed, wanted).await;
        self.passed = at + 1;
        found
    }

    /// The first event from here on of which `wanted` makes something.
    pub async fn until_event<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(&Seen) -> Option<T>,
    ) -> T {
        self.until(what, |frame| match frame {
            VisitorHears::Event(seen) => wanted(seen),
            _ => None,
        })
        .await
    }

    /// The complete reply to the message at this place.
    pub async fn reply_to(&mut self, message: Seq) -> Reply {
        self.until_event(&format!("a reply to {message}"), |seen| match &seen.what {
            What::Reply(reply) if reply.answers.contains(&message) => Some((**reply).clone()),
            _ => None,
        })
        .await
    }

    /// Lets go of all it heard: for those who talk for very long.
    pub fn forget(&mut self) {
        self.heard.clear();
        self.raw.clear();
        self.passed = 0;
    }

    /// Reads until everything up to this place has come.
    pub async fn synced_to(&mut self, seq: Seq) {
        let through = |frame: &VisitorHears| match frame {
            VisitorHears::Synced { through_seq } if *through_seq >= seq => Some(()),
            _ => None,
        };
        self.until(&format!("synced through {seq}"), through).await;
    }

    /// Fails if anything comes soon.
    pub async fn hears_nothing(&mut self) {
        if let Ok(frame) = tokio::time::timeout(QUIET, self.hear()).await {
            panic!("nothing should have come: {frame:?}");
        }
    }

    /// Everything that happened, as far as it was heard.
    pub fn events(&self) -> Vec<Seen> {
        let event = |frame: &VisitorHears| match frame {
            VisitorHears::Event(seen) => Some(seen.clone()),
            _ => None,
        };
        self.heard.iter().filter_map(event).collect()
    }

    /// The socket, for what the typed frames cannot say.
    pub fn socket(&mut self) -> &mut Socket {
        &mut self.socket
    }

    async fn find<T>(
        &mut self,
        what: &str,
        from: usize,
        mut wanted: impl FnMut(&VisitorHears) -> Option<T>,
    ) -> (usize, T) {
        let mut at = from;
        loop {
            while let Some(frame) = self.heard.get(at) {
                if let Some(found) = wanted(frame) {
                    return (at, found);
                }
                at += 1;
            }
            if let Err(ended) = tokio::time::timeout(super::DEADLINE, self.hear())
                .await
                .unwrap_or(Err("time is up".into()))
            {
                panic!("{what} did not come: {ended}; heard:\n{}", self.told());
            }
        }
    }

    /// Reads one frame into `heard`.
    async fn hear(&mut self) -> Result<(), String> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text);
                    self.heard.push(frame.unwrap_or_else(|e| panic!("not a frame ({e}): {text}")));
                    self.raw.push(text.to_string());
                    return Ok(());
                }
                Some(Ok(Message::Close(frame))) => return Err(format!("closed with {frame:?}")),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.to_string()),
                None => return Err("the socket ended".into()),
            }
        }
    }

    fn told(&self) -> String {
        self.raw.iter().fold(String::new(), |mut told, frame| {
            let _ = writeln!(told, "  {frame}");
            told
        })
    }
}

/// A name for a message.
pub fn client_id() -> ClientId {
    secret(12).try_into().expect("base64url is what client ids are made of")
}

/// The first frame.
pub fn hello(site: &str, key: &str, after_seq: Seq) -> VisitorSays {
    let site = site.to_string().try_into().expect("a site's key");
    VisitorSays::Hello { site, key: key.into(), after_seq, page: None }
}

/// What the same visitor hears at once on another socket: for waits that several clients share.
pub async fn all_hear<T>(futures: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    within("all of them", futures_util::future::join_all(futures)).await
}
