//! From files to a database and back.

use crate::support::{Sandbox, export_of, sums};
use landfast_domain::Store;
use landfast_domain::imports::Lease;
use landfast_domain::time::Timestamp;
use landfast_store::{Database, DatabaseUrl, PoolOptions};
use serde_json::Value;

const AGES: [&str; 4] = ["data", "nov2025", "dec18", "mar2026"];

/// What a plan and the import that follows it must agree in.
fn accounts(report: &Value) -> [&Value; 4] {
    ["sources", "totals", "finding_totals", "unrecognised"].map(|key| &report[key])
}

fn changes(report: &Value) -> u64 {
    ["inserted", "updated", "pruned"].map(|key| report["totals"][key].as_u64().unwrap()).iter().sum()
}

#[test]
fn every_age_goes_in_is_verified_and_comes_out_byte_for_byte() {
    for age in AGES {
        let mut digests = Vec::new();
        for (name, sandbox) in Sandbox::on_every_database() {
            let source = sandbox.legacy_folder(age);
            let plan = sandbox.run(&["import", "--dry-run", &source, "--json"]);
            assert!([0, 3].contains(&plan.code), "{age} on {name}: {plan:?}");
            assert!(!sandbox.path("data").exists(), "{age} on {name}: a plan writes nothing");
            assert_eq!(sandbox.run(&["tasks", "list"]).code, 6, "{age} on {name}: not even a schema");

            let import = sandbox.expect(plan.code, &["import", &source, "--json", "--report", "report.json"]);
            let report = import.json();
            assert_eq!(report["schema"], 1);
            assert_eq!(accounts(&report), accounts(&plan.json()), "{age} on {name}");
            let written: Value =
                serde_json::from_str(&std::fs::read_to_string(sandbox.path("report.json")).unwrap()).unwrap();
            assert_eq!(written, report, "{age} on {name}");
            assert_eq!(report["verification"]["differences_total"], 0, "{age} on {name}");

            sandbox.expect(plan.code, &["verify", &source]);
            assert_eq!(export_of(&sandbox, "out"), sums(&sandbox.path(&source)), "{age} on {name}");

            let again = sandbox.expect(plan.code, &["import", &source, "--json"]).json();
            assert_eq!(changes(&again), 0, "{age} on {name}: {}", again["totals"]);
            digests.push((name, report["digests"].clone()));
        }
        for (name, digest) in &digests {
            assert!(digest.is_object(), "{age} on {name}");
            assert_eq!(*digest, digests[0].1, "{age}: {name} holds what {} holds", digests[0].0);
        }
    }
}

#[test]
fn the_answers_are_those_of_the_original_program() {
    for age in AGES {
        for (name, sandbox) in Sandbox::on_every_database() {
            let source = sandbox.legacy_folder(age);
            sandbox.run(&["import", &source, "--quiet"]);
            let files = format!("files:{source}");
            for arguments in
                [&["tasks", "averages", "--json"][..], &["tasks", "averages", "--json", "--database-url", &files]]
            {
                let answer = sandbox.json(arguments);
                let golden = crate::support::golden(age);
                for (id, methods) in golden["tasks"].as_object().unwrap() {
                    for (method, expected) in methods.as_object().unwrap() {
                        assert_eq!(answer["tasks"][id][method], *expected, "{age} on {name}: {id} {method}");
                    }
                }
                assert_eq!(
                    answer["tasks"].as_object().unwrap().len(),
                    golden["tasks"].as_object().unwrap().len(),
                    "{age} on {name}"
                );
            }
            let answers = sandbox.json(&["tasks", "answers", "--json"]);
            assert_eq!(
                sandbox.json(&["tasks", "answers", "--database-url", &files]),
                answers,
                "{age}: files answer as {name} does"
            );
            for (key, expected) in crate::support::golden(age).as_object().unwrap() {
                // The database of that version had no order of its own.
                let as_set = age == "mar2026" && key == "list_active_instances";
                let sorted = |value: &Value| {
                    let mut texts: Vec<String> = value.as_array().unwrap().iter().map(Value::to_string).collect();
                    texts.sort();
                    texts
                };
                let equal = if as_set { sorted(&answers[key]) == sorted(expected) } else { answers[key] == *expected };
                assert!(equal, "{age} on {name}: {key}: {} instead of {expected}", answers[key]);
            }
            let (id, expected) = crate::support::golden(age)["tasks"]
                .as_object()
                .unwrap()
                .iter()
                .next()
                .map(|(id, value)| (id.clone(), value.clone()))
                .unwrap();
            let one = sandbox.json(&["tasks", "averages", "--task-id", &id, "--json"]);
            assert_eq!(
                one["get_previous_task_averages"], expected["get_previous_task_averages"],
                "{age} on {name}: {id}"
            );
        }
    }
}

#[test]
fn edits_are_exported_and_nothing_else_changes() {
    for (name, sandbox) in Sandbox::on_every_database() {
        let source = sandbox.legacy_folder("mar2026");
        sandbox.run(&["import", &source]);
        let key = sandbox.json(&["tasks", "list", "--json"])["tasks"][0]["key"].as_str().unwrap().to_owned();
        sandbox.expect(0, &["tasks", "update", &key, "--description", "changed in the database"]);
        let verified = sandbox.expect(4, &["verify", &source]);
        assert!(verified.stdout.contains("changed in the database"), "{name}: {verified:?}");

        let before = sums(&sandbox.path(&source));
        let after = export_of(&sandbox, "out");
        let differing: Vec<&String> =
            before.iter().filter(|(path, sum)| after.get(*path) != Some(sum)).map(|(path, _)| path).collect();
        assert_eq!(differing, ["tasks.csv"], "{name}");
        assert_eq!(before.len(), after.len(), "{name}");
        let exported = std::fs::read_dir(sandbox.path("out")).unwrap().count();
        assert!(exported > 0, "{name}");
    }
}

#[test]
fn records_that_cannot_be_rows_are_set_aside_with_place_and_bytes() {
    for (name, sandbox) in Sandbox::on_every_database() {
        let source = sandbox.legacy_folder("nov2025");
        let path = sandbox.path(&source).join("emotions.csv");
        let mut text = std::fs::read(&path).unwrap();
        text.extend_from_slice(b"Dread,one,too,many\nCalm\n");
        std::fs::write(&path, &text).unwrap();

        let refused = sandbox.expect(1, &["import", &source, "--max-quarantined", "0"]);
        assert!(refused.stderr.contains("1 records would go into quarantine, 0 are allowed"), "{name}: {refused:?}");
        let status = sandbox.json(&["db", "status", "--json"]);
        assert!(status["rows"]["task_instances"] == 0, "{name}: nothing was written: {status}");

        let plan = sandbox.expect(3, &["import", "--dry-run", &source, "--json"]).json();
        let report = sandbox.expect(3, &["import", &source, "--json", "--max-quarantined", "1"]).json();
        assert_eq!(accounts(&report), accounts(&plan), "{name}");
        assert_eq!((&report["totals"]["quarantined"], &report["exit_code"]), (&1.into(), &3.into()), "{name}");
        let entry = &report["quarantine"][0];
        let line = entry["line"].as_u64().unwrap();
        assert_eq!((&entry["path"], &entry["code"]), (&"emotions.csv".into(), &"long-row".into()), "{name}");

        let list = sandbox.json(&["quarantine", "list", "--json"]);
        assert_eq!(list["entries"][0]["line"], line, "{name}: {list}");
        let text_list = sandbox.expect(0, &["quarantine", "list"]).stdout;
        assert!(
            text_list.contains(&format!("emotions.csv:{line}")) && text_list.contains("long-row"),
            "{name}: {text_list}"
        );
        let shown = sandbox.expect(0, &["quarantine", "show", &format!("emotions.csv:{line}")]).stdout;
        assert!(shown.contains("Dread,one,too,many"), "{name}: {shown}");
        sandbox.expect(0, &["quarantine", "export", "aside"]);
        let raw: Vec<Vec<u8>> = walk(&sandbox.path("aside"));
        assert!(raw.iter().any(|bytes| bytes.windows(18).any(|part| part == b"Dread,one,too,many")), "{name}");
        assert_eq!(export_of(&sandbox, "out"), sums(&sandbox.path(&source)), "{name}: set aside is not lost");
        sandbox.expect(3, &["verify", &source]);
    }
}

fn walk(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(std::fs::read(&path).unwrap()) }
    }
    files
}

#[test]
fn another_migrator_ends_with_5() {
    for (name, sandbox) in Sandbox::on_every_database() {
        let source = sandbox.legacy_folder("nov2025");
        sandbox.expect(0, &["db", "migrate"]);
        let store = open(&sandbox);
        let store: &dyn Store = &store;
        let lease = Lease {
            name: "import".to_owned(),
            holder: "elsewhere.example/1/1/x".to_owned(),
            expires_at: Timestamp::parse("9999-01-01 00:00").unwrap(),
        };
        let now = Timestamp::parse("2026-01-01 00:00").unwrap();
        assert_eq!(store.write(|repositories| repositories.imports()?.acquire_lease(&lease, now)).unwrap(), None);
        let ran = sandbox.expect(5, &["import", &source]);
        assert!(ran.stderr.contains("elsewhere.example"), "{name}: {ran:?}");
        store.write(|repositories| repositories.imports()?.release_lease("import", &lease.holder)).unwrap();
        sandbox.expect(0, &["import", &source]);
    }
}

fn open(sandbox: &Sandbox) -> Database {
    let url = sandbox
        .variable("DATABASE_URL")
        .map_or_else(|| DatabaseUrl::sqlite(sandbox.path("data/landfast.db")), |url| DatabaseUrl::parse(url).unwrap());
    Database::open(&url, PoolOptions::default()).unwrap()
}

#[test]
fn what_is_no_legacy_data_is_a_failure_that_names_it() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("music")).unwrap();
    std::fs::write(sandbox.path("music/tasks.csv"), "title,artist\n").unwrap();
    for arguments in [&["import", "music"][..], &["import", "--dry-run", "music"], &["import", "absent"]] {
        let ran = sandbox.expect(1, arguments);
        assert!(ran.stderr.contains(arguments.last().unwrap()), "{ran:?}");
    }
}

#[test]
fn sources_may_lie_beside_the_database() {
    let sandbox = Sandbox::new();
    crate::support::copy_legacy("dec18", &sandbox.path("data"));
    let before = sums(&sandbox.path("data"));
    sandbox.expect(0, &["import", "data"]);
    let second = sandbox.expect(0, &["import", "data", "--json"]).json();
    assert_eq!(changes(&second), 0);
    assert_eq!(second["unrecognised"].as_array().unwrap().len(), 0, "{}", second["unrecognised"]);
    assert_eq!(export_of(&sandbox, "out"), before);
}

#[test]
fn values_are_mended_on_request_only_and_once() {
    for (name, sandbox) in Sandbox::on_every_database() {
        let source = sandbox.legacy_folder("dec18");
        let plain = sandbox.expect(0, &["import", &source, "--json"]).json();
        assert!(plain["repairs"].is_null(), "{name}: {}", plain["repairs"]);
        assert_eq!(sandbox.expect(2, &["import", &source, "--repair-scale", "soon"]).code, 2, "{name}");
        let repairs = |report: &Value| report["repairs"].as_array().map_or(0, Vec::len);
        let mended = sandbox.expect(0, &["import", &source, "--repair-relief", "--json"]).json();
        assert!(repairs(&mended) > 0, "{name}: {}", mended["totals"]);
        assert_eq!(repairs(&sandbox.expect(0, &["import", &source, "--repair-relief", "--json"]).json()), 0, "{name}");
        sandbox.expect(4, &["verify", &source]);
        sandbox.expect(0, &["verify", &source, "--allow-edits"]);
        sandbox.expect(0, &["verify", "--allow-edits"]);
    }
}

#[test]
fn records_gone_from_a_file_stay_unless_they_are_pruned() {
    for (name, sandbox) in Sandbox::on_every_database() {
        let source = sandbox.legacy_folder("dec18");
        sandbox.expect(0, &["import", &source]);
        let path = sandbox.path(&source).join("emotions.csv");
        let without_last_line = |path: &std::path::Path| {
            let text = std::fs::read_to_string(path).unwrap();
            let end = text.trim_end().rfind('\n').unwrap() + 1;
            std::fs::write(path, text.get(..end).unwrap()).unwrap();
        };
        let count = || sandbox.json(&["tasks", "emotions", "list", "--json"])["emotions"].as_array().unwrap().len();
        let before = count();
        without_last_line(&path);
        let kept = sandbox.expect(0, &["import", &source, "--json"]).json();
        assert_eq!((&kept["totals"]["gone"], count()), (&1.into(), before), "{name}: {}", kept["totals"]);
        without_last_line(&path);
        let pruned = sandbox.expect(0, &["import", &source, "--prune", "--json"]).json();
        assert_eq!(pruned["totals"]["pruned"], 1, "{name}: {}", pruned["totals"]);
        assert_eq!(count(), before - 1, "{name}");
    }
}
