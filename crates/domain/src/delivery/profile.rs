//! Profiles: settings of a connection to Jira and of the calculations.

use super::edit::corrupt;
use super::ids::{ProfileId, fold_name};
use super::layout::{ProfileLayout, detect, lift};
use super::moment::Moment;
use super::read::{at, label_at, text_at};
use crate::Result;
use crate::json::{Json, Object, parse_lossy};

/// A profile: its documents as they stand, and what they say.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    id: ProfileId,
    document: Option<String>,
    registry_entry: Option<String>,
    facts: ProfileFacts,
}

/// What the documents of a profile say, in one form whatever their layout. A database keeps these as
/// columns.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileFacts {
    /// How the settings document is laid out.
    pub layout: ProfileLayout,
    /// Name: the document's, else the registry's, else the id.
    pub name: String,
    /// The name as it is compared; see [`fold_name`].
    pub folded_name: String,
    /// Description, possibly empty.
    pub description: String,
    /// When the profile was made; the empty text when nothing tells.
    pub created_at: Moment,
    /// When it was last active: the registry's time, else the document's.
    pub last_used: Moment,
    /// Connection to Jira, as JSON. Holds the token.
    pub jira_config: String,
    /// Which Jira field means what, as JSON.
    pub field_mappings: String,
    /// Forecast factor, deadline, milestone and number of data points, as JSON.
    pub forecast_settings: String,
    /// Which projects, types and statuses mean what, as JSON.
    pub project_classification: String,
    /// Issue types and effort categories of each flow type, as JSON.
    pub flow_type_mappings: String,
    /// Whether the milestone is shown.
    pub show_milestone: bool,
    /// Whether points are shown.
    pub show_points: bool,
    /// The Jira field that holds the points of an issue; `None` when points are not used.
    pub points_field: Option<String>,
}

/// A profile in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Identifies the profile.
    pub id: ProfileId,
    /// See [`ProfileFacts::name`].
    pub name: String,
    /// See [`ProfileFacts::description`].
    pub description: String,
    /// See [`ProfileFacts::created_at`].
    pub created_at: Moment,
    /// See [`ProfileFacts::last_used`].
    pub last_used: Moment,
}

impl Profile {
    /// A profile of the text of its settings document and of its entry in the registry; either may be
    /// missing.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`] when a text is not a JSON object.
    pub fn new(id: ProfileId, document: Option<String>, registry_entry: Option<String>) -> Result<Self> {
        let settings = document.as_deref().map(|text| object(&id, "document", text)).transpose()?;
        let entry = registry_entry.as_deref().map(|text| object(&id, "registry_entry", text)).transpose()?;
        let facts = ProfileFacts::read(&id, settings.as_ref(), entry.as_ref());
        Ok(Self { id, document, registry_entry, facts })
    }

    /// Identifies the profile.
    #[must_use]
    pub fn id(&self) -> &ProfileId {
        &self.id
    }

    /// Text of `profile.json` or, in an older profile, `app_settings.json`; `None` when there is none.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        self.document.as_deref()
    }

    /// Text of the profile's entry in the registry, a copy of some settings of which only `last_used` is
    /// kept up to date.
    #[must_use]
    pub fn registry_entry(&self) -> Option<&str> {
        self.registry_entry.as_deref()
    }

    /// What the documents say.
    #[must_use]
    pub fn facts(&self) -> &ProfileFacts {
        &self.facts
    }

    /// The same profile with other documents.
    ///
    /// # Errors
    /// As [`Profile::new`].
    pub fn with(&self, document: Option<String>, registry_entry: Option<String>) -> Result<Self> {
        Self::new(self.id.clone(), document, registry_entry)
    }

    /// The profile as a list shows it.
    #[must_use]
    pub fn summary(&self) -> ProfileSummary {
        let facts = self.facts.clone();
        ProfileSummary {
            id: self.id.clone(),
            name: facts.name,
            description: facts.description,
            created_at: facts.created_at,
            last_used: facts.last_used,
        }
    }
}

impl ProfileFacts {
    /// Reads the settings and the registry's entry.
    #[must_use]
    pub fn read(id: &ProfileId, settings: Option<&Json>, entry: Option<&Json>) -> Self {
        let layout = settings.map_or(ProfileLayout::Missing, detect);
        let empty = Json::Object(Object::new());
        let entry = entry.unwrap_or(&empty);
        // Without a document the copy in the registry is better than nothing.
        let settings = settings.map_or_else(|| entry.clone(), |settings| lift(settings, Some(entry)));
        let either = |key: &str| text_at(&settings, &[key]).or_else(|| text_at(entry, &[key]));
        let name =
            label_at(&settings, &["name"]).or_else(|| label_at(entry, &["name"])).unwrap_or_else(|| id.to_string());
        let section = |key: &str| at(&settings, &[key]).map_or_else(|| "{}".to_owned(), Json::dump_unicode);
        let flag = |key: &str| at(&settings, &[key]).is_some_and(Json::is_truthy);
        let last_used = text_at(entry, &["last_used"]).or_else(|| text_at(&settings, &["last_used"]));
        Self {
            layout,
            folded_name: fold_name(&name),
            name,
            description: either("description").unwrap_or_default(),
            created_at: Moment::read(either("created_at").unwrap_or_default()),
            last_used: Moment::read(last_used.unwrap_or_default()),
            jira_config: section("jira_config"),
            field_mappings: section("field_mappings"),
            forecast_settings: section("forecast_settings"),
            project_classification: section("project_classification"),
            flow_type_mappings: section("flow_type_mappings"),
            show_milestone: flag("show_milestone"),
            show_points: flag("show_points"),
            points_field: text_at(&settings, &["jira_config", "points_field"]),
        }
    }
}

/// The settings of a profile in the nested layout; see [`lift`].
///
/// # Errors
/// [`crate::Error::Corrupt`] when a document is not a JSON object.
pub fn nested_settings(profile: &Profile) -> Result<Json> {
    let entry = profile.registry_entry().map(|text| object(profile.id(), "registry_entry", text)).transpose()?;
    match profile.document() {
        Some(text) => Ok(lift(&object(profile.id(), "document", text)?, entry.as_ref())),
        None => Ok(entry.unwrap_or_else(|| Json::Object(Object::new()))),
    }
}

fn object(id: &ProfileId, column: &'static str, text: &str) -> Result<Json> {
    let (value, _) = parse_lossy(text).map_err(|error| corrupt("profile", id.as_str(), column, &error))?;
    if value.as_object().is_some() {
        return Ok(value);
    }
    Err(crate::Error::Corrupt {
        entity: "profile",
        key: id.to_string(),
        column: column.to_owned(),
        value: text.chars().take(80).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(document: Option<&str>, entry: Option<&str>) -> Profile {
        Profile::new(ProfileId::new("p1").unwrap(), document.map(str::to_owned), entry.map(str::to_owned)).unwrap()
    }

    #[test]
    fn each_fact_comes_from_the_file_that_is_right_about_it() {
        let document = r#"{"name": "New", "last_used": "2025-12-01T10:00:00", "forecast_settings": {}, "created_at": "2025-01-01T00:00:00+00:00",
            "jira_config": {"points_field": "customfield_1"}, "show_points": ["show"], "show_milestone": 0}"#;
        let entry = r#"{"name": "Old", "last_used": "2025-12-17T09:53:00+00:00", "description": "d"}"#;
        let facts = profile(Some(document), Some(entry)).facts().clone();
        assert_eq!((facts.name.as_str(), facts.folded_name.as_str(), facts.description.as_str()), ("New", "new", "d"));
        assert_eq!(facts.last_used.text, "2025-12-17T09:53:00+00:00");
        assert_eq!(facts.points_field.as_deref(), Some("customfield_1"));
        assert_eq!((facts.show_points, facts.show_milestone, facts.layout), (true, false, ProfileLayout::Nested));
        assert_eq!(facts.jira_config, r#"{"points_field": "customfield_1"}"#);
    }

    #[test]
    fn a_flattened_profile_keeps_its_name_and_its_settings() {
        let facts = profile(
            Some(r#"{"pert_factor": 3, "deadline": "2026-03-31", "wip_statuses": ["Größe"]}"#),
            Some(r#"{"name": "Orbit", "created_at": "2025-12-17T09:30:00+00:00"}"#),
        )
        .facts()
        .clone();
        assert_eq!((facts.layout, facts.name.as_str()), (ProfileLayout::Flattened, "Orbit"));
        assert_eq!(facts.forecast_settings, r#"{"pert_factor": 3, "deadline": "2026-03-31"}"#);
        assert_eq!(facts.project_classification, r#"{"wip_statuses": ["Größe"]}"#);
        assert!(facts.created_at.instant.is_some());
    }

    #[test]
    fn without_documents_the_id_is_the_name() {
        let facts = profile(None, None).facts().clone();
        assert_eq!(
            (facts.layout, facts.name.as_str(), facts.jira_config.as_str()),
            (ProfileLayout::Missing, "p1", "{}")
        );
        assert!(Profile::new(ProfileId::new("p").unwrap(), Some("[]".to_owned()), None).is_err());
        assert!(Profile::new(ProfileId::new("p").unwrap(), Some("{".to_owned()), None).is_err());
    }
}
