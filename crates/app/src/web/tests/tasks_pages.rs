//! An attempt's life by forms alone, as without a script.

use super::support::{Browser, between, on_both, on_sqlite};
use axum::http::StatusCode;

const SCRIPT: &str = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>";

async fn template(browser: &mut Browser<'_>, name: &str) -> String {
    let reply = browser
        .post(
            "/tasks/templates/new",
            &[("name", name), ("estimate", "30"), ("task_type", "Work"), ("description", name)],
        )
        .await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let page = browser.get("/tasks").await.body;
    between(&page, "action=\"/tasks/templates/", "/initialise\"").to_owned()
}

async fn attempt(browser: &mut Browser<'_>, template: &str) -> String {
    let reply = browser.post(&format!("/tasks/templates/{template}/initialise"), &[]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    reply.header("location").strip_suffix("/predict").unwrap().to_owned()
}

#[test]
fn an_attempt_lives_from_prediction_to_completion() {
    on_both(&[], async |site| {
        let mut browser = site.account("ada").await;
        let template = template(&mut browser, "Write the report").await;
        let path = attempt(&mut browser, &template).await;

        let form = browser.get(&format!("{path}/predict")).await.body;
        assert!(form.contains("This is the first attempt") && form.contains("name=\"expected_relief\""), "{form}");
        assert!(form.contains("name=\"estimate\" type=\"number\" min=\"0\" value=\"30\""), "{form}");
        let fields = [
            ("expected_aversion", "60"),
            ("expected_relief", "70"),
            ("expected_mental_energy", "40"),
            ("expected_difficulty", "45"),
            ("estimate", "25"),
            ("emotions", "Dread, Hope"),
            ("due", "2030-01-02T03:04"),
        ];
        let reply = browser.post(&format!("{path}/predict"), &fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
        let page = browser.get(&path).await.body;
        for part in ["initialized", "expected relief", "2030-01-02 03:04", "42.5", "Dread"] {
            assert!(page.contains(part), "{part}: {page}");
        }

        assert_eq!(browser.post(&format!("{path}/start"), &[]).await.header("location"), "/tasks?said=started");
        assert!(browser.get("/tasks").await.body.contains("data-running=\""));
        let twice = browser.post(&format!("{path}/start"), &[]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        let paused = browser.post(&format!("{path}/pause"), &[("reason", "phone"), ("percent", "40")]).await;
        assert_eq!(paused.header("location"), "/tasks?said=paused");
        assert_eq!(browser.post(&format!("{path}/resume"), &[]).await.status, StatusCode::SEE_OTHER);

        let form = browser.get(&format!("{path}/complete")).await.body;
        assert!(form.contains("name=\"actual_relief\" min=\"0\" max=\"100\" value=\"70\""), "{form}");
        let fields = [
            ("actual_relief", "80"),
            ("aversion", "20"),
            ("minutes", "33"),
            ("percent", "120"),
            ("emotion:Hope", "90"),
        ];
        let done = browser.post(&format!("{path}/complete"), &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let page = browser.get(&path).await.body;
        for part in ["completed", "time actual minutes", "33", "initialization expected aversion", "60"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let history = browser.get("/tasks/history?q=REPORT").await.body;
        assert!(history.contains("Write the report") && history.contains("completed"), "{history}");
        assert!(browser.get("/tasks/history?q=nothing").await.body.contains("Nothing was found"));
        let glossary = browser.get("/tasks/glossary").await.body;
        assert!(glossary.contains("id=\"completion_rate\"") && glossary.contains("Write the report"), "{glossary}");
        // The next attempt begins with what the first one taught.
        let next = attempt(&mut browser, &template).await;
        assert!(browser.get(&format!("{next}/predict")).await.body.contains("means of 1 earlier attempt"));
    });
}

#[test]
fn an_attempt_can_be_cancelled_and_deleted() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        let template = template(&mut browser, "Tidy up").await;
        let path = attempt(&mut browser, &template).await;
        let page = browser.get(&format!("{path}/cancel")).await.body;
        assert!(page.contains("value=\"other\" checked"), "{page}");
        let odd = browser.post(&format!("{path}/cancel"), &[("category", "made-up")]).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("category", "deferred_to_plan"), ("note", "later")];
        assert_eq!(browser.post(&format!("{path}/cancel"), &fields).await.status, StatusCode::SEE_OTHER);
        assert!(browser.get("/tasks/history?list=cancelled").await.body.contains("Tidy up"));
        assert_eq!(browser.post(&format!("{path}/delete"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            browser.post(&format!("/tasks/templates/{template}/delete"), &[]).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(browser.get(&format!("/tasks/templates/{template}")).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn only_one_attempt_runs() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        let first = template(&mut browser, "One").await;
        let first = attempt(&mut browser, &first).await;
        assert_eq!(browser.post(&format!("{first}/start"), &[]).await.status, StatusCode::SEE_OTHER);
        let reply = browser.post("/tasks/templates/new", &[("name", "Two")]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        let page = browser.get("/tasks?q=Two").await.body;
        let second =
            between(page.split("id=\"templates\"").nth(1).unwrap(), "action=\"/tasks/templates/", "/initialise\"");
        let second = attempt(&mut browser, second).await;
        let reply = browser.post(&format!("{second}/start"), &[]).await;
        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert!(reply.body.contains("One"), "{}", reply.body);
    });
}

#[test]
fn mistakes_come_back_with_what_was_typed() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        for (field, value, part) in [
            ("name", "", "must not be empty"),
            ("aversion", "101", "out of range"),
            ("estimate", "much", "whole number"),
            ("time", "25:00", "HH:MM"),
            ("frequency", "weekly", "needs a day"),
        ] {
            let mut fields = vec![(field, value), ("description", "kept text")];
            if field != "name" {
                fields.push(("name", "A name"));
            }
            let reply = browser.post("/tasks/templates/new", &fields).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(reply.body.contains(part) && reply.body.contains("kept text"), "{field}: {}", reply.body);
        }
    });
}

#[test]
fn scripts_in_texts_stay_text() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        let template = template(&mut browser, SCRIPT).await;
        let path = attempt(&mut browser, &template).await;
        let note = [("note", SCRIPT)];
        assert_eq!(
            browser.post(&format!("/tasks/templates/{template}/notes"), &note).await.status,
            StatusCode::SEE_OTHER
        );
        let fields =
            [("emotions", SCRIPT), ("description", SCRIPT), ("physical_context", SCRIPT), ("expected_relief", "1")];
        assert_eq!(browser.post(&format!("{path}/predict"), &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post("/tasks/notes", &[("content", SCRIPT)]).await.status, StatusCode::SEE_OTHER);
        for page in [
            "/",
            "/tasks",
            "/tasks/notes",
            "/tasks/glossary",
            "/tasks/history?list=open",
            "/tasks/settings",
            path.as_str(),
            &format!("{path}/predict"),
            &format!("{path}/complete"),
            &format!("{path}/cancel"),
            &format!("/tasks/templates/{template}"),
            &format!("/tasks?q={SCRIPT}").replace(['<', '>', '"', '\'', ' '], "%3C"),
            "/tasks/history?q=%3Cscript%3Ealert(1)%3C/script%3E",
        ] {
            let reply = browser.get(page).await;
            assert_eq!(reply.status, StatusCode::OK, "{page}");
            assert!(!reply.body.contains("<script>") && !reply.body.contains("<img src=x"), "{page}: {}", reply.body);
        }
        assert!(browser.get("/tasks/notes").await.body.contains("&#60;script&#62;"));
    });
}

#[test]
fn settings_are_kept() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        let fields = [("goal_hours", "32.5"), ("avg_relief", "2.5")];
        assert_eq!(browser.post("/tasks/settings", &fields).await.status, StatusCode::SEE_OTHER);
        let page = browser.get("/tasks/settings").await.body;
        assert!(page.contains("value=\"32.5\"") && page.contains("value=\"2.5\""), "{page}");
        let refused = browser.post("/tasks/settings", &[("avg_relief", "11")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}
