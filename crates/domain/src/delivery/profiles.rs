//! Creating, switching, renaming, deleting profiles, and saving their settings.

use super::edit::{corrupt, require_object, set_at};
use super::ids::{ProfileId, check_name, fold_name};
use super::issue::Issue;
use super::moment::utc_text;
use super::profile::{Profile, nested_settings};
use super::repository::DeliveryRepository;
use super::state::{ACTIVE_PROFILE, activate, active_profile};
use crate::json::{Json, Object};
use crate::time::Timestamp;
use crate::{Error, Result};

/// Most profiles of an installation.
pub const MAX_PROFILES: usize = 50;

/// How many issues are worked on at once when their points are read anew.
const BATCH: usize = 500;

/// Creates a profile with default settings and no queries. The active profile stays, unless there was none.
///
/// # Errors
/// [`Error::Invalid`] for a name of the wrong length and beyond [`MAX_PROFILES`]; [`Error::Conflict`] when
/// the id is taken, or the name, without regard to case.
pub fn create(
    repository: &mut dyn DeliveryRepository,
    id: ProfileId,
    name: &str,
    description: &str,
    now: Timestamp,
) -> Result<Profile> {
    let name = check_name("profile", name)?;
    let profiles = repository.list_profiles()?;
    if profiles.len() >= MAX_PROFILES {
        let value = profiles.len().to_string();
        return Err(Error::Invalid {
            entity: "profile",
            field: "count",
            value,
            reason: "must stay within 50 profiles",
        });
    }
    if profiles.iter().any(|profile| profile.id == id) {
        return Err(Error::Conflict { entity: "profile", key: id.to_string() });
    }
    require_free_name(repository, name, None)?;
    let settings = new_settings(&id, name, description, now);
    let entry = registry_entry(&settings);
    let profile = Profile::new(id, Some(settings.dump_indented(2)), Some(entry.dump()))?;
    repository.save_profile(&profile)?;
    if profiles.is_empty() {
        activate(repository, profile.id(), None)?;
    }
    Ok(profile)
}

/// Replaces the settings document of a profile. When the points field changes, the points of all its cached
/// issues are read anew.
///
/// # Errors
/// [`Error::NotFound`] without such a profile; [`Error::Invalid`] when the text is no JSON object or its
/// name has the wrong length; [`Error::Conflict`] when its name is taken.
pub fn save_settings(repository: &mut dyn DeliveryRepository, id: &ProfileId, document: &str) -> Result<Profile> {
    require_object("profile", "document", document)?;
    let old = require(repository, id)?;
    let new = old.with(Some(document.to_owned()), old.registry_entry().map(str::to_owned))?;
    if new.facts().folded_name != old.facts().folded_name {
        check_name("profile", &new.facts().name)?;
        require_free_name(repository, &new.facts().name, Some(id))?;
    }
    repository.save_profile(&new)?;
    if new.facts().points_field != old.facts().points_field {
        read_points_anew(repository, &new)?;
    }
    Ok(new)
}

/// Sets one value of the settings by its path in the nested layout; other bytes of the document stay. A
/// document in an older layout is brought into the nested one first.
///
/// # Errors
/// As [`save_settings`].
pub fn set_setting(
    repository: &mut dyn DeliveryRepository,
    id: &ProfileId,
    path: &[&str],
    value: &Json,
) -> Result<Profile> {
    let profile = require(repository, id)?;
    let document = set_at(&nested_document(&profile)?, path, value)
        .map_err(|error| corrupt("profile", id.as_str(), "document", &error))?;
    save_settings(repository, id, &document)
}

/// Makes a profile the active one, with the first of its queries, and notes when.
///
/// # Errors
/// [`Error::NotFound`] without such a profile.
pub fn switch(repository: &mut dyn DeliveryRepository, id: &ProfileId, now: Timestamp) -> Result<Profile> {
    let profile = set_entry(&require(repository, id)?, "last_used", &Json::from(utc_text(now)))?;
    repository.save_profile(&profile)?;
    let query = repository.list_queries(id)?.into_iter().next().map(|query| query.key().query.clone());
    activate(repository, id, query.as_ref())?;
    Ok(profile)
}

/// Gives a profile another name, in its settings and in the registry.
///
/// # Errors
/// [`Error::NotFound`] without such a profile; [`Error::Invalid`] for a name of the wrong length;
/// [`Error::Conflict`] when another profile has the name, without regard to case.
pub fn rename(repository: &mut dyn DeliveryRepository, id: &ProfileId, name: &str) -> Result<Profile> {
    let name = check_name("profile", name)?;
    let profile = require(repository, id)?;
    require_free_name(repository, name, Some(id))?;
    let renamed = set_entry(&profile, "name", &Json::from(name))?;
    let document = set_at(&nested_document(&profile)?, &["name"], &Json::from(name))
        .map_err(|error| corrupt("profile", id.as_str(), "document", &error))?;
    let renamed = renamed.with(Some(document), renamed.registry_entry().map(str::to_owned))?;
    repository.save_profile(&renamed)?;
    Ok(renamed)
}

/// Deletes a profile with its queries and their data.
///
/// # Errors
/// [`Error::NotFound`] without such a profile; [`Error::Transition`] for the active profile and for the
/// last one.
pub fn delete(repository: &mut dyn DeliveryRepository, id: &ProfileId) -> Result<()> {
    require(repository, id)?;
    let refused = |state: &str| Error::Transition {
        entity: "profile",
        key: id.to_string(),
        action: "be deleted",
        state: state.to_owned(),
    };
    if repository.list_profiles()?.len() == 1 {
        return Err(refused("the last one"));
    }
    if active_profile(repository)?.as_ref() == Some(id) {
        return Err(refused("active"));
    }
    repository.delete_profile(id)?;
    // A name that leads nowhere would be found again by a profile of the same id.
    if repository.app_state(ACTIVE_PROFILE)?.as_deref() == Some(id.as_str()) {
        repository.delete_app_state(ACTIVE_PROFILE)?;
    }
    Ok(())
}

/// The profile.
///
/// # Errors
/// [`Error::NotFound`] without such a profile.
pub fn require(repository: &mut dyn DeliveryRepository, id: &ProfileId) -> Result<Profile> {
    repository.get_profile(id)?.ok_or_else(|| id.not_found())
}

/// Reads the points of all cached issues of a profile anew, after its points field changed.
///
/// # Errors
/// [`Error::Backend`] when the store fails.
pub fn read_points_anew(repository: &mut dyn DeliveryRepository, profile: &Profile) -> Result<()> {
    let field = profile.facts().points_field.as_deref();
    for query in repository.list_queries(profile.id())? {
        for cache in repository.list_caches(query.key())? {
            let mut after = None;
            loop {
                let page = repository.issues_page(query.key(), &cache.cache_key, after, BATCH)?;
                let Some(last) = page.last() else { break };
                after = Some(last.ordinal);
                let read: Vec<Issue> =
                    page.into_iter().map(|issue| Issue::read(issue.ordinal, issue.text, field)).collect();
                repository.save_issues(query.key(), &cache.cache_key, &read)?;
            }
        }
    }
    Ok(())
}

/// Text of the settings in the nested layout: the document itself if it has that layout.
pub(super) fn nested_document(profile: &Profile) -> Result<String> {
    use super::layout::ProfileLayout;
    match profile.document() {
        Some(document) if profile.facts().layout == ProfileLayout::Nested => Ok(document.to_owned()),
        _ => Ok(nested_settings(profile)?.dump_indented(2)),
    }
}

/// The same profile with another value in its registry entry.
pub(super) fn set_entry(profile: &Profile, key: &str, value: &Json) -> Result<Profile> {
    let made;
    let entry = match profile.registry_entry() {
        Some(entry) => entry,
        None => {
            let id = Json::from(profile.id().as_str());
            made = Json::Object(Object::from_iter([("id", id), ("name", Json::from(profile.facts().name.as_str()))]))
                .dump();
            &made
        }
    };
    let entry = set_at(entry, &[key], value)
        .map_err(|error| corrupt("profile", profile.id().as_str(), "registry_entry", &error))?;
    profile.with(profile.document().map(str::to_owned), Some(entry))
}

fn require_free_name(repository: &mut dyn DeliveryRepository, name: &str, except: Option<&ProfileId>) -> Result<()> {
    let folded = fold_name(name);
    let taken = |other: &super::profile::ProfileSummary| Some(&other.id) != except && fold_name(&other.name) == folded;
    if repository.list_profiles()?.iter().any(taken) {
        return Err(Error::Conflict { entity: "profile name", key: name.to_owned() });
    }
    Ok(())
}

fn new_settings(id: &ProfileId, name: &str, description: &str, now: Timestamp) -> Json {
    let object = |members: Vec<(&str, Json)>| Json::Object(members.into_iter().collect());
    let list = || Json::Array(Vec::new());
    let flow_type = || object(vec![("issue_types", list()), ("effort_categories", list())]);
    let lists = [
        "devops_projects",
        "development_projects",
        "devops_task_types",
        "bug_types",
        "production_environment_values",
        "flow_end_statuses",
        "active_statuses",
        "flow_start_statuses",
        "wip_statuses",
    ];
    object(vec![
        ("id", Json::from(id.as_str())),
        ("name", Json::from(name)),
        ("description", Json::from(description)),
        ("created_at", Json::from(utc_text(now))),
        ("last_used", Json::from(utc_text(now))),
        (
            "jira_config",
            object(vec![
                ("base_url", Json::from("")),
                ("api_version", Json::from("v3")),
                ("token", Json::from("")),
                ("cache_size_mb", Json::from(100)),
                ("max_results_per_call", Json::from(100)),
                ("points_field", Json::from("")),
                ("configured", Json::from(false)),
                ("last_test_timestamp", Json::Null),
                ("last_test_success", Json::Null),
            ]),
        ),
        ("field_mappings", object(vec![("dora", object(vec![])), ("flow", object(vec![]))])),
        (
            "forecast_settings",
            object(vec![
                ("pert_factor", Json::from(6)),
                ("deadline", Json::Null),
                ("milestone", Json::Null),
                ("data_points_count", Json::from(12)),
            ]),
        ),
        ("project_classification", object(lists.into_iter().map(|key| (key, list())).collect())),
        (
            "flow_type_mappings",
            object(["Feature", "Defect", "Technical Debt", "Risk"].into_iter().map(|key| (key, flow_type())).collect()),
        ),
        ("queries", list()),
        ("active_query_id", Json::Null),
        ("show_milestone", Json::from(false)),
        ("show_points", Json::from(false)),
    ])
}

/// The copy of some settings the registry keeps.
pub(super) fn registry_entry(settings: &Json) -> Json {
    let keys = [
        "id",
        "name",
        "description",
        "created_at",
        "last_used",
        "forecast_settings",
        "queries",
        "show_milestone",
        "show_points",
    ];
    let members = settings.as_object().map(Object::effective).unwrap_or_default();
    Json::Object(
        members.into_iter().filter(|(key, _)| keys.contains(key)).map(|(key, value)| (key, value.clone())).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::testing::{Memory, at, profile_id};
    use crate::delivery::{ProfileLayout, state};

    fn now() -> Timestamp {
        at("2025-12-17 10:00")
    }

    #[test]
    fn names_are_unique_without_regard_to_case() {
        let mut memory = Memory::default();
        let made = create(&mut memory, profile_id("p1"), "  Größe ", "d", now()).unwrap();
        assert_eq!((made.facts().name.as_str(), made.facts().layout), ("Größe", ProfileLayout::Nested));
        assert!(create(&mut memory, profile_id("p2"), "GRÖSSE", "", now()).is_ok(), "ß and SS are other letters");
        let taken = create(&mut memory, profile_id("p3"), "grÖße", "", now());
        assert!(matches!(taken, Err(Error::Conflict { entity: "profile name", .. })));
        assert!(matches!(
            create(&mut memory, profile_id("p1"), "x", "", now()),
            Err(Error::Conflict { entity: "profile", .. })
        ));
        assert!(matches!(create(&mut memory, profile_id("p3"), " ", "", now()), Err(Error::Invalid { .. })));
        assert!(rename(&mut memory, &profile_id("p2"), "größe").is_err());
        // A profile may change the case of its own name.
        assert_eq!(rename(&mut memory, &profile_id("p1"), "GRÖßE").unwrap().facts().name, "GRÖßE");
    }

    #[test]
    fn a_rename_reaches_settings_and_registry_and_nothing_else() {
        let mut memory = Memory::default();
        let document = "{ \"name\": \"Old\", \"forecast_settings\": {\"pert_factor\": 1.20} }";
        let profile = Profile::new(
            profile_id("p1"),
            Some(document.to_owned()),
            Some("{\"name\": \"Old\", \"odd\": 1.0}".to_owned()),
        )
        .unwrap();
        memory.save_profile(&profile).unwrap();
        let renamed = rename(&mut memory, &profile_id("p1"), "New").unwrap();
        assert_eq!(renamed.document(), Some(document.replace("Old", "New").as_str()));
        assert_eq!(renamed.registry_entry(), Some("{\"name\": \"New\", \"odd\": 1.0}"));
    }

    #[test]
    fn a_flattened_profile_is_mended_by_the_first_change() {
        let mut memory = Memory::default();
        let flat = "{\"pert_factor\": 3, \"deadline\": \"2026-03-31\", \"wip_statuses\": [\"A\"], \"odd\": 1.50}";
        let entry = "{\"name\": \"Orbit\", \"queries\": [\"q\"]}";
        memory
            .save_profile(&Profile::new(profile_id("p1"), Some(flat.to_owned()), Some(entry.to_owned())).unwrap())
            .unwrap();
        let mended =
            set_setting(&mut memory, &profile_id("p1"), &["parameter_panel_state", "is_open"], &Json::from(true))
                .unwrap();
        assert_eq!((mended.facts().layout, mended.facts().name.as_str()), (ProfileLayout::Nested, "Orbit"));
        assert_eq!(mended.facts().forecast_settings, "{\"pert_factor\": 3, \"deadline\": \"2026-03-31\"}");
        assert!(mended.document().unwrap().contains("\"odd\": 1.50"));
    }

    #[test]
    fn neither_the_active_nor_the_last_profile_can_be_deleted() {
        let mut memory = Memory::default();
        create(&mut memory, profile_id("p1"), "a", "", now()).unwrap();
        assert_eq!(state::active_profile(&mut memory).unwrap(), Some(profile_id("p1")));
        let error = delete(&mut memory, &profile_id("p1")).unwrap_err();
        assert_eq!(error.to_string(), "profile `p1` cannot be deleted: it is the last one");
        create(&mut memory, profile_id("p2"), "b", "", now()).unwrap();
        let error = delete(&mut memory, &profile_id("p1")).unwrap_err();
        assert_eq!(error.to_string(), "profile `p1` cannot be deleted: it is active");
        switch(&mut memory, &profile_id("p2"), at("2025-12-17 11:00")).unwrap();
        delete(&mut memory, &profile_id("p1")).unwrap();
        assert!(matches!(delete(&mut memory, &profile_id("p1")), Err(Error::NotFound { entity: "profile", .. })));
    }

    #[test]
    fn switching_counts_as_use() {
        let mut memory = Memory::default();
        create(&mut memory, profile_id("p1"), "a", "", now()).unwrap();
        create(&mut memory, profile_id("p2"), "b", "", now()).unwrap();
        switch(&mut memory, &profile_id("p2"), at("2025-12-17 11:00")).unwrap();
        let list = memory.list_profiles().unwrap();
        assert_eq!(list.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["p2", "p1"]);
        assert_eq!(list[0].last_used.text, "2025-12-17T11:00:00+00:00");
        memory.set_app_state(ACTIVE_PROFILE, "ghost").unwrap();
        assert_eq!(state::active_profile(&mut memory).unwrap(), Some(profile_id("p2")));
    }

    #[test]
    fn at_most_fifty_profiles() {
        let mut memory = Memory::default();
        for number in 0..MAX_PROFILES {
            create(&mut memory, profile_id(&format!("p{number}")), &format!("n{number}"), "", now()).unwrap();
        }
        assert!(matches!(
            create(&mut memory, profile_id("x"), "x", "", now()),
            Err(Error::Invalid { field: "count", .. })
        ));
    }
}
