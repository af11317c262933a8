//! What tables a database has, and what tables it should have.

mod expected;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use expected::expected_schema;

use std::fmt;

use crate::connection::DbConnection;
use crate::database::Database;
use crate::error::Result;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableInfo {
    /// Name.
    pub name: String,
    /// Columns in their order.
    pub columns: Vec<ColumnInfo>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Name.
    pub name: String,
    /// What it holds.
    pub class: TypeClass,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Whether it belongs to the primary key.
    pub primary_key: bool,
}

/// What a column holds, whatever the database calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TypeClass {
    /// Text.
    Text,
    /// A whole number of 64 bits.
    BigInt,
    /// A floating-point number of 64 bits.
    Double,
    /// True or false.
    Boolean,
    /// Date and time without a zone.
    Timestamp,
    /// Bytes.
    Binary,
    /// Anything else, by the database's own name for it.
    Other(String),
}

impl fmt::Display for TypeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::BigInt => "bigint",
            Self::Double => "double",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Binary => "binary",
            Self::Other(name) => name,
        })
    }
}

impl Database {
    /// The tables the database has, ordered by the bytes of their names, without those of the database
    /// system itself.
    ///
    /// # Errors
    /// [`crate::Error::Database`] when the catalogue cannot be read.
    pub fn catalog(&self) -> Result<Vec<TableInfo>> {
        self.with_connection(read)
    }
}

/// The tables of a database.
pub(crate) fn read(connection: &mut DbConnection) -> Result<Vec<TableInfo>> {
    match connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(conn) => sqlite::tables(conn),
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(conn) => postgres::tables(conn),
    }
}

/// How the tables found differ from the expected ones, a sentence each. Further tables do not matter: a
/// database may hold those of other programs.
pub(crate) fn differences(expected: &[TableInfo], found: &[TableInfo]) -> Vec<String> {
    let mut differences = Vec::new();
    for table in expected {
        match found.iter().find(|other| other.name == table.name) {
            None => differences.push(format!("table {} is missing", table.name)),
            Some(other) => column_differences(table, other, &mut differences),
        }
    }
    differences
}

fn column_differences(expected: &TableInfo, found: &TableInfo, differences: &mut Vec<String>) {
    let table = &expected.name;
    for column in &expected.columns {
        match found.columns.iter().find(|other| other.name == column.name) {
            None => differences.push(format!("column {table}.{} is missing", column.name)),
            Some(other) if other != column => {
                let (is, should) = (describe(other), describe(column));
                differences.push(format!("column {table}.{} is {is} instead of {should}", column.name));
            }
            Some(_) => {}
        }
    }
    for column in &found.columns {
        if !expected.columns.iter().any(|other| other.name == column.name) {
            differences.push(format!("column {table}.{} is unknown", column.name));
        }
    }
}

fn describe(column: &ColumnInfo) -> String {
    let null = if column.nullable { "" } else { " not null" };
    let key = if column.primary_key { " in the primary key" } else { "" };
    format!("{}{null}{key}", column.class)
}

/// Puts columns, read in order, together to tables.
fn group(columns: impl IntoIterator<Item = (String, ColumnInfo)>) -> Vec<TableInfo> {
    let mut tables: Vec<TableInfo> = Vec::new();
    for (table, column) in columns {
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push(column),
            _ => tables.push(TableInfo { name: table, columns: vec![column] }),
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_difference_is_found() {
        let expected = expected_schema();
        assert_eq!(differences(&expected, &expected), Vec::<String>::new());

        let mut found = expected.clone();
        found.retain(|table| table.name != "notes");
        let users = found.iter_mut().find(|table| table.name == "users").unwrap();
        users.columns[1].nullable = true;
        users.columns[2].name = "made_at".to_owned();
        assert_eq!(
            differences(&expected, &found),
            [
                "table notes is missing",
                "column users.name is text instead of text not null",
                "column users.created_at is missing",
                "column users.made_at is unknown",
            ]
        );
    }
}
