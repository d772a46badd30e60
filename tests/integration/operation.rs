//! What an operator watches: whether the server can serve, its figures, its log, and how it stops.

use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use floorwalker::domain::ids::{ClientId, Seq};
use floorwalker::people::secret;
use floorwalker::protocol::{VisitorHears, VisitorSays};
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{
    Folder, PRICE, Server, Socket, Visitor, client_id, hello, request, upgrade, within,
};

#[tokio::test]
async fn it_is_ready_until_its_database_cannot_be_written() {
    let server = Server::open().await;
    let ready = |server: &Server| {
        let url = server.url("/api/ready");
        async move { request(Method::GET, &url, &[], None).await }
    };
    let answer = ready(&server).await;
    let models = request(Method::GET, &server.url("/api/health"), &[], None).await.json();
    let there =
        models["models"]["encoder"]["ready"] == true && models["models"]["writer"]["ready"] == true;
    assert_eq!(answer.status, if there { 200 } else { 503 }, "{answer:?}");

    let rival = Server::open().await;
    // Somebody else holds the right to write and does not let go.
    let held = rival.folder.rival();
    held.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    let answer = ready(&rival).await;
    assert_eq!(answer.status, 503);
    assert!(answer.text.contains("the database cannot be written"), "{answer:?}");
    assert_eq!(request(Method::GET, &rival.url("/api/health"), &[], None).await.status, 200);
    drop(held);
}

#[tokio::test]
async fn the_figures_count_what_happens_and_name_nobody() {
    let server = Server::told("[metrics]\ntoken = \"open sesame\"\n").await;
    let mut visitor = Visitor::arrive(&server).await;
    let asked = visitor.say(PRICE.0).await;
    visitor.reply_to(asked).await;
    let chat = server.folder.chat_of(&visitor.key);
    let url = server.url("/metrics");
    assert_eq!(request(Method::GET, &url, &[], None).await.status, 403);
    let token = [("authorization", "Bearer open sesame")];
    let answer = request(Method::GET, &url, &token, None).await;
    assert_eq!(answer.status, 200);
    let figure = |name: &str| -> f64 {
        let line = answer.text.lines().find(|line| line.starts_with(&format!("{name} ")));
        let line = line.unwrap_or_else(|| panic!("no {name} in:\n{}", answer.text));
        line.rsplit(' ').next().expect("a value").parse().expect("a number")
    };
    for name in [
        "floorwalker_messages_acked_total",
        "floorwalker_ack_seconds_count",
        "floorwalker_first_sentence_seconds_count",
        "floorwalker_sockets_open{kind=\"visitor\"}",
        "floorwalker_database_bytes",
    ] {
        assert!(figure(name) >= 1.0, "{name}");
    }
    for name in ["floorwalker_jobs{state=\"dead\"}", "floorwalker_chats_waiting_for_a_person"] {
        assert!(figure(name) >= 0.0, "{name}");
    }
    engine_figures(&server, figure).await;
    assert!(!answer.text.contains(&chat.to_string()) && !answer.text.contains("demo"));
}

/// What the models say of themselves, as far as they are there; others may be using them, too.
async fn engine_figures(server: &Server, figure: impl Fn(&str) -> f64) {
    let models = request(Method::GET, &server.url("/api/health"), &[], None).await.json();
    for model in ["writer", "encoder"] {
        let requests = figure(&format!("floorwalker_engine_requests_total{{model=\"{model}\"}}"));
        assert!(
            requests >= 1.0 || models["models"][model]["ready"] == false,
            "{model}: {requests}"
        );
        for name in ["requests_waiting", "busy_total", "passes_total"] {
            assert!(figure(&format!("floorwalker_engine_{name}{{model=\"{model}\"}}")) >= 0.0);
        }
    }
    let tokens =
        |kind: &str| figure(&format!("floorwalker_engine_tokens_total{{kind=\"{kind}\"}}"));
    assert!(tokens("cached") <= tokens("prompt") && tokens("confirmed") <= tokens("guessed"));
    let texts = |kind: &str| figure(&format!("floorwalker_engine_texts_total{{kind=\"{kind}\"}}"));
    assert!(texts("cached") <= texts("asked"));
    let passes = figure("floorwalker_engine_passes_total{model=\"writer\"}");
    assert!(figure("floorwalker_engine_rows_total") >= passes);
    for phase in ["queue", "first_token", "read", "choose", "embed"] {
        let name = format!("floorwalker_engine_microseconds_total{{phase=\"{phase}\"}}");
        assert!(figure(&name) >= 0.0, "{name}");
    }
    for end in ["stop", "length", "deadline", "cancelled", "failed"] {
        assert!(figure(&format!("floorwalker_engine_replies_total{{end=\"{end}\"}}")) >= 0.0);
    }
    for name in [
        "replies_under_way",
        "first_tokens_total",
        "conversations_remembered",
        "conversation_bytes",
        "vectors_remembered",
    ] {
        assert!(figure(&format!("floorwalker_engine_{name}")) >= 0.0, "{name}");
    }
}

/// The real program, with its log as JSON.
struct Program {
    address: SocketAddr,
    process: Child,
    log: std::thread::JoinHandle<String>,
}

impl Program {
    fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_floorwalker"))
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env("FLOORWALKER_LOG", "floorwalker=trace,debug")
            .env("FLOORWALKER_LOG_FORMAT", "json")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built beside its tests");
        let mut errors = process.stderr.take().expect("piped");
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).expect("text");
            text
        });
        let lines =
            std::io::BufRead::lines(std::io::BufReader::new(process.stdout.take().expect("piped")));
        let mut lines = lines.map_while(Result::ok);
        let page =
            lines.find_map(|line| line.split_once("http://").map(|(_, page)| page.to_string()));
        let page = page.expect("it says where it listens");
        let address = page.trim_end_matches('/').parse().expect("an address");
        // Somebody has to read on, or its next line would have nowhere to go.
        std::thread::spawn(move || lines.for_each(drop));
        Self { address, process, log }
    }

    /// Asks it to stop, as the system would, and goes on at once.
    fn ask_to_stop(&self) {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(asked.expect("there is `kill`").success());
    }

    /// Its log, when it has ended by itself.
    fn ended(mut self) -> String {
        assert!(self.process.wait().expect("it ends").success(), "it stops without an error");
        self.log.join().expect("a log")
    }
}

async fn arrive(address: SocketAddr, key: &str) -> Socket {
    let origin = format!("http://{address}");
    let socket = upgrade(address, "/ws/visitor", &[("origin", &origin)]).await;
    let mut socket = socket.expect("its own page may connect");
    say(&mut socket, &hello("demo", key, 0)).await;
    socket
}

async fn say(socket: &mut Socket, frame: &VisitorSays) {
    let text = serde_json::to_string(frame).expect("frames are plain data");
    socket.send(Message::Text(text.into())).await.expect("the socket is open");
}

/// What comes until `wanted` has it, or the socket is closed with a code.
async fn hear(socket: &mut Socket, mut wanted: impl FnMut(VisitorHears) -> bool) -> Option<u16> {
    within("the server speaks", async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    if wanted(serde_json::from_str(&text).expect("a frame")) {
                        return None;
                    }
                }
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                other => panic!("the socket ended without a word: {other:?}"),
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_in_order_keeps_what_it_acknowledged_and_logs_nobodys_words() {
    let folder = Folder::new().await;
    let path = folder.path().to_path_buf();
    let program = tokio::task::spawn_blocking(move || Program::start(&path));
    let program = within("the program opens", program).await.expect("it starts");
    let key = secret(32);
    let mut socket = arrive(program.address, &key).await;
    let words = "I am zanzibarquux@example.org, zanzibarquux street; how much is the zanzibarquux?";
    let said = |client_id: &ClientId| VisitorSays::Say {
        client_id: client_id.clone(),
        text: words.into(),
    };
    say(&mut socket, &said(&client_id())).await;
    let replied = |frame: VisitorHears| {
        serde_json::to_value(&frame).is_ok_and(|frame| frame["kind"] == "reply")
    };
    assert_eq!(hear(&mut socket, replied).await, None, "a whole reply");

    // Many more in one breath, and the order to stop in the middle of them.
    let names: Vec<ClientId> = (0..60).map(|_| client_id()).collect();
    for (place, name) in names.iter().enumerate() {
        if place == 30 {
            program.ask_to_stop();
        }
        let text = serde_json::to_string(&said(name)).expect("frames are plain data");
        // It may be closed already; what could not be sent is not acknowledged either.
        let _ = socket.send(Message::Text(text.into())).await;
    }
    let mut acked: Vec<(ClientId, Seq)> = Vec::new();
    let closed = hear(&mut socket, |frame| {
        if let VisitorHears::Ack { client_id, seq } = frame {
            acked.push((client_id, seq));
        }
        false
    });
    assert_eq!(closed.await, Some(1012), "the visitor is told that it comes back");
    let log = tokio::task::spawn_blocking(|| program.ended());
    let log = within("the program ends", log).await.expect("it ended");
    folder.free().await;

    let stored = |name: &ClientId| {
        let sql = "SELECT seq FROM sent WHERE client_id = ?1";
        folder.database().query_row(sql, [name.as_str()], |row| row.get::<_, Seq>(0)).ok()
    };
    for (name, seq) in &acked {
        assert_eq!(stored(name), Some(*seq), "what was acknowledged is stored");
    }
    assert_eq!(
        std::fs::metadata(folder.path().join("floorwalker.db-wal")).map_or(0, |f| f.len()),
        0
    );

    let lines: Vec<Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let stages: Vec<&str> = lines.iter().filter_map(|line| line["stage"].as_str()).collect();
    assert_eq!(stages, ["sockets", "turns", "jobs", "engine", "database"]);
    let hash = {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(&key);
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    for secret in ["zanzibarquux", &key, &hash] {
        let told = log.lines().find(|line| line.contains(secret));
        assert!(told.is_none(), "a log line holds `{secret}`: {told:?}");
    }
}
