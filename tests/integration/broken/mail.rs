//! The mail server is away for a while.

use std::time::Duration;

use serde_json::json;
use tokio::net::TcpSocket;

use crate::harness::smtp::SmtpServer;
use crate::harness::{Colleague, Server, within};

#[tokio::test]
async fn a_letter_leaves_once_when_the_mail_server_is_back() {
    // Taken, and nobody listens yet: whoever connects is refused.
    let port = TcpSocket::new_v4().expect("a socket");
    port.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    let address = port.local_addr().expect("bound");
    let settings = format!(
        "[mail]\nfrom = \"chat@gannet.example\"\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\n\
         port = {}\nsecurity = \"plain\"\n",
        address.port()
    );
    let server = Server::told(&settings).await;
    let ana = Colleague::enter(&server, "ana").await;
    let invite = json!({ "email": "eve@shop.example", "role": "agent" });
    assert_eq!(ana.post("/api/people/invitations", Some(invite)).await.status, 200);
    let jobs = async |what: &str, wanted: fn(&serde_json::Value) -> bool| {
        within(what, async {
            while !wanted(&ana.get("/api/jobs").await.json()) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
    };
    jobs("the first try fails", |jobs| {
        jobs[0]["state"] == "waiting" && jobs[0]["error"].is_string()
    })
    .await;
    let smtp = SmtpServer::on(port.listen(16).expect("the port is ours"), []);
    jobs("the letter has left", |jobs| *jobs == json!([])).await;
    assert_eq!(smtp.received().len(), 1);
    assert_eq!(smtp.received()[0].to, ["eve@shop.example"]);
    assert_eq!(smtp.connections(), 1, "and nobody tried again");
}
