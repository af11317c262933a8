//! The queue of rendering jobs: its verbs, its workers, and what a crash leaves.

mod care;
#[cfg(unix)]
mod killed;
mod life;
mod workers;

use crate::support::Sandbox;
use serde_json::Value;
use std::time::Duration;

const REQUEST: &str = r#"{"slide_url": "", "voiceover_texts": ["a"], "slides_data": [{"templateId": "x"}, {"templateId": "y"}],
  "theme": null, "avatar_code": null, "slide_only": false, "use_avatar_mask": true, "duration": 30.0, "layout": "split_screen",
  "quality": "high", "resolution": [1920, 1080], "project_name": "P", "voice_id": null, "voice_provider": null, "transitions": []}"#;

fn prepare(sandbox: &Sandbox, name: &str) {
    if name != "files" {
        sandbox.expect(0, &["db", "migrate"]);
    }
    std::fs::write(sandbox.path("request.json"), REQUEST).unwrap();
}

fn verb(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let mut all = vec!["presentations", "--json"];
    all.extend(arguments);
    sandbox.json(&all)
}

/// Makes jobs in four processes at a time; their ids are `j000` and so on.
fn create(sandbox: &Sandbox, count: usize) {
    // A few are made one after the other, so that their order is known.
    let processes = if count < 10 { 1 } else { 4 };
    std::thread::scope(|scope| {
        for part in 0..processes {
            scope.spawn(move || {
                for number in (part..count).step_by(processes) {
                    let id = format!("j{number:03}");
                    sandbox.expect(0, &["presentations", "create", "--request", "request.json", "--id", &id]);
                }
            });
        }
    });
}

/// Waits for what another process does, but not for ever.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} did not happen");
}
