//! How many rows the tables have.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, SqliteConnection, sql_query};
use landfast_store::{DatabaseUrl, TableInfo};
use std::collections::BTreeMap;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// Rows of every table, by name.
///
/// # Panics
/// When the database does not answer.
pub(super) fn row_counts(url: &str, tables: &[TableInfo]) -> BTreeMap<String, i64> {
    let queries =
        tables.iter().map(|table| (table.name.clone(), format!("SELECT COUNT(*) AS rows FROM {}", table.name)));
    match DatabaseUrl::parse(url) {
        Ok(DatabaseUrl::Sqlite(path)) => {
            let path = path.to_str().expect("test paths are text");
            let mut connection = SqliteConnection::establish(path).expect("the database opens");
            queries.map(|(name, query)| (name, one(sql_query(query).get_result(&mut connection)))).collect()
        }
        Ok(DatabaseUrl::Postgres(_)) => {
            let mut connection = PgConnection::establish(url).expect("the database opens");
            queries.map(|(name, query)| (name, one(sql_query(query).get_result(&mut connection)))).collect()
        }
        other => panic!("{other:?} has no tables"),
    }
}

fn one(count: QueryResult<Count>) -> i64 {
    count.expect("rows are counted").rows
}
