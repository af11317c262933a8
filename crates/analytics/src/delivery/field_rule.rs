//! Field mappings: which field of an issue means what, and which of its values count.

use super::issue_row::IssueRow;
use landfast_domain::delivery::Moment;
use landfast_domain::json::Json;
use landfast_domain::time::Timestamp;

/// A field and the values of it that count, from a text `field`, `field=value` or `field=one|two`.
///
/// ```
/// use landfast_analytics::delivery::field_rule::FieldRule;
///
/// let rule = FieldRule::parse("customfield_1 = PROD | Production ").unwrap();
/// assert_eq!((rule.field.as_str(), rule.values.unwrap()), ("customfield_1", vec!["PROD".to_owned(), "Production".to_owned()]));
/// assert_eq!(FieldRule::parse("customfield_1=").unwrap().values, None);
/// assert_eq!(FieldRule::parse(" "), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    /// Name of the field.
    pub field: String,
    /// The values that count; `None` when the text names none.
    pub values: Option<Vec<String>>,
}

/// Where the time of an event of an issue is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeRule {
    /// `status:Name.DateTime`: the first time the issue got this status.
    FirstStatus(String),
    /// `fixVersions`: the day its version was released.
    Release,
    /// Any other text: a field, possibly with a path of members.
    Field(String),
}

impl FieldRule {
    /// Reads a mapping; `None` for an empty text. Only the first `=` counts, blanks around names do not.
    #[must_use]
    pub fn parse(mapping: &str) -> Option<Self> {
        let (field, values) = mapping.split_once('=').map_or((mapping, ""), |(field, values)| (field, values));
        let field = field.trim();
        let values: Vec<String> =
            values.split('|').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect();
        (!field.is_empty()).then(|| Self { field: field.to_owned(), values: (!values.is_empty()).then_some(values) })
    }

    /// Whether the field of an issue has one of these values, without regard to case. Of a list one element
    /// is enough; of an object `value` counts, else `name`.
    #[must_use]
    pub fn has_any(&self, issue: &IssueRow, values: &[String]) -> bool {
        let is_wanted = |label: &str| values.iter().any(|value| same_text(value, label));
        match issue.fields.get(&self.field) {
            Some(Json::String(text)) => is_wanted(text.trim()),
            Some(value) => labels(value).iter().any(|label| is_wanted(label)),
            None => false,
        }
    }

    /// Whether the field says that something failed: it is `true`, a number other than 0, or one of the
    /// words `yes`, `true`, `1` or of the rule's values, without regard to case.
    #[must_use]
    pub fn says_failed(&self, issue: &IssueRow) -> bool {
        match issue.fields.get(&self.field) {
            Some(Json::Bool(said)) => *said,
            Some(Json::Number(number)) => number.to_f64() != 0.0,
            _ => {
                let words = ["yes", "true", "1"].map(str::to_owned);
                self.has_any(issue, &words) || self.values.as_ref().is_some_and(|values| self.has_any(issue, values))
            }
        }
    }
}

impl TimeRule {
    /// Reads a mapping.
    #[must_use]
    pub fn parse(mapping: &str) -> Self {
        let mapping = mapping.trim();
        match mapping.strip_prefix("status:") {
            Some(status) => Self::FirstStatus(status.strip_suffix(".DateTime").unwrap_or(status).to_owned()),
            None if mapping.eq_ignore_ascii_case("fixVersions") => Self::Release,
            None => Self::Field(mapping.to_owned()),
        }
    }

    /// The time in an issue; `None` when there is none, and always for [`TimeRule::Release`], which needs the
    /// releases.
    #[must_use]
    pub fn instant(&self, issue: &IssueRow) -> Option<Timestamp> {
        match self {
            Self::FirstStatus(name) => first_status(issue, |status| status == name),
            Self::Release => None,
            Self::Field(path) => match path.as_str() {
                "created" => issue.facts.created.as_ref()?.instant,
                "resolutiondate" => issue.facts.resolved.as_ref()?.instant,
                "updated" => issue.facts.updated.as_ref()?.instant,
                path => {
                    let (name, members) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
                    let mut value = issue.fields.get(path).or_else(|| issue.fields.get(name))?;
                    for member in members.into_iter().flat_map(|rest| rest.split('.')) {
                        value = value.as_object()?.get(member)?;
                    }
                    Moment::read(value.as_str()?).instant
                }
            },
        }
    }
}

/// When an issue first got a status of these, by time.
#[must_use]
pub fn first_status(issue: &IssueRow, is_wanted: impl Fn(&str) -> bool) -> Option<Timestamp> {
    let wanted = issue.status_changes().filter(|change| change.to.as_deref().is_some_and(&is_wanted));
    wanted.filter_map(|change| change.changed.as_ref()?.instant).min()
}

/// What people would call a field's value: one text, of a list one for each element.
#[must_use]
pub fn labels(value: &Json) -> Vec<String> {
    match value {
        Json::Array(list) => list.iter().flat_map(labels).collect(),
        Json::Object(object) => {
            let named = ["value", "name"].iter().find_map(|key| object.get(key).filter(|value| value.is_truthy()));
            named.map(labels).unwrap_or_default()
        }
        Json::String(text) => Some(text.trim().to_owned()).into_iter().filter(|text| !text.is_empty()).collect(),
        Json::Number(_) | Json::Bool(_) => vec![value.python_text()],
        Json::Null => Vec::new(),
    }
}

/// Whether two texts are the same without regard to case.
fn same_text(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || (!one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    #[test]
    fn values_have_labels_whatever_their_shape() {
        assert_eq!(
            labels(&json(r#"[{"value": "Production"}, "TEST", null, {"name": "x"}]"#)),
            ["Production", "TEST", "x"]
        );
        assert_eq!(labels(&json(r#"{"value": "", "name": "n"}"#)), ["n"]);
        assert!(labels(&json("{}")).is_empty() && labels(&Json::Null).is_empty());
    }

    #[test]
    fn times_are_named_in_three_ways() {
        assert_eq!(TimeRule::parse("status:In Progress.DateTime"), TimeRule::FirstStatus("In Progress".to_owned()));
        assert_eq!(TimeRule::parse("fixVersions"), TimeRule::Release);
        assert_eq!(TimeRule::parse("created"), TimeRule::Field("created".to_owned()));
    }
}
