//! The migrations compiled into this program.

use landfast_domain::store::StoreKind;

/// One version of the schema, as the way from the version before and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Migration {
    /// Sorts in the order of application.
    pub(crate) version: &'static str,
    pub(crate) name: &'static str,
    sqlite: Scripts,
    postgres: Scripts,
}

/// SQL of both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scripts {
    pub(crate) up: &'static str,
    pub(crate) down: &'static str,
}

impl Migration {
    /// The SQL for a kind of database.
    pub(crate) fn scripts(&self, kind: StoreKind) -> &Scripts {
        match kind {
            StoreKind::Postgres => &self.postgres,
            _ => &self.sqlite,
        }
    }
}

macro_rules! scripts {
    ($database:literal, $version:literal, $name:literal) => {
        Scripts {
            up: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../migrations/",
                $database,
                "/",
                $version,
                "_",
                $name,
                "/up.sql"
            )),
            down: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../migrations/",
                $database,
                "/",
                $version,
                "_",
                $name,
                "/down.sql"
            )),
        }
    };
}

macro_rules! migrations {
    ($( $version:literal $name:literal ),* $(,)?) => { &[ $( Migration {
        version: $version,
        name: $name,
        sqlite: scripts!("sqlite", $version, $name),
        postgres: scripts!("postgres", $version, $name),
    } ),* ] };
}

/// All migrations, in order. A new one is a folder of the same name for each database and a line here.
pub(crate) const MIGRATIONS: &[Migration] = migrations! {
    "2026-11-21-000001" "accounts_and_tasks",
    "2026-11-21-000002" "import_ledger",
    "2026-11-21-000003" "delivery",
    "2026-11-21-000004" "presentations",
    "2026-11-21-000005" "runs",
    "2026-11-21-000006" "sessions",
    "2026-11-21-000007" "cutover_stages",
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_folder_is_listed_and_the_list_is_in_order() {
        let listed: Vec<_> = MIGRATIONS.iter().map(|m| format!("{}_{}", m.version, m.name)).collect();
        assert!(listed.is_sorted());
        for database in ["sqlite", "postgres"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(database);
            let mut found: Vec<_> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter(|name| !name.starts_with('.'))
                .collect();
            found.sort();
            assert_eq!(found, listed, "{database}");
        }
    }
}
