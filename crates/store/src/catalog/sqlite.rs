//! SQLite's catalogue.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{ColumnInfo, TableInfo, TypeClass, group};
use crate::error::Result;

const COLUMNS: &str = r#"
    SELECT t.name AS table_name, c.name AS column_name, c.type AS type_name,
           c."notnull" AS is_required, c.pk AS key_place
    FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
    ORDER BY t.name, c.cid"#;

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    type_name: String,
    #[diesel(sql_type = BigInt)]
    is_required: i64,
    #[diesel(sql_type = BigInt)]
    key_place: i64,
}

pub(super) fn tables(connection: &mut SqliteConnection) -> Result<Vec<TableInfo>> {
    let rows: Vec<ColumnRow> = diesel::sql_query(COLUMNS).load(connection)?;
    Ok(group(rows.into_iter().map(|row| {
        let column = ColumnInfo {
            name: row.column_name,
            class: class(row.type_name),
            nullable: row.is_required == 0,
            primary_key: row.key_place > 0,
        };
        (row.table_name, column)
    })))
}

/// By the exact names the migrations use.
fn class(name: String) -> TypeClass {
    match name.as_str() {
        "TEXT" => TypeClass::Text,
        "BIGINT" => TypeClass::BigInt,
        "DOUBLE" => TypeClass::Double,
        "BOOLEAN" => TypeClass::Boolean,
        "TIMESTAMP" => TypeClass::Timestamp,
        "BLOB" => TypeClass::Binary,
        _ => TypeClass::Other(name),
    }
}
