//! Adding many rows.

/// Rows of one COPY on PostgreSQL.
#[cfg(feature = "postgres")]
pub(super) const PART_ROWS: usize = 1_000;

/// Adds the rows an iterator gives: on SQLite one a statement, which is prepared once; on PostgreSQL a
/// thousand with a COPY. Their keys must be free.
macro_rules! insert_rows {
    ($transaction:expr, $table:ident, $rows:expr) => {{
        let mut rows = $rows;
        let result: diesel::QueryResult<()> = match &mut *$transaction.connection {
            #[cfg(feature = "sqlite")]
            $crate::connection::DbConnection::Sqlite(conn) => rows.try_for_each(|row| {
                diesel::RunQueryDsl::execute($crate::records::plain_insert::PlainInsert(&row), &mut **conn).map(drop)
            }),
            #[cfg(feature = "postgres")]
            $crate::connection::DbConnection::Postgres(conn) => loop {
                let part: Vec<_> = rows.by_ref().take($crate::delivery::insert::PART_ROWS).collect();
                if part.is_empty() {
                    break Ok(());
                }
                let copied = diesel::copy_from($table::table).from_insertable(&part).execute(&mut **conn);
                if let Err(error) = copied {
                    break Err(error);
                }
            },
        };
        $transaction.checked(result)
    }};
}
pub(super) use insert_rows;
