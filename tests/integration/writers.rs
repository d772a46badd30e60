//! Another model writes while the server runs.

use floorwalker::control::{Order, socket};
use floorwalker::models::{Catalogue, Choice, Purpose, Role, Store};
use floorwalker_engine::{Engine, Models, Options};
use reqwest::Method;
use serde_json::Value;

use crate::harness::{PROGRAM, Server, request};

async fn order(server: &Server, writer: &str) -> Result<Value, String> {
    let writer: Choice = writer.parse().expect("it means a model");
    let done = socket::order(server.folder.path(), Order::WriterUse { writer }).await;
    done.map_err(|error| error.to_string())
}

async fn writer(server: &Server) -> Value {
    let health = request(Method::GET, &server.url("/api/health"), &[], None).await.json();
    health["models"]["writer"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_running_server_takes_another_writer_and_keeps_the_one_it_has_if_that_fails() {
    let engine = Engine::start(&Models::default(), &Options::default());
    let mut server = Server::thinking_with(engine.clone()).await;
    assert_eq!(writer(&server).await["ready"], false);
    let folder = tempfile::tempdir().expect("temp dir");
    let broken = folder.path().join("broken.gguf");
    std::fs::write(&broken, b"GGUF and no more").expect("written");
    let broken = broken.to_str().expect("a path");
    for (named, why) in [
        (broken, "broken.gguf: "),
        ("/nowhere/at/all.gguf", "/nowhere/at/all.gguf: "),
        ("all-MiniLM-L6-v2", "cannot write"),
        ("gpt", "there is no model named"),
        ("nobody/nothing:all.gguf", "floorwalker models pull nobody/nothing:all.gguf"),
    ] {
        let refused = order(&server, named).await.expect_err(named);
        assert!(refused.contains(why), "{named}: {refused}");
    }
    assert_eq!(writer(&server).await["ready"], false);

    let catalogue = Catalogue::embedded().expect("a list");
    let listed = catalogue.first_for(Purpose::Writer).expect("one writes");
    if let Ok(files) = Store::from_env().expect("a folder").open(listed) {
        let gguf = files.path(Role::Weights).expect("weights");
        for named in [listed.name.as_str(), gguf.to_str().expect("a path")] {
            let done = order(&server, named).await.expect(named);
            assert_eq!((&done["writer"], &done["health"]["ready"]), (&named.into(), &true.into()));
            assert_eq!(writer(&server).await, done["health"]);
        }
        let before = writer(&server).await;
        assert!(order(&server, broken).await.is_err());
        assert_eq!(writer(&server).await, before, "the one it had goes on");
        let text = engine.count_tokens("How much is the tent?").expect("it works");
        assert!(text > 3, "{text}");
    }
    server.stop().await;
    let refused = order(&server, broken).await.expect_err("nobody is there");
    assert!(refused.contains("no server runs here") && refused.contains("[engine]"), "{refused}");
}

#[test]
fn the_command_says_what_the_server_said() {
    let folder = tempfile::tempdir().expect("temp dir");
    let mut command = std::process::Command::new(PROGRAM);
    command.args(["models", "use", "SmolLM2-135M-Instruct", "--data"]).arg(folder.path());
    let output = command.env("FLOORWALKER_LOG", "error").output().expect("the program is built");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("there is no data folder"), "{said}");
}
