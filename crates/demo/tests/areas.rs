//! The made-up folders of all areas.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use landfast_demo::{Area, ColumnAge, DemoOptions};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("landfast-demo-areas-{name}-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn options() -> DemoOptions {
    let now = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(9, 30, 0).unwrap();
    DemoOptions { seed: 42, scale: 1, now, age: ColumnAge::March2026, odd_cells: true }
}

/// Paths and contents of all files below a folder.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn digest(folder: &Path) -> Vec<u8> {
    let mut digest = Sha256::new();
    for (path, bytes) in contents(folder) {
        digest.update(format!("{path}\n{}\n", bytes.len()));
        digest.update(bytes);
    }
    digest.finalize().to_vec()
}

#[test]
fn equal_options_give_equal_bytes_and_another_seed_gives_others() {
    for area in Area::ALL {
        let [first, second, third] = ["a", "b", "c"].map(|name| Folder::new(&format!("{}-{name}", area.as_str())));
        let summary = area.write(&first.0, &options()).unwrap();
        assert_eq!(area.write(&second.0, &options()).unwrap(), summary);
        assert_eq!(digest(&first.0), digest(&second.0), "{area:?}");
        area.write(&third.0, &DemoOptions { seed: 43, ..options() }).unwrap();
        assert_ne!(digest(&first.0), digest(&third.0), "{area:?}");
        let files = contents(&first.0.join(area.as_str()));
        assert_eq!(files.len(), summary.files.len(), "{area:?}: every file is in the summary");
        assert!(files.keys().all(|path| summary.records(path).is_some()), "{area:?}");
    }
}

#[test]
fn scale_multiplies_issues_jobs_and_runs() {
    let folder = Folder::new("scale");
    let triple = DemoOptions { scale: 3, odd_cells: false, ..options() };
    let issues = |root: &str, options: &DemoOptions| {
        let summary = Area::Delivery.write(&folder.0.join(root), options).unwrap();
        summary.records("profiles/aland/queries/main/jira_cache.json")
    };
    let once = DemoOptions { scale: 1, ..triple };
    assert_eq!((issues("1", &once), issues("3", &triple)), (Some(90), Some(270)));
    let jobs = Area::Presentations.write(&folder.0, &triple).unwrap();
    assert_eq!(jobs.records("presentation_jobs.snapshot.json"), Some(180));
    let runs = Area::Runs.write(&folder.0, &triple).unwrap();
    let count = |name: &str| runs.files.iter().filter(|(path, _)| path.ends_with(name)).count();
    assert_eq!(count("/run_state.json"), 42);
    // One of each tuning, upload and experiment, and of each complete run.
    assert!(count("/manifest.json") > 3 * (3 + 9 + 2));
    assert!(runs.records("runs/index.json").is_some());
}

#[test]
fn oddities_come_only_when_asked_for() {
    let folder = Folder::new("odd");
    let text = |odd_cells: bool| {
        let root = folder.0.join(if odd_cells { "odd" } else { "tidy" });
        Area::Presentations.write(&root, &DemoOptions { odd_cells, ..options() }).unwrap();
        std::fs::read_to_string(root.join("presentations/presentation_jobs.snapshot.json")).unwrap()
    };
    let (odd, tidy) = (text(true), text(false));
    assert!(odd.contains("NaN") && odd.contains("cancelled") && odd.contains("render_node"));
    assert!(!tidy.contains("NaN") && !tidy.contains("cancelled") && !tidy.contains("render_node"));
    for status in ["queued", "processing", "completed", "failed"] {
        assert!(tidy.contains(&format!("\"status\": \"{status}\"")), "{status}");
    }
}

#[test]
fn an_unusable_folder_is_named() {
    let folder = Folder::new("file");
    std::fs::create_dir_all(&folder.0).unwrap();
    for area in Area::ALL {
        let path = folder.0.join(area.as_str());
        std::fs::write(&path, "").unwrap();
        assert_eq!(area.write(&folder.0, &options()).unwrap_err().path, path);
    }
}
