//! Nothing of one user reaches another: canary texts, and keys of the other one in every route.

use super::support::{Browser, between, on_both};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const CANARY: &str = "canary-of-bob";

/// Addresses of what Bob has.
struct Things {
    template: String,
    instance: String,
    note: String,
}

async fn make(browser: &mut Browser<'_>) -> Things {
    let mut call = async |path: &str, body: Value| -> String {
        let reply = browser.call(Method::POST, path, &[], &body.to_string()).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        reply.json()["key"].as_str().unwrap().to_owned()
    };
    let template = call("/api/v1/tasks/templates", json!({"name": CANARY, "description": CANARY})).await;
    let instance = call("/api/v1/tasks/instances", json!({"template": template, "predicted": {"why": CANARY}})).await;
    let note = call("/api/v1/tasks/notes", json!({"content": CANARY})).await;
    browser.post("/tasks/settings", &[("goal_hours", "17.25")]).await;
    Things { template, instance, note }
}

#[test]
fn nothing_of_one_user_is_in_the_answers_to_another() {
    on_both(&[], async |site| {
        let mut bob = site.account("bob-canary").await;
        let things = make(&mut bob).await;
        assert!(bob.get("/tasks").await.body.contains(CANARY));
        for mut other in [site.account("ada").await, site.browser()] {
            for path in [
                "/".to_owned(),
                "/tasks".to_owned(),
                format!("/tasks?q={CANARY}"),
                "/tasks/history".to_owned(),
                "/tasks/history?list=open".to_owned(),
                "/tasks/notes".to_owned(),
                "/tasks/settings".to_owned(),
                "/tasks/glossary".to_owned(),
                "/account".to_owned(),
                format!("/tasks/templates/{}", things.template),
                format!("/tasks/instances/{}", things.instance),
                format!("/tasks/instances/{}/predict", things.instance),
                format!("/tasks/instances/{}/complete", things.instance),
                format!("/tasks/instances/{}/cancel", things.instance),
                "/api/v1/session".to_owned(),
                "/api/v1/tasks/templates".to_owned(),
                "/api/v1/tasks/instances".to_owned(),
                "/api/v1/tasks/instances?list=active".to_owned(),
                "/api/v1/tasks/notes".to_owned(),
                format!("/api/v1/tasks/templates/{}", things.template),
                format!("/api/v1/tasks/instances/{}", things.instance),
            ] {
                let reply = other.get(&path).await;
                let echoes = path.contains("q=");
                let body = if echoes { reply.body.replacen(CANARY, "", 1) } else { reply.body };
                assert!(
                    !body.contains(CANARY) && !body.contains("17.25") && !body.contains("bob-canary"),
                    "{path}: {body}"
                );
                if path.contains(&things.template) || path.contains(&things.instance) {
                    assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
                }
            }
        }
    });
}

#[test]
fn keys_of_one_user_are_worth_nothing_to_another() {
    on_both(&[], async |site| {
        let mut bob = site.account("bob").await;
        let things = make(&mut bob).await;
        let before = dump(&mut bob).await;
        let mut ada = site.account("ada").await;
        let Things { template, instance, note } = &things;
        for (path, fields) in [
            (format!("/tasks/templates/{template}"), vec![("name", "stolen")]),
            (format!("/tasks/templates/{template}/delete"), vec![]),
            (format!("/tasks/templates/{template}/notes"), vec![("note", "stolen")]),
            (format!("/tasks/templates/{template}/initialise"), vec![]),
            (format!("/tasks/instances/{instance}/predict"), vec![("expected_relief", "1")]),
            (format!("/tasks/instances/{instance}/start"), vec![]),
            (format!("/tasks/instances/{instance}/pause"), vec![]),
            (format!("/tasks/instances/{instance}/resume"), vec![]),
            (format!("/tasks/instances/{instance}/complete"), vec![("actual_relief", "1")]),
            (format!("/tasks/instances/{instance}/cancel"), vec![("category", "other")]),
            (format!("/tasks/instances/{instance}/delete"), vec![]),
            ("/tasks/notes/delete".to_owned(), vec![("key", note.as_str())]),
        ] {
            let reply = ada.post(&path, &fields).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}: {}", reply.body);
        }
        for (method, path, body) in [
            (Method::PUT, format!("/api/v1/tasks/templates/{template}"), r#"{"name": "stolen"}"#),
            (Method::DELETE, format!("/api/v1/tasks/templates/{template}"), ""),
            (Method::POST, "/api/v1/tasks/instances".to_owned(), &format!(r#"{{"template": "{template}"}}"#)),
            (Method::POST, format!("/api/v1/tasks/instances/{instance}/predict"), "{}"),
            (Method::POST, format!("/api/v1/tasks/instances/{instance}/start"), "{}"),
            (Method::POST, format!("/api/v1/tasks/instances/{instance}/pause"), "{}"),
            (Method::POST, format!("/api/v1/tasks/instances/{instance}/resume"), "{}"),
            (Method::POST, format!("/api/v1/tasks/instances/{instance}/complete"), "{}"),
            (Method::POST, format!("/api/v1/tasks/instances/{instance}/cancel"), "{}"),
            (Method::DELETE, format!("/api/v1/tasks/instances/{instance}"), ""),
            (Method::DELETE, format!("/api/v1/tasks/notes/{note}"), ""),
        ] {
            let reply = ada.call(method.clone(), &path, &[("if-match", "*")], body).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{method} {path}: {}", reply.body);
        }
        assert_eq!(dump(&mut bob).await, before, "nothing of Bob's has changed");
        let emotions =
            site.app.inner.opened.store.read(|r| r.emotions().list(&landfast_domain::accounts::UserId::guest()));
        assert_eq!(emotions.unwrap().len(), 0);
    });
}

#[test]
fn what_imports_tell_is_for_the_owner_of_the_data() {
    on_both(&[], async |site| {
        let run = landfast_domain::imports::ImportRun {
            id: "r".to_owned(),
            started_at: crate::clock::Clock::now().utc,
            finished_at: None,
            state: "complete".to_owned(),
            report: format!("{{\"quotes\": \"{CANARY}\"}}"),
        };
        site.app.inner.opened.store.write(|r| r.imports()?.save_run(&run)).unwrap();
        let mut guest = site.browser();
        assert!(guest.get("/api/v1/report").await.body.contains(CANARY));
        assert!(guest.get("/").await.body.contains("Last import"));
        let mut ada = site.account("ada").await;
        let reply = ada.get("/api/v1/report").await;
        assert!(reply.status == StatusCode::FORBIDDEN && !reply.body.contains(CANARY), "{}", reply.body);
        assert!(!ada.get("/").await.body.contains("Last import"));
    });
}

/// Everything Bob has, as the API shows it.
async fn dump(bob: &mut Browser<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for list in ["templates", "instances", "notes"] {
        all.push(bob.get(&format!("/api/v1/tasks/{list}")).await.body);
    }
    all.push(between(&bob.get("/tasks/settings").await.body, "name=\"goal_hours\"", ">").to_owned());
    all
}
