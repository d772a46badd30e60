//! A program that receives webhooks and does what a script says, one behaviour a request, and
//! remembers what it was sent.

#![allow(dead_code, reason = "shared with the webhooks' own tests; each uses what it needs")]

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// How the receiver treats one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers with this status and body.
    Answer(u16, &'static str),
    /// Sends the caller elsewhere.
    Redirect(String),
    /// Reads the request and never says a word.
    Hang,
    /// Closes in the middle.
    Reset,
    /// Answers 200 with a body that does not end.
    Endless,
}

/// A request the receiver read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Method and path.
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As it was sent.
    pub body: Vec<u8>,
}

impl Received {
    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

#[derive(Default)]
struct State {
    script: VecDeque<Behaviour>,
    otherwise: Option<Behaviour>,
    received: Vec<Received>,
}

/// The receiver. It stops when it is dropped.
pub struct Receiver {
    port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Listens on a free port of this machine. After the script's end it answers 204.
    pub async fn start(script: impl IntoIterator<Item = Behaviour>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = State { script: script.into_iter().collect(), ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let task = tokio::spawn(listen(listener, state.clone()));
        Self { port, state, task }
    }

    /// What an operator would allow.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What an administrator would register.
    pub fn url(&self) -> String {
        format!("{}/hook/secret-path", self.origin())
    }

    /// Every request it read, in order.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.state).received.clone()
    }

    /// From now on it does this whenever the script has no more to say.
    pub fn always(&self, behaviour: Behaviour) {
        lock(&self.state).otherwise = Some(behaviour);
    }

    /// The first so many requests.
    pub async fn first(&self, count: usize) -> Vec<Received> {
        for _ in 0..6_000 {
            let received = self.received();
            if received.len() >= count {
                return received;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} requests and not {count}", self.received().len());
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("nothing panics while it holds the state")
}

/// Conversations belong to this task, so they end with the receiver.
async fn listen(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut conversations = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = state.clone();
        conversations.spawn(async move {
            // The caller may be gone at any moment; that ends the conversation and nothing else.
            let _ = converse(stream, state).await;
        });
    }
}

async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let received = read(&mut stream).await?;
    let behaviour = {
        let mut state = lock(&state);
        state.received.push(received);
        let otherwise = state.otherwise.clone().unwrap_or(Behaviour::Answer(204, ""));
        state.script.pop_front().unwrap_or(otherwise)
    };
    let stream = stream.get_mut();
    match behaviour {
        Behaviour::Answer(status, body) => {
            let length = if status == 204 { String::new() } else { length(body) };
            let answer = format!("HTTP/1.1 {status} As scripted\r\n{length}\r\n{body}");
            stream.write_all(answer.as_bytes()).await
        }
        Behaviour::Redirect(to) => {
            let answer = format!("HTTP/1.1 307 Elsewhere\r\nlocation: {to}\r\n{}\r\n", length(""));
            stream.write_all(answer.as_bytes()).await
        }
        Behaviour::Hang => {
            // Until the caller hangs up.
            stream.read_u8().await.map(|_| ())
        }
        Behaviour::Reset => {
            stream.write_all(b"HTTP/1.1 200 O").await?;
            stream.set_zero_linger()
        }
        Behaviour::Endless => {
            let length = "content-length: 10000000000\r\n";
            stream.write_all(format!("HTTP/1.1 200 OK\r\n{length}\r\n").as_bytes()).await?;
            loop {
                stream.write_all(&[b'x'; 8_192]).await?;
            }
        }
    }
}

fn length(body: &str) -> String {
    format!("content-length: {}\r\n", body.len())
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Received> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let (line, mut headers) = (line.trim_end().to_string(), Vec::new());
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_string()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Received { line, headers, body })
}
