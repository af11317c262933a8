//! Delivery, presentations and runs in the file store.

mod changes;
mod crash;
mod damage;
mod dump;
mod properties;
mod samples;

use landfast_domain::delivery::{ProfileId, QueryId, QueryKey};
use landfast_domain::time::Timestamp;

/// Files of a small store with something of every area.
const SMALL: [(&str, &[u8]); 12] = [
    ("tasks.csv", b"task_id,name\nt1,old\n"),
    ("profiles/profiles.json", br#"{"version": "3.0", "profiles": {"p": {"name": "P", "queries": ["q"]}}, "odd": 1.50}"#),
    ("profiles/p/profile.json", br#"{"name": "P", "forecast_settings": {}, "n": 1.0}"#),
    ("profiles/p/queries/q/query.json", br#"{ "name": "Q", "jql": "a" }"#),
    ("profiles/p/queries/q/project_data.json", br#"{"statistics": [], "metadata": {"version": "2.0"}}"#),
    ("profiles/p/notes.txt", b"mine"),
    ("task_progress.json", br#"{"status": "complete", "x": 1}"#),
    (
        "presentation_jobs.snapshot.json",
        br#"{ "format": "presentation-jobs-snapshot", "version": 1, "utc_offset_minutes": 60, "jobs": [
 {"job_id": "j1", "status": "queued", "progress": 0.0, "created_at": "2025-11-10T10:00:00", "x": 1.50},
 {"job_id": "j2",  "status": "failed", "error": "e", "created_at": "2025-11-10T11:00:00"}, 7 ], "more": NaN }
"#,
    ),
    (
        "runs/r1/run_state.json",
        br#"{ "run_id": "r1", "status": "pending", "source": "x", "created_at": "2025-12-09T14:05:14.746Z", "zone": 1.50 }"#,
    ),
    ("runs/r1/output/result.csv", b"1,2\n"),
    ("outputs/u1/manifest.json", br#"{"schema_id":"dynoai.manifest@1","run_id":"m1","status":{"code":"success"},"outputs":[]}"#),
    ("outputs/u1/m1.manifest.json", br#"{"schema_id":"dynoai.manifest@1","run_id":"m1","status":{"code":"success"},"outputs":[]}"#),
];

fn key(profile: &str, query: &str) -> QueryKey {
    QueryKey::new(ProfileId::new(profile).unwrap(), QueryId::new(query).unwrap())
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}
