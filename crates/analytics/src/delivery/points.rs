//! Points of issues: one value of Jira, two ways of the original to read it.

use landfast_domain::json::Json;
use landfast_domain::text::python_float;

/// Points as the weekly statistics sum them up (delivery specification 5.2), finite.
///
/// `value(x)`: 0 for null, `false`, 0 and whatever is empty; a number is itself, `true` is 1; a text the
/// number it is, else 0; of an object `votes` if that is a number, else the first that is one of `value`,
/// `points`, `count`, `total`, else 0; anything else 0. Numbers that are not finite are 0.
///
/// ```
/// use landfast_analytics::delivery::points::statistics_points;
/// use landfast_domain::json::Json;
///
/// assert_eq!(statistics_points(Some(&Json::parse(r#"{"value": 3}"#)?)), 3.0);
/// assert_eq!(statistics_points(Some(&Json::from("XL"))), 0.0);
/// assert_eq!(statistics_points(None), 0.0);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
#[must_use]
pub fn statistics_points(value: Option<&Json>) -> f64 {
    let number = match value {
        Some(Json::Object(object)) => {
            let votes = object.get("votes").and_then(Json::as_f64);
            votes.or_else(|| {
                ["value", "points", "count", "total"].iter().find_map(|key| object.get(key).and_then(numeric))
            })
        }
        Some(other) => numeric(other),
        None => None,
    };
    number.filter(|number| number.is_finite()).unwrap_or(0.0)
}

/// Points of an issue for the scope, and whether the issue counts as estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScopePoints {
    /// Points, whole.
    pub points: f64,
    /// Whether there is a value, it is numeric, and it is not negative.
    pub is_estimated: bool,
}

/// Points as the scope sums them up (delivery specification 5.3).
///
/// No field: 0. Otherwise a number, or a text that is one, cut to a whole number; of an object the first
/// present member of `value`, `count`, `total` (of the field `votes`: its member `votes`), and 1 if it has
/// none of them. A value that is missing or no number stands for 1 and is not estimated. Unlike
/// [`statistics_points`], so the two disagree on issues without a value.
///
/// ```
/// use landfast_analytics::delivery::points::scope_points;
/// use landfast_domain::json::Json;
///
/// let points = scope_points(Some("customfield_1"), Some(&Json::from(2.9)));
/// assert_eq!((points.points, points.is_estimated), (2.0, true));
/// let missing = scope_points(Some("customfield_1"), None);
/// assert_eq!((missing.points, missing.is_estimated), (1.0, false));
/// assert_eq!(scope_points(None, None).points, 0.0);
/// ```
#[must_use]
pub fn scope_points(field: Option<&str>, value: Option<&Json>) -> ScopePoints {
    let Some(field) = field else { return ScopePoints { points: 0.0, is_estimated: false } };
    let members: &[&str] = if field == "votes" { &["votes"] } else { &["value", "count", "total"] };
    let number = match value {
        Some(Json::Object(object)) => match members.iter().find_map(|key| object.get(key)) {
            Some(member) => numeric(member),
            None => Some(1.0),
        },
        Some(other) => numeric(other),
        None => None,
    };
    let number = number.filter(|number| number.is_finite());
    ScopePoints { points: number.map_or(1.0, f64::trunc), is_estimated: number.is_some_and(|number| number >= 0.0) }
}

/// A number, a text that is one, or a truth value.
fn numeric(value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => Some(number.to_f64()),
        Json::String(text) => python_float(text),
        Json::Bool(value) => Some(f64::from(u8::from(*value))),
        _ => None,
    }
}
