//! Which room may see which: read from the sources, so that it holds for every file there is.
//!
//! `domain` and every `rules.rs` see only std and crates of plain data; the engine sees nothing of
//! this package; `answer` sees no log, table or socket; `web` sees no model and no index.

mod source;

use regex::Regex;
use source::Source;

/// Crates of plain data and pure functions.
const PLAIN: &[&str] =
    &["std", "core", "serde", "serde_json", "uuid", "thiserror", "regex", "jiff"];
/// What stands behind the pipeline and must not be seen from it.
const EFFECTS: &[&str] = &["log", "web", "store", "floor", "turn", "hub", "people"];

fn is_plain(name: &str) -> bool {
    PLAIN.contains(&name) || name.starts_with("unicode")
}

fn is_within(path: &str, room: &str) -> bool {
    path == room || path.strip_prefix(room).is_some_and(|rest| rest.starts_with("::"))
}

/// Fails with every path that breaks a rule.
fn assert_none(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

/// The paths of these sources that `forbidden` says yes to.
fn breaking(sources: &[Source], forbidden: impl Fn(&str) -> bool) -> Vec<String> {
    let names = |source: &Source| {
        let paths = source.paths.iter().filter(|path| forbidden(path));
        paths.map(|path| format!("{}: {path}", source.name)).collect::<Vec<_>>()
    };
    sources.iter().flat_map(names).collect()
}

fn room(name: &str) -> Vec<Source> {
    let file = format!("src/{name}.rs");
    let folder = format!("src/{name}/");
    let sources: Vec<Source> = source::all("src")
        .into_iter()
        .filter(|s| s.name == file || s.name.starts_with(&folder))
        .collect();
    assert!(!sources.is_empty(), "there is no room `{name}`");
    sources
}

#[test]
fn the_domain_sees_only_std_and_plain_data() {
    let foreign = |path: &str| match path.split("::").next() {
        Some("crate") => !is_within(path, "crate::domain"),
        Some(name) => !is_plain(name),
        None => false,
    };
    assert_none(
        "src/domain may use only std, plain data and itself",
        breaking(&room("domain"), foreign),
    );
}

#[test]
fn rules_see_only_the_domain_the_wire_and_each_other() {
    let sources = source::all("src");
    let rules: Vec<Source> =
        sources.into_iter().filter(|s| s.name.ends_with("/rules.rs")).collect();
    assert!(rules.len() >= 2, "the rules have moved");
    let foreign = |path: &str| match path.split("::").next() {
        Some("crate") => {
            let rooms = ["crate::domain", "crate::protocol", "crate::leads::rules"];
            path != "crate::leads" && !rooms.iter().any(|room| is_within(path, room))
        }
        Some(name) => !is_plain(name),
        None => false,
    };
    assert_none(
        "rules.rs may use only std, plain data, domain, protocol and leads::rules",
        breaking(&rules, foreign),
    );
}

#[test]
fn the_pipeline_knows_no_log_and_no_socket() {
    let behind = |path: &str| {
        EFFECTS.iter().any(|room| is_within(path, &format!("crate::{room}")))
            || ["axum", "rusqlite"].iter().any(|name| is_within(path, name))
    };
    assert_none("src/answer may not use what stands behind it", breaking(&room("answer"), behind));
}

#[test]
fn the_web_knows_no_model_and_no_index() {
    let inside = |path: &str| path.starts_with("candle") || is_within(path, "tantivy");
    assert_none("src/web may not use models or the index", breaking(&room("web"), inside));
}

#[test]
fn the_engine_knows_nothing_of_this_package() {
    let name = Regex::new(r"\bfloorwalker::").expect("a constant pattern");
    let naming = source::all("engine/src").into_iter().filter(|source| name.is_match(&source.text));
    assert_none("engine/src may not name floorwalker", naming.map(|source| source.name).collect());
}

#[test]
fn every_module_opens_by_saying_what_it_owns() {
    let silent = ["src", "engine/src"]
        .iter()
        .flat_map(|folder| source::all(folder))
        .filter(|source| !source.text.starts_with("//!"));
    assert_none("these files do not open with `//!`", silent.map(|source| source.name).collect());
}

#[test]
fn unsafe_code_has_no_place_outside_the_engine() {
    let lib = source::all("src").into_iter().find(|source| source.name == "src/lib.rs");
    let text = lib.expect("src/lib.rs").text;
    assert!(text.contains("#![forbid(unsafe_code)]"), "src/lib.rs does not forbid unsafe code");
}
