//! An insert of one row into SQLite without the detours of the general one.
//!
//! Diesel walks its general insert several times for each execution, and asks every column whether it is
//! empty text; with 44 columns that is half of what a row costs. Here the same statement is walked once,
//! and its values are bound through the same types. It is one statement for each table, so it is
//! prepared once and kept.

use diesel::query_builder::QueryId;

/// The insert of a row. Each row type has its `QueryFragment` from [`plain_insert`].
#[derive(Debug)]
pub(crate) struct PlainInsert<'r, R>(pub(crate) &'r R);

impl<R, Conn> diesel::RunQueryDsl<Conn> for PlainInsert<'_, R> {}

/// Rows that have a plain insert, under a type without lifetimes that names the statement.
pub(crate) trait PlainRow {
    /// Names the statement in the cache.
    type Name: 'static;
}

impl<R: PlainRow> QueryId for PlainInsert<'_, R> {
    type QueryId = PlainInsert<'static, R::Name>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

/// Makes the statement for a row type out of its table and columns.
macro_rules! plain_insert {
    ($row:ident, $table:ident, $( $column:ident )*) => {
        impl PlainRow for $row<'_> {
            type Name = $row<'static>;
        }

        impl QueryFragment<Sqlite> for PlainInsert<'_, $row<'_>> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                out.push_sql("INSERT INTO ");
                out.push_identifier(stringify!($table))?;
                let mut names = " (";
                $(
                    out.push_sql(names);
                    names = ", ";
                    out.push_identifier(<$table::$column as Column>::NAME)?;
                )*
                let _ = names;
                let mut values = ") VALUES (";
                $(
                    out.push_sql(values);
                    values = ", ";
                    out.push_bind_param::<SqlTypeOf<$table::$column>, _>(&self.0.$column)?;
                )*
                let _ = values;
                out.push_sql(")");
                Ok(())
            }
        }
    };
}
pub(crate) use plain_insert;
