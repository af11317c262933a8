//! The published table of which damage each check sees: every line is planted and looked for.

use crate::damage_plants::{PLANTS, Place};
use crate::support::{Bench, clock, copy_folder};
use landfast_cutover::{Quiet, TableDigest, VerifyRequest, digests, verify};
use landfast_domain::accounts::UserId;
use landfast_store::{Database, DatabaseUrl};
use landfast_testkit::databases::open;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Columns of the table: the checks of a verification, then two of their own.
const COLUMNS: [&str; 10] =
    ["count", "rows", "document", "files", "quarantine", "pieces", "source", "backup", "digests", "db check"];

/// A bench with data of all four areas, imported, and a copy of its database in a file of its own, which can be
/// damaged.
pub(crate) struct Planted {
    pub(crate) bench: Bench,
    pub(crate) file: PathBuf,
}

fn planted() -> Planted {
    let bench = Bench::new();
    bench.write("tasks/tasks.csv", b"task_id,name,mood\na,A,x\nb,B,y\nlong,row,with,surplus\nc,C,z\n");
    bench.write("tasks/emotions.csv", b"emotion\nJoy\n");
    let delivery = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/delivery/legacy/profiles");
    copy_folder(&delivery.join("p_79cb9e86830c"), &bench.source().join("delivery/profiles/p_79cb9e86830c"));
    bench.write(
        "jobs/presentation_jobs.snapshot.json",
        br#"[{"job_id": "a", "status": "queued", "progress": 0.0, "created_at": "2025-11-10T12:00:00"}]"#,
    );
    let state = r#"{"run_id":"r","status":"complete","source":"upload","created_at":"2025-12-06T00:25:29.121Z","updated_at":"2025-12-06T00:25:29.121Z"}"#;
    bench.write("work/runs/r/run_state.json", state.as_bytes());
    bench.write("work/runs/r/output/manifest.json", br#"{"schema_id":"dynoai.manifest@1","run_id":"r","status":{"code":"success","message":"OK","last_stage":"export"},"input":{"path":"in.csv"},"timing":{"start":"2025-12-06T00:25:29.121Z","end":"2025-12-06T00:25:29.261Z"},"outputs":[{"name":"VE.csv","path":"VE.csv","type":"csv","size_bytes":4}]}"#);
    bench.write("work/runs/r/output/VE.csv", b"1,2\n");
    assert_eq!(bench.import().exit_code, 3);
    let url = bench.database.url().unwrap();
    let file = bench.root.path().join("copy.db");
    open(url).snapshot(&file).unwrap();
    Planted { bench, file }
}

impl Planted {
    pub(crate) fn database(&self) -> Database {
        open(&DatabaseUrl::sqlite(&self.file))
    }

    /// Checks that find something.
    fn seen(&self, before: &BTreeMap<String, TableDigest>) -> BTreeSet<String> {
        let database = self.database();
        let (paths, backups) = ([self.bench.source()], self.bench.backups());
        let request = VerifyRequest {
            paths: &paths,
            user: UserId::guest(),
            backup_root: Some(&backups),
            allow_edits: false,
            limits: self.bench.limits,
            runs: landfast_cutover::RunOptions::default(),
            clock: &clock,
        };
        let mut seen = BTreeSet::new();
        let report = verify(&database, &request, &Quiet, &AtomicBool::new(false)).unwrap();
        let checks = report.verification.unwrap().checks;
        seen.extend(checks.into_iter().filter(|(_, check)| check.differences > 0).map(|(name, _)| name));
        if *before != digests(&database, &UserId::guest()).unwrap() {
            seen.insert("digests".to_owned());
        }
        if !database.migrations().check().unwrap().is_empty() {
            seen.insert("db check".to_owned());
        }
        seen
    }
}

fn line(damage: &str, seen: &BTreeSet<String>) -> String {
    let cells = COLUMNS.map(|column| if seen.contains(column) { "sees" } else { "–" });
    format!("| {damage} | {} |", cells.join(" | "))
}

#[test]
fn every_planted_damage_is_seen_by_exactly_the_checks_the_published_table_names() {
    let clean = planted();
    let before = digests(&clean.database(), &UserId::guest()).unwrap();
    assert_eq!(clean.seen(&before), BTreeSet::new(), "nothing is seen where there is no damage");
    let mut lines =
        vec![format!("| damage | {} |", COLUMNS.join(" | ")), format!("|---|{}", "---|".repeat(COLUMNS.len()))];
    for (damage, place, plant) in PLANTS {
        let planted = planted();
        plant(&planted);
        let seen = planted.seen(&before);
        assert!(seen.iter().all(|name| COLUMNS.contains(&name.as_str())), "{damage}: {seen:?}");
        assert!(*place == Place::Unseen || !seen.is_empty(), "{damage}: no check sees it");
        lines.push(line(damage, &seen));
    }
    let table = lines.join("\n");
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/RELIABILITY.md");
    let text = fs::read_to_string(docs).unwrap();
    assert!(text.contains(&table), "docs/RELIABILITY.md must hold this table:\n{table}\n");
}
