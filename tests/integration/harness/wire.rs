//! WebSockets from the client's side, with whatever headers a test wants to send.

use std::net::SocketAddr;

use axum::http::{HeaderName, HeaderValue};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::within;

/// An open socket.
pub type Socket = WebSocketStream<TcpStream>;

/// Asks for a socket; what is refused comes back as its HTTP status.
pub async fn upgrade(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<Socket, u16> {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    upgrade_over(stream, address, path, headers).await
}

/// The same over a connection of one's own.
pub async fn upgrade_over(
    stream: TcpStream,
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<Socket, u16> {
    let mut request = format!("ws://{address}{path}").into_client_request().expect("an address");
    for (name, value) in headers {
        let name = HeaderName::try_from(*name).expect("a header's name");
        request.headers_mut().append(name, HeaderValue::from_str(value).expect("a header's value"));
    }
    // Small, for tests with thousands of clients.
    let config = WebSocketConfig::default().read_buffer_size(4 * 1024);
    let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(config));
    match within("the server answers the upgrade", opened).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("the server broke off the upgrade: {error}"),
    }
}

/// Reads on until the server closes, and returns the code it gave.
pub async fn close_code(socket: &mut Socket) -> u16 {
    use futures_util::StreamExt;
    within("the server closes the socket", async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(CloseFrame { code, .. })))) => return code.into(),
                Some(Ok(_)) => {}
                other => panic!("the socket ended without a close code: {other:?}"),
            }
        }
    })
    .await
}
