//! Operations on runs, and what survives a change.

use super::*;

fn new(id: &str) -> NewRun {
    NewRun { id: id.into(), source: "jetstream".into(), jetstream_id: None, metadata: None }
}

#[test]
fn a_new_run_is_written_as_the_run_manager_writes_it() {
    let mut runs = MemoryRuns::default();
    let run = manager::create(&mut runs, new("run_1"), at("2025-12-09T14:05:14.746")).unwrap();
    let text = "{\n  \"run_id\": \"run_1\",\n  \"status\": \"pending\",\n  \"source\": \"jetstream\",\n  \"created_at\": \"2025-12-09T14:05:14.746Z\",\n  \"updated_at\": \"2025-12-09T14:05:14.746Z\",\n  \"jetstream_id\": null,\n  \"current_stage\": null,\n  \"progress_percent\": null,\n  \"files\": []\n}";
    assert_eq!((run.documents.state.as_deref(), run.directory.as_str()), (Some(text), "runs/run_1"));
    assert!(matches!(manager::create(&mut runs, new("run_1"), at("2025-12-09 15:00")), Err(Error::Conflict { .. })));
    let nameless = NewRun { source: String::new(), ..new("a") };
    assert!(matches!(
        manager::create(&mut runs, nameless, at("2025-12-09 15:00")),
        Err(Error::Invalid { field: "source", .. })
    ));
    for (metadata, kept) in [("{}", Some(None)), ("{\"peak_hp\": 1.0}", Some(Some(1.0))), ("[]", None), ("{", None)] {
        let made = manager::create(
            &mut MemoryRuns::default(),
            NewRun { metadata: Some(metadata.into()), ..new("b") },
            at("2025-12-09 15:00"),
        );
        assert_eq!(made.ok().map(|run| run.peak_hp), kept, "{metadata}");
    }
}

#[test]
fn an_error_goes_with_its_status() {
    let mut runs = MemoryRuns::default();
    let id = RunId::from("run_1");
    manager::create(&mut runs, new("run_1"), at("2025-12-09 14:00")).unwrap();
    let error = RunError { stage: "s".into(), code: "C-1".into(), message: "ü".into() };
    let failed = RunChange {
        status: Some(RunStatus::Error),
        error: Some(error),
        progress_percent: Some(24),
        ..Default::default()
    };
    let run = manager::update(&mut runs, &id, &failed, at("2025-12-09 14:01")).unwrap();
    assert_eq!(
        run.error_info.as_deref(),
        Some("{\n    \"stage\": \"s\",\n    \"code\": \"C-1\",\n    \"message\": \"\\u00fc\"\n  }")
    );
    assert_eq!(run.updated_at.as_ref().map(|time| time.as_str()), Some("2025-12-09T14:01:00.000Z"));
    let stage = RunChange { stage: Some("still".into()), ..Default::default() };
    assert!(manager::update(&mut runs, &id, &stage, at("2025-12-09 14:02")).unwrap().error_info.is_some());
    let results = Some("{\"avg\": 1.50}".to_owned());
    let files = Some(vec!["a.csv".to_owned()]);
    let done = RunChange { status: Some(RunStatus::Complete), results_summary: results, files, ..Default::default() };
    let run = manager::update(&mut runs, &id, &done, at("2025-12-09 14:03")).unwrap();
    assert_eq!((run.error_info.as_deref(), run.progress_percent), (None, Some(24)));
    assert!(run.completed_at.is_some());
    let text = run.documents.state.as_deref().unwrap();
    assert!(
        text.contains("\n  \"files\": [\n    \"a.csv\"\n  ],\n  \"results_summary\": {\n    \"avg\": 1.50\n  }\n}"),
        "{text}"
    );
    assert_eq!(runs.get(&id).unwrap(), Some(run));
    let none = RunChange { results_summary: Some("{}".into()), ..Default::default() };
    assert_eq!(manager::update(&mut runs, &id, &none, at("2025-12-09 14:04")).unwrap().results_summary, None);
}

#[test]
fn changes_that_make_no_sense_are_refused() {
    let mut runs = MemoryRuns::default();
    manager::create(&mut runs, new("r"), at("2025-12-09 14:00")).unwrap();
    let before = runs.clone();
    let error = RunError { stage: String::new(), code: String::new(), message: String::new() };
    for (field, change) in [
        ("status", RunChange { status: Some(RunStatus::Other("done".into())), ..Default::default() }),
        ("progress_percent", RunChange { progress_percent: Some(101), ..Default::default() }),
        ("progress_percent", RunChange { progress_percent: Some(-1), ..Default::default() }),
        ("error", RunChange { error: Some(error), ..Default::default() }),
        ("results_summary", RunChange { results_summary: Some("[]".into()), ..Default::default() }),
        ("files", RunChange { files: Some(vec!["../x".into()]), ..Default::default() }),
        ("files", RunChange { files: Some(vec!["x".into(), "x".into()]), ..Default::default() }),
    ] {
        let refused = manager::update(&mut runs, &"r".into(), &change, at("2025-12-09 14:01"));
        assert!(matches!(refused, Err(Error::Invalid { field: f, .. }) if f == field), "{field}");
    }
    assert_eq!(runs, before);
    let unknown = manager::update(&mut runs, &"q".into(), &RunChange::default(), at("2025-12-09 14:01"));
    assert!(matches!(unknown, Err(Error::NotFound { .. })));
}

#[test]
fn a_change_keeps_what_it_does_not_know() {
    let text = "{ \"zone\" : [1.50], \"run_id\":\"r\",\"status\": \"pending\" ,\"source\":\"x\" }\r\n";
    let run = read_state(text).run;
    let change = RunChange { status: Some(RunStatus::Validating), ..Default::default() };
    let changed = manager::changed(&run, &change, at("2025-12-09 14:00")).unwrap();
    assert_eq!(
        changed.documents.state.as_deref(),
        Some(
            "{ \"zone\" : [1.50], \"run_id\":\"r\",\"status\": \"validating\" ,\"source\":\"x\", \"updated_at\": \"2025-12-09T14:00:00.000Z\" }\r\n"
        )
    );
    let windows = format!("\u{feff}{}\r\n", STATE.replace('\n', "\r\n"));
    let changed = manager::changed(&read_state(&windows).run, &change, at("2025-12-09 14:05:15")).unwrap();
    assert_eq!(changed.documents.state, Some(windows.replace("processing", "validating")));
}

#[test]
fn a_run_without_a_state_gets_one_at_its_first_change() {
    let documents = RunDocuments { manifest: Some(MANIFEST.into()), ..Default::default() };
    let mut run = documents::read(Layout::Upload, "outputs/u", documents).unwrap().run;
    run.id = "u~2".into();
    run.original_id = Some("u".into());
    let change = RunChange { stage: Some("checked".into()), ..Default::default() };
    let changed = manager::changed(&run, &change, at("2026-01-01 00:00")).unwrap();
    assert!(changed.documents.state.is_some());
    let expected = Run {
        current_stage: Some("checked".into()),
        updated_at: changed.updated_at.clone(),
        results_summary: changed.results_summary.clone(),
        documents: changed.documents.clone(),
        ..run
    };
    assert_eq!(changed, expected);
}

#[test]
fn lists_are_filtered_counted_and_paged() {
    let mut runs = MemoryRuns::default();
    for n in 0..25 {
        let source = if n % 2 == 0 { "jetstream" } else { "manual_upload" };
        let run = NewRun { source: source.into(), ..new(&format!("r{n:02}")) };
        manager::create(&mut runs, run, at(&format!("2025-12-09 14:{:02}", n / 4))).unwrap();
    }
    let mut timeless = read_state(&with(STATE, "created_at", Some("\"?\""))).run;
    timeless.id = "a".into();
    runs.insert(&timeless).unwrap();
    let all = RunFilter::default();
    let (list, total) = manager::list(&mut runs, &all, &RunPage::Offset(0), 5000).unwrap();
    assert_eq!((list.len(), total), (26, 26));
    assert_eq!((list[0].id.as_str(), list[1].id.as_str(), list[25].id.as_str()), ("r24", "r20", "a"));
    let (mut paged, mut page) = (Vec::new(), RunPage::Offset(0));
    loop {
        let (part, _) = manager::list(&mut runs, &all, &page, 4).unwrap();
        let Some(last) = part.last() else { break };
        page = RunPage::After(RunCursor::of(last));
        paged.extend(part);
    }
    assert_eq!(paged, list);
    assert_eq!(manager::list(&mut runs, &all, &RunPage::Offset(20), 3).unwrap().0, list[20..23]);
    let uploads = RunFilter { status: Some(RunStatus::Pending), source: Some("manual_upload".into()) };
    assert_eq!(manager::list(&mut runs, &uploads, &RunPage::Offset(0), 2).unwrap().1, 12);
}

#[test]
fn files_belong_to_their_run() {
    let mut runs = MemoryRuns::default();
    manager::create(&mut runs, new("r"), at("2025-12-09 14:00")).unwrap();
    let files = [RunFile::named("b.csv"), RunFile::named("a.json")];
    runs.replace_files(&"r".into(), &files).unwrap();
    let names: Vec<_> =
        runs.files(&"r".into()).unwrap().into_iter().map(|file| (file.filename, file.file_type)).collect();
    assert_eq!(names, [("a.json".into(), "json".into()), ("b.csv".into(), "csv".into())]);
    let twice = [RunFile::named("a"), RunFile::named("a")];
    assert!(matches!(runs.replace_files(&"r".into(), &twice), Err(Error::Conflict { .. })));
    assert!(matches!(runs.replace_files(&"q".into(), &files), Err(Error::NotFound { .. })));
    manager::delete(&mut runs, &"r".into()).unwrap();
    assert_eq!(runs.files(&"r".into()).unwrap(), []);
    assert!(matches!(manager::delete(&mut runs, &"r".into()), Err(Error::NotFound { .. })));
}

#[test]
fn retention_takes_final_runs_only() {
    let mut runs = MemoryRuns::default();
    for (id, status, time) in [
        ("exact", RunStatus::Complete, "2025-12-01 00:00"),
        ("old", RunStatus::Error, "2025-11-30 23:59:59"),
        ("busy", RunStatus::Processing, "2025-01-01 00:00"),
    ] {
        manager::create(&mut runs, new(id), at(time)).unwrap();
        manager::update(&mut runs, &id.into(), &RunChange { status: Some(status), ..Default::default() }, at(time))
            .unwrap();
    }
    let (age, now) = (Duration::from_secs(30 * 86_400), at("2025-12-31 00:00"));
    let before = runs.clone();
    assert_eq!(retention::plan(&mut runs, age, now, 10).unwrap().len(), 1);
    assert_eq!(runs, before);
    let gone: Vec<_> =
        retention::delete_older(&mut runs, age, now, 10).unwrap().into_iter().map(|run| run.id.to_string()).collect();
    assert_eq!((gone, runs.iter().len()), (vec!["old".to_owned()], 2));
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|text| Json::from(text).dump()),
        any::<f64>().prop_map(|value| Json::from(value).dump()),
        prop::sample::select(vec![
            "null",
            "{ }",
            "[]",
            "[\"a\", 1]",
            "\"complete\"",
            "\"error\"",
            "\"\\ud800\"",
            "24.0",
            "-1",
            "1e400",
            "99999999999999999999",
            "\"2025-12-09T14:05:14.746Z\"",
            "{\"stage\": \"s\"}",
            "true",
            "{\"a\": [1.50, NaN]}",
        ])
        .prop_map(str::to_owned),
    ]
}

fn any_state() -> impl Strategy<Value = String> {
    let name =
        prop_oneof![9 => prop::sample::select(state::MEMBERS.to_vec()).prop_map(str::to_owned), 1 => "[a-z]{0,2}"];
    (prop::collection::vec((name, value()), 0..14), any::<bool>()).prop_map(|(members, indented)| {
        let members: Vec<String> = members.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        let text = format!("{{{} }}", members.join(",\n"));
        if indented { Json::parse(&text).map_or(text, |value| value.dump_indented(2)) } else { text }
    })
}

fn any_change() -> impl Strategy<Value = RunChange> {
    let status = prop::option::of(prop::sample::select(RunStatus::ALL.to_vec()));
    (status, prop::option::of(any::<String>()), prop::option::of(0_i64..=100), any::<bool>()).prop_map(
        |(status, stage, progress_percent, files)| RunChange {
            status,
            stage,
            progress_percent,
            files: files.then(|| vec!["a.csv".to_owned()]),
            ..Default::default()
        },
    )
}

proptest! {
    #[test]
    fn any_object_is_a_run_and_keeps_its_text(text in any_state()) {
        let run = read_state(&text).run;
        prop_assert_eq!(run.documents.state.as_deref(), Some(text.as_str()));
        prop_assert_eq!(state::edited(&text, |text| Ok(text.to_owned())).unwrap(), text);
    }

    #[test]
    fn a_change_reads_back_and_keeps_the_rest(text in any_state(), change in any_change()) {
        let run = read_state(&text).run;
        let changed = manager::changed(&run, &change, at("2026-01-01 00:00:00.5")).unwrap();
        if let Some(status) = &change.status {
            prop_assert_eq!(&changed.status, status);
            prop_assert!(*status == RunStatus::Error || changed.error_info.is_none());
        }
        if let Some(progress) = change.progress_percent {
            prop_assert_eq!(changed.progress_percent, Some(progress));
        }
        prop_assert_eq!(changed.updated_at.as_ref().map(|time| time.as_str()), Some("2026-01-01T00:00:00.500Z"));
        prop_assert_eq!((&changed.id, &changed.source, &changed.jetstream_id), (&run.id, &run.source, &run.jetstream_id));
        let unknown = |text: &str| -> Vec<(String, Json)> {
            let found = members(text).unwrap().unwrap();
            let unknown = found.into_iter().filter(|member| !state::MEMBERS.contains(&member.key.as_str()));
            unknown.map(|member| (member.key, crate::json::parse_lossy(member.text).unwrap().0)).collect()
        };
        prop_assert_eq!(unknown(changed.documents.state.as_deref().unwrap()), unknown(&text));
    }
}
