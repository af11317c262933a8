//! `landfast quarantine retry`.

use crate::support::{Ran, Sandbox, export_of};
use std::io::Write as _;
use std::process::Stdio;

const TABLE: &str = "task_id,name,description\nt1,One,\nt2,Two, with a comma,x\nt3,Three,\n";

fn pipe(sandbox: &Sandbox, arguments: &[&str], bytes: &[u8]) -> Ran {
    let mut command = sandbox.command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    Ran::new(arguments, child.wait_with_output().unwrap())
}

#[test]
fn a_mended_record_is_loaded_and_the_accounts_add_up() {
    for (name, sandbox) in Sandbox::on_every_database() {
        std::fs::create_dir(sandbox.path("old")).unwrap();
        std::fs::write(sandbox.path("old/tasks.csv"), TABLE).unwrap();
        sandbox.expect(3, &["import", "old"]);
        let retry = ["quarantine", "retry", "tasks.csv:3"];
        let still = sandbox.expect(1, &retry);
        assert!(still.stderr.contains("long-row") && still.stderr.contains("--from"), "{name}: {still:?}");
        assert_eq!(sandbox.expect(1, &["quarantine", "retry", "tasks.csv:9"]).stdout, "", "{name}");
        assert_eq!(sandbox.run(&["quarantine", "retry", "tasks.csv"]).code, 2, "{name}");

        std::fs::write(sandbox.path("mended"), "t2,\"Two, with a comma\",x\n").unwrap();
        let from = [&retry[..], &["--from", "mended", "--json"]].concat();
        let plan = sandbox.json(&[&from[..], &["--dry-run"]].concat());
        assert_eq!((&plan["key"], &plan["dry_run"]), (&"t2".into(), &true.into()), "{name}: {plan}");
        assert_eq!(sandbox.json(&["quarantine", "list", "--json"])["entries"].as_array().unwrap().len(), 1, "{name}");

        let done = pipe(&sandbox, &[&retry[..], &["--from", "-", "--json"]].concat(), b"t2,\"Two, with a comma\",x\n");
        assert_eq!(done.code, 0, "{name}: {done:?}");
        let done = done.json();
        let numbers =
            |of: &str| ["records", "loaded", "duplicate", "quarantined"].map(|key| done[of][key].as_u64().unwrap());
        assert_eq!((numbers("before"), numbers("after")), ([3, 2, 0, 1], [3, 3, 0, 0]), "{name}: {done}");
        sandbox.expect(1, &from);
        sandbox.expect(0, &["verify", "old", "--allow-edits"]);
        export_of(&sandbox, "out");
        let written = std::fs::read_to_string(sandbox.path("out/tasks.csv")).unwrap();
        assert_eq!(written, TABLE.replace("Two, with a comma", "\"Two, with a comma\""), "{name}");
    }
}
