//! A package holds everything, and nothing secret unless asked.

use super::*;

fn at_time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn bundle() -> ProfileBundle {
    let text = |text: &str| Some(text.to_owned());
    ProfileBundle {
        id: ProfileId::new("p1").unwrap(),
        document: text(
            "{ \"id\": \"p1\", \"name\": \"Größe\",\n \"jira_config\": {\"token\": \"t\", \"base_url\": \"u\"}, \"odd\": [1.50, NaN] }",
        ),
        registry_entry: text("{\"name\": \"Größe\"}"),
        queries: vec![
            QueryBundle {
                id: QueryId::new("q1").unwrap(),
                document: text("{\"jql\": \"a\"}"),
                project_data: text("{\"statistics\": []}"),
                caches: vec![CacheBundle {
                    key: None,
                    expires_at: None,
                    document: "{\"issues\": [{\"token\": 1}, {}]}".to_owned(),
                }],
                changelog: text("{\"A-1\": null}"),
                snapshots: text("{}"),
                other: vec![("budget_settings".to_owned(), "{\"b\": 1}".to_owned())],
            },
            QueryBundle {
                id: QueryId::new("q2").unwrap(),
                document: None,
                project_data: None,
                caches: vec![],
                changelog: None,
                snapshots: None,
                other: vec![],
            },
        ],
    }
}

fn options(mode: ExportMode, include_token: bool) -> ExportOptions {
    ExportOptions { mode, include_token, created_at: at_time("2025-12-17 10:00:05") }
}

#[test]
fn a_full_package_with_token_reads_back_the_same() {
    let mut profile = bundle();
    let read_back = read(&export(&profile, &options(ExportMode::FullData, true)).unwrap()).unwrap();
    assert_eq!(
        (read_back.profile, read_back.mode, read_back.needs_token),
        (profile.clone(), Some(ExportMode::FullData), false)
    );
    let caches = &mut profile.queries[0].caches;
    caches.push(CacheBundle {
        key: Some("k".to_owned()),
        expires_at: Some(at_time("2026-01-01 00:00:00.5")),
        document: "{}".to_owned(),
    });
    assert_eq!(read(&export(&profile, &options(ExportMode::FullData, true)).unwrap()).unwrap().profile, profile);
}

#[test]
fn without_token_nothing_secret_is_left_at_any_depth() {
    let package = export(&bundle(), &options(ExportMode::FullData, false)).unwrap();
    // The manifest's own word about tokens is not a token.
    assert!(!holds_secrets(&package).unwrap(), "{package}");
    let read_back = read(&package).unwrap();
    assert!(read_back.needs_token);
    assert_eq!(read_back.profile.queries[0].caches[0].document, "{\"issues\": [{}, {}]}");
    assert_eq!(read_back.profile.document.unwrap(), bundle().document.unwrap().replace("\"token\": \"t\", ", ""));
}

#[test]
fn a_configuration_holds_queries_but_no_data() {
    let read_back = read(&export(&bundle(), &options(ExportMode::ConfigOnly, false)).unwrap()).unwrap();
    let query = &read_back.profile.queries[0];
    assert_eq!(query.document.as_deref(), Some("{\"jql\": \"a\"}"));
    assert_eq!((&query.project_data, query.caches.len(), &query.changelog, &query.snapshots), (&None, 0, &None, &None));
}

#[test]
fn file_names_tell_what_is_inside() {
    let (profile, query) = (ProfileId::new("p 1").unwrap(), QueryId::new("q1").unwrap());
    assert_eq!(
        file_name(&profile, Some(&query), &options(ExportMode::FullData, true)),
        "20251217_100005_p_1_q1_export_full_data_with_token.json"
    );
    assert_eq!(
        file_name(&profile, None, &options(ExportMode::ConfigOnly, false)),
        "20251217_100005_p_1_export_config_only.json"
    );
}

#[test]
fn packages_that_cannot_be_imported_are_refused() {
    for package in [
        "[]",
        "{}",
        r#"{"manifest": {"version": "2.0"}}"#,
        r#"{"manifest": {"version": "3.0", "profiles": ["p"]}, "profile_data": {}}"#,
        r#"{"manifest": {"version": "2.0", "profiles": ["../p"]}, "profile_data": {}}"#,
        r#"{"manifest": {"version": "2.0", "profiles": ["p"]}, "profile_data": {}, "query_data": {"../q": {}}}"#,
        r#"{"manifest": {"version": "2.0", "profiles": ["p"]}, "profile_data": []}"#,
        r#"{"manifest": {"version": "2.0", "profiles": ["p"]}, "profile_data": {}, "query_data": {"q": {"project_data": 7}}}"#,
    ] {
        assert!(matches!(read(package), Err(crate::Error::Invalid { .. })), "{package}");
    }
    let old = read(r#"{"manifest": {"version": "1.0"}, "profile_data": {"id": "p"}, "query_data": null}"#).unwrap();
    assert_eq!((old.profile.id.as_str(), old.mode, old.profile.queries.len()), ("p", None, 0));
}

#[test]
fn merging_keeps_local_secrets_and_unites_queries() {
    let local = bundle();
    let mut imported = read(&export(&local, &options(ExportMode::ConfigOnly, false)).unwrap()).unwrap().profile;
    imported.queries.remove(1);
    imported.queries[0].document = Some("{\"jql\": \"b\"}".to_owned());
    imported.queries.push(QueryBundle { id: QueryId::new("q3").unwrap(), ..local.queries[1].clone() });
    let merged = resolve(imported.clone(), Some(&local), &Conflict::Merge).unwrap();
    assert!(merged.document.unwrap().contains("\"token\": \"t\""));
    assert_eq!(merged.queries.iter().map(|query| query.id.as_str()).collect::<Vec<_>>(), ["q1", "q2", "q3"]);
    assert_eq!((merged.queries[0].document.as_deref(), merged.queries[0].caches.len()), (Some("{\"jql\": \"b\"}"), 1));
    assert_eq!(resolve(imported.clone(), Some(&local), &Conflict::Overwrite).unwrap(), imported);
    assert_eq!(resolve(imported.clone(), None, &Conflict::Merge).unwrap(), imported);
}

#[test]
fn renaming_gives_id_and_name_of_its_own() {
    let renamed = resolve(bundle(), Some(&bundle()), &Conflict::Rename(at_time("2025-12-17 10:00:05"))).unwrap();
    assert_eq!(renamed.id.as_str(), "p1_20251217_100005");
    let settings = Json::parse(&renamed.document.unwrap()).unwrap();
    assert_eq!(label_at(&settings, &["name"]).unwrap(), "Größe (imported 2025-12-17 10:00:05)");
    assert_eq!(label_at(&settings, &["id"]).unwrap(), "p1_20251217_100005");
}
