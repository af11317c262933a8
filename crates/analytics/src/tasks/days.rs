//! Grouping by calendar date.

use crate::tasks::rows::PreparedRow;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Values by date of completion, dates ascending, the values of a date in the order of the rows.
///
/// Rows without a readable completion time and rows for which there is no value are left out.
pub(super) fn by_day<'a>(
    rows: impl IntoIterator<Item = &'a PreparedRow>,
    value: impl Fn(&PreparedRow) -> Option<f64>,
) -> Vec<(NaiveDate, Vec<f64>)> {
    let mut groups: BTreeMap<NaiveDate, Vec<f64>> = BTreeMap::new();
    for row in rows {
        if let Some((day, value)) = row.completed_day().zip(value(row)) {
            groups.entry(day).or_default().push(value);
        }
    }
    groups.into_iter().collect()
}

/// A date as `YYYY-MM-DD`.
pub(super) fn date_text(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}
