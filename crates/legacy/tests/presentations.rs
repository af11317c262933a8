//! Snapshots of rendering jobs: made-up ones for every rule, and the sample.

#![expect(clippy::unwrap_used, reason = "tests may panic, also in their helpers")]

use landfast_domain::presentations::memory::MemoryPresentations;
use landfast_domain::presentations::snapshot::{Merge, merge};
use landfast_domain::presentations::{
    EXTERNAL_OWNER, INTERRUPTED, JobId, JobStatus, PresentationJob, PresentationRepository, back_off, codes, recovery,
};
use landfast_domain::time::Timestamp;
use landfast_legacy::presentations::{
    EntryOutcome, InFlight, Refused, Shape, Snapshot, fresh, is_snapshot, read, rewrite,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

fn envelope(jobs: &str) -> String {
    format!(
        r#"{{ "format": "presentation-jobs-snapshot", "version": 1, "taken_at": "2025-11-10T13:00:00",
 "utc_offset_minutes": 60, "service": {{"name": "x", "n": 1.50}}, "heartbeat_tasks": ["a"], "jobs": {jobs}, "more": NaN }}
"#
    )
}

fn entry(id: &str, status: &str, rest: &str) -> String {
    format!(
        r#"{{"job_id": "{id}", "status": "{status}", "progress": 100.0, "error": "e", "video_url": "/v",
   "created_at": "2025-11-10T10:00:00", "completed_at": "2025-11-10T11:00:00"{rest}}}"#
    )
}

fn load(text: &str) -> Snapshot {
    read(text.as_bytes(), InFlight::Interrupted).unwrap()
}

fn by_id(snapshot: &Snapshot) -> BTreeMap<JobId, PresentationJob> {
    snapshot.jobs().map(|job| (job.id.clone(), job.clone())).collect()
}

fn codes_of(snapshot: &Snapshot) -> Vec<&'static str> {
    snapshot.all_findings().map(|finding| finding.code).collect()
}

fn written(text: &str, jobs: &BTreeMap<JobId, PresentationJob>) -> String {
    String::from_utf8(rewrite(text.as_bytes(), jobs).unwrap()).unwrap()
}

#[test]
fn all_accepted_shapes_hold_the_same_jobs() {
    let (a, b) = (entry("a", "completed", ""), entry("b", "failed", ""));
    let list = envelope(&format!("[\n  {a},\n  {b}\n ]"));
    let keyed = envelope(&format!("{{ \"a\" : {a}, \"b\":{b} }}"));
    let bare = format!(" [{a},{b} ]\n");
    let bom = format!("\u{feff}{list}");
    for (text, shape, base, extra) in [
        (&list, Shape::List, 3600, vec![]),
        (&keyed, Shape::ById, 3600, vec![]),
        (&bare, Shape::Bare, 0, vec![codes::OFFSET_MISSING]),
        (&bom, Shape::List, 3600, vec![codes::BOM]),
    ] {
        assert!(is_snapshot(text.as_bytes()));
        let snapshot = load(text);
        assert_eq!((snapshot.shape, snapshot.base.naive_offset, codes_of(&snapshot)), (shape, base, extra));
        assert_eq!(snapshot.jobs().map(|job| job.id.to_string()).collect::<Vec<_>>(), ["a", "b"]);
        for entry in &snapshot.entries {
            assert!(text.get(entry.offset..entry.end).unwrap().ends_with(&entry.text));
            assert_eq!(usize::try_from(entry.line), Ok(1 + text.get(..entry.offset).unwrap().matches('\n').count()));
        }
        assert_eq!(&written(text, &by_id(&snapshot)), text);
    }
    assert_eq!(load(&list).heartbeat_tasks, ["a"]);
}

#[test]
fn what_is_refused_as_a_whole() {
    let refused = |text: &[u8]| read(text, InFlight::Interrupted).unwrap_err();
    assert!(matches!(refused(b"{\"format\": "), Refused::NotJson(_)));
    assert!(matches!(refused(b""), Refused::NotJson(_)));
    assert!(matches!(refused(b"[\xff]"), Refused::NotUtf8(1)));
    for text in ["{}", "7", "{\"format\": \"other\", \"version\": 1, \"jobs\": []}", &envelope("7")] {
        assert!(matches!(refused(text.as_bytes()), Refused::OtherFormat(_)), "{text}");
    }
    for version in ["2", "\"1\"", "null", "1.0"] {
        let text = envelope("[]").replace("\"version\": 1", &format!("\"version\": {version}"));
        assert!(matches!(refused(text.as_bytes()), Refused::OtherVersion(_)), "{text}");
    }
    for text in ["{}", "[]", "[1]", "x", "[{\"job_id\": 1}]", "{\"format\": \"other\"}"] {
        assert!(!is_snapshot(text.as_bytes()), "{text}");
    }
}

#[test]
fn an_unusable_offset_is_utc() {
    for offset in ["null", "\"60\"", "1440", "1.5"] {
        let text = envelope(&format!("[{}]", entry("a", "completed", "")))
            .replace("minutes\": 60", &format!("minutes\": {offset}"));
        let snapshot = load(&text);
        assert_eq!((snapshot.base.naive_offset, codes_of(&snapshot)), (0, vec![codes::OFFSET_MISSING]), "{offset}");
    }
}

#[test]
fn entries_that_are_no_jobs_are_set_aside_with_their_bytes() {
    let text = envelope(&format!("[7, {{ }}, {}, {{\"job_id\": null}}]", entry("a", "completed", "")));
    let snapshot = load(&text);
    let aside: Vec<_> =
        snapshot.quarantined().map(|entry| (entry.ordinal, entry.text.as_str(), entry.findings[0].code)).collect();
    assert_eq!(
        aside,
        [
            (0, "7", codes::JOB_NOT_OBJECT),
            (1, "{ }", codes::JOB_ID_MISSING),
            (3, "{\"job_id\": null}", codes::JOB_ID_MISSING)
        ]
    );
    assert_eq!(snapshot.jobs().count(), 1);
    assert_eq!(written(&text, &by_id(&snapshot)), text);
}

#[test]
fn of_entries_with_the_same_id_the_best_one_counts() {
    let early = entry("a", "failed", "").replace("T11:00:00\"", "T10:30:00\"");
    let running = entry("a", "processing", ", \"last_heartbeat\": \"2025-11-10T12:59:00\"")
        .replace("\"2025-11-10T11:00:00\"", "null");
    let late = entry("a", "completed", "");
    let same = late.replace(", ", ",");
    let text = envelope(&format!("[{early}, {running}, {late}, {same}]"));
    let snapshot = load(&text);
    assert_eq!(snapshot.jobs().map(|job| job.status.clone()).collect::<Vec<_>>(), [JobStatus::Completed]);
    let losers: Vec<_> = snapshot.duplicates().map(|entry| (entry.ordinal, entry.outcome.clone())).collect();
    let duplicate = |identical| EntryOutcome::Duplicate { id: "a".into(), of: 2, identical };
    assert_eq!(losers, [(0, duplicate(false)), (1, duplicate(false)), (3, duplicate(true))]);
    assert_eq!(codes_of(&snapshot).iter().filter(|code| **code == codes::DUPLICATE_JOB_ID).count(), 3);
    let mut jobs = by_id(&snapshot);
    assert_eq!(written(&text, &jobs), text);
    jobs.get_mut(&"a".into()).unwrap().error = None;
    let changed = load(&written(&text, &jobs));
    assert_eq!((changed.entries.len(), changed.jobs().next().unwrap().error.as_deref()), (1, None));
}

#[test]
fn jobs_in_flight_belong_to_nobody_or_to_the_running_service() {
    let text = envelope(&format!(
        "[{}, {}]",
        entry("p", "processing", ""),
        entry("q", "queued", ", \"request\": {\"slide_url\": \"x\", \"voiceover_texts\": []}")
    ));
    let snapshot = load(&text);
    assert_eq!(codes_of(&snapshot), [codes::INTERRUPTED, codes::INTERRUPTED]);
    assert!(snapshot.jobs().all(|job| job.queue.lease.is_none()));
    let live = read(text.as_bytes(), InFlight::LeftToService).unwrap();
    assert_eq!(codes_of(&live), Vec::<&str>::new());
    assert!(live.jobs().all(|job| job.queue.lease.as_ref().is_some_and(|lease| lease.owner == EXTERNAL_OWNER)));
    assert_eq!(written(&text, &by_id(&live)), text);

    let now = Timestamp::parse("2025-11-10 14:00").unwrap();
    let mut gone: MemoryPresentations = snapshot.jobs().cloned().collect();
    recovery::recover(&mut gone, &|_| None, &back_off::BackOff::default(), back_off::Jitter::new(0), now).unwrap();
    let failed = gone.get(&"p".into()).unwrap().unwrap();
    assert_eq!(
        (failed.status, failed.error.as_deref(), failed.completed_at),
        (JobStatus::Failed, Some(INTERRUPTED), Some(now))
    );
    assert_eq!(gone.get(&"q".into()).unwrap().unwrap().status, JobStatus::Queued);
    // The same snapshot again changes nothing, whatever has become of the jobs.
    for job in snapshot.jobs() {
        assert_eq!(merge(gone.get(&job.id).unwrap().as_ref(), job.clone()), Merge::Unchanged);
    }
}

#[test]
fn changed_gone_and_new_jobs() {
    let text = envelope(&format!(
        "[\n  {},\n  {},\n  {}\n ]",
        entry("a", "completed", ""),
        entry("b", "failed", ", \"x\": [1.0]"),
        entry("c", "failed", "")
    ));
    let mut jobs = by_id(&load(&text));
    jobs.remove(&"a".into());
    jobs.get_mut(&"b".into()).unwrap().progress = Some(7.5);
    let added = PresentationJob::blank("d".into(), Timestamp::parse("2025-11-10 12:00").unwrap());
    jobs.insert(added.id.clone(), added);
    let out = written(&text, &jobs);
    let b = entry("b", "failed", ", \"x\": [1.0]").replace("100.0", "7.5");
    let d = r#"{"job_id": "d", "status": "queued", "progress": 0.0, "error": null, "video_url": null, "thumbnail_url": null, "slide_image_path": null, "created_at": "2025-11-10T13:00:00", "completed_at": null, "last_heartbeat": null, "created_files": [], "request": null}"#;
    assert_eq!(out, envelope(&format!("[\n  {b},\n  {},\n  {d}\n ]", entry("c", "failed", ""))));
    assert_eq!(written(&out, &by_id(&load(&out))), out);

    let nothing = written(&text, &BTreeMap::new());
    assert_eq!(nothing, envelope("[]"));
    assert_eq!(
        written(
            &envelope("[ ]"),
            &jobs.iter().filter(|(id, _)| id.as_str() == "d").map(|(id, job)| (id.clone(), job.clone())).collect()
        ),
        envelope(&format!("[{d} ]"))
    );
    let keyed = written(&envelope("{}"), &jobs);
    assert_eq!((load(&keyed).shape, load(&keyed).jobs().count()), (Shape::ById, 3));
}

#[test]
fn a_fresh_snapshot_reads_back() {
    let text = envelope(&format!("[{}, {}]", entry("a", "completed", ""), entry("b", "processing", ", \"zone\": 1")));
    let jobs = by_id(&read(text.as_bytes(), InFlight::LeftToService).unwrap());
    let taken = Timestamp::parse("2025-11-11 00:00").unwrap();
    let bytes = fresh(jobs.values(), taken, -7200).unwrap();
    let back = read(&bytes, InFlight::Own).unwrap();
    assert_eq!(back.base.taken_at, Some(taken));
    for job in back.jobs() {
        let old = &jobs[&job.id];
        assert_eq!((job.created_at, job.completed_at, &job.status), (old.created_at, old.completed_at, &old.status));
    }
    assert_eq!(rewrite(&bytes, &by_id(&back)).unwrap(), bytes);
}

fn value() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "null",
        "1",
        "NaN",
        "\"completed\"",
        "\"queued\"",
        "\"\\ud800\"",
        "[]",
        "{ }",
        "\"2025-11-10T10:00:00\"",
        "1757318773.5",
        "{\"a\": [1.50]}",
        "[\"output/x\", 7]",
        "true",
        "\"a\\u0000b\"",
        "-0.0",
    ])
    .prop_map(str::to_owned)
}

fn any_entry() -> impl Strategy<Value = String> {
    let member =
        ("status|progress|error|created_at|completed_at|created_files|request|other|landfast|video_url", value());
    let object = (prop::option::of("[a-d]"), prop::collection::vec(member, 0..6)).prop_map(|(id, members)| {
        let id = id.map(|id| format!("\"job_id\":\"{id}\""));
        let members = members.into_iter().map(|(key, value)| format!("\"{key}\" : {value}"));
        format!("{{{}}}", id.into_iter().chain(members).collect::<Vec<_>>().join(",\n"))
    });
    prop_oneof![8 => object, 1 => value()]
}

fn any_snapshot() -> impl Strategy<Value = String> {
    (prop::collection::vec(any_entry(), 0..8), 0..4, "[ \n]{0,2}").prop_map(|(entries, shape, blank)| match shape {
        0 => envelope(&format!("[{blank}{}{blank}]", entries.join(&format!("{blank},{blank}")))),
        1 => format!("{blank}[{}]{blank}", entries.join(", ")),
        2 => format!("\u{feff}{}", envelope(&format!("[{}]", entries.join(",")))),
        _ => {
            let keyed: Vec<_> =
                entries.iter().enumerate().map(|(n, entry)| format!("\"k{}\"{blank}:{entry}", n % 5)).collect();
            envelope(&format!("{{{blank}{}}}", keyed.join(",")))
        }
    })
}

proptest! {
    #[test]
    fn every_entry_is_accounted_for_and_every_byte_comes_back(text in any_snapshot()) {
        let snapshot = load(&text);
        let counted = snapshot.jobs().count() + snapshot.quarantined().count() + snapshot.duplicates().count();
        prop_assert_eq!(counted, snapshot.entries.len());
        prop_assert_eq!(&written(&text, &by_id(&snapshot)), &text);
        // No other job is touched when one changes or goes.
        let mut jobs = by_id(&snapshot);
        let Some(id) = jobs.keys().next().cloned() else { return Ok(()) };
        let job = jobs.get_mut(&id).unwrap();
        job.error = Some("changed".into());
        let edited = load(&written(&text, &jobs));
        prop_assert_eq!(edited.jobs().find(|job| job.id == id).and_then(|job| job.error.clone()), Some("changed".to_owned()));
        jobs.remove(&id);
        let gone = load(&written(&text, &jobs));
        prop_assert!(gone.jobs().all(|job| job.id != id));
        for after in [&edited, &gone] {
            let others = |snapshot: &Snapshot| -> Vec<_> {
                let others = snapshot.entries.iter().filter(|entry| match &entry.outcome {
                    EntryOutcome::Loaded(job) => job.id != id,
                    EntryOutcome::Duplicate { id: other, .. } => *other != id,
                    EntryOutcome::Quarantined => true,
                });
                others.map(|entry| entry.text.clone()).collect()
            };
            prop_assert_eq!(others(after), others(&snapshot));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), cut in 0_usize..400) {
        let _ = read(&bytes, InFlight::Interrupted);
        let text = envelope(&format!("[{}]", entry("a", "queued", "")));
        let cut = &text.as_bytes()[..cut.min(text.len())];
        prop_assert_eq!(read(cut, InFlight::Interrupted).is_ok(), is_snapshot(cut));
    }
}

/// The sample, when the folder is there; it holds third-party data and is not part of the repository.
fn sample() -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/samples/presentations/presentation_jobs.snapshot.json");
    if !path.exists() {
        println!("skipped: no {}", path.display());
        return None;
    }
    Some(std::fs::read(path).unwrap())
}

#[test]
fn the_sample_is_loaded_without_remainder() {
    let Some(bytes) = sample() else { return };
    let snapshot = read(&bytes, InFlight::Interrupted).unwrap();
    assert_eq!((snapshot.jobs().count(), snapshot.quarantined().count(), snapshot.duplicates().count()), (60, 0, 0));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in snapshot.all_findings() {
        *counts.entry(finding.code).or_default() += 1;
    }
    println!("codes: {counts:?}");
    assert_eq!(counts, BTreeMap::from([(codes::INTERRUPTED, 10), (codes::PROGRESS_OUT_OF_RANGE, 1)]));
    let mut jobs: MemoryPresentations = snapshot.jobs().cloned().collect();
    let statuses: Vec<_> =
        jobs.count_by_status().unwrap().into_iter().map(|(status, count)| (status.to_string(), count)).collect();
    assert_eq!(
        statuses,
        [("completed".into(), 42), ("failed".into(), 8), ("processing".into(), 8), ("queued".into(), 2)]
    );
    assert_eq!(snapshot.jobs().filter(|job| job.request.is_some()).count(), 17);
    assert_eq!(rewrite(&bytes, &by_id(&snapshot)).unwrap(), bytes);
    // Recovery: three of the ten have a request.
    let now = Timestamp::parse("2025-11-10 12:00").unwrap();
    let recovered =
        recovery::recover(&mut jobs, &|_| None, &back_off::BackOff::default(), back_off::Jitter::new(0), now).unwrap();
    let queued = recovered.iter().filter(|job| job.status == JobStatus::Queued).count();
    assert_eq!((recovered.len(), queued), (10, 3));
}
