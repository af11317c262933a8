//! `landfast archive`.

use crate::support::{Sandbox, sums};

#[test]
fn a_clean_import_of_all_areas_is_packed_with_its_hashes() {
    for (name, sandbox) in Sandbox::on_every_database() {
        sandbox.expect(0, &["demo-data", "old", "--tidy"]);
        sandbox.expect(0, &["import", "old", "--quiet"]);
        let before = sums(&sandbox.path("old"));
        let plan = sandbox.json(&["archive", "attic", "--dry-run", "--json"]);
        assert!(!sandbox.path("attic").exists(), "{name}: a plan writes nothing");
        let done = sandbox.json(&["archive", "attic", "--json"]);
        let archives = done["archives"].as_array().unwrap();
        assert_eq!(archives.len(), 4, "{name}: {done}");
        let packed = sums(&sandbox.path("attic"));
        for (one, planned) in archives.iter().zip(plan["archives"].as_array().unwrap()) {
            assert_eq!((&one["files"], &one["bytes"]), (&planned["files"], &planned["bytes"]), "{name}");
            let path = one["archive"].as_str().unwrap().rsplit('/').next().unwrap();
            assert_eq!(packed[path], one["sha256"], "{name}: {path}");
            let beside = std::fs::read_to_string(sandbox.path(&format!("attic/{path}.sha256"))).unwrap();
            assert_eq!(beside, format!("{}  {path}\n", one["sha256"].as_str().unwrap()), "{name}");
        }
        assert_eq!(packed.len(), 8, "{name}: nothing else is left in the folder");
        assert_eq!(sums(&sandbox.path("old")), before, "{name}: nothing was removed");
        if name == "sqlite" {
            let text = sandbox.expect(0, &["archive", "attic"]).stdout;
            assert!(text.contains("read back") && text.contains("presentations"), "{name}: {text}");
        }
    }
}

#[test]
fn differences_and_records_in_quarantine_are_not_packed() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("old")).unwrap();
    std::fs::write(sandbox.path("old/tasks.csv"), "task_id,name\nt1,One\n").unwrap();
    sandbox.expect(0, &["import", "old"]);
    std::fs::write(sandbox.path("old/tasks.csv"), "task_id,name\nt1,One\nt2,\"open\n").unwrap();
    let refused = sandbox.expect(4, &["archive", "attic"]);
    assert!(refused.stderr.contains("1 differences"), "{refused:?}");
    sandbox.expect(3, &["import", "old"]);
    let refused = sandbox.expect(3, &["archive", "attic"]);
    assert!(refused.stderr.contains("quarantine list"), "{refused:?}");
    assert!(!sandbox.path("attic").exists());
}
