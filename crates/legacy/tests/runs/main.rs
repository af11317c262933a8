//! Directories of runs: made-up ones for every rule, and the sample.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may panic, also in their helpers")]

mod writing;

use landfast_domain::runs::manager::{self, RunChange};
use landfast_domain::runs::{HashOutcome, Layout, Run, RunFile, RunStatus, codes};
use landfast_domain::time::Timestamp;
use landfast_legacy::runs::{
    DocumentRole, FoundRun, HashFiles, Outcome, ReadOptions, RootKind, RunRoot, check_index, find_roots, hash_reader,
    index_text, read_directory, settle_ids, write_index, write_run,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const QUICK: ReadOptions = ReadOptions { hash: HashFiles::Listed, retries: 1, pause: Duration::ZERO };

fn state(id: &str, status: &str, more: &str) -> String {
    format!(
        "{{\n  \"run_id\": \"{id}\",\n  \"status\": \"{status}\",\n  \"source\": \"jetstream\",\n  \"created_at\": \"2025-12-09T14:05:14.746Z\",\n  \"updated_at\": \"2025-12-09T14:05:15.746Z\"{more}\n}}"
    )
}

fn manifest(run_id: &str, outputs: &str) -> String {
    format!(
        r#"{{"schema_id":"dynoai.manifest@1","run_id":"{run_id}","status":{{"code":"success","message":"OK","last_stage":"export"}},"input":{{"path":"in.csv"}},"timing":{{"start":"2025-12-06T00:25:29.121Z","end":"2025-12-06T00:25:29.261Z"}},"outputs":[{outputs}]}}"#
    )
}

fn output(name: &str, path: &str, sha256: &str) -> String {
    format!(r#"{{"name":"{name}","path":"{path}","type":"csv","size_bytes":3,"sha256":"{sha256}"}}"#)
}

fn sha(text: &str) -> String {
    hash_reader(text.as_bytes()).unwrap().sha256
}

/// A folder with these files.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        put(folder.path(), path, text.as_bytes());
    }
    folder
}

fn put(base: &Path, path: &str, bytes: &[u8]) {
    let path = base.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn root(base: &Path, name: &str) -> RunRoot {
    let kind = match name {
        "runs" => RootKind::Runs,
        "outputs" => RootKind::Outputs,
        _ => RootKind::Experiments,
    };
    RunRoot { kind, path: base.join(name), name: name.to_owned(), only: None }
}

/// The directory of this path, read.
fn found(base: &Path, path: &str) -> FoundRun {
    let (folder, name) = path.split_once('/').unwrap();
    read_directory(&root(base, folder), name, &QUICK).unwrap()
}

fn codes_of(run: &FoundRun) -> BTreeSet<&'static str> {
    run.findings.iter().map(|finding| finding.code).collect()
}

fn file<'a>(run: &'a FoundRun, name: &str) -> &'a RunFile {
    run.files.iter().find(|file| file.filename == name).unwrap_or_else(|| panic!("no {name} in {:?}", run.files))
}

#[test]
fn all_layouts_are_found_below_any_folder() {
    let analysis = manifest("x", "");
    let tuning = r#"{"run_id": "t", "timestamp": "2025-12-26T17:02:44+00:00", "analysis": {"peak_hp": 1}}"#;
    let folder = tree(&[
        ("a/b/runs/r1/run_state.json", &state("r1", "pending", "")),
        ("a/b/runs/t1/manifest.json", tuning),
        ("a/b/runs/lost/output/x.csv", "1"),
        ("a/b/runs/note.txt", "hello"),
        ("a/b/outputs/6ce68bd1-4871-4aff-bbb7-2647e0361bef/manifest.json", &analysis),
        ("a/b/experiments/mine/manifest.json", &analysis),
        ("c/my copies/0300f4b3-2d7f-4b9e-b0ec-a564b601c52a/manifest.json", &analysis),
        ("c/extension/manifest.json", r#"{"manifest_version": 3}"#),
        ("empty/runs/index.json", r#"{"runs": []}"#),
        (".hidden/runs/r/run_state.json", "{}"),
    ]);
    let roots = find_roots(folder.path()).unwrap();
    let names: Vec<_> = roots.iter().map(|root| (root.name.as_str(), root.kind)).collect();
    assert_eq!(
        names,
        [
            ("experiments", RootKind::Experiments),
            ("outputs", RootKind::Outputs),
            ("runs", RootKind::Runs),
            ("my copies", RootKind::Outputs),
            ("runs", RootKind::Runs),
        ]
    );
    let runs = &roots[2];
    let (directories, others) = runs.directories().unwrap();
    assert_eq!((directories, others), (vec!["lost".into(), "r1".into(), "t1".into()], vec!["note.txt".to_owned()]));
    let read = |name: &str| read_directory(runs, name, &QUICK).unwrap();
    assert_eq!((read("r1").layout, read("t1").layout), (Layout::State, Layout::Tuning));
    let lost = read("lost");
    assert_eq!(
        (&lost.outcome, codes_of(&lost)),
        (&Outcome::Orphan, BTreeSet::from([codes::STATE_MISSING, codes::FILE_UNLISTED]))
    );
    assert_eq!(lost.files.len(), 1);

    let single = find_roots(&folder.path().join("a/b/runs/r1")).unwrap();
    assert_eq!((single.len(), single[0].only.as_deref()), (1, Some("r1")));
    assert_eq!(single[0].directories().unwrap().0, ["r1"]);
}

#[test]
fn a_run_with_everything_has_no_findings() {
    let (csv, crlf) = ("a,b\r\n", "c\r\n");
    let outputs =
        [output("a.csv", "a.csv", &sha(csv)), output("b.csv", "C:\\\\runs\\\\r\\\\output\\\\b.csv", &sha(crlf))]
            .join(",");
    let log =
        format!(r#"{{"events": [{{"sequence": 1, "snapshot_after": {{"id": "snap_1", "sha256": "{}"}}}}]}}"#, sha("x"));
    let folder = tree(&[
        ("runs/r/run_state.json", &state("r", "complete", ",\n  \"files\": [\n    \"a.csv\"\n  ]")),
        ("runs/r/output/manifest.json", &manifest("r", &outputs)),
        ("runs/r/output/a.csv", csv),
        ("runs/r/output/b.csv", crlf),
        ("runs/r/input/dynoai_input.csv", "1"),
        ("runs/r/jetstream_metadata.json", r#"{"peak_hp": 118.4}"#),
        ("runs/r/session_log.json", &log),
        ("runs/r/snapshots/snap_1.csv", "x"),
    ]);
    let run = found(folder.path(), "runs/r");
    assert_eq!(run.findings, []);
    assert_eq!(run.run().unwrap().peak_hp, Some(118.4));
    let names: Vec<_> = run.files.iter().map(|file| file.filename.as_str()).collect();
    assert_eq!(names, ["a.csv", "b.csv", "input/dynoai_input.csv", "manifest.json", "snapshots/snap_1.csv"]);
    let a = file(&run, "a.csv");
    assert_eq!((a.in_state, a.in_manifest, a.on_disk, a.hash), (true, true, true, HashOutcome::Equal));
    assert_eq!(
        (a.storage_path.as_deref(), a.size_bytes, a.sha256.as_deref()),
        (Some("runs/r/output/a.csv"), Some(5), Some(sha(csv).as_str()))
    );
    let roles: Vec<_> = run.documents.iter().map(|document| document.role).collect();
    assert_eq!(roles, [DocumentRole::State, DocumentRole::Manifest, DocumentRole::Metadata, DocumentRole::SessionLog]);
}

#[test]
fn documents_that_are_not_understood_are_set_aside_with_their_bytes() {
    let good = state("q", "pending", "");
    let cut = good.get(..good.len() / 2).unwrap();
    for (bytes, code) in [
        (cut.as_bytes(), codes::STATE_NOT_JSON),
        (b"", codes::STATE_NOT_JSON),
        (b"{} {}", codes::STATE_NOT_JSON),
        (b"{\"a\": 1,}", codes::STATE_NOT_JSON),
        (b"[]", codes::STATE_NOT_OBJECT),
        (b"{\"run_id\": \"\xff\"}", codes::STATE_NOT_UTF8),
    ] {
        let folder = tree(&[]);
        put(folder.path(), "runs/q/run_state.json", bytes);
        let run = found(folder.path(), "runs/q");
        assert_eq!((&run.outcome, codes_of(&run)), (&Outcome::Quarantined, BTreeSet::from([code])));
        assert_eq!(run.documents[0].bytes, bytes);
    }
    let folder = tree(&[
        ("runs/q/run_state.json/x", "1"),
        ("outputs/u/manifest.json", "{"),
        ("runs/b/run_state.json", &format!("\u{feff}{}", state("b", "pending", ""))),
    ]);
    let run = found(folder.path(), "runs/q");
    assert_eq!(run.outcome, Outcome::Quarantined);
    assert!(codes_of(&run).contains(codes::STATE_UNREADABLE));
    assert_eq!(find_roots(folder.path()).unwrap().len(), 1);
    let upload = found(folder.path(), "outputs/u");
    assert_eq!(
        (&upload.outcome, codes_of(&upload)),
        (&Outcome::Quarantined, BTreeSet::from([codes::MANIFEST_NOT_JSON]))
    );
    put(folder.path(), "outputs/u/manifest.json", b"\xff");
    assert_eq!(found(folder.path(), "outputs/u").outcome, Outcome::Quarantined);
    let marked = found(folder.path(), "runs/b");
    assert_eq!(codes_of(&marked), BTreeSet::from([codes::BOM]));
    assert!(marked.run().unwrap().documents.state.as_ref().unwrap().starts_with('\u{feff}'));
}

#[test]
fn files_and_lists_are_compared() {
    let outputs = [
        output("equal.csv", "equal.csv", &sha("a\n")),
        output("windows.csv", "windows.csv", &sha("a\r\n")),
        output("other.csv", "other.csv", &sha("b")),
        output("empty.csv", "empty.csv", ""),
        output("gone.csv", "gone.csv", &sha("a")),
        output("equal.csv", "equal.csv", &sha("a\n")),
    ]
    .join(",");
    let folder = tree(&[
        (
            "runs/r/run_state.json",
            &state("r", "complete", ",\n  \"files\": [\"equal.csv\", \"away.csv\", \"equal.csv\"]"),
        ),
        ("runs/r/output/manifest.json", &manifest("other", &outputs)),
        ("runs/r/output/equal.csv", "a\n"),
        ("runs/r/output/windows.csv", "a\n"),
        ("runs/r/output/other.csv", "a\n"),
        ("runs/r/output/empty.csv", "a\n"),
        ("runs/r/output/unlisted/deep.csv", "a\n"),
        ("runs/r/equal.csv", "c"),
    ]);
    let run = found(folder.path(), "runs/r");
    assert_eq!(
        codes_of(&run),
        BTreeSet::from([
            codes::FILE_LISTED_TWICE,
            codes::FILE_LISTED_MISSING,
            codes::FILE_UNLISTED,
            codes::MANIFEST_RUN_ID_MISMATCH,
            codes::MANIFEST_HASH_CRLF,
            codes::MANIFEST_HASH_MISMATCH,
            codes::MANIFEST_HASH_EMPTY,
            codes::MANIFEST_FILE_MISSING,
        ])
    );
    let hashes: Vec<_> = ["equal.csv", "windows.csv", "other.csv", "empty.csv", "gone.csv", "./equal.csv"]
        .map(|name| file(&run, name).hash)
        .into();
    use HashOutcome::{Different, Empty, Equal, EqualAfterNewlines, Unlisted};
    assert_eq!(hashes, [Equal, EqualAfterNewlines, Different, Empty, Unlisted, Unlisted]);
    let gone = file(&run, "gone.csv");
    assert_eq!((gone.on_disk, gone.size_bytes, gone.storage_path.as_ref()), (false, None, None));
    assert_eq!(run.findings.iter().filter(|finding| finding.code == codes::FILE_UNLISTED).count(), 1);

    let options = ReadOptions { hash: HashFiles::Nothing, ..QUICK };
    let unread = read_directory(&root(folder.path(), "runs"), "r", &options).unwrap();
    assert_eq!(file(&unread, "other.csv").hash, Unlisted);
    let options = ReadOptions { hash: HashFiles::All, ..QUICK };
    let all = read_directory(&root(folder.path(), "runs"), "r", &options).unwrap();
    assert!(all.files.iter().all(|file| file.on_disk == file.sha256.is_some()));
}

#[test]
fn hostile_paths_are_reported_and_never_opened() {
    let secret = sha("secret");
    let outputs = [
        output("a", "../../secret.txt", &secret),
        output("b", "/etc/hostname", &secret),
        output("c", "C:\\\\secret.txt", &secret),
        output("d", "C:\\\\x\\\\r\\\\output\\\\..\\\\..\\\\secret.txt", &secret),
        output("e", "sub\\\\..\\\\x", &secret),
    ]
    .join(",");
    let files = ",\n  \"files\": [\"../../secret.txt\", \"/etc/hostname\", \"..\\\\secret.txt\", \"c:secret\"]";
    let folder = tree(&[
        ("secret.txt", "secret"),
        ("runs/r/run_state.json", &state("r", "complete", files)),
        ("runs/r/output/manifest.json", &manifest("r", &outputs)),
    ]);
    let run = found(folder.path(), "runs/r");
    assert_eq!(codes_of(&run), BTreeSet::from([codes::FILE_PATH_UNSAFE]));
    assert_eq!(run.findings.len(), 4 + 5);
    for file in run.files.iter().filter(|file| file.filename != "manifest.json") {
        assert_eq!(
            (file.on_disk, &file.storage_path, &file.sha256, file.hash),
            (false, &None, &None, HashOutcome::Unlisted),
            "{file:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn links_are_reported_and_never_followed() {
    use std::os::unix::fs::symlink;
    let folder = tree(&[
        ("secret/run_state.json", &state("s", "pending", "")),
        ("secret/x.csv", "secret"),
        ("runs/r/run_state.json", &state("r", "processing", ",\n  \"files\": [\"x.csv\"]")),
        ("runs/r/output/real.csv", "1"),
    ]);
    let base = folder.path();
    symlink(base.join("secret/x.csv"), base.join("runs/r/output/x.csv")).unwrap();
    symlink(base.join("secret"), base.join("runs/r/output/sub")).unwrap();
    symlink(base.join("secret"), base.join("runs/linked")).unwrap();
    symlink(base.join("secret/run_state.json"), base.join("runs/r/jetstream_metadata.json")).unwrap();
    let run = found(base, "runs/r");
    assert_eq!(
        codes_of(&run),
        BTreeSet::from([
            codes::FILE_PATH_UNSAFE,
            codes::FILE_LISTED_MISSING,
            codes::FILE_UNLISTED,
            codes::METADATA_NOT_JSON
        ])
    );
    let names: Vec<_> = run.files.iter().map(|file| (file.filename.as_str(), file.on_disk)).collect();
    assert_eq!(names, [("real.csv", true), ("x.csv", false)]);
    let (directories, others) = root(base, "runs").directories().unwrap();
    assert_eq!((directories, others), (vec!["r".to_owned()], vec!["linked".to_owned()]));
    // Writing does not leave the folder either.
    let linked = Run { directory: "runs/linked".into(), ..run.run().unwrap().clone() };
    assert!(write_run(base, &linked).is_err());
    for directory in ["../x", "/x", "runs/../../x", ""] {
        assert!(write_run(base, &Run { directory: directory.into(), ..linked.clone() }).is_err(), "{directory}");
    }
    assert!(fs::read_to_string(base.join("secret/run_state.json")).unwrap().contains("\"s\""));
}

#[test]
fn two_manifests_should_say_the_same() {
    let (a, b) = (manifest("x", ""), manifest("y", ""));
    let folder = tree(&[
        ("outputs/same/manifest.json", &a),
        ("outputs/same/x.manifest.json", &a),
        ("outputs/differ/manifest.json", &a),
        ("outputs/differ/y.manifest.json", &b),
        ("outputs/only/y.manifest.json", &b),
        ("runs/r/run_state.json", &state("r", "pending", "")),
        ("runs/r/output/manifest.json", &manifest("r", "")),
        ("runs/r/manifest.json", &a),
    ]);
    assert_eq!(found(folder.path(), "outputs/same").findings, []);
    for path in ["outputs/differ", "runs/r"] {
        assert_eq!(codes_of(&found(folder.path(), path)), BTreeSet::from([codes::TWO_MANIFESTS]), "{path}");
    }
    let only = found(folder.path(), "outputs/only");
    assert_eq!(only.run().unwrap().status, RunStatus::Complete);
}

#[test]
fn session_logs_and_snapshots() {
    let event = |sequence: i64, id: &str, hash: &str| {
        format!(r#"{{"sequence": {sequence}, "snapshot_after": {{"id": "{id}", "sha256": "{hash}"}}}}"#)
    };
    let log = format!(
        r#"{{"events": [{}, {}, {}, {}]}}"#,
        event(1, "snap_lf", &sha("a\r\n")),
        event(2, "snap_other", &sha("b")),
        event(4, "snap_gone", ""),
        event(5, "../../run_state", "")
    );
    let folder = tree(&[
        ("runs/r/run_state.json", &state("r", "pending", "")),
        ("runs/r/session_log.json", &log),
        ("runs/r/snapshots/snap_lf.csv", "a\n"),
        ("runs/r/snapshots/snap_other.csv", "a\n"),
        ("runs/r/snapshots/snap_free.csv", "a\n"),
        ("runs/x/run_state.json", &state("x", "pending", "")),
        ("runs/x/session_log.json", "[]"),
    ]);
    let run = found(folder.path(), "runs/r");
    let list: Vec<_> = run.findings.iter().map(|finding| (finding.code, finding.field.as_str())).collect();
    assert_eq!(
        list,
        [
            (codes::SESSION_SEQUENCE, "session_log.json"),
            (codes::SNAPSHOT_HASH_MISMATCH, "snap_other"),
            (codes::SNAPSHOT_MISSING, "snap_gone"),
            (codes::SNAPSHOT_MISSING, "../../run_state"),
            (codes::SNAPSHOT_UNREFERENCED, "snapshots/snap_free.csv"),
        ]
    );
    assert_eq!(codes_of(&found(folder.path(), "runs/x")), BTreeSet::from([codes::SESSION_LOG_NOT_JSON]));
}

#[test]
fn the_cache_is_compared_and_not_imported() {
    let folder = tree(&[
        ("runs/a/run_state.json", &state("a", "pending", "")),
        ("runs/b/run_state.json", &state("b", "pending", "")),
        ("runs/t/manifest.json", r#"{"run_id": "t", "timestamp": "2025-12-26T17:02:44+00:00", "analysis": {"x": 1}}"#),
        ("runs/index.json", r#"{"runs": [{"run_id": "a"}, {"run_id": "gone"}, 7]}"#),
    ]);
    let root = root(folder.path(), "runs");
    let runs: Vec<FoundRun> =
        root.directories().unwrap().0.iter().map(|name| read_directory(&root, name, &QUICK).unwrap()).collect();
    let check = || {
        let (document, findings) = check_index(&root, &runs, &QUICK);
        let findings: Vec<_> = findings.into_iter().map(|finding| (finding.code, finding.field)).collect();
        (document.map(|document| document.role), findings)
    };
    assert_eq!(
        check(),
        (
            Some(DocumentRole::Index),
            vec![(codes::INDEX_ENTRY_WITHOUT_DIRECTORY, "gone".into()), (codes::DIRECTORY_NOT_IN_INDEX, "b".into())]
        )
    );
    for text in ["[]", "{", "{\"runs\": {}}"] {
        put(folder.path(), "runs/index.json", text.as_bytes());
        assert_eq!(check().1, [(codes::INDEX_NOT_JSON, "index.json".to_owned())]);
    }
    assert!(write_index(&root.path, runs.iter().filter_map(FoundRun::run), "2025-12-09T14:16:20.229Z").unwrap());
    assert_eq!(check().1, []);
    fs::remove_file(root.path.join("index.json")).unwrap();
    assert_eq!(check(), (None, vec![]));
}

#[test]
fn runs_with_the_same_id_are_all_kept() {
    let older = state("a", "pending", "").replace("15.746Z", "15.7Z");
    let folder = tree(&[("runs/a/run_state.json", &older), ("runs/copy/run_state.json", &state("a", "complete", ""))]);
    let mut runs = [found(folder.path(), "runs/a"), found(folder.path(), "runs/copy")];
    settle_ids(&mut runs);
    let ids: Vec<_> =
        runs.iter().map(|run| run.run().map(|run| (run.id.to_string(), run.original_id.clone())).unwrap()).collect();
    assert_eq!(ids, [("a~2".into(), Some("a".to_owned())), ("a".into(), None)]);
    assert!(codes_of(&runs[0]).contains(codes::DUPLICATE_RUN_ID));
}
