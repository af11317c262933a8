//! Both databases have the same migrations, each with its way back.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;

const FOLDER: &str = "migrations/";
const SIDES: [&str; 2] = ["sqlite", "postgres"];
const FILES: [&str; 2] = ["up.sql", "down.sql"];

/// Every migration exists for both databases, as `<stamp>_<name>/up.sql` and `down.sql`, and no
/// two of one database share a stamp: Diesel would run only one of them.
pub(crate) fn same_on_both_sides(names: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let migrations: BTreeSet<&str> = names.iter().filter_map(|name| Some(parts(name)?.1)).collect();
    for migration in &migrations {
        for side in SIDES {
            for file in FILES {
                let path = format!("{FOLDER}{side}/{migration}/{file}");
                if !names.contains(&path) {
                    findings.push(Finding::error(path, "is missing"));
                }
            }
        }
    }
    let mut stamps: BTreeMap<String, &str> = BTreeMap::new();
    for migration in migrations {
        match version(migration) {
            None => findings.push(Finding::error(
                format!("{FOLDER}*/{migration}"),
                "is not named `<stamp>_<name>` with a stamp of digits",
            )),
            Some(stamp) => {
                if let Some(other) = stamps.insert(stamp, migration) {
                    let message = format!("has the same stamp as `{other}`");
                    findings.push(Finding::error(format!("{FOLDER}*/{migration}"), message));
                }
            }
        }
    }
    let strays = names.iter().filter(|name| name.starts_with(FOLDER));
    let strays = strays.filter(|name| !is_document(name) && parts(name).is_none());
    findings.extend(strays.map(|name| Finding::error(name.clone(), "belongs to no migration")));
    findings
}

/// Database, migration and file of a path.
fn parts(path: &str) -> Option<(&str, &str, &str)> {
    let (side, rest) = path.strip_prefix(FOLDER)?.split_once('/')?;
    let (migration, file) = rest.split_once('/')?;
    (SIDES.contains(&side) && FILES.contains(&file)).then_some((side, migration, file))
}

/// What Diesel takes for the version: the stamp without its dashes.
fn version(migration: &str) -> Option<String> {
    let (stamp, _) = migration.split_once('_')?;
    let stamp: String = stamp.chars().filter(|&c| c != '-').collect();
    (!stamp.is_empty() && stamp.chars().all(|c| c.is_ascii_digit())).then_some(stamp)
}

/// A page about the migrations, or the empty file that keeps an empty folder in git.
fn is_document(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with("/.gitkeep")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str]) -> Vec<String> {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        let found = same_on_both_sides(&names);
        found.into_iter().map(|f| format!("{} {}", f.place, f.message)).collect()
    }

    #[test]
    fn a_complete_migration_is_fine() {
        let names = [
            "migrations/README.md",
            "migrations/sqlite/2026-01-01-000000_users/up.sql",
            "migrations/sqlite/2026-01-01-000000_users/down.sql",
            "migrations/postgres/2026-01-01-000000_users/up.sql",
            "migrations/postgres/2026-01-01-000000_users/down.sql",
        ];
        assert_eq!(check(&names), [""; 0]);
    }

    #[test]
    fn a_missing_side_and_a_missing_way_back_are_found() {
        let names = [
            "migrations/sqlite/1_users/up.sql",
            "migrations/sqlite/1_users/down.sql",
            "migrations/postgres/1_users/up.sql",
        ];
        assert_eq!(check(&names), ["migrations/postgres/1_users/down.sql is missing"]);
        let found = check(&["migrations/postgres/1_users/up.sql"]);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_shared_stamp_a_nameless_folder_and_a_stray_file_are_found() {
        let complete = |migration: &str| {
            let names = SIDES.iter().flat_map(|side| FILES.iter().map(move |file| (side, file)));
            names.map(|(side, file)| format!("{FOLDER}{side}/{migration}/{file}")).collect()
        };
        let mut names: Vec<String> = ["1_users", "1_tasks", "users"]
            .iter()
            .flat_map(|migration| {
                let names: Vec<String> = complete(migration);
                names
            })
            .collect();
        names.push("migrations/sqlite/1_users/notes.sql".to_owned());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = check(&names).join("\n");
        assert_eq!(found.lines().count(), 3, "{found}");
        for part in ["same stamp as `1_tasks`", "*/users is not named", "notes.sql belongs to no"] {
            assert!(found.contains(part), "{found}");
        }
    }
}
