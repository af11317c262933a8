//! Settings of a profile that calculations depend on.

use super::calendar::WorkingCalendar;
use chrono::NaiveDate;
use landfast_domain::delivery::{ProfileFacts, parse_date};
use landfast_domain::json::{Json, Object};

/// PERT factor when a profile names none: the default of the original's settings.
pub const DEFAULT_PERT_FACTOR: f64 = 6.0;

/// Number of weeks looked at when a profile names none.
pub const DEFAULT_DATA_POINTS: usize = 12;

/// Settings of a profile, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliverySettings {
    /// How many of the best and of the worst weeks make the optimistic and the pessimistic rate.
    pub pert_factor: f64,
    /// Day by which everything is to be done.
    pub deadline: Option<NaiveDate>,
    /// A day of interest before the deadline.
    pub milestone: Option<NaiveDate>,
    /// Number of weekly rows in the window.
    pub data_points_count: usize,
    /// Whether points are shown.
    pub show_points: bool,
    /// Jira's field that holds the points of an issue.
    pub points_field: Option<String>,
    /// Keys of projects of operations; their issues are no development work.
    pub devops_projects: Vec<String>,
    /// Keys of projects of development.
    pub development_projects: Vec<String>,
    /// Issue types of operational tasks.
    pub devops_task_types: Vec<String>,
    /// Issue types of bugs.
    pub bug_types: Vec<String>,
    /// Values of the environment field that mean production.
    pub production_environment_values: Vec<String>,
    /// Statuses in which work is finished.
    pub flow_end_statuses: Vec<String>,
    /// Statuses in which somebody works.
    pub active_statuses: Vec<String>,
    /// Statuses in which work begins.
    pub flow_start_statuses: Vec<String>,
    /// Statuses of work in progress.
    pub wip_statuses: Vec<String>,
    /// Types of flow, in the order of the document, which decides between types that fit equally.
    pub flow_types: Vec<FlowType>,
    /// The team's working days.
    pub calendar: WorkingCalendar,
    field_mappings: Object,
    mentioned_fields: Vec<String>,
}

/// Which issues belong to a type of flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowType {
    /// Name: `Feature`, `Defect`, `Technical Debt` (also `Technical_Debt`) or `Risk`.
    pub name: String,
    /// Issue types.
    pub issue_types: Vec<String>,
    /// Effort categories; without any, all issues of the types belong to it.
    pub effort_categories: Vec<String>,
}

impl DeliverySettings {
    /// Reads the settings of a profile. What is missing or of another kind than expected gets its default.
    #[must_use]
    pub fn read(facts: &ProfileFacts) -> Self {
        let forecast = object(&facts.forecast_settings);
        let classification = object(&facts.project_classification);
        let date = |key: &str| forecast.get(key).and_then(Json::as_str).and_then(parse_date);
        let names = |key: &str| texts(classification.get(key));
        let pert_factor = forecast.get("pert_factor").and_then(Json::python_number).filter(|number| number.is_finite());
        let points = forecast.get("data_points_count").and_then(Json::python_number);
        let flow_types = object(&facts.flow_type_mappings);
        let field_mappings = object(&facts.field_mappings);
        let points_field = facts.points_field.clone().filter(|field| !field.trim().is_empty());
        Self {
            pert_factor: pert_factor.unwrap_or(DEFAULT_PERT_FACTOR),
            deadline: date("deadline"),
            milestone: date("milestone"),
            data_points_count: points.and_then(whole).unwrap_or(DEFAULT_DATA_POINTS),
            show_points: facts.show_points,
            mentioned_fields: mentioned(&field_mappings, points_field.as_deref()),
            points_field,
            devops_projects: names("devops_projects"),
            development_projects: names("development_projects"),
            devops_task_types: names("devops_task_types"),
            bug_types: names("bug_types"),
            production_environment_values: names("production_environment_values"),
            flow_end_statuses: names("flow_end_statuses"),
            active_statuses: names("active_statuses"),
            flow_start_statuses: names("flow_start_statuses"),
            wip_statuses: names("wip_statuses"),
            flow_types: flow_types
                .effective()
                .into_iter()
                .map(|(name, value)| {
                    let list = |key: &str| texts(value.as_object().and_then(|object| object.get(key)));
                    FlowType {
                        name: name.to_owned(),
                        issue_types: list("issue_types"),
                        effort_categories: list("effort_categories"),
                    }
                })
                .collect(),
            calendar: WorkingCalendar::read(&Json::Object(forecast)),
            field_mappings,
        }
    }

    /// Text of a field mapping of a section, `dora` or `flow`; of an older document without sections, that
    /// at its root. `None` when it is missing or empty.
    #[must_use]
    pub fn mapping(&self, section: &str, name: &str) -> Option<&str> {
        let nested = self.field_mappings.get(section).and_then(Json::as_object).and_then(|object| object.get(name));
        nested.or_else(|| self.field_mappings.get(name)).and_then(Json::as_str).filter(|text| !text.is_empty())
    }

    /// Names of Jira's fields the settings mention, each once: that before `=` or before the first point of
    /// every mapping, and the points field.
    #[must_use]
    pub fn mentioned_fields(&self) -> &[String] {
        &self.mentioned_fields
    }
}

fn mentioned(field_mappings: &Object, points_field: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = points_field.map(str::to_owned).into_iter().collect();
    let sections = field_mappings.iter().flat_map(|(_, value)| match value {
        Json::Object(section) => section.iter().map(|(_, value)| value).collect(),
        other => vec![other],
    });
    for text in sections.filter_map(Json::as_str) {
        let field = text.split_once('=').map_or(text, |(field, _)| field).trim();
        for name in [field, field.split_once('.').map_or(field, |(root, _)| root)] {
            if !name.is_empty() && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn object(text: &str) -> Object {
    match Json::parse(text) {
        Ok(Json::Object(object)) => object,
        _ => Object::new(),
    }
}

fn texts(value: Option<&Json>) -> Vec<String> {
    let list = value.and_then(Json::as_array).unwrap_or_default();
    list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// A number of weeks: whole, cut, and not negative.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
fn whole(number: f64) -> Option<usize> {
    (0.0..=1e6).contains(&number).then_some(number as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::delivery::{Profile, ProfileId};

    fn settings(document: &str) -> DeliverySettings {
        let profile = Profile::new(ProfileId::new("p").unwrap(), Some(document.to_owned()), None).unwrap();
        DeliverySettings::read(profile.facts())
    }

    #[test]
    fn what_is_missing_or_odd_gets_its_default() {
        for document in
            ["{}", r#"{"forecast_settings": {"pert_factor": null, "deadline": "soon", "data_points_count": -1}}"#]
        {
            let found = settings(document);
            assert_eq!((found.pert_factor, found.data_points_count), (DEFAULT_PERT_FACTOR, DEFAULT_DATA_POINTS));
            assert_eq!((found.deadline, found.points_field, found.wip_statuses.len()), (None, None, 0));
        }
        let text = settings(r#"{"forecast_settings": {"pert_factor": "4", "data_points_count": 16.0}}"#);
        assert_eq!((text.pert_factor, text.data_points_count), (4.0, 16));
    }

    #[test]
    fn mappings_are_found_in_sections_and_at_the_root() {
        let nested = settings(r#"{"field_mappings": {"dora": {"change_failure": "customfield_1 = Yes|No", "x": ""}}}"#);
        assert_eq!(nested.mapping("dora", "change_failure"), Some("customfield_1 = Yes|No"));
        assert_eq!((nested.mapping("flow", "change_failure"), nested.mapping("dora", "x")), (None, None));
        assert_eq!(nested.mentioned_fields(), ["customfield_1"]);
        let flat = settings(r#"{"field_mappings": {"deployment_date": "a.b"}}"#);
        assert_eq!(flat.mapping("dora", "deployment_date"), Some("a.b"));
        assert_eq!(flat.mentioned_fields(), ["a.b", "a"]);
    }
}
