//! Progress of background tasks.

use super::{in_vain, read, write};
use crate::contract::support::{OWN_PREFIX, unique};
use landfast_domain::delivery::{Moment, TaskProgress, TaskStatus};
use landfast_domain::{Error, Store};

fn progress(name: &str, percent: f64, status: TaskStatus, message: &str) -> TaskProgress {
    TaskProgress {
        task_name: name.to_owned(),
        percent,
        status,
        message: message.to_owned(),
        updated_at: Moment::read("2025-12-17T09:55:00.5"),
    }
}

/// Progress of a task is replaced by later progress, and gone once it is cleared.
pub fn task_progress_is_kept_and_cleared(store: &dyn Store) {
    let name = unique(OWN_PREFIX);
    assert_eq!(read(store, |d| d.get_task_progress(&name)), None);
    for (percent, status, message) in [
        (0.0, TaskStatus::Running, ""),
        (33.333_333_333_333_336, TaskStatus::Failed, "läuft \u{1f331}\n…"),
        (100.0, TaskStatus::Completed, "done"),
    ] {
        let progress = progress(&name, percent, status, message);
        write(store, |d| d.save_task_progress(&progress));
        assert_eq!(read(store, |d| d.get_task_progress(&name)), Some(progress));
    }
    write(store, |d| d.clear_task_progress(&name));
    write(store, |d| d.clear_task_progress(&name));
    assert_eq!(read(store, |d| d.get_task_progress(&name)), None);
}

/// Progress is listed by the bytes of the tasks' names.
pub fn task_progress_is_listed_by_name(store: &dyn Store) {
    let start = unique(OWN_PREFIX);
    let listed = in_vain(store, |d| {
        for end in ["b", "ä", "B", "a"] {
            d.save_task_progress(&progress(&format!("{start}{end}"), 1.0, TaskStatus::Running, ""))?;
        }
        d.list_task_progress()
    });
    let ends: Vec<&str> = listed.iter().filter_map(|progress| progress.task_name.strip_prefix(&start)).collect();
    assert_eq!(ends, ["B", "a", "b", "ä"]);
}

/// A percentage outside of 0 to 100 is refused, and what was kept stays.
pub fn impossible_percentages_are_refused(store: &dyn Store) {
    let name = unique(OWN_PREFIX);
    let kept = progress(&name, 5.0, TaskStatus::Running, "");
    write(store, |d| d.save_task_progress(&kept));
    write(store, |d| {
        for percent in [-0.1, 100.000_001, f64::NAN, f64::INFINITY] {
            let refused = d.save_task_progress(&progress(&name, percent, TaskStatus::Running, ""));
            assert!(matches!(refused, Err(Error::Invalid { field: "percent", .. })), "{percent}");
        }
        Ok(())
    });
    assert_eq!(read(store, |d| d.get_task_progress(&name)), Some(kept));
    write(store, |d| d.clear_task_progress(&name));
}

/// The document of the background task is one text, which comes back with every byte.
pub fn the_task_document_is_one_text(store: &dyn Store) {
    let found = in_vain(store, |d| {
        let mut found = Vec::new();
        for document in ["{\"status\": \"in_progress\", \"n\": 1.50}", "{ \"ä\u{301}\": \"\\ud800\" }\r\n"] {
            d.save_task_state(document)?;
            found.push(d.get_task_state()?);
        }
        d.clear_task_state()?;
        found.push(d.get_task_state()?);
        d.clear_task_state()?;
        Ok(found)
    });
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        found,
        [text("{\"status\": \"in_progress\", \"n\": 1.50}"), text("{ \"ä\u{301}\": \"\\ud800\" }\r\n"), None]
    );
}
