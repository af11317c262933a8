//! Migrations up, down and up again.

use super::counts::row_counts;
use super::populate::populate;
use crate::databases;
use landfast_store::{Database, DatabaseUrl, TableInfo, expected_schema};
use std::collections::BTreeMap;
use std::fmt;

/// Something wrong with the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Database, or pair of things compared.
    pub place: String,
    /// What is wrong, as a sentence.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// The table in which the store notes what was applied; the only one that survives all steps down.
const LEDGER: &str = "schema_migrations";

/// Takes the empty database at a URL up, fills it, takes it down step by step and up again.
///
/// # Panics
/// When a migration fails.
#[must_use]
pub fn check_migrations(place: &str, url: &str) -> Vec<Fault> {
    let database = &databases::open(&DatabaseUrl::parse(url).expect("a database URL"));
    let migrations = database.migrations();
    let applied = migrations.migrate().expect("migrations apply to an empty database");
    let full = catalog(database);
    let mut faults = catalogs_differ(&format!("{place} and schema.rs"), &expected_schema(), &full);
    populate(database);
    faults.extend(migrations.check().expect("a check").into_iter().map(|message| fault(place, message)));

    // Tables may be empty only if nothing can be in them; `populate` has to keep up with the schema.
    let counts = row_counts(url, &full);
    let empty = counts.iter().filter(|(_, rows)| **rows == 0);
    faults.extend(empty.map(|(table, _)| fault(place, format!("the check itself has no row for table {table}"))));

    let mut before = (full.clone(), counts);
    for _ in &applied {
        let version = migrations.revert(1).expect("a migration is taken back").join(", ");
        let tables = catalog(database);
        let counts = row_counts(url, &tables);
        faults.extend(rows_lost(&before.1, &counts).map(|lost| fault(place, format!("taking back {version} {lost}"))));
        before = (tables, counts);
    }
    let left = before.0.iter().filter(|table| table.name != LEDGER);
    faults.extend(
        left.map(|table| fault(place, format!("table {} is left after every migration was taken back", table.name))),
    );

    migrations.migrate().expect("migrations apply again");
    let again = catalogs_differ(&format!("{place}, the first and the second time up"), &full, &catalog(database));
    faults.extend(again);
    populate(database);
    faults.extend(migrations.check().expect("a check").into_iter().map(|message| fault(place, message)));
    faults
}

/// Differences between two catalogues, column by column, as faults.
#[must_use]
pub(super) fn catalogs_differ(place: &str, first: &[TableInfo], second: &[TableInfo]) -> Vec<Fault> {
    let columns = |catalog: &[TableInfo]| -> BTreeMap<String, String> {
        let describe = |table: &TableInfo| {
            let name = table.name.clone();
            table
                .columns
                .iter()
                .map(move |column| {
                    let null = if column.nullable { "" } else { " not null" };
                    let key = if column.primary_key { " primary key" } else { "" };
                    (format!("{name}.{}", column.name), format!("{}{null}{key}", column.class))
                })
                .collect::<Vec<_>>()
        };
        catalog.iter().flat_map(describe).collect()
    };
    let (first, second) = (columns(first), columns(second));
    let mut faults = Vec::new();
    for (column, class) in &first {
        match second.get(column) {
            None => faults.push(fault(place, format!("{column} is missing in the second"))),
            Some(other) if other != class => faults.push(fault(place, format!("{column} is {class} and {other}"))),
            Some(_) => {}
        }
    }
    let added = second.keys().filter(|column| !first.contains_key(*column));
    faults.extend(added.map(|column| fault(place, format!("{column} is missing in the first"))));
    faults
}

/// Tables that are still there and have other numbers of rows, but for the ledger of migrations.
fn rows_lost<'a>(
    before: &'a BTreeMap<String, i64>,
    after: &'a BTreeMap<String, i64>,
) -> impl Iterator<Item = String> + 'a {
    before.iter().filter(|(table, _)| *table != LEDGER).filter_map(|(table, rows)| {
        let left = after.get(table)?;
        (left != rows).then(|| format!("leaves {left} of {rows} rows in table {table}"))
    })
}

fn catalog(database: &Database) -> Vec<TableInfo> {
    database.catalog().expect("a catalogue")
}

fn fault(place: &str, message: impl Into<String>) -> Fault {
    Fault { place: place.to_owned(), message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_between_catalogues_is_a_fault() {
        let expected = expected_schema();
        assert_eq!(catalogs_differ("x", &expected, &expected), []);
        let mut other = expected.clone();
        other.retain(|table| table.name != "leases");
        let place = |name: &str| other.iter().position(|table| table.name == name).unwrap();
        let (users, tasks) = (place("users"), place("tasks"));
        other[users].columns[0].nullable = true;
        other[tasks].columns[2].name = "renamed".to_owned();
        let faults: Vec<String> = catalogs_differ("x", &expected, &other).iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 1 + 2 + 3, "{faults:#?}");
        assert!(faults.contains(&"x: leases.name is missing in the second".to_owned()));
    }

    #[test]
    fn lost_rows_are_found_unless_their_table_is_gone() {
        let counts = |rows: &[(&str, i64)]| {
            rows.iter().map(|(table, rows)| ((*table).to_owned(), *rows)).collect::<BTreeMap<_, _>>()
        };
        let before = counts(&[("tasks", 3), ("notes", 2), ("jobs", 1), (LEDGER, 2)]);
        let after = counts(&[("tasks", 0), ("notes", 2), (LEDGER, 1)]);
        assert_eq!(rows_lost(&before, &after).collect::<Vec<_>>(), ["leaves 0 of 3 rows in table tasks"]);
    }
}
