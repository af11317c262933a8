//! The macro that makes a table's row and repository from a list of its columns.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use landfast_domain::accounts::UserId;
use landfast_domain::record::{DocumentId, Placed, Record, SourceRef};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::error::Error;
use crate::transaction::Transaction;

/// Rows of one COPY on PostgreSQL: enough to make its round trip cheap, few enough to keep memory flat.
pub(super) const PART_ROWS: usize = 1000;

/// Declares the row of a table and implements `RecordRepository` on [`Transaction`].
///
/// Columns are named as the record's fields, in the order of `Record::COLUMNS`; `field as column` gives a
/// column another name. `derived` columns are computed from the record at every write.
macro_rules! record_table {
    (
        $record:ident => $row:ident in $table:ident {
            $( $field:ident $(as $renamed:ident)? : $kind:ident ),* $(,)?
        }
        $( derived { $( $derived:ident : $derived_type:ty = $value:expr ),* $(,)? } )?
    ) => {
        record_table! { @row $record $row $table
            [ $( { $field ; $($renamed)? ; $field ; $kind } )* ]
            [ $( $( { $derived ; $derived_type ; $value } )* )? ]
            []
        }
    };

    // Finds each column's name: the new one if there is one, else the field's.
    (@row $record:ident $row:ident $table:ident
        [ { $field:ident ; ; $same:ident ; $kind:ident } $($rest:tt)* ] $derived:tt [ $($done:tt)* ]) => {
        record_table! { @row $record $row $table [ $($rest)* ] $derived [ $($done)* { $field $same $kind } ] }
    };
    (@row $record:ident $row:ident $table:ident
        [ { $field:ident ; $renamed:ident ; $same:ident ; $kind:ident } $($rest:tt)* ] $derived:tt [ $($done:tt)* ]) => {
        record_table! { @row $record $row $table [ $($rest)* ] $derived [ $($done)* { $field $renamed $kind } ] }
    };

    (@row $record:ident $row:ident $table:ident []
        [ $( { $derived:ident ; $derived_type:ty ; $value:expr } )* ]
        [ $( { $field:ident $column:ident $kind:ident } )* ]
    ) => {
        #[derive(Queryable, Selectable, Insertable, AsChangeset)]
        #[diesel(table_name = $table, primary_key(user_id, row_key))]
        // Otherwise every pattern of empty columns would be a statement of its own, kept for ever.
        #[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
        pub(super) struct $row<'a> {
            user_id: Cow<'a, str>,
            row_key: Cow<'a, str>,
            #[diesel(skip_update)]
            position: i64,
            #[diesel(skip_update)]
            source_document: Option<i64>,
            #[diesel(skip_update)]
            source_ordinal: Option<i64>,
            $( $column: Stored<'a, $kind>, )*
            $( $derived: $derived_type, )*
            number_styles: i64,
            legacy_cells: Option<String>,
            extra: Option<String>,
        }

        #[cfg(feature = "sqlite")]
        plain_insert! {
            $row, $table,
            user_id row_key position source_document source_ordinal
            $( $column )* $( $derived )* number_styles legacy_cells extra
        }

        impl<'a> $row<'a> {
            fn new(user: &'a UserId, position: i64, source: Option<SourceRef>, record: &'a $record) -> Self {
                let mut cells = Encoder::new(record);
                Self {
                    user_id: Cow::Borrowed(user.as_str()),
                    row_key: cells.key(&record.key),
                    position,
                    source_document: source.map(|source| source.document.0),
                    source_ordinal: source.map(|source| source.ordinal),
                    $( $column: cells.cell::<$kind>(&record.$field), )*
                    $( $derived: { let value: fn(&'a $record) -> $derived_type = $value; value(record) }, )*
                    number_styles: cells.number_styles(),
                    legacy_cells: cells.legacy_cells(),
                    extra: cells.extra(),
                }
            }

            /// Adds rows, up to the first whose key is taken; on PostgreSQL that is an error of the database.
            fn insert_part(
                connection: &mut DbConnection,
                user: &UserId,
                part: &'a [Placed<$record>],
            ) -> QueryResult<Option<&'a Placed<$record>>> {
                match connection {
                    #[cfg(feature = "sqlite")]
                    DbConnection::Sqlite(conn) => {
                        // One row a statement: preparing is what costs, and this one is prepared once. Without
                        // a conflict clause: on SQLite a violation ends the statement only.
                        for placed in part {
                            let row = $row::new(user, placed.position, placed.source, &placed.record);
                            match PlainInsert(&row).execute(&mut **conn) {
                                Ok(_) => {}
                                Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                                    return Ok(Some(placed));
                                }
                                Err(error) => return Err(error),
                            }
                        }
                    }
                    #[cfg(feature = "postgres")]
                    DbConnection::Postgres(conn) => {
                        let rows: Vec<_> = part
                            .iter()
                            .map(|placed| $row::new(user, placed.position, placed.source, &placed.record))
                            .collect();
                        diesel::copy_from($table::table).from_insertable(&rows).execute(&mut **conn)?;
                    }
                }
                Ok(None)
            }

            pub(super) fn into_placed(self) -> DomainResult<Placed<$record>> {
                let mut cells =
                    Decoder::new::<$record>(self.row_key.into_owned(), self.number_styles, self.legacy_cells)?;
                Ok(Placed {
                    position: self.position,
                    source: table::source(self.source_document, self.source_ordinal),
                    record: $record {
                        key: cells.key()?,
                        $( $field: cells.cell::<$kind>(self.$column)?, )*
                        extra: cells.extra(self.extra)?,
                    },
                })
            }
        }

        impl RecordRepository<$record> for Transaction<'_> {
            fn insert(&mut self, user: &UserId, record: &$record) -> DomainResult<()> {
                self.require_write()?;
                let position = RecordRepository::<$record>::last_position(self, user)?.saturating_add(1);
                let row = $row::new(user, position, None, record);
                // A unique violation would end a transaction on PostgreSQL, and only there.
                let added = query!(self, |conn| diesel::insert_into($table::table)
                    .values(&row)
                    .on_conflict_do_nothing()
                    .execute(conn))
                .map_err(|error| table::insert_error(error, user))?;
                if added == 0 { Err(table::conflict(record)) } else { Ok(()) }
            }

            fn insert_batch(&mut self, user: &UserId, records: &[Placed<$record>]) -> DomainResult<usize> {
                self.require_write()?;
                table::check_positions(records)?;
                for part in records.chunks(table::PART_ROWS) {
                    let outcome = $row::insert_part(self.connection, user, part);
                    match self.checked(outcome) {
                        Ok(None) => {}
                        Ok(Some(taken)) => return Err(table::batch_conflict(self, &taken.record)),
                        Err(error) => return Err(table::batch_error(error, user, part)),
                    }
                }
                Ok(records.len())
            }

            fn get(&mut self, user: &UserId, key: &RecordKey) -> DomainResult<Option<$record>> {
                let row = query!(self, |conn| $table::table
                    .find((user.as_str(), bounded(key.as_str())))
                    .select($row::as_select())
                    .get_result(conn)
                    .optional())?;
                row.map(|row| row.into_placed().map(|placed| placed.record)).transpose()
            }

            fn update(&mut self, user: &UserId, record: &$record) -> DomainResult<()> {
                self.require_write()?;
                let row = $row::new(user, 0, None, record);
                let changed = query!(self, |conn| diesel::update(
                    $table::table.find((user.as_str(), bounded(record.key.as_str())))
                )
                .set(&row)
                .execute(conn))?;
                if changed == 0 { Err(table::not_found::<$record>(&record.key)) } else { Ok(()) }
            }

            fn delete(&mut self, user: &UserId, key: &RecordKey) -> DomainResult<bool> {
                self.require_write()?;
                let deleted = query!(self, |conn| diesel::delete(
                    $table::table.find((user.as_str(), bounded(key.as_str())))
                )
                .execute(conn))?;
                Ok(deleted > 0)
            }

            fn page(&mut self, user: &UserId, after: Option<i64>, limit: usize) -> DomainResult<Vec<Placed<$record>>> {
                let rows = query!(self, |conn| $table::table
                    .filter($table::user_id.eq(user.as_str()))
                    .filter($table::position.gt(after.unwrap_or(i64::MIN)))
                    .order(($table::position.asc(), $table::row_key.asc()))
                    .limit(i64::try_from(limit).unwrap_or(i64::MAX))
                    .select($row::as_select())
                    .load(conn))?;
                rows.into_iter().map($row::into_placed).collect()
            }

            fn count(&mut self, user: &UserId) -> DomainResult<u64> {
                let count: i64 = query!(self, |conn| $table::table
                    .filter($table::user_id.eq(user.as_str()))
                    .count()
                    .get_result(conn))?;
                u64::try_from(count).map_err(DomainError::backend)
            }

            fn last_position(&mut self, user: &UserId) -> DomainResult<i64> {
                let last: Option<i64> = query!(self, |conn| $table::table
                    .filter($table::user_id.eq(user.as_str()))
                    .select(diesel::dsl::max($table::position))
                    .get_result(conn))?;
                Ok(last.unwrap_or(0))
            }

            fn place(
                &mut self,
                user: &UserId,
                key: &RecordKey,
                position: i64,
                source: Option<SourceRef>,
            ) -> DomainResult<()> {
                self.require_write()?;
                table::check_position::<$record>(position)?;
                let changed = query!(self, |conn| diesel::update(
                    $table::table.find((user.as_str(), bounded(key.as_str())))
                )
                .set((
                    $table::position.eq(position),
                    $table::source_document.eq(source.map(|source| source.document.0)),
                    $table::source_ordinal.eq(source.map(|source| source.ordinal)),
                ))
                .execute(conn))?;
                if changed == 0 { Err(table::not_found::<$record>(key)) } else { Ok(()) }
            }
        }
    };
}
pub(super) use record_table;

/// Where a row was loaded from.
pub(super) fn source(document: Option<i64>, ordinal: Option<i64>) -> Option<SourceRef> {
    Some(SourceRef { document: DocumentId(document?), ordinal: ordinal? })
}

pub(super) fn conflict<R: Record>(record: &R) -> DomainError {
    DomainError::Conflict { entity: R::ENTITY, key: record.key().to_string() }
}

/// A conflict in a batch; the batch is half done, so the transaction must not be kept.
pub(super) fn batch_conflict<R: Record>(transaction: &mut Transaction<'_>, record: &R) -> DomainError {
    let error = conflict(record);
    transaction.give_up(error.to_string());
    error
}

pub(super) fn not_found<R: Record>(key: &landfast_domain::record::RecordKey) -> DomainError {
    DomainError::NotFound { entity: R::ENTITY, key: key.to_string() }
}

/// A row that refers to nobody is the fault of the user's id; no other column refers to anything.
pub(super) fn insert_error(error: Error, user: &UserId) -> DomainError {
    match error {
        Error::Database(DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {
            DomainError::NotFound { entity: "user", key: user.to_string() }
        }
        error => error.into(),
    }
}

/// Finds out which record of a batch was in the way.
pub(super) fn batch_error<R: Record>(error: Error, user: &UserId, part: &[Placed<R>]) -> DomainError {
    match &error {
        Error::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information)) => {
            // The detail ends in `(user_id, row_key)=(USER, KEY) already exists.`; words may be translated.
            let details = information.details().unwrap_or_default();
            let taken = |placed: &&Placed<R>| {
                details.contains(&format!("=({user}, {})", super::bounded(placed.record.key().as_str())))
            };
            let key = part
                .iter()
                .find(taken)
                .map_or_else(|| format!("one of {} records", part.len()), |placed| placed.record.key().to_string());
            DomainError::Conflict { entity: R::ENTITY, key }
        }
        _ => insert_error(error, user),
    }
}

pub(super) fn check_positions<R: Record>(records: &[Placed<R>]) -> DomainResult<()> {
    records.iter().try_for_each(|placed| check_position::<R>(placed.position))
}

/// Position 0 is what an empty list answers as its last.
pub(super) fn check_position<R: Record>(position: i64) -> DomainResult<()> {
    if position > 0 {
        return Ok(());
    }
    Err(DomainError::Invalid {
        entity: R::ENTITY,
        field: "position",
        value: position.to_string(),
        reason: "must be positive",
    })
}
