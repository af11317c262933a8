//! `landfast rollback`.

use crate::support::{Sandbox, sums};

#[test]
fn folders_are_put_back_and_their_later_state_is_kept() {
    for (name, sandbox) in Sandbox::on_every_database() {
        sandbox.expect(0, &["demo-data", "old", "--tidy"]);
        sandbox.expect(0, &["import", "old", "--quiet"]);
        let before = sums(&sandbox.path("old"));
        std::fs::write(sandbox.path("old/tasks/emotions.csv"), "emotion\nspoiled\n").unwrap();
        std::fs::remove_file(sandbox.path("old/delivery/profiles/profiles.json")).unwrap();
        std::fs::write(sandbox.path("old/tasks/mine.txt"), "never imported").unwrap();
        let spoiled = sums(&sandbox.path("old"));

        let plan = sandbox.json(&["rollback", "--dry-run", "--json"]);
        let restored = |report: &serde_json::Value| -> Vec<String> {
            let folders = report["folders"].as_array().unwrap();
            let files = folders.iter().flat_map(|folder| folder["restored"].as_array().unwrap());
            files.map(|file| file.as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(restored(&plan), ["profiles/profiles.json", "emotions.csv"], "{name}: {plan}");
        assert_eq!(sums(&sandbox.path("old")), spoiled, "{name}: a plan changes nothing");

        let text = sandbox.expect(0, &["rollback", "old/tasks"]).stdout;
        assert!(text.contains("1 file put back") && text.contains("before-rollback-1"), "{name}: {text}");
        assert!(!sandbox.path("old/delivery/profiles/profiles.json").exists(), "{name}: only the named folder");
        sandbox.expect(0, &["rollback"]);
        let mut after = sums(&sandbox.path("old"));
        assert!(after.remove("tasks/mine.txt").is_some(), "{name}: a file that was never imported stays");
        after.retain(|path, _| !path.contains("before-rollback"));
        assert_eq!(after, before, "{name}");
        let kept = std::fs::read_to_string(sandbox.path("old/tasks.before-rollback-1/emotions.csv")).unwrap();
        assert_eq!(kept, "emotion\nspoiled\n", "{name}");
        assert!(sandbox.expect(0, &["rollback"]).stdout.contains("nothing to do"), "{name}");
    }
}

#[test]
fn without_an_intact_backup_nothing_is_changed() {
    let sandbox = Sandbox::new();
    let source = sandbox.legacy_folder("nov2025");
    assert_eq!(sandbox.run(&["rollback"]).code, 6, "there is no database yet");
    sandbox.run(&["import", &source]);
    std::fs::write(sandbox.path(&format!("{source}/emotions.csv")), "emotion\nspoiled\n").unwrap();
    let spoiled = sums(&sandbox.path(&source));
    let backup = std::fs::read_dir(sandbox.path("data/backups")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(backup.join("emotions.csv"), "emotion\nlost\n").unwrap();
    let refused = sandbox.expect(1, &["rollback"]);
    assert!(refused.stderr.contains("emotions.csv"), "{refused:?}");
    assert_eq!(sums(&sandbox.path(&source)), spoiled);
}
