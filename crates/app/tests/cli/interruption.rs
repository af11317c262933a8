//! Killed anywhere, the same command ends in the same state.

use crate::support::{Sandbox, export_of, sums};
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Moments to kill at, in milliseconds after the start; different in every run.
fn moments(count: u32, up_to: u64) -> Vec<u64> {
    let mut state = u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos()) | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % up_to
        })
        .collect()
}

#[test]
fn killed_at_any_moment_the_next_run_ends_in_the_same_state() {
    for (name, sandbox) in Sandbox::on_every_database() {
        sandbox.expect(0, &["demo-data", "old", "--area", "tasks", "--scale", "6"]);
        let clean = Sandbox::new();
        clean.expect(0, &["demo-data", "old", "--area", "tasks", "--scale", "6"]);
        let begin = std::time::Instant::now();
        let expected = clean.expect(0, &["import", "old", "--json"]).json();
        let took = u64::try_from(begin.elapsed().as_millis()).unwrap();

        let moments = moments(6, took / 2);
        for moment in &moments {
            let mut child =
                sandbox.command(&["import", "old"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(*moment));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        sandbox.expect(0, &["import", "old"]);
        let verified = sandbox.expect(0, &["verify", "old", "--json"]).json();
        assert_eq!(verified["digests"], expected["digests"], "{name}: killed at {moments:?} of {took} ms");
        assert_eq!(verified["verification"]["differences_total"], 0, "{name}: killed at {moments:?} of {took} ms");
        assert_eq!(
            export_of(&sandbox, "out"),
            sums(&sandbox.path("old/tasks")),
            "{name}: killed at {moments:?} of {took} ms"
        );
    }
}

#[test]
fn an_interrupt_ends_with_130_and_the_same_command_goes_on() {
    for (name, sandbox) in Sandbox::on_every_database() {
        sandbox.expect(0, &["demo-data", "old", "--scale", "4"]);
        let mut moment = 100;
        // A signal may come before the program listens for it; then the next one comes after twice the time.
        let (code, errors) = loop {
            let mut child =
                sandbox.command(&["import", "old"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(moment));
            let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
            assert!(sent.success());
            let mut errors = String::new();
            std::io::Read::read_to_string(child.stderr.as_mut().unwrap(), &mut errors).unwrap();
            match child.wait().unwrap().code() {
                Some(code) => break (code, errors),
                None => moment *= 2,
            }
        };
        assert_eq!(code, 130, "{name}: after {moment} ms: {errors}");
        assert!(errors.contains("same command"), "{name}: {errors}");
        sandbox.expect(0, &["import", "old"]);
        sandbox.expect(0, &["verify", "old"]);
    }
}
