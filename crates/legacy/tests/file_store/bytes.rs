//! What a change does to the bytes of a file.

use crate::support::{Fixture, dynamic, guest, task, user};
use landfast_domain::Error;
use landfast_domain::record::{Placed, Record, RecordKey};
use landfast_domain::tasks::{Emotion, Note, Task, TaskInstance};
use landfast_legacy::files::FileStore;
use std::fs;

#[test]
fn a_changed_cell_is_rendered_and_its_neighbours_keep_their_quotes() {
    let fixture = Fixture::tasks("\u{feff}task_id,name,mood\r\n\r\n\"t1\",\"Run\",\"x\"\"y\"\r\nt2,Read,\r\n\r\n");
    fixture.set::<Task>("t1", "name", "Run, slowly").unwrap();
    assert_eq!(
        fixture.text("tasks.csv"),
        "\u{feff}task_id,name,mood\r\n\r\n\"t1\",\"Run, slowly\",\"x\"\"y\"\r\nt2,Read,\r\n\r\n"
    );
}

#[test]
fn a_new_row_follows_the_conventions_of_its_file() {
    let fixture = Fixture::tasks("mood,task_id,name\r\ngood,t1,Run");
    fixture.write(|r| r.tasks().insert(&guest(), &task("t2"))).unwrap();
    assert_eq!(fixture.text("tasks.csv"), "mood,task_id,name\r\ngood,t1,Run\r\n,t2,Task t2\r\n");
}

#[test]
fn a_new_column_touches_the_header_and_the_changed_row_only() {
    let fixture = Fixture::tasks("task_id,name\n\"t1\",Run\nt2,Read\nt3,Rest\n");
    fixture.set::<Task>("t2", "description", "a, b").unwrap();
    fixture.set::<Task>("t3", "mood", "good").unwrap();
    assert_eq!(
        fixture.text("tasks.csv"),
        "task_id,name,description,mood\n\"t1\",Run\nt2,Read,\"a, b\"\nt3,Rest,,good\n"
    );
    assert_eq!(fixture.list::<Task>()[0].cell_named("mood"), Some(""));
}

#[test]
fn a_new_column_that_is_not_empty_where_it_is_missing_gets_a_cell_in_every_row() {
    let fixture = Fixture::tasks("task_id\n\"t1\"\nt2\n");
    fixture.set::<Task>("t2", "task_type", "Play").unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,task_type\n\"t1\",Work\nt2,Play\n");
    assert_eq!(fixture.list::<Task>()[0].task_type.raw(), "Work");
}

#[test]
fn values_a_missing_column_reads_as_add_no_column() {
    let fixture = Fixture::tasks("task_id,name\nt1,Run\n");
    fixture.write(|r| r.tasks().insert(&guest(), &task("t2"))).unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name\nt1,Run\nt2,Task t2\n");
}

#[test]
fn new_files_have_the_columns_of_a_fresh_legacy_folder() {
    let fixture = Fixture::new(&[]);
    fixture
        .write(|r| {
            let mut instance = TaskInstance::blank("i1".into());
            instance.instance_id.set_raw("i1");
            r.instances().insert(&guest(), &instance)?;
            let mut calm = Emotion::blank("calm".into());
            calm.emotion.set_raw("calm");
            r.emotions().insert(&guest(), &calm)?;
            let mut note = Note::blank("n1".into());
            note.note_id.set_raw("n1");
            note.user_id.set_raw("1");
            r.notes().insert(&guest(), &note)
        })
        .unwrap();
    let instances = fixture.text("task_instances.csv");
    assert!(instances.starts_with("instance_id,task_id,task_name,task_version,created_at,"));
    assert!(instances.ends_with(&format!(",skills_improved,behavioral_score,net_relief\ni1{}\n", ",".repeat(26))));
    assert_eq!(fixture.text("emotions.csv"), "emotion\ncalm\n");
    assert_eq!(fixture.text("notes.csv"), "note_id,content,timestamp,user_id\nn1,,,1\n");
}

#[test]
fn files_without_rows_or_without_anything_are_empty_tables_that_can_grow() {
    for (before, after) in
        [("task_id,name\r\n", "task_id,name\r\nt1,Task t1\r\n"), ("name,task_id", "name,task_id\nTask t1,t1\n")]
    {
        let fixture = Fixture::tasks(before);
        assert_eq!(fixture.list::<Task>(), []);
        fixture.write(|r| r.tasks().insert(&guest(), &task("t1"))).unwrap();
        assert_eq!(fixture.text("tasks.csv"), after);
    }
    for before in ["", "\n", "\u{feff}"] {
        let fixture = Fixture::tasks(before);
        assert_eq!(fixture.list::<Task>(), []);
        fixture.write(|r| r.tasks().insert(&guest(), &task("t1"))).unwrap();
        assert!(fixture.text("tasks.csv").starts_with(&format!("{before}task_id,name,")), "{before:?}");
        assert_eq!(fixture.keys::<Task>(), ["t1"]);
    }
}

#[test]
fn a_deleted_row_leaves_and_the_last_one_leaves_the_header() {
    let fixture = Fixture::tasks("task_id,name\nt1,\"Run\"\n\nt2,Read");
    fixture.write(|r| r.tasks().delete(&guest(), &"t2".into())).unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name\nt1,\"Run\"\n");
    fixture.write(|r| r.tasks().delete(&guest(), &"t1".into())).unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name\n");
}

#[test]
fn placing_reorders_the_lines_of_the_file() {
    let fixture = Fixture::tasks("task_id,name\nt1,\"a\"\nt2,b\nt3,c");
    fixture
        .write(|r| {
            r.tasks().place(&guest(), &"t3".into(), 1, None).and(r.tasks().place(&guest(), &"t1".into(), 9, None))
        })
        .unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name\nt3,c\nt2,b\nt1,\"a\"\n");
    let positions: Vec<_> = dynamic(&fixture.store)
        .read(|r| r.tasks().page(&guest(), None, 9))
        .unwrap()
        .iter()
        .map(|p| p.position)
        .collect();
    assert_eq!(positions, [1, 2, 3]);
}

#[test]
fn positions_must_be_positive() {
    let fixture = Fixture::tasks("task_id\nt1\n");
    for position in [0, -3] {
        let placed = Placed { position, source: None, record: task("t2") };
        let error = fixture.write(|r| r.tasks().insert_batch(&guest(), std::slice::from_ref(&placed))).unwrap_err();
        assert!(matches!(error, Error::Invalid { field: "position", .. }), "{error:?}");
        let error = fixture.write(|r| r.tasks().place(&guest(), &"t1".into(), position, None)).unwrap_err();
        assert!(matches!(error, Error::Invalid { field: "position", .. }), "{error:?}");
    }
    assert_eq!(fixture.text("tasks.csv"), "task_id\nt1\n");
}

#[test]
fn a_transaction_that_changes_nothing_writes_nothing() {
    let fixture = Fixture::tasks("task_id,name\nt1,Run\n");
    let modified = || fs::metadata(fixture.path("tasks.csv")).unwrap().modified().unwrap();
    let before = modified();
    fixture.set::<Task>("t1", "name", "Run").unwrap();
    fixture
        .write(|r| {
            r.tasks().insert(&guest(), &task("t2"))?;
            Err::<(), _>(Error::aborted("changed its mind"))
        })
        .unwrap_err();
    assert_eq!(modified(), before);
    assert!(!fixture.path("task_instances.csv").exists());
}

#[test]
fn reading_cannot_write() {
    let fixture = Fixture::tasks("task_id\n");
    let error = dynamic(&fixture.store).read(|r| r.tasks().insert(&guest(), &task("t1"))).unwrap_err();
    assert!(matches!(error, Error::Unsupported { store: "files", .. }));
    let error = dynamic(&fixture.store).read(|r| r.accounts().insert(&user("ann"))).unwrap_err();
    assert!(matches!(error, Error::Unsupported { store: "files", .. }));
    let error = dynamic(&fixture.store).read(|r| r.imports().map(|_| ())).unwrap_err();
    assert!(matches!(error, Error::Unsupported { store: "files", .. }));
}

#[test]
fn other_users_have_folders_of_their_own_which_go_with_them() {
    let fixture = Fixture::tasks("task_id\nt1\n");
    let ann = user("ann");
    fixture.write(|r| r.accounts().insert(&ann).and(r.tasks().insert(&ann.id, &task("t9")))).unwrap();
    assert!(fixture.text("users/ann/tasks.csv").ends_with("\nt9,Task t9,,,1,,,,,Work,,none,[],00:00,,,\n"));
    fs::write(fixture.path("users/ann/diary.txt"), "hers").unwrap();
    let again = FileStore::open(fixture.folder.path()).unwrap();
    assert_eq!(dynamic(&again).read(|r| r.accounts().get(&ann.id)).unwrap(), Some(ann.clone()));
    fixture.write(|r| r.accounts().delete(&ann.id)).unwrap();
    assert!(!fixture.path("users/ann").exists());
    assert_eq!(fixture.text("tasks.csv"), "task_id\nt1\n");
}

#[test]
fn a_user_removed_and_added_again_in_one_transaction_has_only_what_is_new() {
    let fixture = Fixture::new(&[]);
    let ann = user("ann");
    fixture
        .write(|r| {
            r.accounts().insert(&ann)?;
            r.tasks().insert(&ann.id, &task("old"))?;
            r.jobs().insert(&ann.id, &Record::blank(RecordKey::new("j1")))
        })
        .unwrap();
    fixture
        .write(|r| {
            r.accounts().delete(&ann.id)?;
            r.accounts().insert(&ann)?;
            assert_eq!(r.tasks().count(&ann.id)?, 0);
            r.tasks().insert(&ann.id, &task("new"))
        })
        .unwrap();
    let listed = dynamic(&fixture.store).read(|r| Ok((r.tasks().list(&ann.id)?, r.jobs().count(&ann.id)?))).unwrap();
    assert_eq!((listed.0[0].key.as_str(), listed.0.len(), listed.1), ("new", 1, 0));
    assert!(!fixture.path("users/ann/jobs.csv").exists());
}
