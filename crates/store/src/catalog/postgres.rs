//! PostgreSQL's catalogue.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::{ColumnInfo, TableInfo, TypeClass, group};
use crate::error::Result;

const COLUMNS: &str = r#"
    SELECT t.relname::text AS table_name, c.attname::text AS column_name,
           format_type(c.atttypid, c.atttypmod)::text AS type_name, c.attnotnull AS is_required,
           COALESCE(c.attnum = ANY (k.indkey), false) AS is_key
    FROM pg_class AS t
    JOIN pg_namespace AS n ON n.oid = t.relnamespace
    JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
    LEFT JOIN pg_index AS k ON k.indrelid = t.oid AND k.indisprimary
    WHERE t.relkind IN ('r', 'p') AND n.nspname = current_schema()
    ORDER BY t.relname::text COLLATE "C", c.attnum"#;

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    type_name: String,
    #[diesel(sql_type = Bool)]
    is_required: bool,
    #[diesel(sql_type = Bool)]
    is_key: bool,
}

pub(super) fn tables(connection: &mut PgConnection) -> Result<Vec<TableInfo>> {
    let rows: Vec<ColumnRow> = diesel::sql_query(COLUMNS).load(connection)?;
    Ok(group(rows.into_iter().map(|row| {
        let column = ColumnInfo {
            name: row.column_name,
            class: class(row.type_name),
            nullable: !row.is_required,
            primary_key: row.is_key,
        };
        (row.table_name, column)
    })))
}

fn class(name: String) -> TypeClass {
    match name.as_str() {
        "text" => TypeClass::Text,
        "bigint" => TypeClass::BigInt,
        "double precision" => TypeClass::Double,
        "boolean" => TypeClass::Boolean,
        "timestamp without time zone" => TypeClass::Timestamp,
        "bytea" => TypeClass::Binary,
        _ => TypeClass::Other(name),
    }
}
