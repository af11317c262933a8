//! Runs written back, and the sample data.

use super::*;

/// Every file below a folder with its bytes.
fn bytes_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut all, mut waiting) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(current) = waiting.pop() {
        for entry in fs::read_dir(&current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                all.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    all
}

#[test]
fn an_untouched_run_is_written_with_the_same_bytes() {
    let folder = tree(&[
        (
            "runs/r/run_state.json",
            &format!("\u{feff}{}\r\n", state("r", "complete", ",\n  \"zone\": 1.50").replace('\n', "\r\n")),
        ),
        ("runs/r/output/manifest.json", &manifest("r", "")),
        ("runs/r/jetstream_metadata.json", "{ }"),
        ("outputs/u/manifest.json", &manifest("x", "")),
        ("experiments/e/manifest.json", &manifest("x", "")),
        ("experiments/e/session_log.json", "{\"events\": []}"),
    ]);
    let copy = tempfile::tempdir().unwrap();
    for path in ["runs/r", "outputs/u", "experiments/e"] {
        let run = found(folder.path(), path);
        assert!(!write_run(copy.path(), run.run().unwrap()).unwrap().is_empty());
        assert_eq!(write_run(folder.path(), run.run().unwrap()).unwrap(), Vec::<PathBuf>::new());
    }
    assert_eq!(bytes_below(copy.path()), bytes_below(folder.path()));
    assert!(copy.path().join("runs/r/jetstream_raw").is_dir());
}

#[test]
fn a_change_is_written_and_read_back() {
    let folder =
        tree(&[("runs/r/run_state.json", &state("r", "pending", "")), ("outputs/u/manifest.json", &manifest("x", ""))]);
    let now = Timestamp::parse("2026-01-01 00:00").unwrap();
    for path in ["runs/r", "outputs/u"] {
        let run = found(folder.path(), path).run().unwrap().clone();
        let change = RunChange { status: Some(RunStatus::Processing), progress_percent: Some(7), ..Default::default() };
        let changed = manager::changed(&run, &change, now).unwrap();
        assert_eq!(write_run(folder.path(), &changed).unwrap(), [folder.path().join(path).join("run_state.json")]);
        assert_eq!(found(folder.path(), path).run(), Some(&changed));
    }
    let expected = state("r", "processing", ",\n  \"progress_percent\": 7")
        .replace("2025-12-09T14:05:15.746Z", "2026-01-01T00:00:00.000Z");
    assert_eq!(fs::read_to_string(folder.path().join("runs/r/run_state.json")).unwrap(), expected);
}

fn any_state() -> impl Strategy<Value = String> {
    let name = "run_id|status|source|created_at|updated_at|files|error|progress_percent|other";
    let value = prop::sample::select(vec![
        "null",
        "\"r\"",
        "\"../x\"",
        "\"complete\"",
        "[\"a.csv\", \"../b\", 1]",
        "{}",
        "{\"stage\": 1}",
        "NaN",
        "1e999",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\"2025-12-09T14:05:14\"",
        "1733400000.25",
        "true",
        "-7",
    ]);
    let object = prop::collection::vec((name, value), 0..9).prop_map(|members| {
        let members: Vec<String> = members.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        format!("{{ {}\n}}", members.join(","))
    });
    prop_oneof![6 => object, 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn every_state_has_an_outcome_and_its_bytes_come_back(text in any_state()) {
        let folder = tree(&[("runs/r/run_state.json", &text), ("runs/r/output/a.csv", "1")]);
        let run = found(folder.path(), "runs/r");
        prop_assert_eq!(&run.documents[0].bytes, text.as_bytes());
        prop_assert_eq!(run.run().is_none(), run.outcome == Outcome::Quarantined);
        if let Some(run) = run.run() {
            let copy = tempfile::tempdir().unwrap();
            write_run(copy.path(), run).unwrap();
            prop_assert_eq!(fs::read(copy.path().join("runs/r/run_state.json")).unwrap(), text.as_bytes());
        }
    }
}

/// The sample, when the folder is there; it holds third-party data and is not part of the repository.
fn sample() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/runs");
    if !path.exists() {
        println!("skipped: no {}", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn the_sample_is_imported_without_remainder() {
    let Some(path) = sample() else { return };
    let roots = find_roots(&path).unwrap();
    assert_eq!(roots.iter().map(|root| root.name.as_str()).collect::<Vec<_>>(), ["experiments", "outputs", "runs"]);
    let (mut all, mut counts) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for root in &roots {
        let (directories, others) = root.directories().unwrap();
        assert_eq!(others, Vec::<String>::new());
        let found: Vec<FoundRun> = directories.iter().map(|name| read_directory(root, name, &QUICK).unwrap()).collect();
        let (_, findings) = check_index(root, &found, &QUICK);
        for finding in findings {
            println!("{finding}");
            *counts.entry(finding.code).or_default() += 1;
        }
        all.extend(found);
    }
    settle_ids(&mut all);
    let mut layouts = BTreeMap::<&str, usize>::new();
    for found in &all {
        assert!(found.run().is_some(), "{}", found.directory);
        *layouts.entry(found.layout.as_str()).or_default() += 1;
        for finding in &found.findings {
            *counts.entry(finding.code).or_default() += 1;
        }
    }
    println!("layouts: {layouts:?}\ncodes: {counts:?}");
    assert_eq!(layouts, BTreeMap::from([("experiment", 1), ("state", 14), ("tuning", 2), ("upload", 37)]));
    assert_eq!(
        counts,
        BTreeMap::from([
            (codes::DIRECTORY_NOT_IN_INDEX, 1),
            (codes::FILE_UNLISTED, 92),
            (codes::MANIFEST_FILE_MISSING, 2),
            (codes::MANIFEST_HASH_CRLF, 86),
            (codes::MANIFEST_HASH_EMPTY, 6),
            (codes::MANIFEST_MISSING, 1),
        ])
    );
    let hashes = all.iter().flat_map(|found| &found.files).filter(|file| file.in_manifest);
    let mut outcomes = BTreeMap::<&str, usize>::new();
    for file in hashes {
        *outcomes.entry(file.hash.as_str()).or_default() += 1;
    }
    println!("hashes: {outcomes:?}");
    let copy = tempfile::tempdir().unwrap();
    for found in &all {
        write_run(copy.path(), found.run().unwrap()).unwrap();
    }
    let originals = bytes_below(&path);
    for (file, bytes) in bytes_below(copy.path()) {
        assert_eq!(Some(&bytes), originals.get(&file), "{}", file.display());
    }
    let states = all.iter().filter(|found| found.layout == Layout::State && !found.name.starts_with("run_timeline"));
    let index = index_text(states.filter_map(FoundRun::run), "2025-12-09T14:16:20.229Z");
    assert_eq!(index.as_bytes(), originals.get(Path::new("runs/index.json")).unwrap());
}
