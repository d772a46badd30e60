//! `floorwalker chat`: a visitor in a terminal, over the real socket.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::domain::ids::{ClientId, Seq, SiteKey};
use crate::domain::origin::Origin;
use crate::people::secret;
use crate::protocol::{VisitorHears, VisitorSays, What};

/// Write to a running server as a visitor would
#[derive(Debug, Args)]
#[command(after_help = "Example:
  floorwalker chat --url http://127.0.0.1:8080 --json \"How much is the Ridge 2 Tent?\" \"And how heavy is it?\"")]
pub struct Chat {
    /// The server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// Key of the site
    #[arg(long, default_value = "demo")]
    site: String,
    /// Print every server event as a line of JSON
    #[arg(long)]
    json: bool,
    /// How long to wait for each reply, in seconds
    #[arg(long, default_value_t = 60)]
    patience: u64,
    /// The messages, one after the other
    #[arg(required = true)]
    messages: Vec<String>,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Chat {
    /// Sends each message and waits for what answers it.
    pub fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.chat())
    }

    async fn chat(self) -> anyhow::Result<()> {
        let mut socket = self.connect().await?;
        for message in &self.messages {
            let client_id = ClientId::try_from(secret(12)).context("own id")?;
            let say = VisitorSays::Say { client_id: client_id.clone(), text: message.clone() };
            send(&mut socket, &say).await?;
            let wait = Duration::from_secs(self.patience);
            tokio::time::timeout(wait, self.until_answered(&mut socket, &client_id))
                .await
                .with_context(|| format!("no answer within {} seconds", self.patience))??;
        }
        socket.close(None).await?;
        Ok(())
    }

    async fn connect(&self) -> anyhow::Result<Socket> {
        let origin = Origin::parse(&self.url).with_context(|| {
            format!("`{}` is not an address like http://127.0.0.1:8080", self.url)
        })?;
        let address = format!("{}/ws/visitor", origin.as_str().replacen("http", "ws", 1));
        let mut request = address.into_client_request()?;
        request.headers_mut().insert("Origin", origin.as_str().parse()?);
        let (mut socket, _) = tokio_tungstenite::connect_async(request)
            .await
            .with_context(|| format!("no Floorwalker answers at {}; is it running?", self.url))?;
        let site = SiteKey::try_from(self.site.clone())?;
        let hello = VisitorSays::Hello { site, key: secret(32), after_seq: 0, page: None };
        send(&mut socket, &hello).await?;
        loop {
            let frame = self.next(&mut socket).await?;
            if matches!(frame, VisitorHears::Synced { .. }) {
                return Ok(socket);
            }
        }
    }

    /// Reads on until the reply that answers this message, or a person, is there.
    async fn until_answered(&self, socket: &mut Socket, message: &ClientId) -> anyhow::Result<()> {
        let mut asked: Option<Seq> = None;
        loop {
            match self.next(socket).await? {
                VisitorHears::Ack { client_id, seq } if client_id == *message => asked = Some(seq),
                VisitorHears::Error { message, .. } => bail!("refused: {message}"),
                VisitorHears::Event(seen) => match seen.what {
                    What::Said { client_id, .. } if client_id == *message => asked = Some(seen.seq),
                    What::Reply(reply) if asked.is_none_or(|seq| reply.answers.contains(&seq)) => {
                        return Ok(());
                    }
                    What::StaffSaid { .. } => return Ok(()),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    async fn next(&self, socket: &mut Socket) -> anyhow::Result<VisitorHears> {
        loop {
            match socket.next().await.context("the server hung up")?? {
                Message::Text(text) => {
                    let frame = serde_json::from_str(&text)
                        .with_context(|| format!("a frame of another protocol: {text}"))?;
                    if self.json {
                        println!("{text}");
                    } else {
                        print(&frame);
                    }
                    return Ok(frame);
                }
                Message::Close(frame) => bail!("the server closed the socket: {frame:?}"),
                _ => {}
            }
        }
    }
}

async fn send(socket: &mut Socket, frame: &VisitorSays) -> anyhow::Result<()> {
    Ok(socket.send(Message::Text(serde_json::to_string(frame)?.into())).await?)
}

/// What a person at a terminal wants to see.
fn print(frame: &VisitorHears) {
    match frame {
        VisitorHears::Welcome { greeting, .. } => println!("bot: {greeting}"),
        VisitorHears::Event(seen) => match &seen.what {
            What::Said { text, .. } => println!("you: {text}"),
            What::Sentence { text, .. } => println!("bot: {text}"),
            What::Reply(reply) => {
                for source in &reply.sources {
                    println!("     ({})", source.title);
                }
            }
            What::Queued { .. } => println!("     a colleague has been asked to join"),
            What::StaffSaid { name, text } => println!("{name}: {text}"),
            _ => {}
        },
        _ => {}
    }
}
