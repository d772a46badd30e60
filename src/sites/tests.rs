//! What the sites promise, held against a real file.

use serde_json::json;

use super::*;

async fn open() -> (tempfile::TempDir, Sites) {
    let folder = tempfile::tempdir().expect("temp dir");
    let sites = Sites::open(Store::open(folder.path()).expect("opens")).await.expect("reads");
    sites.ensure(&key("main"), by("serve", 1)).await.expect("stored");
    (folder, sites)
}

fn key(key: &str) -> SiteKey {
    key.to_string().try_into().expect("a key")
}

fn by(who: &str, at: i64) -> By {
    By { who: who.into(), at: Instant(at) }
}

async fn name(sites: &Sites, name: &str, base: Option<u32>) -> Result<Version, SitesError> {
    let name = Some(name.to_string());
    let change = move |settings| Ok(SiteSettings { name, ..settings });
    sites.change(key("main"), base, by("ana", 2), change).await
}

fn named(sites: &Sites) -> Option<String> {
    sites.all()[&key("main")].settings.name.clone()
}

#[tokio::test]
async fn a_change_is_in_force_at_once_and_after_a_restart() {
    let (folder, sites) = open().await;
    name(&sites, "Tarn", Some(1)).await.expect("changed");
    assert_eq!(named(&sites), Some("Tarn".into()));
    drop(sites);
    let again = Sites::open(Store::open(folder.path()).expect("opens")).await.expect("reads");
    assert_eq!(named(&again), Some("Tarn".into()));
}

#[tokio::test]
async fn two_who_change_the_same_version_do_not_overwrite_each_other() {
    let (_folder, sites) = open().await;
    name(&sites, "one", Some(1)).await.expect("the first");
    let second = name(&sites, "two", Some(1)).await;
    assert!(matches!(second, Err(SitesError::Changed { now: 2, .. })), "{second:?}");
    assert_eq!(named(&sites), Some("one".into()));
}

#[tokio::test]
async fn the_history_says_who_changed_what_and_each_version_comes_back() {
    let (_folder, sites) = open().await;
    name(&sites, "one", None).await.expect("changed");
    name(&sites, "two", None).await.expect("changed");
    let history = sites.history(key("main")).await.expect("reads");
    let newest = &history[0];
    assert_eq!((newest.version, newest.by.as_str()), (3, "ana"));
    assert_eq!(newest.changes.len(), 1);
    assert_eq!(newest.changes[0].field, "name");
    assert_eq!(
        (&newest.changes[0].before, &newest.changes[0].after),
        (&json!("one"), &json!("two"))
    );
    sites.revert(key("main"), None, None, by("ben", 3)).await.expect("undone");
    assert_eq!(named(&sites), Some("one".into()));
    sites.revert(key("main"), Some(4), Some(1), by("ben", 4)).await.expect("as at first");
    assert_eq!(named(&sites), None);
    let none = sites.revert(key("main"), None, Some(99), by("ben", 5)).await;
    assert!(matches!(none, Err(SitesError::NoSuchVersion { version: 99, .. })), "{none:?}");
}

#[tokio::test]
async fn a_pause_is_for_one_site_or_for_all() {
    let (_folder, sites) = open().await;
    sites.add(key("second"), SiteSettings::default(), by("ana", 2)).await.expect("added");
    let paused = |site: &str| sites.all()[&key(site)].settings.paused_at(Instant(100));
    sites.pause(Some(key("second")), None, by("ana", 3)).await.expect("paused");
    assert_eq!((paused("main"), paused("second")), (false, true));
    sites.pause(None, Some(Instant(200)), by("ana", 4)).await.expect("paused");
    assert_eq!((paused("main"), paused("second")), (true, true));
    sites.resume(None, by("ana", 5)).await.expect("resumed");
    assert_eq!((paused("main"), paused("second")), (false, false));
}

#[tokio::test]
async fn what_is_wrong_changes_nothing() {
    let (_folder, sites) = open().await;
    let wrong = name(&sites, "", None).await;
    assert!(matches!(wrong, Err(SitesError::Wrong(Wrong { field: "name", .. }))), "{wrong:?}");
    assert_eq!(sites.all()[&key("main")].version, 1);
    let taken = sites.add(key("main"), SiteSettings::default(), by("ana", 2)).await;
    assert!(matches!(taken, Err(SitesError::Taken(_))), "{taken:?}");
}
