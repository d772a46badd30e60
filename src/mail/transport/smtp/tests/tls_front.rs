//! TLS before a plain server: from the first byte, or after STARTTLS, or after a STARTTLS that
//! somebody on the way has added answers to. The certificate is for
//! `localhost`, from an authority made for these tests; its key is published and worth nothing.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// When TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    AtOnce,
    AfterStarttls,
    /// Answers to all that the client will ask come along in the clear.
    AfterStarttlsWithForgedAnswers,
}

const FORGED: &str = "220 go ahead\r\n250-forged\r\n250 AUTH PLAIN\r\n235 welcome\r\n\
                      250 ok\r\n250 ok\r\n354 go ahead\r\n250 taken\r\n";

/// The front. It stops when it is dropped.
pub struct TlsFront {
    port: u16,
    task: JoinHandle<()>,
}

impl TlsFront {
    pub async fn start(behind: u16, begins: Begins) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let acceptor = acceptor();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that refuses the certificate is gone; that is what the tests are about.
                let _ = serve(stream, &acceptor, behind, begins).await;
            }
        });
        Self { port, task }
    }

    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("localhost.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("localhost.key.pem"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.expect("a certificate")], key.expect("a key"))
        .expect("a pair");
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(
    stream: TcpStream,
    acceptor: &TlsAcceptor,
    behind: u16,
    begins: Begins,
) -> std::io::Result<()> {
    let mut back = BufReader::new(TcpStream::connect(("127.0.0.1", behind)).await?);
    let mut front = BufReader::new(stream);
    if begins != Begins::AtOnce {
        back.read_line(&mut String::new()).await?;
        for answer in ["220 front\r\n", "250-front\r\n250 STARTTLS\r\n"] {
            front.write_all(answer.as_bytes()).await?;
            front.read_line(&mut String::new()).await?;
        }
        let forged = begins == Begins::AfterStarttlsWithForgedAnswers;
        front.write_all(if forged { FORGED } else { "220 go ahead\r\n" }.as_bytes()).await?;
    }
    let mut front = acceptor.accept(front.into_inner()).await?;
    let _ = tokio::io::copy_bidirectional(&mut front, &mut back).await;
    let _ = front.read(&mut [0]).await;
    Ok(())
}
