//! One window, with the few things a person does and sees. Selectors reach into the widget's shadow
//! root; every wait has a deadline and says what it waited for.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::TypingData;
use thirtyfour::prelude::*;

use crate::harness::within;

/// How often a window is looked at.
const LOOK: Duration = Duration::from_millis(40);
/// All elements of a selector that can be seen, those in the widget's shadow root among them.
const ALL: &str = "
    const shadow = document.querySelector('floorwalker-chat')?.shadowRoot;
    const all = (selector) => [document, shadow].filter(Boolean)
        .flatMap((root) => [...root.querySelectorAll(selector)])
        .filter((element) => element.checkVisibility({ visibilityProperty: true }));
    const words = (element) => element.textContent.replace(/\\s+/g, ' ');
    const [selector, text] = arguments;
";

/// A window and whose it is.
pub struct Window {
    driver: WebDriver,
    who: &'static str,
}

impl Window {
    /// A window somebody looks at.
    pub fn new(driver: WebDriver, who: &'static str) -> Self {
        Self { driver, who }
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        within(url, self.driver.goto(url)).await.expect("the page loads");
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        within("reloading", self.driver.refresh()).await.expect("the page loads");
    }

    /// Returns once an element of this selector with this text can be seen.
    pub async fn sees(&self, selector: &str, text: &str) {
        self.until(selector, text, "return all(selector).some((e) => words(e).includes(text))")
            .await;
    }

    /// Returns once no element of this selector can be seen.
    pub async fn sees_no(&self, selector: &str) {
        self.until(selector, "", "return all(selector).length === 0").await;
    }

    /// How many elements of this selector can be seen.
    pub async fn count(&self, selector: &str) -> u64 {
        self.times(selector, "").await
    }

    /// How many of them hold this text.
    pub async fn times(&self, selector: &str, text: &str) -> u64 {
        let count = "return all(selector).filter((e) => words(e).includes(text)).length";
        self.run(selector, text, count).await.as_u64().expect("a number")
    }

    /// Returns once the keyboard's focus is on this element.
    pub async fn focuses(&self, selector: &str) {
        let focus = "return all(selector).some((e) => e === (shadow?.activeElement ?? document.activeElement))";
        self.until(selector, "", focus).await;
    }

    /// Does this element lie within the window from left to right, and the page too?
    pub async fn fits(&self, selector: &str) -> bool {
        let fits = "const { left, right } = all(selector)[0].getBoundingClientRect();
            return left >= 0 && right <= innerWidth && document.documentElement.scrollWidth <= innerWidth";
        self.run(selector, "", fits).await == json!(true)
    }

    /// Clicks where a person would: fails if something else lies there.
    pub async fn click(&self, selector: &str) {
        self.element(selector).await.click().await.unwrap_or_else(|e| panic!("{selector}: {e}"));
    }

    /// Types.
    pub async fn write(&self, selector: &str, text: &str) {
        self.keys(selector, text).await;
    }

    /// Presses one key.
    pub async fn press(&self, selector: &str, key: Key) {
        self.keys(selector, key + "").await;
    }

    /// Brings an element to the top of the window.
    pub async fn scroll_to(&self, selector: &str) {
        self.run(selector, "", "all(selector)[0].scrollIntoView({ behavior: 'instant' })").await;
    }

    /// Keeps a picture for a person to look at.
    pub async fn picture(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        let file = folder.join(format!("{}-{name}.png", self.who));
        // Nothing says when an animation is over; only the picture minds.
        tokio::time::sleep(Duration::from_millis(400)).await;
        within("a picture", self.driver.screenshot(&file)).await.expect("a picture");
    }

    /// Fails if the browser noted an error, a blocked load or a breach of the page's policy, unless
    /// it names one of these.
    pub async fn complains_of_nothing(&self, but: &[&str]) {
        let log = within("the browser's log", self.driver.browser_log()).await.expect("a log");
        let serious = log.into_iter().filter(|entry| {
            (entry.level == "SEVERE"
                || entry.level == "WARNING"
                || entry.message.contains("Security Policy"))
                && !but.iter().any(|known| entry.message.contains(known))
        });
        let serious: Vec<String> = serious.map(|entry| entry.message).collect();
        assert!(serious.is_empty(), "{} noted:\n  {}", self.who, serious.join("\n  "));
    }

    async fn keys(&self, selector: &str, keys: impl Into<TypingData>) {
        let sent = self.element(selector).await.send_keys(keys).await;
        sent.unwrap_or_else(|e| panic!("{selector}: {e}"));
    }

    async fn element(&self, selector: &str) -> WebElement {
        self.sees(selector, "").await;
        let script = format!("{ALL} return all(selector)[0]");
        let found = self.driver.execute(script, vec![json!(selector), json!("")]).await;
        found.and_then(|found| found.element()).unwrap_or_else(|e| panic!("{selector}: {e}"))
    }

    async fn until(&self, selector: &str, text: &str, script: &str) {
        let looked = async {
            while self.run(selector, text, script).await != json!(true) {
                tokio::time::sleep(LOOK).await;
            }
        };
        if tokio::time::timeout(crate::harness::DEADLINE, looked).await.is_err() {
            self.picture("lost").await;
            let there = self.run(selector, "", "return all(selector).map(words)").await;
            panic!("{} does not see {selector} with {text:?}; there is {there}", self.who);
        }
    }

    async fn run(&self, selector: &str, text: &str, script: &str) -> Value {
        let script = format!("{ALL}{script}");
        let answer = self.driver.execute(script, vec![json!(selector), json!(text)]);
        let answer = within("the browser", answer).await;
        answer.map(|answer| answer.json().clone()).unwrap_or_else(|e| panic!("{selector}: {e}"))
    }
}
