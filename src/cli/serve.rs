//! `floorwalker serve`: one command from nothing to a running shop.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;

use crate::answer::language_note;
use crate::app::{App, Config};
use crate::config::Settings;
use crate::domain::origin::Origin;
use crate::jobs::Clock;
use crate::knowledge::builtin;
use crate::shutdown::Shutdown;
use crate::web::limits::Limits;

/// Serve a shop: widget, demo page, staff console and API
#[derive(Debug, Args)]
pub struct Serve {
    /// Serve the demo shop, unless the data folder already holds one
    #[arg(long, conflicts_with = "shop")]
    demo: bool,
    /// The shop's folder: shop.toml, products.csv, pages/*.md, faq.csv
    #[arg(long, value_name = "DIR")]
    shop: Option<PathBuf>,
    /// Where everything is kept
    #[arg(long, value_name = "DIR", default_value = "data", env = "FLOORWALKER_DATA")]
    data: PathBuf,
    /// Where to listen; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where browsers reach this server, behind a proxy: https://chat.shop.example
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A page that may embed the widget: https://shop.example (repeat for more)
    #[arg(long = "origin", value_name = "URL")]
    origins: Vec<String>,
    /// Settings: mail, alerts, limits [default: floorwalker.toml in the data folder, if it is there]
    #[arg(long, value_name = "FILE", env = "FLOORWALKER_CONFIG")]
    config: Option<PathBuf>,
    /// Key of the site that embeds the widget
    #[arg(long, default_value = "demo")]
    site: String,
    #[command(flatten)]
    chosen: super::engine::Chosen,
}

impl Serve {
    /// Runs until interrupted.
    pub fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve())
    }

    async fn serve(self) -> anyhow::Result<()> {
        let listener = TcpListener::bind(self.listen).await.with_context(|| {
            format!(
                "cannot listen on {}; is another server there? choose another with --listen",
                self.listen
            )
        })?;
        let address = listener.local_addr()?;
        let demo_folder = tempfile::tempdir()?;
        let mut config = self.config(demo_folder.path())?;
        make_room(&mut config.settings.limits);
        let public = config.public_url.as_ref().map(|origin| origin.as_str().to_string());
        let writer = self.chosen.writer.as_ref().or(config.settings.engine.writer.as_ref());
        let engine = super::engine::start(writer)?;
        let bar = super::engine::embedding_bar();
        let app = App::build(config, engine, |done, of| {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        })
        .await?;
        bar.finish_and_clear();
        for warning in &app.warnings {
            eprintln!("note: {warning}");
        }
        if let Some(note) = language_note(&app.answerer().shop()) {
            eprintln!("note: {note}");
        }
        let base = public.unwrap_or_else(|| format!("http://{address}"));
        println!("Floorwalker is open.");
        println!("  shop page with widget  {base}/");
        println!("  staff console          {base}/console/");
        println!(
            "  embed line             <script async src=\"{base}/widget.js\" data-site=\"{}\"></script>",
            self.site
        );
        if let Some(password) = &app.admin_password {
            println!("  sign in as             admin");
            println!("  password               {password}   (shown this once; keep it)");
        }
        let (stop, shutdown) = Shutdown::new();
        tokio::spawn(async move {
            interrupted().await;
            eprintln!("stopping: finishing what is under way");
            stop.now();
        });
        app.serve(listener, shutdown).await;
        Ok(())
    }

    fn config(&self, demo_folder: &Path) -> anyhow::Result<Config> {
        let shop = match &self.shop {
            Some(folder) => folder.clone(),
            None if self.demo => {
                builtin::write_demo_shop(demo_folder)?;
                demo_folder.to_path_buf()
            }
            None if self.data.join("floorwalker.db").exists() => PathBuf::new(),
            None => anyhow::bail!(
                "there is no shop yet: name its folder with --shop DIR, or try the demo with --demo"
            ),
        };
        let origin = |text: &String| {
            Origin::parse(text)
                .with_context(|| format!("`{text}` is not an address like https://shop.example"))
        };
        Ok(Config {
            data: self.data.clone(),
            shop,
            site: self.site.clone().try_into()?,
            origins: self.origins.iter().map(origin).collect::<Result<_, _>>()?,
            public_url: self.public_url.as_ref().map(origin).transpose()?,
            settings: Settings::read(self.config.as_deref(), &self.data)?,
            clock: Clock::system(),
        })
    }
}

/// Ctrl-C, or the system asking to stop.
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Open files that are not visitors: the database, the index, models, letters on their way.
const FILES: usize = 256;

/// Asks the system for as many open files as it allows, and takes no more sockets than that holds:
/// a server without a file to spare could not write either.
fn make_room(limits: &mut Limits) {
    // Where it cannot be raised or told, the number itself is the only bound.
    let Ok(files) = rlimit::increase_nofile_limit(u64::MAX) else { return };
    let room = usize::try_from(files).unwrap_or(usize::MAX).saturating_sub(FILES);
    if room < limits.sockets {
        eprintln!(
            "note: this system allows {files} open files, which is room for {room} of {} connections; \
             raise `ulimit -Hn` (systemd: LimitNOFILE), or lower `sockets` under [limits]",
            limits.sockets
        );
        limits.sockets = room;
    }
}
