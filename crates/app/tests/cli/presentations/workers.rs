//! Workers: several at a time, killed, asked to end, with a command.

use super::{REQUEST, create, prepare, until, verb};
use crate::support::{Ran, Sandbox};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Stdio;

#[test]
fn four_workers_take_each_job_once() {
    for (name, sandbox) in Sandbox::on_every_database() {
        prepare(&sandbox, name);
        create(&sandbox, 200);
        let workers: Vec<_> = (0..4)
            .map(|number| {
                let worker = format!("w{number}");
                let arguments = ["presentations", "work", "--drain", "--worker", &worker, "--json", "--quiet"];
                sandbox.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        let mut done: BTreeMap<String, String> = BTreeMap::new();
        for worker in workers {
            let ran = Ran::new(&["work"], worker.wait_with_output().unwrap());
            assert_eq!(ran.code, 0, "{name}: {ran:?}");
            let report = ran.json();
            for job in report["jobs"].as_array().unwrap() {
                assert_eq!((&job["outcome"], &job["attempt"]), (&"completed".into(), &1.into()), "{name}: {job}");
                let before = done.insert(job["id"].as_str().unwrap().to_owned(), report["worker"].to_string());
                assert_eq!(before, None, "{name}: {job} was done twice");
            }
        }
        assert_eq!(done.len(), 200, "{name}");
        assert_eq!(verb(&sandbox, &["counts"])["counts"], json!({"completed": 200}), "{name}");
        let job = &verb(&sandbox, &["show", "j117"])["job"];
        assert_eq!(
            (&job["progress"], &job["lease"], &job["attempts"]),
            (&json!(100.0), &Value::Null, &1.into()),
            "{name}"
        );
    }
}

#[test]
fn a_killed_worker_loses_nothing() {
    for (name, sandbox) in Sandbox::on_every_database() {
        prepare(&sandbox, name);
        create(&sandbox, 3);
        // Rests for an hour after the first step, so that it is killed in the middle of a job.
        let arguments = ["presentations", "work", "--worker", "first", "--step-delay", "3600000", "--lease", "2"];
        let mut worker = sandbox.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let job = until("the claim", || {
            let jobs = verb(&sandbox, &["list", "--status", "processing"]);
            let job = jobs["jobs"].get(0)?.clone();
            (job["progress"] == 10.0).then_some(job)
        });
        assert_eq!((&job["id"], &job["lease"]["owner"]), (&"j000".into(), &"first".into()), "{name}");
        // Its heartbeats keep the job for longer than the lease it began with.
        let lease = job["lease"]["expires_at"].clone();
        until("a heartbeat", || {
            let job = &verb(&sandbox, &["show", "j000"])["job"];
            (job["lease"]["expires_at"].as_str() > lease.as_str()).then_some(())
        });
        worker.kill().unwrap();
        worker.wait().unwrap();

        let recovered = until("the end of the lease", || {
            let recovered = verb(&sandbox, &["recover", "--back-off", "0"]);
            (recovered["recovered"] != json!([])).then_some(recovered)
        });
        assert_eq!(recovered["recovered"][0]["id"], "j000", "{name}: {recovered}");
        assert_eq!(recovered["recovered"][0]["status"], "queued", "{name}: {recovered}");
        assert_eq!(verb(&sandbox, &["recover"])["recovered"], json!([]), "{name}");
        let job = &verb(&sandbox, &["show", "j000"])["job"];
        assert_eq!(job["note"], "interrupted by restart", "{name}: {job}");
        let report = verb(&sandbox, &["work", "--drain", "--worker", "second"]);
        let attempts: BTreeMap<&str, &Value> = report["jobs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|job| (job["id"].as_str().unwrap(), &job["attempt"]))
            .collect();
        assert_eq!(attempts, BTreeMap::from([("j000", &json!(2)), ("j001", &json!(1)), ("j002", &json!(1))]), "{name}");
        assert_eq!(verb(&sandbox, &["counts"])["counts"], json!({"completed": 3}), "{name}");
        // What the first one may still want to say comes too late.
        let late = sandbox.expect(1, &["presentations", "finish", "j000", "--attempt", "1"]);
        assert!(late.stderr.contains("cannot finish"), "{name}: {late:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_worker_that_is_asked_to_end_gives_its_job_back() {
    let sandbox = Sandbox::new();
    prepare(&sandbox, "sqlite");
    create(&sandbox, 1);
    for (attempt, more) in [(1, ["--step-delay", "3600000"]), (2, ["--command", "sleep 3600"])] {
        let mut arguments = vec!["presentations", "work", "--worker", "w"];
        arguments.extend(more);
        let mut worker = sandbox.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("the claim", || (verb(&sandbox, &["counts"])["counts"]["processing"] == 1).then_some(()));
        let kill = std::process::Command::new("kill").args(["-INT", &worker.id().to_string()]).status().unwrap();
        assert!(kill.success());
        assert_eq!(worker.wait().unwrap().code(), Some(130));
        let job = &verb(&sandbox, &["show", "j000"])["job"];
        assert_eq!((&job["status"], &job["attempts"]), (&"queued".into(), &attempt.into()), "{job}");
        assert_eq!(job["max_attempts"], 3 + attempt, "the attempt does not count: {job}");
    }
}

#[cfg(unix)]
#[test]
fn an_external_command_renders() {
    let sandbox = Sandbox::new();
    prepare(&sandbox, "sqlite");
    create(&sandbox, 2);
    let script = "cat > \"$LANDFAST_JOB_ID.seen\"; echo progress 40; echo file output/x.mp4; echo provider p1; echo video /v/$LANDFAST_JOB_ID; echo loud >&2";
    let report = verb(&sandbox, &["work", "--drain", "--limit", "1", "--command", script]);
    assert_eq!(report["counts"], json!({"completed": 1}));
    assert_eq!(std::fs::read_to_string(sandbox.path("j000.seen")).unwrap(), REQUEST);
    let job = &verb(&sandbox, &["show", "j000"])["job"];
    assert_eq!((&job["video_url"], &job["created_files"]), (&"/v/j000".into(), &json!(["output/x.mp4"])), "{job}");
    assert_eq!(job["provider_ids"], json!(["p1"]), "{job}");

    let report = verb(&sandbox, &["work", "--drain", "--back-off", "0", "--command", "echo 'disk full' >&2; exit 7"]);
    assert_eq!(report["counts"], json!({"failed for now": 2, "failed": 1}), "three attempts: {report}");
    let job = &verb(&sandbox, &["show", "j001"])["job"];
    assert_eq!(
        (&job["status"], &job["error"]),
        (&"failed".into(), &"the renderer failed: exit code 7: disk full".into())
    );

    // The command of a job that is cancelled is ended.
    verb(&sandbox, &["retry", "j001"]);
    let arguments = ["presentations", "work", "--drain", "--json", "--lease", "1", "--command", "sleep 3600"];
    let worker = sandbox.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    until("the claim", || (verb(&sandbox, &["counts"])["counts"]["processing"] == 1).then_some(()));
    assert_eq!(verb(&sandbox, &["cancel", "j001"])["job"]["cancel_requested"], true);
    let ran = Ran::new(&arguments, worker.wait_with_output().unwrap());
    assert_eq!((ran.code, &ran.json()["counts"]), (0, &json!({"cancelled": 1})), "{ran:?}");
    assert_eq!(verb(&sandbox, &["show", "j001"])["job"]["cancelled"], true);
}
