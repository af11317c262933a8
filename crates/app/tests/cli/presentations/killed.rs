//! Workers that are killed in every step of a rendering.

use super::{create, prepare, until, verb};
use crate::support::Sandbox;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::{Child, Stdio};

/// Progress of each step of a job with two slides, in its order: the job is claimed, the slides are begun, of each
/// slide the speaker is waited for, the parts are put together and it is made, the slides are joined, and the
/// renderer is done but the job is not.
const STEPS: [u32; 10] = [5, 10, 24, 31, 45, 59, 66, 80, 90, 100];

/// A renderer that reports all steps. In its first attempt job `j000` stays in the first step, job `j001` in the
/// second, and so on, for as long as the worker lives.
fn renderer() -> String {
    let hold = "hold() { if [ \"$LANDFAST_ATTEMPT\" = 1 ] && [ \"$LANDFAST_JOB_ID\" = \"$1\" ]; then \
                while kill -0 $PPID 2>/dev/null; do sleep 0.1; done; exit 9; fi; }";
    let mut script = vec![hold.to_owned()];
    for (number, progress) in STEPS.iter().enumerate() {
        if number > 0 {
            script.push(format!("echo progress {progress}"));
        }
        script.push(format!("hold j{number:03}"));
    }
    script.push("echo \"$LANDFAST_ATTEMPT\" >> \"$LANDFAST_JOB_ID.done\"".to_owned());
    script.join("\n")
}

/// Ends the workers also when the test fails.
struct Workers(Vec<Child>);

impl Workers {
    fn kill(&mut self) {
        for mut worker in self.0.drain(..) {
            worker.kill().unwrap();
            worker.wait().unwrap();
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for worker in &mut self.0 {
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}

/// Progress of the jobs that are worked on, by their ids.
fn in_work(sandbox: &Sandbox) -> BTreeMap<String, f64> {
    let jobs = verb(sandbox, &["list", "--status", "processing"]);
    let jobs = jobs["jobs"].as_array().unwrap().iter();
    jobs.map(|job| (job["id"].as_str().unwrap().to_owned(), job["progress"].as_f64().unwrap())).collect()
}

#[test]
fn killed_in_any_step_a_job_is_done_once_by_the_next_attempt() {
    let script = renderer();
    let expected: BTreeMap<String, f64> =
        (0..).zip(STEPS).map(|(number, progress)| (format!("j{number:03}"), f64::from(progress))).collect();
    for (name, sandbox) in Sandbox::on_every_database() {
        prepare(&sandbox, name);
        create(&sandbox, STEPS.len());
        let mut workers = Workers(Vec::new());
        for number in 0..STEPS.len() {
            let worker = format!("first-{number}");
            let arguments = ["presentations", "work", "--worker", &worker, "--lease", "3", "--command", &script];
            let child = sandbox.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            workers.0.push(child);
        }
        until("a worker in every step", || (in_work(&sandbox) == expected).then_some(()));
        workers.kill();
        // A dead worker's job stays where it is until its lease ends.
        assert_eq!(in_work(&sandbox), expected, "{name}");

        let mut recovered: Vec<String> = Vec::new();
        until("the end of all leases", || {
            let report = verb(&sandbox, &["recover", "--back-off", "0"]);
            for job in report["recovered"].as_array().unwrap() {
                assert_eq!(job["status"], "queued", "{name}: {job}");
                recovered.push(job["id"].as_str().unwrap().to_owned());
            }
            (recovered.len() >= STEPS.len()).then_some(())
        });
        recovered.sort();
        assert_eq!(recovered, expected.keys().cloned().collect::<Vec<_>>(), "{name}: each is recovered once");
        assert_eq!(verb(&sandbox, &["recover"])["recovered"], json!([]), "{name}");

        let report = verb(&sandbox, &["work", "--drain", "--worker", "second", "--command", &script]);
        assert_eq!(report["counts"], json!({"completed": STEPS.len()}), "{name}: {report}");
        assert_eq!(verb(&sandbox, &["counts"])["counts"], json!({"completed": STEPS.len()}), "{name}");
        for id in expected.keys() {
            let job = &verb(&sandbox, &["show", id])["job"];
            assert_eq!((&job["attempts"], &job["progress"]), (&2.into(), &json!(100.0)), "{name}: {job}");
            assert_eq!(job["lease"], Value::Null, "{name}: {job}");
            let done = std::fs::read_to_string(sandbox.path(&format!("{id}.done"))).unwrap();
            assert_eq!(done, "2\n", "{name}: {id} was rendered to its end once, by the second attempt");
            // What the dead worker had sent comes too late.
            let late = sandbox.expect(1, &["presentations", "finish", id, "--attempt", "1"]);
            assert!(late.stderr.contains("cannot finish"), "{name}: {late:?}");
        }
    }
}
