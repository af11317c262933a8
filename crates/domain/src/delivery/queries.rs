//! Creating, switching, changing, deleting queries.

use super::edit::{corrupt, set_at};
use super::ids::{ProfileId, QueryKey, check_name, fold_name};
use super::moment::utc_text;
use super::profile::Profile;
use super::profiles::{nested_document, require as require_profile, set_entry};
use super::project_data::ProjectData;
use super::query::Query;
use super::repository::DeliveryRepository;
use super::state::{ACTIVE_QUERY, activate, active_profile, set_id};
use crate::json::{Json, Object};
use crate::time::Timestamp;
use crate::{Error, Result};

/// Most queries of a profile.
pub const MAX_QUERIES: usize = 100;

/// Most characters of a JQL.
pub const MAX_JQL_CHARS: usize = 2_000;

/// From so many characters on a JQL is worth a warning.
pub const LONG_JQL_CHARS: usize = 1_800;

/// Creates a query with empty project data. The active query stays, unless the active profile had none.
///
/// # Errors
/// [`Error::NotFound`] without such a profile; [`Error::Invalid`] for a name of the wrong length, a JQL of
/// more than [`MAX_JQL_CHARS`] and beyond [`MAX_QUERIES`]; [`Error::Conflict`] when the id is taken, or the
/// name within the profile, without regard to case.
pub fn create(
    repository: &mut dyn DeliveryRepository,
    key: QueryKey,
    name: &str,
    jql: &str,
    description: &str,
    now: Timestamp,
) -> Result<Query> {
    let name = check_name("query", name)?;
    check_jql(jql)?;
    let profile = require_profile(repository, &key.profile)?;
    let queries = repository.list_queries(&key.profile)?;
    if queries.len() >= MAX_QUERIES {
        let value = queries.len().to_string();
        return Err(Error::Invalid {
            entity: "query",
            field: "count",
            value,
            reason: "must stay within 100 queries of a profile",
        });
    }
    if queries.iter().any(|query| *query.key() == key) {
        return Err(Error::Conflict { entity: "query", key: key.to_string() });
    }
    require_free_name(&queries, name, None)?;
    let document = Json::Object(Object::from_iter([
        ("name", name),
        ("jql", jql),
        ("description", description),
        ("created_at", &utc_text(now)),
    ]));
    let query = Query::new(key.clone(), Some(document.dump_indented(2)), None)?;
    repository.save_query(&query)?;
    repository.save_project_data(&ProjectData::new(key.clone(), new_project_data(now).dump_indented(2))?)?;
    save_query_list(repository, &profile)?;
    if queries.is_empty() && active_profile(repository)?.as_ref() == Some(&key.profile) {
        activate(repository, &key.profile, Some(&key.query))?;
    }
    Ok(query)
}

/// What to change about a query; `None` leaves a value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryChange {
    /// New name.
    pub name: Option<String>,
    /// New JQL.
    pub jql: Option<String>,
    /// New description.
    pub description: Option<String>,
}

/// Changes a query and notes when. Members of its document this version does not know stay; an older
/// `jql_query` is changed where it stands.
///
/// # Errors
/// [`Error::NotFound`] without such a query; otherwise as [`create`].
pub fn update(
    repository: &mut dyn DeliveryRepository,
    key: &QueryKey,
    change: &QueryChange,
    now: Timestamp,
) -> Result<Query> {
    let query = require(repository, key)?;
    let mut values = Vec::new();
    if let Some(name) = &change.name {
        let name = check_name("query", name)?;
        require_free_name(&repository.list_queries(&key.profile)?, name, Some(key))?;
        values.push(("name", name));
    }
    if let Some(jql) = &change.jql {
        check_jql(jql)?;
        let has_old_key = query.document().is_some_and(|text| {
            let root = super::read::object_of(text);
            root.contains_key("jql_query") && !root.contains_key("jql")
        });
        values.push((if has_old_key { "jql_query" } else { "jql" }, jql));
    }
    if let Some(description) = &change.description {
        values.push(("description", description));
    }
    let now = utc_text(now);
    values.push(("updated_at", &now));
    let changed = query.with(set_all(&query, &values)?)?;
    repository.save_query(&changed)?;
    Ok(changed)
}

/// Makes a query the active one of the active profile and notes when. A query of another profile makes that
/// profile active.
///
/// # Errors
/// [`Error::NotFound`] without such a query.
pub fn switch(repository: &mut dyn DeliveryRepository, key: &QueryKey, now: Timestamp) -> Result<Query> {
    let query = require(repository, key)?;
    let used = query.with(set_all(&query, &[("last_used", &utc_text(now))])?)?;
    repository.save_query(&used)?;
    activate(repository, &key.profile, Some(&key.query))?;
    Ok(used)
}

/// Deletes a query with its data. If it was active, the first query left becomes active.
///
/// # Errors
/// [`Error::NotFound`] without such a query.
pub fn delete(repository: &mut dyn DeliveryRepository, key: &QueryKey) -> Result<()> {
    repository.delete_query(key)?;
    let profile = require_profile(repository, &key.profile)?;
    save_query_list(repository, &profile)?;
    if active_profile(repository)?.as_ref() == Some(&key.profile)
        && repository.app_state(ACTIVE_QUERY)?.as_deref() == Some(key.query.as_str())
    {
        let next = repository.list_queries(&key.profile)?.into_iter().next();
        set_id(repository, ACTIVE_QUERY, next.as_ref().map(|query| query.key().query.as_str()))?;
    }
    Ok(())
}

/// The query.
///
/// # Errors
/// [`Error::NotFound`] without such a query.
pub fn require(repository: &mut dyn DeliveryRepository, key: &QueryKey) -> Result<Query> {
    repository.get_query(key)?.ok_or_else(|| key.not_found())
}

/// Writes the ids of a profile's queries into its documents: ids that are listed stay in their order, new
/// ones follow, those that are gone go.
fn save_query_list(repository: &mut dyn DeliveryRepository, profile: &Profile) -> Result<()> {
    let mut ids: Vec<String> = listed(profile);
    let mut present: Vec<String> =
        repository.list_queries(profile.id())?.iter().map(|query| query.key().query.to_string()).collect();
    present.sort();
    ids.retain(|id| present.contains(id));
    present.retain(|id| !ids.contains(id));
    ids.extend(present);
    let list = Json::from(ids);
    let with_entry = set_entry(profile, "queries", &list)?;
    let document = set_at(&nested_document(profile)?, &["queries"], &list)
        .map_err(|error| corrupt("profile", profile.id().as_str(), "document", &error))?;
    repository.save_profile(&with_entry.with(Some(document), with_entry.registry_entry().map(str::to_owned))?)
}

/// Ids listed in the registry's entry.
fn listed(profile: &Profile) -> Vec<String> {
    let entry = super::read::object_of(profile.registry_entry().unwrap_or("{}"));
    let ids = entry.get("queries").and_then(Json::as_array).unwrap_or_default();
    ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

fn set_all(query: &Query, values: &[(&str, &str)]) -> Result<String> {
    let facts = query.facts();
    let mut document = query.document().map_or_else(
        // A query without a document of its own gets one that says what was known of it.
        || {
            Json::Object(Object::from_iter([("name", facts.name.as_str()), ("jql", facts.jql.as_str())]))
                .dump_indented(2)
        },
        str::to_owned,
    );
    for (key, value) in values {
        document = set_at(&document, &[key], &Json::from(*value))
            .map_err(|error| corrupt("query", &query.key().to_string(), "document", &error))?;
    }
    Ok(document)
}

fn require_free_name(queries: &[Query], name: &str, except: Option<&QueryKey>) -> Result<()> {
    let folded = fold_name(name);
    if queries.iter().any(|query| Some(query.key()) != except && query.facts().folded_name == folded) {
        return Err(Error::Conflict { entity: "query name", key: name.to_owned() });
    }
    Ok(())
}

fn check_jql(jql: &str) -> Result<()> {
    if jql.chars().count() <= MAX_JQL_CHARS {
        return Ok(());
    }
    Err(super::edit::invalid("query", "jql", jql, "must have at most 2000 characters"))
}

fn new_project_data(now: Timestamp) -> Json {
    let object = |members: Vec<(&str, Json)>| Json::Object(members.into_iter().collect());
    let numbers =
        ["total_items", "total_points", "estimated_items", "estimated_points", "remaining_items", "remaining_points"];
    object(vec![
        ("project_scope", object(numbers.into_iter().map(|key| (key, Json::from(0))).collect())),
        ("statistics", Json::Array(Vec::new())),
        (
            "metadata",
            object(vec![
                ("source", Json::from("manual")),
                ("last_updated", Json::from(utc_text(now))),
                ("version", Json::from("2.0")),
            ]),
        ),
    ])
}

/// Queries that have the name, without regard to case; copies made by an import may share one.
///
/// # Errors
/// [`Error::Backend`] when the store fails.
pub fn find_by_name(repository: &mut dyn DeliveryRepository, profile: &ProfileId, name: &str) -> Result<Vec<Query>> {
    let folded = fold_name(name);
    let mut queries = repository.list_queries(profile)?;
    queries.retain(|query| query.facts().folded_name == folded);
    Ok(queries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::testing::{Memory, at, profile_id, query_key};
    use crate::delivery::{profiles, state};

    fn now() -> Timestamp {
        at("2025-12-17 10:00")
    }

    fn with_profile() -> Memory {
        let mut memory = Memory::default();
        profiles::create(&mut memory, profile_id("p1"), "a", "", now()).unwrap();
        memory
    }

    #[test]
    fn a_new_query_is_listed_everywhere_and_has_data_the_loader_knows() {
        let mut memory = with_profile();
        create(&mut memory, query_key("p1", "q2"), "Open", "project = A", "", now()).unwrap();
        create(&mut memory, query_key("p1", "q1"), "Done", "", "", now()).unwrap();
        assert!(matches!(
            create(&mut memory, query_key("p1", "q3"), "OPEN", "", "", now()),
            Err(Error::Conflict { entity: "query name", .. })
        ));
        assert!(matches!(
            create(&mut memory, query_key("nope", "q"), "x", "", "", now()),
            Err(Error::NotFound { entity: "profile", .. })
        ));
        assert!(create(&mut memory, query_key("p1", "q3"), "x", &"x".repeat(2001), "", now()).is_err());
        let profile = memory.get_profile(&profile_id("p1")).unwrap().unwrap();
        assert_eq!(listed(&profile), ["q2", "q1"]);
        assert!(profile.document().unwrap().contains("\"queries\": [\"q2\", \"q1\"]"));
        let data = memory.get_project_data(&query_key("p1", "q1")).unwrap().unwrap();
        assert_eq!(data.shape(), crate::delivery::ProjectDataShape::Version2);
        assert_eq!(state::active_query(&mut memory).unwrap(), Some(query_key("p1", "q2")));
    }

    #[test]
    fn deleting_the_active_query_makes_another_active() {
        let mut memory = with_profile();
        for id in ["q1", "q2"] {
            create(&mut memory, query_key("p1", id), id, "", "", now()).unwrap();
        }
        switch(&mut memory, &query_key("p1", "q2"), at("2025-12-17 11:00")).unwrap();
        delete(&mut memory, &query_key("p1", "q2")).unwrap();
        assert_eq!(memory.app_state(ACTIVE_QUERY).unwrap().as_deref(), Some("q1"));
        assert_eq!(memory.get_project_data(&query_key("p1", "q2")).unwrap(), None);
        delete(&mut memory, &query_key("p1", "q1")).unwrap();
        assert_eq!(state::active_query(&mut memory).unwrap(), None);
        assert!(matches!(delete(&mut memory, &query_key("p1", "q1")), Err(Error::NotFound { entity: "query", .. })));
    }

    #[test]
    fn an_old_query_keeps_its_form_when_changed() {
        let mut memory = with_profile();
        let old = "{\"id\": \"main\", \"jql_query\": \"a\", \"odd\": 1.0}";
        memory.save_query(&Query::new(query_key("p1", "main"), Some(old.to_owned()), None).unwrap()).unwrap();
        let change = QueryChange { jql: Some("b".to_owned()), ..QueryChange::default() };
        let changed = update(&mut memory, &query_key("p1", "main"), &change, now()).unwrap();
        assert_eq!(
            changed.document(),
            Some(
                "{\"id\": \"main\", \"jql_query\": \"b\", \"odd\": 1.0, \"updated_at\": \"2025-12-17T10:00:00+00:00\"}"
            )
        );
        assert_eq!(changed.facts().last_used.text, "2025-12-17T10:00:00+00:00");
    }

    #[test]
    fn a_query_without_a_document_gets_one_that_says_what_was_known() {
        let mut memory = with_profile();
        memory.save_query(&Query::new(query_key("p1", "q"), None, Some("project = A".to_owned())).unwrap()).unwrap();
        let used = switch(&mut memory, &query_key("p1", "q"), now()).unwrap();
        assert_eq!((used.facts().name.as_str(), used.facts().jql.as_str()), ("q", "project = A"));
        assert_eq!(find_by_name(&mut memory, &profile_id("p1"), "Q").unwrap().len(), 1);
    }
}
