//! Starting where another is already.

use tokio::net::TcpListener;

use crate::harness::{Program, Server};

#[tokio::test]
async fn a_taken_port_is_named() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let data = tempfile::tempdir().expect("temp dir");
    let data = data.path().join("data");
    let path = data.to_str().expect("a path");
    let ended = Program::run(&["serve", "--demo", "--listen", &address, "--data", path]);
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && ended.stdout.is_empty(), "{ended:?}");
    assert!(told.contains(&address) && told.contains("--listen"), "{told}");
    assert!(!data.exists(), "nothing was begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_leaves_the_folder_to_the_first() {
    let server = Server::open().await;
    let data = server.folder.path().to_str().expect("a path").to_string();
    let second = ["serve", "--demo", "--listen", "127.0.0.1:0", "--data"].map(String::from);
    let second = tokio::task::spawn_blocking(move || {
        let args: Vec<&str> = second.iter().map(String::as_str).chain([data.as_str()]).collect();
        (Program::run(&args), data.clone())
    });
    let (ended, data) = second.await.expect("it ends");
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && ended.stdout.is_empty(), "{ended:?}");
    assert!(told.contains(&data) && told.contains("in use"), "{told}");
    let mut visitor = crate::harness::Visitor::arrive(&server).await;
    visitor.say("Hello!").await;
}
