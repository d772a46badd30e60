//! The frames that the widget's and the console's tests read mean the same to the server: each is a
//! frame of the protocol, and written again it is the same JSON.

use std::collections::HashSet;

use floorwalker::domain::event::Event;
use floorwalker::protocol::{StaffHears, StaffSays, VisitorHears, VisitorSays};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn frames(file: &str) -> Vec<Value> {
    serde_json::from_str(file).expect("a list of frames")
}

/// What is wrong with these frames, one line each.
fn differences<F: DeserializeOwned + Serialize>(frames: &[Value]) -> Vec<String> {
    let difference = |frame: &Value| match serde_json::from_value::<F>(frame.clone()) {
        Err(error) => Some(format!("{error}: {frame}")),
        Ok(read) => {
            let again = serde_json::to_value(&read).expect("frames are plain data");
            (again != *frame).then(|| format!("written again it is {again}: {frame}"))
        }
    };
    frames.iter().filter_map(difference).collect()
}

fn assert_same<F: DeserializeOwned + Serialize>(name: &str, frames: &[Value]) {
    let differences = differences::<F>(frames);
    assert!(differences.is_empty(), "{name}:\n{}", differences.join("\n"));
}

#[test]
fn what_the_widget_says_and_hears_is_the_protocol() {
    let says = frames(include_str!("../../widget/fixtures/visitor_says.json"));
    assert_same::<VisitorSays>("visitor_says.json", &says);
    let hears = frames(include_str!("../../widget/fixtures/visitor_hears.json"));
    assert_same::<VisitorHears>("visitor_hears.json", &hears);
}

#[test]
fn what_the_console_says_and_hears_is_the_protocol() {
    let says = frames(include_str!("../../console/fixtures/staff_says.json"));
    assert_same::<StaffSays>("staff_says.json", &says);
    let hears = frames(include_str!("../../console/fixtures/staff_hears.json"));
    assert_same::<StaffHears>("staff_hears.json", &hears);
}

#[test]
fn the_events_that_the_console_knows_are_those_of_the_log() {
    let hears = frames(include_str!("../../console/fixtures/staff_hears.json"));
    let events: Vec<Value> = hears.iter().filter_map(|frame| frame.get("event").cloned()).collect();
    assert_same::<Event>("staff_hears.json", &events);
    let kinds: HashSet<String> = events.iter().map(|event| event["kind"].to_string()).collect();
    assert_eq!(kinds.len(), 16, "an example of each kind: {kinds:?}");
}
