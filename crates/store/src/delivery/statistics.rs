//! Rows of the weekly statistics.

use std::borrow::Cow;

use diesel::prelude::*;
#[cfg(feature = "sqlite")]
use diesel::{
    dsl::SqlTypeOf,
    query_builder::{AstPass, QueryFragment},
    sqlite::Sqlite,
};
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::{IsoWeek, Numeric, QueryKey, StatisticFilter, WeeklyStatistic, parse_date};

use super::insert::insert_rows;
use super::rows;
#[cfg(feature = "sqlite")]
use crate::records::plain_insert::{PlainInsert, PlainRow, plain_insert};
use crate::records::storable;
use crate::schema::weekly_statistics;
use crate::transaction::{Transaction, query};

/// Declares the row, whose numbers have two columns each: the number and its JSON text. The text is the truth.
macro_rules! statistic_row {
    ($( $number:ident $text:ident )*) => {
        #[derive(Queryable, Selectable, Insertable)]
        #[diesel(table_name = weekly_statistics)]
        #[diesel(treat_none_as_default_value = false)]
        struct StatisticRow<'a> {
            profile_id: Cow<'a, str>,
            query_id: Cow<'a, str>,
            place: i64,
            date_text: Option<Cow<'a, str>>,
            stat_date: Option<String>,
            week_label: Option<String>,
            $( $number: Option<f64>, $text: Option<Cow<'a, str>>, )*
        }

        #[cfg(feature = "sqlite")]
        plain_insert! {
            StatisticRow, weekly_statistics,
            profile_id query_id place date_text stat_date week_label $( $number $text )*
        }

        impl<'a> StatisticRow<'a> {
            fn new(key: &'a QueryKey, row: &'a WeeklyStatistic) -> Self {
                Self {
                    profile_id: key.profile.as_str().into(),
                    query_id: key.query.as_str().into(),
                    place: row.ordinal,
                    date_text: row.date_text.as_deref().map(storable),
                    stat_date: row.date.map(|date| date.to_string()),
                    week_label: row.week.map(|week| week.to_string()),
                    $(
                        $number: row.$number.as_ref().and_then(|number| number.value),
                        $text: row.$number.as_ref().map(|number| storable(&number.text)),
                    )*
                }
            }

            fn into_statistic(self) -> WeeklyStatistic {
                let date = self.stat_date.as_deref().and_then(parse_date);
                WeeklyStatistic {
                    ordinal: self.place,
                    date_text: self.date_text.map(Cow::into_owned),
                    date,
                    week: date.and_then(IsoWeek::of),
                    $( $number: self.$text.as_deref().map(Numeric::from_text), )*
                }
            }
        }
    };
}
statistic_row! {
    completed_items completed_items_text
    completed_points completed_points_text
    created_items created_items_text
    created_points created_points_text
    velocity_items velocity_items_text
    velocity_points velocity_points_text
    remaining_items remaining_items_text
    remaining_total_points remaining_total_points_text
}

/// Adds the rows of project data that had none.
pub(super) fn save(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    statistics: &[WeeklyStatistic],
) -> DomainResult<()> {
    insert_rows!(transaction, weekly_statistics, statistics.iter().map(|row| StatisticRow::new(key, row)))?;
    Ok(())
}

pub(super) fn list(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    filter: &StatisticFilter,
) -> DomainResult<Vec<WeeklyStatistic>> {
    let found = query!(transaction, |conn| {
        let mut accepted = weekly_statistics::table
            .filter(weekly_statistics::profile_id.eq(key.profile.as_str()))
            .filter(weekly_statistics::query_id.eq(key.query.as_str()))
            .into_boxed();
        if let Some(from) = filter.from {
            accepted = accepted.filter(weekly_statistics::stat_date.ge(from.to_string()));
        }
        if let Some(to) = filter.to {
            accepted = accepted.filter(weekly_statistics::stat_date.le(to.to_string()));
        }
        accepted
            .order((
                weekly_statistics::stat_date.is_null().asc(),
                weekly_statistics::stat_date.desc(),
                weekly_statistics::place.desc(),
            ))
            .limit(rows(filter.limit.unwrap_or(usize::MAX)))
            .select(StatisticRow::as_select())
            .load(conn)
    })?;
    let mut statistics: Vec<_> = found.into_iter().map(StatisticRow::into_statistic).collect();
    statistics.sort_by_key(|row| row.ordinal);
    Ok(statistics)
}
