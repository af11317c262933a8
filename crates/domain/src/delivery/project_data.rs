//! Weekly numbers and scope of a query.

use super::edit::{corrupt, require_object};
use super::ids::QueryKey;
use super::moment::{Moment, parse_date};
use super::read::{at, object_of, text_at};
use super::week::IsoWeek;
use crate::json::{Json, Object, elements, parse_lossy};
use crate::text::python_float;
use crate::{Result, delivery::edit};
use chrono::NaiveDate;

/// The project data of a query: one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectData {
    /// The query.
    pub query: QueryKey,
    /// Text of `project_data.json`.
    pub document: String,
    /// When it was changed last: `metadata.last_updated`, else `last_updated`; the empty text when nothing tells.
    pub updated_at: Moment,
}

/// The generations of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProjectDataShape {
    /// Totals and estimates at the root, no `statistics`.
    Version1,
    /// What the creation of a query wrote: `statistics` and `project_scope`, but no `metadata`.
    Initial,
    /// `project_scope`, `statistics` and `metadata` with a version.
    Version2,
}

impl ProjectDataShape {
    /// Name for reports: `v1`, `initial` or `v2`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Version1 => "v1",
            Self::Initial => "initial",
            Self::Version2 => "v2",
        }
    }
}

/// A number as its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Numeric {
    /// JSON text of the value: `8`, `8.0`, `"8"`, `null`.
    pub text: String,
    /// The number; text that is one counts. `None` for null and other values, and for numbers that are not finite.
    pub value: Option<f64>,
}

/// The numbers of one row of `statistics`: a week, if the row has a date.
///
/// Rows are told apart by their place. Dates may repeat, be unsorted, be other days than Mondays, or be
/// missing. A number is `None` when the row has no such member.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WeeklyStatistic {
    /// Place in the list, from 0.
    pub ordinal: i64,
    /// Text of the date; `None` without one.
    pub date_text: Option<String>,
    /// The date.
    pub date: Option<NaiveDate>,
    /// Week the date is in.
    pub week: Option<IsoWeek>,
    /// Items finished in the week.
    pub completed_items: Option<Numeric>,
    /// Points finished in the week.
    pub completed_points: Option<Numeric>,
    /// Items created in the week.
    pub created_items: Option<Numeric>,
    /// Points created in the week.
    pub created_points: Option<Numeric>,
    /// Older copy of the finished items.
    pub velocity_items: Option<Numeric>,
    /// Older copy of the finished points.
    pub velocity_points: Option<Numeric>,
    /// Items left, in some documents.
    pub remaining_items: Option<Numeric>,
    /// Points left, in some documents.
    pub remaining_total_points: Option<Numeric>,
}

/// Which weeks a list is to hold; the default is all rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatisticFilter {
    /// Only rows of this day or later; rows without a readable date are left out.
    pub from: Option<NaiveDate>,
    /// Only rows of this day or earlier; rows without a readable date are left out.
    pub to: Option<NaiveDate>,
    /// The newest so many rows.
    pub limit: Option<usize>,
}

impl ProjectData {
    /// The project data of a document.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] when the text is not a JSON object.
    pub fn new(query: QueryKey, document: impl Into<String>) -> Result<Self> {
        let document = document.into();
        require_object("project data", "document", &document)?;
        let root = Json::Object(object_of(&document));
        let updated = text_at(&root, &["metadata", "last_updated"]).or_else(|| text_at(&root, &["last_updated"]));
        Ok(Self { query, document, updated_at: Moment::read(updated.unwrap_or_default()) })
    }

    /// Generation of the document.
    #[must_use]
    pub fn shape(&self) -> ProjectDataShape {
        shape(&object_of(&self.document))
    }

    /// Rows of `statistics`, in the order of the document.
    #[must_use]
    pub fn statistics(&self) -> Vec<WeeklyStatistic> {
        let root = object_of(&self.document);
        let rows = root.get("statistics").and_then(Json::as_array).unwrap_or_default();
        (0_i64..).zip(rows).map(|(ordinal, row)| WeeklyStatistic::read(ordinal, row)).collect()
    }

    /// JSON text of `project_scope`, for the first generation made of its totals; `None` without any.
    #[must_use]
    pub fn scope(&self) -> Option<String> {
        let root = object_of(&self.document);
        match root.get("project_scope").filter(|scope| scope.as_object().is_some()) {
            // The bytes of the document rather than another spelling of them.
            Some(_) => edit::member_text(&self.document, "project_scope").ok().flatten().map(str::to_owned),
            None if shape(&root) == ProjectDataShape::Version1 => Some(scope_of_totals(&root).dump()),
            None => None,
        }
    }

    /// Number of entries of `metrics_history`, of both lists together.
    #[must_use]
    pub fn metrics_history_count(&self) -> usize {
        let root = Json::Object(object_of(&self.document));
        let count =
            |list: &str| at(&root, &["metrics_history", list]).and_then(Json::as_array).map_or(0, <[Json]>::len);
        count("dora_metrics") + count("flow_metrics")
    }

    /// The document in the newest generation; nothing that is in it gets lost.
    ///
    /// First generation: its totals become `project_scope`, `metadata` gets version `2.0` and source
    /// `legacy_migration`. Initial documents get `metadata` of their root's `last_updated`. In both, rows of
    /// `statistics` stay, and so do members this version does not know.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`] when the document is not JSON.
    pub fn upgraded(&self) -> Result<String> {
        let root = object_of(&self.document);
        let mut document = self.document.clone();
        let broken = |error| corrupt("project data", &self.query.to_string(), "document", &error);
        let source = match shape(&root) {
            ProjectDataShape::Version2 => return Ok(document),
            ProjectDataShape::Version1 => "legacy_migration",
            ProjectDataShape::Initial => "manual",
        };
        if root.get("project_scope").is_none_or(|scope| scope.as_object().is_none()) {
            document = edit::set_at(&document, &["project_scope"], &Json::Object(scope_of_totals(&root).into_object()))
                .map_err(broken)?;
        }
        if root.get("statistics").is_none_or(|rows| rows.as_array().is_none()) {
            document = edit::set_at(&document, &["statistics"], &Json::Array(Vec::new())).map_err(broken)?;
        }
        let metadata = root.get("metadata").and_then(Json::as_object).cloned().unwrap_or_default();
        for (key, value) in
            [("source", Json::from(source)), ("last_updated", root.get("last_updated").cloned().unwrap_or(Json::Null))]
        {
            if !metadata.contains_key(key) {
                document = edit::set_at(&document, &["metadata", key], &value).map_err(broken)?;
            }
        }
        edit::set_at(&document, &["metadata", "version"], &Json::from("2.0")).map_err(broken)
    }
}

/// JSON texts of the rows of `statistics`; `None` when the document has no such list.
///
/// # Errors
/// [`crate::json::JsonError`] when the document is not JSON.
pub fn statistic_texts(document: &str) -> Result<Option<Vec<&str>>, crate::json::JsonError> {
    let Some(list) = edit::member_text(document, "statistics")? else {
        return Ok(None);
    };
    Ok(elements(list)?.map(|rows| rows.into_iter().map(|row| row.text).collect()))
}

impl WeeklyStatistic {
    /// Names of the numbers, in the order of the fields.
    pub const NUMBERS: [&str; 8] = [
        "completed_items",
        "completed_points",
        "created_items",
        "created_points",
        "velocity_items",
        "velocity_points",
        "remaining_items",
        "remaining_total_points",
    ];

    /// Reads a row; anything that is no object makes a row without values.
    #[must_use]
    pub fn read(ordinal: i64, row: &Json) -> Self {
        let number = |key: &str| row.as_object()?.get(key).map(Numeric::read);
        let date_text = text_at(row, &["date"]);
        let date = date_text.as_deref().and_then(|text| {
            let day =
                text.split_at_checked(10).filter(|(_, rest)| rest.starts_with(['T', ' '])).map_or(text, |(day, _)| day);
            parse_date(day)
        });
        Self {
            ordinal,
            date_text,
            date,
            week: date.and_then(IsoWeek::of),
            completed_items: number("completed_items"),
            completed_points: number("completed_points"),
            created_items: number("created_items"),
            created_points: number("created_points"),
            velocity_items: number("velocity_items"),
            velocity_points: number("velocity_points"),
            remaining_items: number("remaining_items"),
            remaining_total_points: number("remaining_total_points"),
        }
    }

    /// The numbers, in the order of [`WeeklyStatistic::NUMBERS`].
    #[must_use]
    pub fn numbers(&self) -> [Option<&Numeric>; 8] {
        [
            self.completed_items.as_ref(),
            self.completed_points.as_ref(),
            self.created_items.as_ref(),
            self.created_points.as_ref(),
            self.velocity_items.as_ref(),
            self.velocity_points.as_ref(),
            self.remaining_items.as_ref(),
            self.remaining_total_points.as_ref(),
        ]
    }
}

impl Numeric {
    /// Reads a JSON value.
    #[must_use]
    pub fn read(value: &Json) -> Self {
        Self { text: value.dump_unicode(), value: finite_number(value) }
    }

    /// Reads [`Numeric::text`] again.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        parse_lossy(text).map_or_else(|_| Self { text: text.to_owned(), value: None }, |(value, _)| Self::read(&value))
    }
}

impl StatisticFilter {
    /// Whether a row belongs into the list, the limit aside.
    #[must_use]
    pub fn accepts(&self, row: &WeeklyStatistic) -> bool {
        self.from.is_none_or(|from| row.date.is_some_and(|date| date >= from))
            && self.to.is_none_or(|to| row.date.is_some_and(|date| date <= to))
    }
}

/// A number, or text that is one; finite.
pub(super) fn finite_number(value: &Json) -> Option<f64> {
    let number = match value {
        Json::Number(number) => Some(number.to_f64()),
        Json::String(text) => python_float(text),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

fn shape(root: &Object) -> ProjectDataShape {
    let metadata = root.get("metadata").and_then(Json::as_object);
    if metadata.is_some_and(|metadata| metadata.contains_key("version")) {
        ProjectDataShape::Version2
    } else if root.contains_key("statistics") || root.contains_key("project_scope") {
        ProjectDataShape::Initial
    } else {
        ProjectDataShape::Version1
    }
}

/// A scope made of the totals and estimates of the first generation.
struct Totals(Object);

impl Totals {
    fn into_object(self) -> Object {
        self.0
    }

    fn dump(self) -> String {
        Json::Object(self.0).dump()
    }
}

fn scope_of_totals(root: &Object) -> Totals {
    let mut scope = Object::new();
    for (new, old) in [
        ("total_items", "total_items"),
        ("total_points", "total_points"),
        ("remaining_items", "total_items"),
        ("remaining_points", "total_points"),
        ("estimated_items", "estimated_items"),
        ("estimated_points", "estimated_points"),
    ] {
        if let Some(value) = root.get(old) {
            scope.insert(new, value.clone());
        }
    }
    Totals(scope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{ProfileId, QueryId};

    fn data(document: &str) -> ProjectData {
        let key = QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap());
        ProjectData::new(key, document).unwrap()
    }

    #[test]
    fn rows_keep_their_order_their_repeats_and_their_odd_numbers() {
        let rows = data(
            r#"{"statistics": [{"date": "2025-12-15", "completed_items": "3", "created_items": null, "completed_points": 2.50},
                {"date": "2025-12-15", "completed_items": NaN}, {"date": "2024-12-30T00:00:00"}, {"date": "soon"}, 7]}"#,
        )
        .statistics();
        assert_eq!(rows.iter().map(|row| row.ordinal).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        let numeric = |text: &str, value| Some(Numeric { text: text.to_owned(), value });
        assert_eq!(rows[0].completed_items, numeric("\"3\"", Some(3.0)));
        assert_eq!(rows[0].created_items, numeric("null", None));
        assert_eq!(rows[0].completed_points, numeric("2.50", Some(2.5)));
        assert_eq!(rows[0].velocity_items, None);
        assert_eq!(rows[1].completed_items, numeric("NaN", None));
        assert_eq!(rows[2].week, IsoWeek::new(2025, 1));
        assert_eq!((rows[3].date_text.as_deref(), rows[3].date), (Some("soon"), None));
        assert_eq!(rows[4], WeeklyStatistic { ordinal: 4, ..WeeklyStatistic::default() });
        for number in rows[0].numbers().into_iter().flatten() {
            assert_eq!(Numeric::from_text(&number.text), *number);
        }
    }

    #[test]
    fn the_first_generation_becomes_the_newest() {
        let old = data(r#"{"total_items": 100, "total_points": 1000.0, "estimated_items": 20, "metadata": {"x": 1}}"#);
        assert_eq!(old.shape(), ProjectDataShape::Version1);
        assert_eq!(
            old.scope().unwrap(),
            r#"{"total_items": 100, "total_points": 1000.0, "remaining_items": 100, "remaining_points": 1000.0, "estimated_items": 20}"#
        );
        let new = data(&old.upgraded().unwrap());
        assert_eq!(new.shape(), ProjectDataShape::Version2);
        assert_eq!(new.scope(), old.scope());
        let root = Json::parse(&new.document).unwrap();
        assert_eq!(
            at(&root, &["metadata"]).unwrap().dump(),
            r#"{"x": 1, "source": "legacy_migration", "last_updated": null, "version": "2.0"}"#
        );
        assert_eq!(at(&root, &["total_items"]).unwrap().as_i64(), Some(100));
    }

    #[test]
    fn rows_without_metadata_are_not_thrown_away() {
        let initial = data(
            r#"{"statistics": [{"date": "2025-12-15"}], "project_scope": {"total_items": 0}, "last_updated": "2025-12-17T09:42:00+00:00", "version": "1.0"}"#,
        );
        assert_eq!(initial.shape(), ProjectDataShape::Initial);
        let new = data(&initial.upgraded().unwrap());
        assert_eq!((new.shape(), new.statistics().len()), (ProjectDataShape::Version2, 1));
        assert_eq!(new.updated_at, initial.updated_at);
        assert_eq!(new.upgraded().unwrap(), new.document);
    }

    #[test]
    fn history_entries_of_both_lists_count() {
        let history = data(r#"{"metrics_history": {"dora_metrics": [{}], "flow_metrics": [{}, {}]}}"#);
        assert_eq!(history.metrics_history_count(), 3);
        assert_eq!(data("{}").metrics_history_count(), 0);
    }
}
