//! Damaged legacy folders of all four areas, always the same, and what an import must make of each of them.
//!
//! A case is the small folder of one area ([`crate::folder::small`]) with one damage. Most damages are done to the
//! bytes of one file (`bytes`); others change values (`values`) or the folder itself (`layout`).
//! [`check`](check()) imports a case, and looks at the database with code that shares nothing with the importer.

mod bytes;
mod check;
mod layout;
mod values;

pub use check::{Verdict, check, check_on};

use crate::folder::{self, Tree};
use std::path::Path;

/// Areas, in the order of the corpus.
pub const AREAS: [&str; 4] = ["tasks", "delivery", "presentations", "runs"];

/// A damaged folder.
pub struct Case {
    /// Area: `tasks`.
    pub area: &'static str,
    /// Damage and file: `truncated-half tasks.csv`.
    pub name: String,
    /// The damaged file, as a path below the folder; empty when the folder as a whole is damaged.
    pub file: String,
    tree: Tree,
    after: Option<layout::Change>,
}

impl Case {
    fn new(area: &'static str, damage: &str, file: &str, tree: Tree) -> Self {
        Self { area, name: format!("{damage} {file}").trim_end().to_owned(), file: file.to_owned(), tree, after: None }
    }

    /// Writes the folder.
    ///
    /// # Panics
    /// When that fails.
    pub fn write(&self, folder: &Path) {
        folder::write(&self.tree, folder);
        if let Some(change) = self.after {
            change(folder);
        }
    }
}

/// All cases of an area.
#[must_use]
pub fn cases(area: &'static str) -> Vec<Case> {
    let base = folder::below(&folder::small(), area);
    let mut cases = Vec::new();
    for file in targets(area) {
        let original = base.get(*file).unwrap_or_else(|| panic!("the small folder has no {file}"));
        for (damage, damaged) in bytes::damages(original) {
            let mut tree = base.clone();
            tree.insert((*file).to_owned(), damaged);
            cases.push(Case::new(area, damage, file, tree));
        }
    }
    cases.extend(values::cases(area, &base));
    cases.extend(layout::cases(area, &base));
    cases
}

/// Files whose bytes are damaged.
fn targets(area: &str) -> &'static [&'static str] {
    match area {
        "tasks" => &["tasks.csv", "task_instances.csv", "emotions.csv"],
        "delivery" => &[
            "profiles/aland/profile.json",
            "profiles/aland/queries/main/query.json",
            "profiles/aland/queries/main/jira_cache.json",
            "profiles/aland/queries/main/jira_changelog_cache.json",
            "profiles/aland/queries/main/metrics_snapshots.json",
        ],
        "presentations" => &["presentation_jobs.snapshot.json"],
        _ => &[
            "runs/run_2026-03-07T09-27-16Z-a7d668/run_state.json",
            "outputs/e1ea395a-57ea-48f5-a6c3-c7705a12c4b9/manifest.json",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_more_than_three_hundred_different_cases() {
        let cases: Vec<Case> = AREAS.into_iter().flat_map(cases).collect();
        assert!(cases.len() >= 300, "{}", cases.len());
        let names: BTreeSet<(&str, &str)> = cases.iter().map(|case| (case.area, case.name.as_str())).collect();
        assert_eq!(names.len(), cases.len());
        for area in AREAS {
            let base = folder::below(&folder::small(), area);
            let own = cases.iter().filter(|case| case.area == area);
            for case in own.filter(|case| case.after.is_none()) {
                assert!(case.tree != base, "{} is not damaged", case.name);
            }
        }
    }
}
