//! Profiles and queries.

use super::read;
use crate::support::Sandbox;

#[test]
fn profiles_from_the_first_to_the_last() {
    for (name, sandbox) in Sandbox::on_every_store() {
        if name != "files" {
            sandbox.expect(0, &["db", "migrate"]);
        }
        let none = sandbox.expect(1, &["delivery", "queries", "list"]);
        assert!(none.stderr.contains("profiles create"), "{name}: {none:?}");
        let first =
            read(&sandbox, &["--at", "2026-03-07 09:00", "profiles", "create", "Team Á", "--description", "first"]);
        let id = first["profile"]["id"].as_str().unwrap().to_owned();
        assert!(id.starts_with("p_") && id.len() == 14, "{name}: {id}");
        assert_eq!(first["profile"]["active"], true, "{name}");
        assert_eq!(first["profile"]["created_at"], "2026-03-07T09:00:00+00:00", "{name}");
        assert_eq!(sandbox.expect(1, &["delivery", "profiles", "create", "TEAM á"]).code, 1, "{name}");
        let second = read(&sandbox, &["profiles", "create", "Second", "--id", "two"]);
        assert_eq!(second["profile"]["active"], false, "{name}");

        let refused = sandbox.expect(1, &["delivery", "profiles", "delete", &id]);
        assert!(refused.stderr.contains("active") && refused.stderr.contains("switch"), "{name}: {refused:?}");
        read(&sandbox, &["--at", "2026-03-08 09:00", "profiles", "switch", "two"]);
        let renamed = read(&sandbox, &["profiles", "rename", &id, "Old team"]);
        assert_eq!(renamed["profile"]["name"], "Old team", "{name}");

        read(&sandbox, &["profiles", "settings", "set", "two", "forecast_settings.pert_factor", "4"]);
        std::fs::write(sandbox.path("token.txt"), "s3cret\n").unwrap();
        let set =
            sandbox.expect(0, &["delivery", "profiles", "settings", "set", "two", "jira_config.token", "@token.txt"]);
        assert!(!set.stdout.contains("s3cret"), "{name}: {set:?}");
        let factor = read(&sandbox, &["profiles", "settings", "get", "two", "forecast_settings.pert_factor"]);
        assert_eq!(factor["value"], 4, "{name}");
        assert_eq!(
            sandbox.expect(2, &["delivery", "profiles", "settings", "get", "two", "jira_config.token"]).code,
            2,
            "{name}"
        );
        let token = read(&sandbox, &["profiles", "settings", "get", "two", "jira_config.token", "--with-tokens"]);
        assert_eq!(token["value"], "s3cret", "{name}");
        for shown in [&["profiles", "show", "two"][..], &["profiles", "settings", "get", "two"]] {
            let mut arguments = vec!["delivery"];
            arguments.extend(shown);
            assert!(!sandbox.expect(0, &arguments).stdout.contains("s3cret"), "{name}: {shown:?}");
            arguments.push("--json");
            assert!(!sandbox.expect(0, &arguments).stdout.contains("s3cret"), "{name}: {shown:?}");
        }
        assert_eq!(sandbox.expect(1, &["delivery", "profiles", "settings", "get", "two", "no.such"]).code, 1, "{name}");
        assert_eq!(
            sandbox.expect(2, &["delivery", "profiles", "settings", "set", "two", "a..b", "1"]).code,
            2,
            "{name}"
        );

        read(&sandbox, &["profiles", "delete", &id]);
        let missing = sandbox.expect(1, &["delivery", "profiles", "show", &id]);
        assert!(missing.stderr.contains(&id) && missing.stderr.contains("profiles list"), "{name}: {missing:?}");
        let list = read(&sandbox, &["profiles", "list"]);
        assert_eq!(list["profiles"].as_array().unwrap().len(), 1, "{name}: {list}");
        assert!(sandbox.expect(0, &["delivery", "profiles", "list"]).stdout.contains("1 profile"), "{name}");
        assert_eq!(sandbox.expect(1, &["delivery", "profiles", "delete", "two"]).code, 1, "{name}");
    }
}

#[test]
fn queries_of_a_profile() {
    for (name, sandbox) in Sandbox::on_every_store() {
        if name != "files" {
            sandbox.expect(0, &["db", "migrate"]);
        }
        read(&sandbox, &["profiles", "create", "Team", "--id", "p1"]);
        let first =
            read(&sandbox, &["--at", "2026-03-07 09:00", "queries", "create", "Bugs", "type = Bug", "--id", "q1"]);
        assert_eq!((&first["query"]["active"], &first["query"]["jql"]), (&true.into(), &"type = Bug".into()), "{name}");
        let made = read(&sandbox, &["queries", "create", "All", "project = A", "--profile", "p1"]);
        let second = made["query"]["id"].as_str().unwrap().to_owned();
        assert!(second.starts_with("q_"), "{name}: {second}");
        assert_eq!(sandbox.expect(1, &["delivery", "queries", "create", "bugs", "x"]).code, 1, "{name}");
        assert_eq!(sandbox.expect(2, &["delivery", "queries", "create", "Long", &"x".repeat(2001)]).code, 2, "{name}");
        assert_eq!(sandbox.expect(2, &["delivery", "queries", "update", "q1"]).code, 2, "{name}");
        let changed = read(&sandbox, &["queries", "update", "q1", "--jql", "type = Bug ORDER BY key"]);
        assert_eq!(changed["query"]["jql"], "type = Bug ORDER BY key", "{name}");
        read(&sandbox, &["queries", "switch", &second]);
        assert_eq!(read(&sandbox, &["queries", "show"])["query"]["id"], second.as_str(), "{name}");
        let list = read(&sandbox, &["queries", "list"]);
        assert_eq!((list["queries"].as_array().unwrap().len(), &list["profile"]), (2, &"p1".into()), "{name}");
        assert!(
            sandbox.expect(0, &["delivery", "queries", "list"]).stdout.contains("2 queries of profile p1"),
            "{name}"
        );
        assert!(
            sandbox.expect(0, &["delivery", "queries", "show", "--query", "q1"]).stdout.contains("type = Bug"),
            "{name}"
        );
        assert_eq!(read(&sandbox, &["scope", "show"])["scope"]["total_items"], 0, "{name}");
        read(&sandbox, &["queries", "delete", &second]);
        assert_eq!(read(&sandbox, &["queries", "show"])["query"]["id"], "q1", "{name}");
        let missing = sandbox.expect(1, &["delivery", "queries", "switch", &second]);
        assert!(missing.stderr.contains("queries list"), "{name}: {missing:?}");
        assert_eq!(sandbox.expect(2, &["delivery", "queries", "show", "--query", "../q"]).code, 2, "{name}");
    }
}
