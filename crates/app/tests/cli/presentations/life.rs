//! The verbs of one job, and lists.

use super::{REQUEST, create, prepare, verb};
use crate::support::Sandbox;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn the_life_of_a_job() {
    for (name, sandbox) in Sandbox::on_every_store() {
        prepare(&sandbox, name);
        let at = |time: &str, arguments: &[&str]| {
            let time = format!("2026-03-07 {time}");
            let mut all = vec!["--at", time.as_str()];
            all.extend(arguments);
            verb(&sandbox, &all)
        };
        assert_eq!(at("09:00", &["claim", "--worker", "w1"])["job"], Value::Null, "{name}");
        let made = at("09:00", &["create", "--request", "request.json", "--id", "a", "--idempotency-key", "k"]);
        assert_eq!((&made["is_new"], &made["job"]["status"]), (&true.into(), &"queued".into()), "{name}");
        let again = at("09:01", &["create", "--request", "request.json", "--id", "b", "--idempotency-key", "k"]);
        assert_eq!((&again["is_new"], &again["job"]["id"]), (&false.into(), &"a".into()), "{name}");
        at(
            "09:01",
            &[
                "create",
                "--request",
                "request.json",
                "--id",
                "urgent",
                "--priority",
                "-1",
                "--run-at",
                "2026-03-07 09:05",
            ],
        );
        assert_eq!(at("09:02", &["show", "a"])["job"]["request_text"], REQUEST, "{name}");
        assert!(sandbox.expect(0, &["presentations", "show", "a"]).stdout.contains("split_screen"), "{name}");

        let claimed = at("09:02", &["claim", "--worker", "w1", "--lease", "60"]);
        assert_eq!(
            (&claimed["job"]["id"], &claimed["attempt"]),
            (&"a".into(), &1.into()),
            "{name}: the urgent one is not due"
        );
        assert_eq!(claimed["job"]["lease"], json!({ "owner": "w1", "expires_at": "2026-03-07T09:03:00Z" }), "{name}");
        let beat = at("09:02", &["heartbeat", "a", "--attempt", "1", "--lease", "600"]);
        assert_eq!((&beat["stop"], &beat["lease_until"]), (&false.into(), &"2026-03-07T09:12:00Z".into()), "{name}");
        at(
            "09:03",
            &["report", "a", "--attempt", "1", "--progress", "40", "--file", "output/a.mp4", "--provider-id", "x"],
        );
        assert_eq!(at("09:03", &["show", "a"])["job"]["created_files"], json!(["output/a.mp4"]), "{name}");
        let late = sandbox.expect(1, &["presentations", "finish", "a", "--attempt", "2"]);
        assert!(
            late.stderr.contains("in attempt 1, not 2") && late.stderr.contains("presentations show"),
            "{name}: {late:?}"
        );
        assert_eq!(sandbox.expect(1, &["presentations", "--at", "2026-03-07 09:03", "delete", "a"]).code, 1, "{name}");

        let failed = at("09:04", &["fail", "a", "--attempt", "1", "--error", "no space", "--back-off", "0"]);
        assert_eq!((&failed["queued_again"], &failed["job"]["note"]), (&true.into(), &"no space".into()), "{name}");
        assert_eq!(at("09:04", &["claim", "--worker", "w2"])["attempt"], 2, "{name}");
        assert_eq!(at("09:04", &["release", "a", "--attempt", "2"])["job"]["status"], "queued", "{name}");
        assert_eq!(at("09:05", &["claim", "--worker", "w2"])["job"]["id"], "urgent", "{name}");
        assert_eq!(at("09:05", &["cancel", "urgent"])["job"]["cancel_requested"], true, "{name}");
        assert_eq!(at("09:05", &["progress", "urgent", "--attempt", "1", "--progress", "50"])["stop"], true, "{name}");
        let stopped = at("09:05", &["fail", "urgent", "--attempt", "1", "--error", "stopped"]);
        assert_eq!((&stopped["job"]["cancelled"], &stopped["queued_again"]), (&true.into(), &false.into()), "{name}");
        assert_eq!(at("09:06", &["retry", "urgent"])["job"]["status"], "queued", "{name}");
        assert_eq!(at("09:06", &["cancel", "urgent"])["job"]["status"], "failed", "{name}");

        assert_eq!(at("09:07", &["claim", "--worker", "w3"])["attempt"], 3, "{name}");
        let done = at("09:08", &["finish", "a", "--attempt", "3", "--thumbnail-url", "/t"]);
        assert_eq!(
            (&done["job"]["status"], &done["job"]["video_url"]),
            (&"completed".into(), &"/presentations/a/video".into()),
            "{name}"
        );
        let counts = verb(&sandbox, &["counts"]);
        assert_eq!((&counts["counts"], &counts["total"]), (&json!({"completed": 1, "failed": 1}), &2.into()), "{name}");
        assert_eq!(verb(&sandbox, &["list", "--status", "failed"])["jobs"][0]["id"], "urgent", "{name}");
        assert!(sandbox.expect(0, &["presentations", "counts"]).stdout.contains("2 jobs"), "{name}");
        verb(&sandbox, &["delete", "a"]);
        let missing = sandbox.expect(1, &["presentations", "show", "a"]);
        assert!(missing.stderr.contains("presentation job `a` does not exist"), "{name}: {missing:?}");
    }
}

#[test]
fn requests_nobody_could_render_are_refused() {
    let sandbox = Sandbox::new();
    prepare(&sandbox, "sqlite");
    for (text, extra, part) in [
        ("{}", &[][..], "slides_data"),
        ("[1]", &["--unchecked"], "not a JSON object"),
        ("{", &["--unchecked"], "not JSON"),
        (r#"{"slide_url": "x", "voiceover_texts": ["a"], "duration": "long"}"#, &[], "duration must be a number"),
    ] {
        std::fs::write(sandbox.path("bad.json"), text).unwrap();
        let mut arguments = vec!["presentations", "create", "--request", "bad.json"];
        arguments.extend(extra);
        let refused = sandbox.expect(2, &arguments);
        assert!(refused.stderr.contains(part), "{text}: {refused:?}");
    }
    std::fs::write(sandbox.path("own.json"), r#"{"mine": 1}"#).unwrap();
    assert_eq!(verb(&sandbox, &["create", "--request", "own.json", "--unchecked"])["is_new"], true);
    for arguments in [
        &["create", "--request", "nowhere.json"][..],
        &["create", "--request", "request.json", "--id", "a/b"],
        &["claim", "--worker", ""],
        &["list", "--after", "yesterday"],
        &["report", "a", "--attempt", "1"],
        &["clean", "--execute"],
        &["--at", "2026-03-07 09:00", "work", "--drain"],
    ] {
        let mut all = vec!["presentations"];
        all.extend(arguments);
        assert_eq!(sandbox.expect(2, &all).code, 2);
    }
}

#[test]
fn a_hundred_jobs_are_there_for_the_next_process() {
    for (name, sandbox) in Sandbox::on_every_database() {
        prepare(&sandbox, name);
        create(&sandbox, 100);
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut arguments = vec!["list", "--limit", "30"];
            if let Some(after) = &after {
                arguments.extend(["--after", after]);
            }
            let page = verb(&sandbox, &arguments);
            let jobs = page["jobs"].as_array().unwrap();
            seen.extend(jobs.iter().map(|job| job["id"].as_str().unwrap().to_owned()));
            assert!(jobs.iter().all(|job| job["status"] == "queued" && job["has_request"] == true), "{name}: {page}");
            after = page["next"].as_str().map(str::to_owned);
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 100, "{name}");
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>().len(), 100, "{name}: a page showed a job again");
        assert_eq!(verb(&sandbox, &["counts"])["counts"], json!({"queued": 100}), "{name}");
    }
}
