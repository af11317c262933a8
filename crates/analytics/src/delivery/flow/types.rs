//! Types of flow.

use crate::delivery::field_rule::labels;
use crate::delivery::issue_row::IssueRow;
use crate::delivery::settings::{DeliverySettings, FlowType};
use landfast_domain::json::{Json, Object};
use std::borrow::Cow;

/// Type of flow of an issue, as the settings name it; `None` when no type fits.
///
/// Its issue type is read from the mapping `flow_item_type` (default `issuetype`; of an object `name`, else
/// `value`), its effort category from the mapping `effort_category` (of an object `value`, else `name`).
/// Among the types that list the issue type: the first whose effort categories contain the category; else
/// the first without any categories; else, for an issue without a category, the first with categories.
#[must_use]
pub fn flow_type<'a>(issue: &IssueRow, settings: &'a DeliverySettings) -> Option<&'a FlowType> {
    let issue_type = match settings.mapping("flow", "flow_item_type") {
        None | Some("issuetype") => Cow::Borrowed(issue.facts.issue_type.as_deref()?),
        Some(field) => field_text(&issue.fields, field, ["name", "value"])?,
    };
    let category = settings.mapping("flow", "effort_category");
    let category = category.and_then(|field| field_text(&issue.fields, field, ["value", "name"]));
    let has = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let fitting = || settings.flow_types.iter().filter(|kind| has(&kind.issue_types, &issue_type));
    let by_category = category.as_ref().and_then(|name| fitting().find(|kind| has(&kind.effort_categories, name)));
    let or_any = by_category.or_else(|| fitting().find(|kind| kind.effort_categories.is_empty()));
    or_any.or_else(|| if category.is_none() { fitting().next() } else { None })
}

/// Short key of a type in snapshots: `feature`, `defect`, `risk`, `tech_debt`; other names in lower case with
/// `_` for blanks.
///
/// ```
/// assert_eq!(landfast_analytics::delivery::flow::types::short_key("Technical Debt"), "tech_debt");
/// ```
#[must_use]
pub fn short_key(name: &str) -> String {
    let key = name.to_lowercase().replace(' ', "_");
    if key == "technical_debt" { "tech_debt".to_owned() } else { key }
}

/// Text of a field; of an object the first of these members that says something.
fn field_text<'a>(fields: &'a Object, field: &str, members: [&str; 2]) -> Option<Cow<'a, str>> {
    let value = match fields.get(field)? {
        Json::Object(object) => {
            members.iter().find_map(|member| object.get(member).filter(|value| value.is_truthy()))?
        }
        other => other,
    };
    match value {
        Json::String(text) => Some(Cow::Borrowed(text.trim())).filter(|text| !text.is_empty()),
        other => labels(other).into_iter().next().map(Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::delivery::{Issue, Profile, ProfileId};

    fn settings() -> DeliverySettings {
        let document = r#"{"field_mappings": {"flow": {"effort_category": "customfield_2"}}, "flow_type_mappings": {
            "Risk": {"issue_types": ["Spike", "Task"], "effort_categories": ["Security"]},
            "Feature": {"issue_types": ["Task"], "effort_categories": []}}, "forecast_settings": {}}"#;
        let profile = Profile::new(ProfileId::new("p").unwrap(), Some(document.to_owned()), None).unwrap();
        DeliverySettings::read(profile.facts())
    }

    #[test]
    fn category_then_catch_all_then_any_for_no_category() {
        let settings = settings();
        for (issue_type, category, expected) in [
            ("Task", r#"{"value": "Security"}"#, Some("Risk")),
            ("Task", r#"{"value": "Other"}"#, Some("Feature")),
            ("Task", "null", Some("Feature")),
            ("Spike", "null", Some("Risk")),
            ("Spike", "\"Other\"", None),
            ("Epic", "null", None),
        ] {
            let text =
                format!(r#"{{"fields": {{"issuetype": {{"name": "{issue_type}"}}, "customfield_2": {category}}}}}"#);
            let issue = IssueRow::read(&Issue::read(0, text, None), &settings);
            assert_eq!(
                flow_type(&issue, &settings).map(|kind| kind.name.as_str()),
                expected,
                "{issue_type} {category}"
            );
        }
    }
}
