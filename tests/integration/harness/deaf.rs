//! A client that never reads, and how to see that the server has let go of it.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::SinkExt;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;

use super::{hello, upgrade_over};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Says hello as the visitor with this key, and hears nothing of what comes.
pub async fn deaf(address: SocketAddr, key: &str) -> TcpStream {
    let narrow = TcpSocket::new_v4().expect("a socket");
    narrow.set_recv_buffer_size(4_096).expect("a small buffer");
    let stream = narrow.connect(address).await.expect("the server listens");
    let origin = format!("http://{address}");
    let opened = upgrade_over(stream, address, "/ws/visitor", &[("origin", &origin)]).await;
    let mut socket = opened.expect("our own page may connect");
    let hello = serde_json::to_string(&hello("demo", key, 0)).expect("plain data");
    socket.send(Message::Text(hello.into())).await.expect("open");
    socket.into_inner()
}

/// Returns once the server has let go: only then is there nobody left to write to.
pub async fn let_go(mut deaf: TcpStream) -> TcpStream {
    while deaf.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await.is_ok() {
        tokio::time::sleep(PAUSE).await;
    }
    deaf
}
