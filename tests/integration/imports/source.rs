//! A source file and the paths it names. Knows as much of the language as that takes: comments,
//! strings and tests are left out, `use` trees are unfolded, `super` and `self` are resolved.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// One file.
pub struct Source {
    /// Its path from the root of the package, with `/`.
    pub name: String,
    /// All of it.
    pub text: String,
    /// Every path outside its tests, from `crate` or the name of another crate on.
    pub paths: BTreeSet<String>,
}

static USE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\buse\s+([^;]+);").expect("a constant pattern"));
static ALIAS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s+as\s+\w+").expect("a constant pattern"));
static PATH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b[a-z_][a-z0-9_]*(?:\s*::\s*[A-Za-z_][A-Za-z0-9_]*)+")
        .expect("a constant pattern")
});
/// Comments, then strings of all kinds, then characters that could be taken for their beginnings.
static NO_CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r##"(?s)//[^\n]*|/\*.*?\*/|r#".*?"#|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'"##)
        .expect("a constant pattern")
});
static CRATES: LazyLock<BTreeSet<String>> = LazyLock::new(crates);

/// Every Rust file under a folder of the package, except those that are tests as a whole.
pub fn all(folder: &str) -> Vec<Source> {
    let root = Path::new(".");
    let (mut folders, mut sources) = (vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the package") {
            let path = entry.expect("a file of the package").path();
            let name = path
                .strip_prefix(root)
                .expect("found below it")
                .to_string_lossy()
                .replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && !name.contains("/tests") {
                let text = std::fs::read_to_string(&path).expect("Rust is UTF-8");
                sources.push(Source { paths: paths(&name, &text), name, text });
            }
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

/// The crates that may be named: this package's dependencies and the language's own.
fn crates() -> BTreeSet<String> {
    let manifest: toml::Table =
        toml::from_str(include_str!("../../../Cargo.toml")).expect("a manifest");
    let dependencies = manifest["dependencies"].as_table().expect("a table");
    let own = ["std", "core", "alloc"].map(str::to_string);
    dependencies.keys().map(|name| name.replace('-', "_")).chain(own).collect()
}

fn paths(name: &str, text: &str) -> BTreeSet<String> {
    let code = NO_CODE.replace_all(text, " ");
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found: Vec<String> = Vec::new();
    for used in USE.captures_iter(code) {
        let tree = ALIAS.replace_all(&used[1], "");
        unfold("", &tree.split_whitespace().collect::<String>(), &mut found);
    }
    let rest = USE.replace_all(code, "");
    found.extend(PATH.find_iter(&rest).map(|path| path.as_str().split_whitespace().collect()));
    let module = module(name);
    found.iter().filter_map(|path| resolve(&module, path)).collect()
}

/// `a::{b, c::{d, e}}` is `a::b`, `a::c::d` and `a::c::e`.
fn unfold(before: &str, tree: &str, found: &mut Vec<String>) {
    let Some((head, inner)) = tree.split_once('{') else {
        return found.push(format!("{before}{tree}"));
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (mut depth, mut from) = (0, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if at > from {
                    unfold(&format!("{before}{head}"), &inner[from..at], found);
                }
                from = at + 1;
            }
            _ => {}
        }
    }
}

/// `src/answer/plan.rs` is `crate::answer::plan`.
fn module(name: &str) -> Vec<String> {
    let inside = name.split_once("src/").map_or(name, |(_, inside)| inside).trim_end_matches(".rs");
    let parts = inside.split('/').filter(|part| !["lib", "main"].contains(part));
    std::iter::once("crate").chain(parts).map(str::to_string).collect()
}

/// A path from `crate` or from the name of a crate; `None` for one that begins at a local name.
fn resolve(module: &[String], path: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split("::").collect();
    let ups = parts.iter().take_while(|part| **part == "super").count();
    if ups > 0 || parts[0] == "self" {
        let inside = &module[..module.len().saturating_sub(ups)];
        parts.drain(..ups.max(1));
        return Some(inside.iter().map(String::as_str).chain(parts).collect::<Vec<_>>().join("::"));
    }
    (parts[0] == "crate" || CRATES.contains(parts[0])).then(|| parts.join("::"))
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let text = r##"//! a::comment
        use crate::log::{Append as A, read::{self, Entry}};
        pub(crate) use super::super::web;
        fn f(x: axum::Json<u8>) -> self::here::There { "rusqlite::Connection"; local::path(); tokio
            ::time::sleep }
        #[cfg(test)]
        mod tests { use crate::store::Store; }
    "##;
    let found = paths("src/answer/plan.rs", text);
    let expected = [
        "axum::Json",
        "crate::answer::plan::here::There",
        "crate::log::Append",
        "crate::log::read::Entry",
        "crate::log::read::self",
        "crate::web",
        "tokio::time::sleep",
    ];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
}
