//! Files that are not what they were: a model's weights, a page of the database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use floorwalker::domain::event::Event;
use floorwalker::domain::ids::UserId;
use reqwest::Method;

use crate::harness::{
    Colleague, Folder, PRICE, PROGRAM, Program, Server, Visitor, client_id, limits, owned_chats,
    request, with_serve,
};

/// Where this machine keeps its models.
fn models() -> PathBuf {
    floorwalker::models::Store::from_env().expect("a folder of models").folder().to_path_buf()
}

/// The same models in another folder, one of their files with one bit turned.
fn damaged_copy(of: &Path, to: &Path, damaged: &str) {
    for model in fs::read_dir(of).expect("models") {
        let model = model.expect("an entry");
        let copy = to.join(model.file_name());
        if !model.path().is_dir() {
            continue;
        }
        fs::create_dir_all(&copy).expect("made");
        for file in fs::read_dir(model.path()).expect("files") {
            let file = file.expect("an entry");
            let to = copy.join(file.file_name());
            if file.file_name() == damaged {
                let mut bytes = fs::read(file.path()).expect("reads");
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(to, bytes).expect("room for a model");
            } else {
                std::os::unix::fs::symlink(file.path(), to).expect("linked");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turned_bit_in_a_model_is_named_and_the_server_works_without_that_model() {
    const WEIGHTS: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";
    let (folder, cache) = (Folder::new().await, tempfile::tempdir().expect("temp dir"));
    damaged_copy(&models(), cache.path(), WEIGHTS);
    let mut command = Command::new(PROGRAM);
    command.env("FLOORWALKER_MODELS", cache.path());
    let command = with_serve(command, folder.path());
    let program = tokio::task::spawn_blocking(move || Program::of(command)).await;
    let program = program.expect("it starts all the same");
    let health = format!("http://{}/api/health", program.address);
    let told = request(Method::GET, &health, &[], None).await.json();
    assert_eq!(told["status"], "degraded", "{told}");
    assert_eq!(told["models"]["encoder"]["ready"], true, "{told}");
    let why = told["models"]["writer"]["why"].as_str().expect("a reason").to_string();
    for part in [WEIGHTS, "sha256", "models pull --repair"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let mut visitor = Visitor::at(program.address, &floorwalker::people::secret(32), 0).await;
    let asked = visitor.say(PRICE.0).await;
    let reply = visitor.reply_to(asked).await;
    assert!(serde_json::to_string(&reply).expect("plain").contains(PRICE.1), "{reply:?}");
    program.stop();
}

#[tokio::test]
async fn a_damaged_database_is_not_served_and_the_doctor_says_what_to_do() {
    let folder = Folder::new().await;
    let file = folder.path().join("floorwalker.db");
    let mut bytes = fs::read(&file).expect("reads");
    // Every page after the first says in its first byte what it is: none of these is known.
    let pages = bytes.len() / 4_096;
    bytes[(pages / 2) * 4_096] ^= 0x40;
    fs::write(&file, &bytes).expect("writes");
    let data = folder.path().to_str().expect("a path");
    let serve = ["serve", "--demo", "--listen", "127.0.0.1:0", "--data", data];
    let ended = Program::run(&serve);
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && ended.stdout.is_empty(), "{ended:?}");
    assert!(told.contains("floorwalker.db is damaged") && told.contains("restore"), "{told}");
    let doctor = Program::run(&["doctor", "--data", data]);
    let told = String::from_utf8_lossy(&doctor.stdout);
    assert!(!doctor.status.success() && told.contains("floorwalker restore"), "{doctor:?}");
    assert_eq!(fs::read(&file).expect("reads"), bytes, "nobody changed it");
}

#[tokio::test]
async fn a_damaged_event_takes_nothing_else_with_it() {
    let folder = Folder::new().await;
    let chats = owned_chats(&folder, 1).await;
    let (key, chat) = &chats[0];
    let unanswered = Event::VisitorSaid { client_id: client_id(), text: "Hello?".into() };
    folder.add(*chat, vec![Event::HandedBack { staff: UserId::new() }, unanswered]).await;
    folder.free().await;
    let turned =
        "UPDATE events SET payload = replace(payload, '\"text\"', '\"text!') WHERE seq = 4";
    assert_eq!(folder.rival().execute(turned, []).expect("written"), 1);
    let server = Server::on(folder, limits()).await;
    let mut visitor = Visitor::again(&server, key, 0).await;
    let asked = visitor.say(PRICE.0).await;
    visitor.reply_to(asked).await;
    let ben = Colleague::enter(&server, "ben").await;
    let mut other = Visitor::arrive(&server).await;
    other.ask_person().await;
    let other = server.folder.chat_of(&other.key);
    ben.desk(&server).await.row(other, |_| true).await;
    let data = server.folder.path().to_str().expect("a path");
    let told =
        String::from_utf8_lossy(&Program::run(&["doctor", "--data", data]).stdout).into_owned();
    assert!(told.contains("1 are damaged"), "{told}");
}
