//! Jobs as text: every code, and what survives reading and writing.

use super::document::{TimeBase, read, render};
use super::{JobStatus, Lease, PresentationJob, RequestText, codes};
use crate::instant::to_local;
use crate::json::{Json, members};
use crate::time::Timestamp;
use chrono::DateTime;
use proptest::prelude::*;
use std::collections::BTreeSet;

const GOOD: &str = r#"{"job_id": "a", "status": "completed", "progress": 100.0, "error": null,
 "video_url": "/v", "thumbnail_url": null, "slide_image_path": null, "created_at": "2025-11-10T10:00:00",
 "completed_at": "2025-11-10T10:05:00.5", "last_heartbeat": "2025-11-10T10:04:59", "created_files": ["output/x.mp4"],
 "request": null}"#;

fn base() -> TimeBase {
    TimeBase { naive_offset: 3600, taken_at: Timestamp::parse("2025-11-10 12:00") }
}

/// The good job with one member replaced by this JSON, or removed.
fn with(name: &str, value: Option<&str>) -> String {
    let found = members(GOOD).unwrap().unwrap();
    let mut parts: Vec<String> = found
        .iter()
        .filter(|member| member.key != name)
        .map(|member| format!("\"{}\": {}", member.key, member.text))
        .collect();
    parts.extend(value.map(|value| format!("\"{name}\": {value}")));
    format!("{{{}}}", parts.join(", "))
}

fn codes_of(text: &str) -> BTreeSet<String> {
    let reading = read(text, None, &base()).unwrap();
    assert_eq!(render(&reading.job, &base()).unwrap(), text);
    reading.findings.into_iter().map(|finding| finding.code.to_owned()).collect()
}

#[test]
fn a_good_job_has_no_findings_and_utc_times() {
    let reading = read(GOOD, None, &base()).unwrap();
    assert_eq!(reading.findings, []);
    let job = reading.job;
    assert_eq!(job.created_at.to_iso_text(), "2025-11-10T09:00:00");
    assert_eq!(job.completed_at.unwrap().to_iso_text(), "2025-11-10T09:05:00.500000");
    assert_eq!((job.request, job.created_files), (None, vec!["output/x.mp4".to_owned()]));
    assert_eq!(job.queue, super::Queue::new(job.created_at));
}

#[test]
fn every_code_has_its_rule() {
    let long = format!("\"{}\"", "x".repeat(51));
    let url = format!("\"{}\"", "x".repeat(501));
    let request = r#"{"slide_url": "x", "voiceover_texts": "not a list"}"#;
    for (name, value, code) in [
        ("job_id", Some(long.as_str()), codes::JOB_ID_TOO_LONG),
        ("job_id", Some("\"a/../b\""), codes::ID_NOT_URL_SAFE),
        ("status", Some("\"COMPLETED\""), codes::STATUS_UNKNOWN),
        ("status", None, codes::STATUS_UNKNOWN),
        ("progress", Some("126"), codes::PROGRESS_OUT_OF_RANGE),
        ("progress", None, codes::PROGRESS_MISSING),
        ("progress", Some("\"100\""), codes::PROGRESS_TYPE),
        ("progress", Some("true"), codes::PROGRESS_TYPE),
        ("progress", Some("99.9"), codes::COMPLETED_BELOW_100),
        ("progress", Some("NaN"), codes::NONFINITE_NUMBER),
        ("created_at", None, codes::TIMESTAMP_MISSING),
        ("created_at", Some("\"soon\""), codes::TIMESTAMP_UNPARSED),
        ("created_at", Some("[]"), codes::TIMESTAMP_UNPARSED),
        ("created_at", Some("1757318773.25"), codes::TIMESTAMP_NUMERIC),
        ("completed_at", Some("\"2025-11-10T12:00:01Z\""), codes::TIMESTAMP_FUTURE),
        ("completed_at", Some("\"2025-11-10T09:59:59\""), codes::TIMESTAMP_ORDER),
        ("completed_at", Some("null"), codes::COMPLETED_WITHOUT_COMPLETED_AT),
        ("video_url", Some("null"), codes::COMPLETED_WITHOUT_VIDEO_URL),
        ("video_url", Some(url.as_str()), codes::VIDEO_URL_TOO_LONG),
        ("error", Some("{\"a\": 1}"), codes::ERROR_TYPE),
        ("created_files", Some("\"x\""), codes::FILES_TYPE),
        ("created_files", Some("[1]"), codes::FILES_TYPE),
        ("created_files", Some("[\"/etc/passwd\"]"), codes::FILE_PATH_UNSAFE),
        ("request", Some(request), codes::REQUEST_SHAPE),
        ("slide_image_path", Some("\"a\\u0000b\""), codes::NUL_IN_STRING),
        ("landfast", Some("{\"colour\": 1}"), codes::QUEUE_SHAPE),
        ("landfast", Some("1"), codes::QUEUE_SHAPE),
        ("user", Some("7"), codes::EXTRA_KEYS),
    ] {
        assert_eq!(codes_of(&with(name, value)), BTreeSet::from([code.to_owned()]), "{name} {value:?}");
    }
    let failed = with("status", Some("\"failed\""));
    assert_eq!(codes_of(&failed), BTreeSet::from([codes::FAILED_WITHOUT_ERROR.to_owned()]));
}

#[test]
fn texts_without_an_id_are_no_jobs() {
    for (text, code) in [
        ("[]", codes::JOB_NOT_OBJECT),
        ("\"a\"", codes::JOB_NOT_OBJECT),
        ("{\"job_id\": \"a\"", codes::JOB_NOT_OBJECT),
        ("{}", codes::JOB_ID_MISSING),
        ("{\"job_id\": 7}", codes::JOB_ID_MISSING),
        ("{\"job_id\": \"\"}", codes::JOB_ID_MISSING),
    ] {
        assert_eq!(read(text, None, &base()).unwrap_err().code, code, "{text}");
    }
    assert_eq!(read("{}", Some("k"), &base()).unwrap().job.id.as_str(), "k");
    let differing = read("{\"job_id\": \"a\"}", Some("k"), &base()).unwrap();
    assert_eq!((differing.job.id.as_str(), differing.findings[0].code), ("a", codes::JOB_ID_MISMATCH));
}

#[test]
fn a_job_without_a_creation_time_gets_the_best_one_known() {
    let created = |text: &str, base: &TimeBase| read(text, None, base).unwrap().job.created_at.to_iso_text();
    assert_eq!(created(&with("created_at", None), &base()), "2025-11-10T09:04:59");
    assert_eq!(created(r#"{"job_id": "a"}"#, &base()), "2025-11-10T12:00:00");
    assert_eq!(created(r#"{"job_id": "a"}"#, &TimeBase::default()), "1970-01-01T00:00:00");
}

#[test]
fn a_change_touches_its_own_member() {
    let text = "{ \"x\": [1.50,NaN], \"job_id\" :\"a\",\"status\":\"processing\", \"progress\":40,\n\"created_at\":\"2025-11-10T10:00:00+00:00\" }";
    let mut job = read(text, None, &base()).unwrap().job;
    job.status = JobStatus::Failed;
    job.error = Some("bo\"om".into());
    job.completed_at = Timestamp::parse("2025-11-10 11:00:00.25");
    let edited = render(&job, &base()).unwrap();
    assert_eq!(
        edited,
        "{ \"x\": [1.50,NaN], \"job_id\" :\"a\",\"status\":\"failed\", \"progress\":40,\n\"created_at\":\"2025-11-10T10:00:00+00:00\", \"error\": \"bo\\\"om\", \"completed_at\": \"2025-11-10T12:00:00.250000\" }"
    );
    job.queue.attempts = 2;
    let queued = render(&job, &base()).unwrap();
    assert_eq!(
        queued.strip_suffix(" }").unwrap(),
        format!("{}, \"landfast\": {{\"attempts\": 2}}", edited.strip_suffix(" }").unwrap())
    );
    let mut back = read(&queued, None, &base()).unwrap().job;
    assert_eq!((back.queue.attempts, back.error.as_deref()), (2, Some("bo\"om")));
    back.queue.attempts = 0;
    assert_eq!(render(&back, &base()).unwrap(), edited);
}

#[test]
fn naive_times_move_with_the_offset_of_the_target() {
    let job = read(GOOD, None, &base()).unwrap().job;
    let utc = render(&job, &TimeBase::default()).unwrap();
    assert!(utc.contains("\"created_at\": \"2025-11-10T09:00:00\""));
    assert_eq!(read(&utc, None, &TimeBase::default()).unwrap().job.completed_at, job.completed_at);
}

#[test]
fn a_lease_of_the_running_service_is_not_written() {
    let mut job = read(&with("status", Some("\"processing\"")), None, &base()).unwrap().job;
    let text = job.document.clone().unwrap();
    super::snapshot::leave_to_service(&mut job);
    assert!(job.queue.lease.is_some());
    assert_eq!(render(&job, &base()).unwrap(), text);
}

#[test]
fn a_broken_kept_text_is_an_error() {
    let mut job = read(GOOD, None, &base()).unwrap().job;
    job.document = Some("{".into());
    assert!(matches!(render(&job, &base()), Err(crate::Error::Corrupt { .. })));
}

fn value() -> impl Strategy<Value = String> {
    let texts = prop_oneof![
        3 => any::<String>().prop_map(|text| Json::from(text).dump()),
        1 => Just(r#""\ud800""#.to_owned()),
        2 => prop::sample::select(vec!["queued", "processing", "completed", "failed", "2025-11-10T10:00:00", "2025-11-10T10:00:00.5+02:00"])
            .prop_map(|text| format!("\"{text}\"")),
    ];
    let leaf = prop_oneof![
        1 => Just("null".to_owned()),
        1 => any::<bool>().prop_map(|value| value.to_string()),
        2 => any::<f64>().prop_map(|value| Json::from(value).dump()),
        1 => any::<i64>().prop_map(|value| value.to_string()),
        4 => texts,
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("[ {}]", all.join(","))),
            prop::collection::vec(("[a-c]|lease|owner|attempts|run_at", inner), 0..4).prop_map(|all| {
                let all: Vec<String> = all.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{} }}", all.join(" ,"))
            }),
        ]
    })
}

fn document() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        9 => prop::sample::select(super::document::MEMBERS.to_vec()).prop_map(str::to_owned),
        1 => Just("landfast".to_owned()),
        1 => "[a-z]{0,3}",
    ];
    prop::collection::vec((name, value()), 0..14).prop_map(|all| {
        let all: Vec<String> = all.into_iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        format!("{{\n {}\n}}", all.join(",\n "))
    })
}

fn time() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000_000_000_000)
        .prop_map(|micros| Timestamp::new(DateTime::from_timestamp_micros(micros).unwrap().naive_utc()))
}

fn text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(any::<String>().prop_map(|text| crate::finding::storable(&text)))
}

prop_compose! {
    fn changes()(
        status in prop::sample::select(JobStatus::ALL.to_vec()),
        progress in prop::option::of(-10.0..200.0),
        texts in (text(), text(), text(), text()),
        times in (prop::option::of(time()), prop::option::of(time())),
        files in prop::collection::vec(text().prop_map(Option::unwrap_or_default), 0..3),
        numbers in (any::<i32>(), 0_u32..9, 1_u32..9, any::<bool>()),
        run_at in time(),
        lease in prop::option::of(("[a-z]{1,3}", time())),
        note in text(),
        ids in prop::collection::vec("[a-z0-9]{0,4}", 0..3),
        keys in (text(), text(), prop::option::of(time())),
    ) -> PresentationJob {
        let mut job = PresentationJob::blank("k".into(), run_at);
        job.status = status;
        job.progress = progress;
        (job.error, job.video_url, job.thumbnail_url, job.slide_image_path) = texts;
        (job.completed_at, job.last_heartbeat) = times;
        job.created_files = files;
        let queue = &mut job.queue;
        (queue.priority, queue.attempts, queue.max_attempts, queue.cancel_requested) = numbers;
        queue.run_at = run_at;
        queue.lease = lease.map(|(owner, expires_at)| Lease { owner, expires_at });
        (queue.idempotency_key, queue.found_video, queue.removal_marked_at) = keys;
        (queue.note, queue.provider_ids) = (note, ids);
        job
    }
}

/// The same job apart from its text.
fn without_text(mut job: PresentationJob) -> PresentationJob {
    job.document = None;
    job
}

proptest! {
    #[test]
    fn an_untouched_job_keeps_every_byte(text in document(), offset in -50_000_i32..50_000) {
        let base = TimeBase { naive_offset: offset, taken_at: None };
        if let Ok(reading) = read(&text, Some("k"), &base) {
            prop_assert_eq!(render(&reading.job, &base).unwrap(), text);
        }
    }

    #[test]
    fn a_changed_job_reads_back(text in document(), new in changes(), offset in -50_000_i32..50_000) {
        let base = TimeBase { naive_offset: offset, taken_at: None };
        let Ok(reading) = read(&text, Some("k"), &base) else { return Ok(()) };
        let old = reading.job;
        let mut job = PresentationJob { id: old.id.clone(), request: old.request.clone(), document: old.document.clone(), ..new };
        job.created_at = old.created_at;
        let edited = render(&job, &base).unwrap();
        let back = read(&edited, Some("k"), &base).unwrap().job;
        prop_assert_eq!(without_text(back), without_text(job));
        // Members it does not know come through unchanged, in their order.
        let unknown = |text: &str| -> Vec<String> {
            let found = members(text).unwrap().unwrap();
            let known = |key: &str| super::document::MEMBERS.contains(&key) || key == super::document::OWN_MEMBER;
            found.iter().filter(|member| !known(&member.key)).map(|member| format!("{}={}", member.key, member.text)).collect()
        };
        prop_assert_eq!(unknown(&edited), unknown(&text));
    }

    #[test]
    fn a_new_job_reads_back(new in changes(), offset in -50_000_i32..50_000, created in time()) {
        let base = TimeBase { naive_offset: offset, taken_at: None };
        let mut job = new;
        job.created_at = created;
        job.request = Some(RequestText("{ \"slide_url\" : 1.50}".into()));
        let back = read(&render(&job, &base).unwrap(), None, &base).unwrap().job;
        prop_assert_eq!(without_text(back), job);
        prop_assert_eq!(to_local(to_local(created, offset), -offset), created);
    }
}
