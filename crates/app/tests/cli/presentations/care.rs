//! Recovery and retention.

use super::{create, prepare, verb};
use crate::support::Sandbox;
use serde_json::json;

#[test]
fn lost_jobs_with_a_video_are_for_a_person() {
    let sandbox = Sandbox::new();
    prepare(&sandbox, "sqlite");
    create(&sandbox, 3);
    for id in ["j000", "j001"] {
        assert_eq!(verb(&sandbox, &["claim", "--worker", "w", "--lease", "0"])["job"]["id"], id);
        let file = format!("output/presentations/slide_1_{id}.mp4");
        verb(&sandbox, &["report", id, "--attempt", "1", "--file", &file, "--file", "../secret"]);
        std::fs::create_dir_all(sandbox.path("service/output/presentations")).unwrap();
        std::fs::write(sandbox.path("service").join(&file), "part").unwrap();
    }
    std::fs::write(sandbox.path("secret"), "x").unwrap();
    let video = "output/presentations/presentation_j000.mp4";
    std::fs::write(sandbox.path("service").join(video), "video").unwrap();
    let recovered = verb(&sandbox, &["recover", "--root", "service"]);
    let removed = "output/presentations/slide_1_j001.mp4";
    assert_eq!(
        recovered["recovered"],
        json!([
            { "id": "j000", "status": "failed", "files": [], "removed": [] },
            { "id": "j001", "status": "queued", "files": [removed], "removed": [removed] },
        ])
    );
    assert!(sandbox.path("service").join(video).exists() && sandbox.path("secret").exists());
    assert!(!sandbox.path("service").join(removed).exists());
    assert_eq!(verb(&sandbox, &["show", "j000"])["job"]["found_video"], video);
}

#[test]
fn old_jobs_go_with_their_files() {
    for (name, sandbox) in Sandbox::on_every_store() {
        prepare(&sandbox, name);
        let at = |time: &str, arguments: &[&str]| {
            let mut all = vec!["--at", time];
            all.extend(arguments);
            verb(&sandbox, &all)
        };
        for (id, day) in [("old", "2026-03-01"), ("young", "2026-03-07")] {
            let time = format!("{day} 09:00");
            at(&time, &["create", "--request", "request.json", "--id", id]);
            at(&time, &["claim", "--worker", "w"]);
            let file = format!("output/{id}.mp4");
            at(
                &time,
                &["report", id, "--attempt", "1", "--file", &file, "--file", "output/shared.mp4", "--file", "keep.txt"],
            );
            at(&time, &["finish", id, "--attempt", "1"]);
            std::fs::create_dir_all(sandbox.path("service/output")).unwrap();
            std::fs::write(sandbox.path("service").join(file), "v").unwrap();
        }
        for file in ["service/output/shared.mp4", "service/keep.txt"] {
            std::fs::write(sandbox.path(file), "v").unwrap();
        }
        // Exactly seven days stay.
        let none = at("2026-03-08 09:00", &["clean", "--dry-run"]);
        assert_eq!(none["removals"], json!([]), "{name}");
        let plan = at("2026-03-08 09:01", &["clean"]);
        assert_eq!(
            (plan["removals"].as_array().unwrap().len(), &plan["removals"][0]["id"]),
            (1, &"old".into()),
            "{name}: {plan}"
        );
        assert_eq!(verb(&sandbox, &["counts"])["total"], 2, "{name}");
        let cleaned = at("2026-03-08 09:01", &["clean", "--execute", "--root", "service"]);
        assert_eq!((&cleaned["deleted"], &cleaned["files_removed"]), (&1.into(), &1.into()), "{name}: {cleaned}");
        assert!(!sandbox.path("service/output/old.mp4").exists(), "{name}");
        for file in ["output/young.mp4", "output/shared.mp4", "keep.txt"] {
            assert!(sandbox.path("service").join(file).exists(), "{name}: {file}");
        }
        let kept = at("2026-03-15 09:01", &["clean", "--execute", "--keep-files"]);
        assert_eq!((&kept["deleted"], &kept["files_removed"]), (&1.into(), &0.into()), "{name}: {kept}");
        assert!(sandbox.path("service/output/young.mp4").exists(), "{name}");
    }
}
