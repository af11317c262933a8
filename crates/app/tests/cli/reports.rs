//! Reports as files: JSON, and pages that need nothing else.

use crate::support::Sandbox;
use serde_json::Value;

fn page(sandbox: &Sandbox, name: &str) -> String {
    let page = std::fs::read_to_string(sandbox.path(name)).unwrap();
    // One file, no network, no scripts.
    for part in ["<script", "<link", "<img", "<iframe", "http://", "https://", "url(", "@import", " src=", "onclick"] {
        assert!(!page.contains(part), "{name} contains {part}");
    }
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"), "{name}");
    for part in ["prefers-color-scheme:dark", "@media print", "lang=\"en\"", "name=\"viewport\""] {
        assert!(page.contains(part), "{name} lacks {part}");
    }
    page
}

#[test]
fn plan_import_and_verification_are_written_as_pages_and_as_json() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["demo-data", "old"]);
    std::fs::write(sandbox.path("old/tasks/notes.csv"), "note_id,content\nn1,<b>&\"Fine\"\nn2,\"open <script>\n")
        .unwrap();
    let files = |name: &str| [format!("{name}.html"), format!("{name}.json")];
    for (name, arguments) in
        [("plan", &["import", "--dry-run", "old"][..]), ("import", &["import", "old"]), ("verify", &["verify", "old"])]
    {
        let [html, json] = files(name);
        let arguments = [arguments, &["--report", &html, "--report", &json]].concat();
        sandbox.expect(3, &arguments);
        let page = page(&sandbox, &html);
        let report: Value = serde_json::from_str(&std::fs::read_to_string(sandbox.path(&json)).unwrap()).unwrap();
        assert_eq!((&report["schema"], &report["exit_code"]), (&1.into(), &3.into()), "{name}");
        assert!(page.contains("notes.csv") && page.contains("unterminated-quote"), "{name}");
        assert!(page.contains("class=\"loaded\"") && page.contains("class=\"quarantined\""), "{name}");
        let listed = report["findings"].as_array().unwrap();
        assert!(name == "verify" || listed.len() > 30, "{name}: {}", listed.len());
        for finding in listed {
            assert!(page.contains(finding["code"].as_str().unwrap()), "{name}: {finding}");
        }
        for source in report["sources"].as_array().unwrap() {
            for file in source["files"].as_array().unwrap() {
                assert!(page.contains(file["path"].as_str().unwrap()), "{name}: {file}");
            }
        }
        let has_times = page.contains("Time of each stage");
        assert_eq!(has_times, name != "plan", "{name}");
        assert_eq!(page.contains("Disk space free"), name == "plan", "{name}");
        assert_eq!(page.contains("id=\"verification\""), name != "plan", "{name}");
    }
    let mut names: Vec<_> = std::fs::read_dir(sandbox.path("")).unwrap().map(|one| one.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names.len(), 8, "six reports, the data and the sources: {names:?}");
}

#[test]
fn a_report_that_cannot_be_written_is_a_failure_that_says_what_is_done() {
    let sandbox = Sandbox::new();
    let source = sandbox.legacy_folder("mar2026");
    let ran = sandbox.expect(1, &["import", &source, "--report", "missing/run.html"]);
    assert!(ran.stderr.contains("the import is done") && ran.stderr.contains("missing/run.html"), "{ran:?}");
    sandbox.expect(0, &["verify", &source, "--report", "check.html"]);
    assert!(page(&sandbox, "check.html").contains("Source and database agree"));
}

#[test]
fn older_copies_of_the_sources_are_removed() {
    let sandbox = Sandbox::new().with("LANDFAST_KEEP_BACKUPS", "2");
    std::fs::create_dir(sandbox.path("old")).unwrap();
    let import = |number: usize, more: &[&str]| {
        let table = format!("task_id,name\nt1,Number {number}\n");
        std::fs::write(sandbox.path("old/tasks.csv"), table).unwrap();
        sandbox.expect(0, &[&["import", "old", "--json"], more].concat()).json()
    };
    let copies = || std::fs::read_dir(sandbox.path("data/backups")).unwrap().count();
    for number in 0..4 {
        let removed = import(number, &[])["removed_backups"].as_array().unwrap().len();
        assert_eq!((removed, copies()), if number < 2 { (0, number + 1) } else { (1, 2) });
    }
    import(9, &["--keep-backups", "0"]);
    assert_eq!(copies(), 3);
    assert_eq!(import(10, &["--keep-backups", "1"])["removed_backups"].as_array().unwrap().len(), 3);
    std::fs::write(sandbox.path("old/tasks.csv"), "task_id,name\nspoiled,X\n").unwrap();
    sandbox.expect(0, &["rollback"]);
    assert!(std::fs::read_to_string(sandbox.path("old/tasks.csv")).unwrap().contains("Number 10"));
}
