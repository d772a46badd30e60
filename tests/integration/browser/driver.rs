//! Chromium under chromedriver, started by the test on a port the system chooses.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};

use super::window::Window;
use crate::harness::{install_tls, within};

/// What Chromium is called where.
const CHROMIUM: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// No window, and no calls to the outside.
const FLAGS: [&str; 8] = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// What a window is seen on.
#[derive(Clone, Copy)]
pub struct Screen {
    width: u32,
    height: u32,
    touch: bool,
}

/// On a desk, with the browser's own bars.
pub const DESKTOP: Screen = Screen { width: 1280, height: 1000, touch: false };
/// In a hand.
pub const PHONE: Screen = Screen { width: 390, height: 844, touch: true };

/// Opens browser windows, each with a memory of its own, and closes them all in the end.
#[derive(Clone)]
pub struct Browsers {
    port: u16,
    open: Arc<Mutex<Vec<WebDriver>>>,
}

/// Runs a story with browsers, and ends them however the story ends.
pub async fn with_browsers<F>(story: impl FnOnce(Browsers) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    install_tls();
    let (mut driver, port) = start();
    let browsers = Browsers { port, open: Arc::default() };
    let told = tokio::spawn(story(browsers.clone())).await;
    let open = std::mem::take(&mut *browsers.lock());
    for window in open {
        let _ = tokio::time::timeout(Duration::from_secs(10), window.quit()).await;
    }
    let _ = driver.kill();
    let _ = driver.wait();
    if let Err(error) = told {
        std::panic::resume_unwind(error.into_panic());
    }
}

impl Browsers {
    /// Opens a window on such a screen as somebody who was never here.
    pub async fn open(&self, who: &'static str, screen: Screen) -> Window {
        let mut wanted = DesiredCapabilities::chrome();
        let browser = CHROMIUM.iter().find_map(|name| in_path(name));
        let browser =
            browser.unwrap_or_else(|| panic!("there is no Chromium; `./test` installs it"));
        let set = (|| {
            wanted.set_binary(&browser)?;
            FLAGS.iter().try_for_each(|flag| wanted.add_arg(flag))?;
            wanted.add_arg(&format!("--window-size={},{}", screen.width, screen.height))?;
            if screen.touch {
                let metrics =
                    json!({ "width": screen.width, "height": screen.height, "pixelRatio": 2 });
                wanted.add_experimental_option(
                    "mobileEmulation",
                    json!({ "deviceMetrics": metrics }),
                )?;
            }
            // Chromium's sandbox refuses to be set up by root, as whom containers run tests.
            if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
                wanted.add_arg("--no-sandbox")?;
            }
            wanted.set_browser_log_level(LoggingPrefsLogLevel::All)
        })();
        set.expect("capabilities are plain data");
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", self.port), wanted);
        let driver = within("a browser window", driver).await.expect("Chromium starts");
        self.lock().push(driver.clone());
        Window::new(driver, who)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<WebDriver>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts chromedriver and reads which port it took.
fn start() -> (Child, u16) {
    let driver = in_path("chromedriver");
    let driver = driver.unwrap_or_else(|| panic!("there is no chromedriver; `./test` installs it"));
    let mut driver = Command::new(driver)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts");
    let mut lines = BufReader::new(driver.stdout.take().expect("piped")).lines();
    let port = loop {
        let line = lines.next().and_then(Result::ok).expect("chromedriver says its port");
        if let Some((_, port)) = line.split_once("successfully on port ") {
            break port.trim_end_matches('.').parse().expect("a port");
        }
    };
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port)
}

fn in_path(name: &str) -> Option<String> {
    let paths = std::env::var_os("PATH")?;
    let mut files = std::env::split_paths(&paths).map(|folder| folder.join(name));
    files.find(|file| file.is_file()).map(|file| file.to_string_lossy().into_owned())
}
