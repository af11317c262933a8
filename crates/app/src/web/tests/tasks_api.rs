//! The API of the tasks area.

use super::support::{Browser, on_both, on_sqlite};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

async fn post(browser: &mut Browser<'_>, path: &str, body: &Value) -> (StatusCode, Value) {
    let reply = browser.call(Method::POST, path, &[], &body.to_string()).await;
    (reply.status, reply.json())
}

#[test]
fn an_attempt_lives_by_calls() {
    on_both(&[], async |site| {
        let mut browser = site.account("ada").await;
        let (status, template) =
            post(&mut browser, "/api/v1/tasks/templates", &json!({"name": "Ünï <b>", "categories": ["a"]})).await;
        assert_eq!((status, &template["name"]), (StatusCode::CREATED, &json!("Ünï <b>")));
        let new = json!({"template": template["key"], "predicted": {"time_estimate_minutes": 20}});
        let (status, instance) = post(&mut browser, "/api/v1/tasks/instances", &new).await;
        assert_eq!((status, &instance["state"]), (StatusCode::CREATED, &json!("created")));
        let path = format!("/api/v1/tasks/instances/{}", instance["key"].as_str().unwrap());
        for (verb, body, state) in [
            ("predict", json!({"predicted": {"expected_relief": 70}, "due_at": "2030-01-02T03:04"}), "initialized"),
            ("start", json!({}), "started"),
            ("pause", json!({"reason": "phone", "completion_percentage": 10}), "paused"),
            ("resume", json!({}), "started"),
            ("complete", json!({"actual": {"actual_relief": 80, "time_actual_minutes": 5}}), "completed"),
        ] {
            let (status, instance) = post(&mut browser, &format!("{path}/{verb}"), &body).await;
            assert_eq!((status, &instance["state"]), (StatusCode::OK, &json!(state)), "{verb}: {instance}");
        }
        let (status, problem) = post(&mut browser, &format!("{path}/start"), &json!({})).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("conflict")));
        let instance = browser.get(&path).await.json();
        assert_eq!((&instance["net_relief"], &instance["due_at"]), (&json!(10.0), &json!("2030-01-02T03:04:00")));
        let recent = browser.get("/api/v1/tasks/instances?list=recent").await.json();
        assert_eq!(recent["items"].as_array().unwrap().len(), 1);
        assert_eq!(browser.call(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_repeated_creation_makes_nothing_new() {
    on_both(&[], async |site| {
        let mut browser = site.account("ada").await;
        let (path, key) = ("/api/v1/tasks/notes", [("idempotency-key", "k1")]);
        let first = browser.call(Method::POST, path, &key, r#"{"content": "one"}"#).await;
        let again = browser.call(Method::POST, path, &key, r#"{"content": "one"}"#).await;
        assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
        assert_eq!((first.body, again.header("idempotent-replayed")), (again.body.clone(), "true"));
        let other = browser.call(Method::POST, path, &key, r#"{"content": "two"}"#).await;
        assert_eq!(other.status, StatusCode::CONFLICT);
        assert_eq!(browser.get(path).await.json()["items"].as_array().unwrap().len(), 1);
        // Keys of others are their own.
        let mut bob = site.account("bob").await;
        let reply = bob.call(Method::POST, path, &key, r#"{"content": "two"}"#).await;
        assert_eq!((reply.status, reply.json()["content"].as_str()), (StatusCode::CREATED, Some("two")));
    });
}

#[test]
fn an_update_names_the_version_it_changes() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        let reply = browser.call(Method::POST, "/api/v1/tasks/templates", &[], r#"{"name": "A"}"#).await;
        let (first, template) = (reply.header("etag").to_owned(), reply.json());
        let path = format!("/api/v1/tasks/templates/{}", template["key"].as_str().unwrap());
        assert_eq!(browser.get(&path).await.header("etag"), first);
        let put = async |browser: &mut Browser<'_>, headers: &[(&str, &str)], body: &str| {
            browser.call(Method::PUT, &path, headers, body).await
        };
        assert_eq!(put(&mut browser, &[], r#"{"name": "B"}"#).await.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = put(&mut browser, &[("if-match", &first)], r#"{"name": "B"}"#).await;
        assert_eq!((changed.status, &changed.json()["version"]), (StatusCode::OK, &json!(2)));
        let late = put(&mut browser, &[("if-match", &first)], r#"{"name": "C"}"#).await;
        assert_eq!((late.status, late.json()["code"].as_str()), (StatusCode::PRECONDITION_FAILED, Some("changed")));
        assert_eq!(browser.get(&path).await.json()["name"], "B");
    });
}

#[test]
fn lists_are_paged_by_key() {
    on_both(&[], async |site| {
        let mut browser = site.account("ada").await;
        for number in 0..5 {
            let body = json!({"content": format!("note {number}")});
            assert_eq!(post(&mut browser, "/api/v1/tasks/notes", &body).await.0, StatusCode::CREATED);
        }
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = browser.get(&format!("/api/v1/tasks/notes?limit=2{after}")).await.json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 2);
            seen.extend(items.iter().map(|note| note["content"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen, (0..5).map(|number| format!("note {number}")).collect::<Vec<_>>());
        for query in ["limit=0", "limit=501", "limit=x", "after=x"] {
            let reply = browser.get(&format!("/api/v1/tasks/notes?{query}")).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        }
    });
}

#[test]
fn bodies_with_mistakes_are_named() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        for (path, body, status) in [
            ("/api/v1/tasks/templates", "{", StatusCode::BAD_REQUEST),
            ("/api/v1/tasks/templates", "[]", StatusCode::UNPROCESSABLE_ENTITY),
            ("/api/v1/tasks/templates", r#"{"name": "A", "colour": 1}"#, StatusCode::UNPROCESSABLE_ENTITY),
            ("/api/v1/tasks/templates", r#"{"name": ""}"#, StatusCode::UNPROCESSABLE_ENTITY),
            (
                "/api/v1/tasks/templates",
                r#"{"name": "A", "default_estimate_minutes": -1}"#,
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            ("/api/v1/tasks/instances", r#"{"template": "nothing"}"#, StatusCode::NOT_FOUND),
            ("/api/v1/tasks/notes", r#"{"content": " "}"#, StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let reply = browser.call(Method::POST, path, &[], body).await;
            assert_eq!(reply.status, status, "{path} {body}: {}", reply.body);
            assert_eq!(reply.header("content-type"), "application/problem+json");
        }
    });
}
