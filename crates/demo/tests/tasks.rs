//! The made-up tasks folder.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use landfast_demo::{ColumnAge, DemoOptions, write_tasks};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("landfast-demo-{name}-{}", std::process::id()));
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn options(age: ColumnAge) -> DemoOptions {
    let now = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(9, 30, 0).unwrap();
    DemoOptions { seed: 42, scale: 1, now, age, odd_cells: true }
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn equal_options_give_equal_bytes_and_another_seed_gives_others() {
    let (first, second, third) = (Folder::new("same-a"), Folder::new("same-b"), Folder::new("other"));
    let options = options(ColumnAge::March2026);
    let summary = write_tasks(&first.0, &options).unwrap();
    assert_eq!(write_tasks(&second.0, &options).unwrap(), summary);
    assert_eq!(contents(&first.0), contents(&second.0));
    write_tasks(&third.0, &DemoOptions { seed: 43, ..options }).unwrap();
    assert_ne!(contents(&first.0), contents(&third.0));
}

#[test]
fn every_age_has_its_columns_and_its_files() {
    for (age, templates, instances, files) in [
        (ColumnAge::November2025, 9, 16, 4),
        (ColumnAge::December2025, 11, 27, 7),
        (ColumnAge::LateDecember2025, 17, 30, 9),
        (ColumnAge::March2026, 18, 33, 16),
    ] {
        let folder = Folder::new(age.as_str());
        let summary = write_tasks(&folder.0, &options(age)).unwrap();
        let header = |name: &str| {
            let text = std::fs::read_to_string(folder.0.join(name)).unwrap();
            text.lines().next().unwrap().split(',').count()
        };
        assert_eq!(header("tasks.csv"), templates);
        assert_eq!(header("task_instances.csv"), instances);
        assert_eq!(summary.files.len(), files, "{age:?}");
        assert_eq!(contents(&folder.0).len(), files, "{age:?}");
        assert_eq!(summary.records("task_instances.csv"), Some(500));
    }
}

#[test]
fn ids_are_unique_but_for_the_twin_that_was_asked_for() {
    for (odd_cells, twins) in [(false, 0), (true, 1)] {
        let folder = Folder::new(if odd_cells { "twin" } else { "unique" });
        let options = DemoOptions { odd_cells, ..options(ColumnAge::November2025) };
        write_tasks(&folder.0, &options).unwrap();
        let text = std::fs::read_to_string(folder.0.join("task_instances.csv")).unwrap();
        let ids: Vec<&str> =
            text.lines().filter(|line| line.starts_with("i1")).map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(ids.len(), 500);
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 500 - twins);
    }
}

#[test]
fn scale_multiplies_templates_and_instances() {
    let folder = Folder::new("scale");
    let summary = write_tasks(&folder.0, &DemoOptions { scale: 3, ..options(ColumnAge::December2025) }).unwrap();
    assert_eq!(summary.records("tasks.csv"), Some(120));
    assert_eq!(summary.records("task_instances.csv"), Some(1500));
}

#[test]
fn an_unusable_folder_is_named() {
    let folder = Folder::new("file");
    std::fs::create_dir_all(&folder.0).unwrap();
    let file = folder.0.join("file");
    std::fs::write(&file, "").unwrap();
    let error = write_tasks(&file, &options(ColumnAge::March2026)).unwrap_err();
    assert_eq!(error.path, file);
    assert!(error.to_string().contains("file"));
}
