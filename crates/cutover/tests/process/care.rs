//! What comes after an import: copies, archives, folders put back, records mended.

use crate::support::{Bench, clock, contents, copy_folder, sample};
use landfast_cutover::{
    ArchiveRequest, Error, Limits, MendRequest, Quiet, RollbackRequest, archive, copy, mend_quarantined, rollback,
};
use landfast_domain::Store;
use landfast_domain::accounts::{Credential, EventKind, Login, PasswordHash, SecurityEvent, UserId};
use landfast_domain::time::Timestamp;
use landfast_testkit::databases::{postgres, sqlite};
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

/// All areas below one folder.
fn everything() -> Bench {
    let bench = Bench::new();
    copy_folder(&sample("mar2026"), &bench.source().join("tasks"));
    let delivery = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/delivery/legacy");
    copy_folder(&delivery, &bench.source().join("delivery"));
    bench.write(
        "jobs/presentation_jobs.snapshot.json",
        br#"[{"job_id": "a", "status": "queued", "progress": 0.0, "created_at": "2025-11-10T12:00:00"}]"#,
    );
    bench
}

/// How the guest logs in, and what the log says about it.
fn access(store: &dyn Store) -> (Option<Credential>, Vec<SecurityEvent>) {
    let guest = UserId::guest();
    store.read(|r| Ok((r.security()?.credential(&guest)?, r.security()?.list_events(&guest, None, 10)?))).unwrap()
}

#[test]
fn a_copy_holds_the_same_and_gives_the_same_files() {
    let bench = everything();
    bench.import();
    let at = Timestamp::parse("2026-03-07 09:05").unwrap();
    let credential = Credential {
        user: UserId::guest(),
        login: Login::new("Ada").unwrap(),
        password_hash: PasswordHash::new("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"),
        changed_at: at,
    };
    let event = SecurityEvent {
        id: "0198".to_owned(),
        at,
        kind: EventKind::LoggedIn,
        user: Some(UserId::guest()),
        address: "127.0.0.1".to_owned(),
        user_agent: String::new(),
        detail: String::new(),
    };
    bench.write_rows(|r| {
        r.security()?.save_credential(&credential)?;
        r.security()?.insert_event(&event)
    });
    let Some(middle) = postgres() else { return };
    let last = sqlite();
    let there = copy(bench.store(), middle.store(), &Quiet, &never()).unwrap();
    let back = copy(middle.store(), last.store(), &Quiet, &never()).unwrap();
    assert_eq!(there.digests, back.digests);
    assert_eq!(access(last.store()), (Some(credential), vec![event]));
    assert_eq!(there.digests["guest"], bench.digests());
    assert!(there.digests["guest"].values().map(|digest| digest.rows).sum::<u64>() > 300);
    bench.export();
    let expected = contents(&bench.exported());
    let other = Bench::on(last);
    other.export();
    assert_eq!(contents(&other.exported()), expected);
    let again = copy(bench.store(), other.store(), &Quiet, &never());
    assert!(matches!(again, Err(Error::NotEmpty { .. })), "{again:?}");
}

#[test]
fn a_folder_is_put_back_and_its_later_state_is_kept() {
    let bench = Bench::with_sample("dec18");
    let before = contents(&bench.source());
    bench.import();
    bench.write("emotions.csv", b"emotion\nspoiled\n");
    bench.write("notes-of-mine.txt", b"never imported");
    fs::remove_file(bench.source().join("tasks.csv")).unwrap();
    let (backups, paths) = (bench.backups(), []);
    let request = |dry_run| RollbackRequest { user: UserId::guest(), paths: &paths, backup_root: &backups, dry_run };
    let plan = rollback(bench.store(), &request(true), &Quiet).unwrap();
    assert_eq!((plan[0].restored.len(), plan[0].kept.clone()), (2, None));
    assert!(!bench.source().join("tasks.csv").exists());
    let done = rollback(bench.store(), &request(false), &Quiet).unwrap();
    let mut after = contents(&bench.source());
    assert_eq!(after.remove("notes-of-mine.txt").unwrap(), b"never imported");
    assert_eq!(after, before);
    let kept = contents(done[0].kept.as_ref().unwrap());
    assert_eq!(kept["emotions.csv"], b"emotion\nspoiled\n");
    assert!(rollback(bench.store(), &request(false), &Quiet).unwrap()[0].kept.is_none());
}

#[test]
fn only_what_is_verified_is_archived_and_standard_tools_unpack_it() {
    let bench = Bench::with_sample("nov2025");
    bench.import();
    let (target, backups) = (bench.root.path().join("archive"), bench.backups());
    let request = ArchiveRequest {
        user: UserId::guest(),
        target: &target,
        backup_root: &backups,
        limits: Limits::default(),
        clock: &clock,
    };
    let archived = archive(bench.store(), &request, &Quiet, &never()).unwrap();
    assert_eq!(archived.len(), 1);
    let unpacked = bench.root.path().join("unpacked");
    let file = fs::File::open(&archived[0].archive).unwrap();
    tar::Archive::new(zstd::Decoder::new(file).unwrap()).unpack(&unpacked).unwrap();
    let mut files = contents(&unpacked);
    let sums = String::from_utf8(files.remove("SHA256SUMS").unwrap()).unwrap();
    assert_eq!(files, contents(&bench.source()));
    assert_eq!(sums.lines().count(), files.len());
    bench.write("tasks.csv", b"task_id,name\nx,changed\n");
    let refused = archive(bench.store(), &request, &Quiet, &never());
    assert!(matches!(refused, Err(Error::NotClean { differences: 1.., .. })), "{refused:?}");
}

#[test]
fn a_mended_record_is_loaded_by_itself_and_the_accounts_add_up() {
    let table = b"task_id,name,description\nt1,One,\nt2,Two, with a comma,x\nt3,Three,\n";
    let bench = Bench::with(&[("tasks.csv", table)]);
    let report = bench.import();
    assert_eq!((report.totals.loaded, report.totals.quarantined), (2, 1));
    let mend = |bytes: &'static [u8]| {
        let request = MendRequest {
            user: UserId::guest(),
            path: "tasks.csv",
            source: None,
            line: 3,
            bytes,
            holder: "test".to_owned(),
            holder_is_alive: &|_| true,
            clock: &clock,
        };
        mend_quarantined(bench.store(), &request)
    };
    assert!(matches!(mend(b"t2,Two, with a comma,x\n"), Err(Error::NotMended { .. })));
    assert!(matches!(mend(b"t2,Two,\nt4,Four,\n"), Err(Error::NotMended { .. })));
    let mended = mend(b"t2,\"Two, with a comma\",x\n").unwrap();
    assert_eq!((mended.key.as_str(), mended.updated), ("t2", false));
    assert!(matches!(mend(b"t2,\"Two, with a comma\",x\n"), Err(Error::NoSuchEntry { .. })));
    let names: Vec<String> = bench.tasks().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["One", "Two, with a comma", "Three"]);
    let verified = bench.verify_with(true);
    assert_eq!(verified.verification.unwrap().differences, []);
    assert_eq!((verified.totals.loaded, verified.totals.quarantined), (3, 0));
    bench.export();
    assert_eq!(
        bench.exported_text("tasks.csv"),
        "task_id,name,description\nt1,One,\nt2,\"Two, with a comma\",x\nt3,Three,\n"
    );
}
