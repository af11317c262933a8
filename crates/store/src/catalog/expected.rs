//! The tables as `schema.rs` declares them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, SqlType, Text, Timestamp};

use super::{ColumnInfo, TableInfo, TypeClass};
use crate::schema;

/// The tables this program works with, ordered by name.
///
/// Read from the declarations that the queries are compiled against, so it cannot differ from them.
#[must_use]
pub fn expected_schema() -> Vec<TableInfo> {
    macro_rules! tables {
        ($( $table:ident ( $($key:ident),+ ) )*) => { vec![ $( {
            // Does not compile unless these columns are the primary key.
            let _: <schema::$table::table as Table>::PrimaryKey = ($( schema::$table::$key ),+);
            let keys = [ $( <schema::$table::$key as Column>::NAME ),+ ];
            TableInfo {
                name: stringify!($table).to_owned(),
                columns: <<schema::$table::table as Table>::AllColumns as Columns>::describe(&keys),
            }
        } ),* ] };
    }
    tables! {
        app_state(key)
        counters(name)
        credentials(user_id)
        cutover_changes(area, epoch)
        cutover_dirty(seq)
        cutover_mismatches(seq)
        cutover_stages(area)
        emotions(user_id, row_key)
        import_runs(id)
        jira_cache(id)
        jira_changelog_cache(log, place)
        jira_changelog_items(log, entry, history, item)
        jira_changelogs(id)
        jira_issues(cache, place)
        job_tasks(user_id, row_key)
        jobs(user_id, row_key)
        leases(name)
        legacy_rows(user_id, row_key)
        metric_values(snapshot, place)
        metrics_snapshots(id)
        notes(user_id, row_key)
        popup_responses(user_id, row_key)
        popup_triggers(user_id, row_key)
        preferences(user_id, row_key)
        presentation_jobs(id)
        profiles(id)
        project_data(profile_id, query_id)
        quarantine(document, ordinal)
        queries(profile_id, id)
        run_files(run_id, filename)
        runs(id)
        saved_answers(user_id, request_key)
        schema_migrations(version)
        security_events(id)
        sessions(id)
        source_chunks(document, ordinal)
        source_documents(id)
        survey_responses(user_id, row_key)
        task_instances(user_id, row_key)
        task_progress(task_name)
        task_state(name)
        tasks(user_id, row_key)
        users(id)
        weekly_statistics(profile_id, query_id, place)
    }
}

/// A tuple of columns.
trait Columns {
    fn describe(keys: &[&str]) -> Vec<ColumnInfo>;
}

/// A type of Diesel's SQL.
trait Class {
    const NULLABLE: bool = false;
    fn class() -> TypeClass;
}

impl<T: Class + SqlType> Class for Nullable<T> {
    const NULLABLE: bool = true;
    fn class() -> TypeClass {
        T::class()
    }
}

macro_rules! classes {
    ($( $sql_type:ident => $class:ident ),*) => { $(
        impl Class for $sql_type {
            fn class() -> TypeClass {
                TypeClass::$class
            }
        }
    )* };
}
classes! {
    Text => Text, BigInt => BigInt, Double => Double, Bool => Boolean, Timestamp => Timestamp, Binary => Binary
}

fn column<C>(keys: &[&str]) -> ColumnInfo
where
    C: Column,
    C::SqlType: Class,
{
    ColumnInfo {
        name: C::NAME.to_owned(),
        class: C::SqlType::class(),
        nullable: C::SqlType::NULLABLE,
        primary_key: keys.contains(&C::NAME),
    }
}

macro_rules! columns {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest),*> Columns for ($first, $($rest,)*)
        where
            $first: Column, <$first as Expression>::SqlType: Class,
            $( $rest: Column, <$rest as Expression>::SqlType: Class, )*
        {
            fn describe(keys: &[&str]) -> Vec<ColumnInfo> {
                vec![column::<$first>(keys), $( column::<$rest>(keys) ),*]
            }
        }
        columns! { $($rest)* }
    };
}
columns! {
    A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A23 A24
    A25 A26 A27 A28 A29 A30 A31 A32 A33 A34 A35 A36 A37 A38 A39 A40 A41 A42 A43 A44 A45 A46 A47 A48
}
