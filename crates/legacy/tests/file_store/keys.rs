//! Keys that reading the file again would not give.

use crate::support::{Fixture, guest, list};
use landfast_domain::Error;
use landfast_domain::record::Record;
use landfast_domain::tasks::{Emotion, Task};
use landfast_legacy::files::FileStore;
use std::fs;

fn keys(store: &FileStore) -> Vec<String> {
    list::<Task>(store).iter().map(|task| task.key.to_string()).collect()
}

#[test]
fn a_twin_keeps_its_key_when_the_first_one_is_deleted() {
    let fixture = Fixture::tasks("task_id,name\nt1,a\nt1,b\nt2,c\n");
    fixture.write(|r| r.tasks().delete(&guest(), &"t1".into())).unwrap();
    assert_eq!(keys(&fixture.store), ["t1~2", "t2"]);
    assert_eq!(keys(&FileStore::open(fixture.folder.path()).unwrap()), ["t1~2", "t2"]);
    // The key is kept through other changes.
    fixture.set::<Task>("t2", "name", "d").unwrap();
    assert_eq!(keys(&FileStore::open(fixture.folder.path()).unwrap()), ["t1~2", "t2"]);
    // Without the need for it the file of keys goes.
    fixture.write(|r| r.tasks().delete(&guest(), &"t1~2".into())).unwrap();
    assert!(!fixture.path(".landfast/keys/tasks.csv.json").exists());
}

#[test]
fn a_record_keeps_its_key_when_its_id_changes() {
    let fixture = Fixture::new(&[("emotions.csv", b"emotion\nDread\ncalm\n")]);
    fixture.set::<Emotion>("Dread", "emotion", "dread").unwrap();
    let again = FileStore::open(fixture.folder.path()).unwrap();
    let found: Vec<_> =
        list::<Emotion>(&again).iter().map(|e| (e.key().to_string(), e.emotion.raw().to_owned())).collect();
    assert_eq!(found, [("Dread".to_owned(), "dread".to_owned()), ("calm".to_owned(), "calm".to_owned())]);
}

#[test]
fn keys_are_those_of_the_file_once_another_program_wrote_it() {
    let fixture = Fixture::tasks("task_id,name\nt1,a\nt1,b\n");
    fixture.write(|r| r.tasks().delete(&guest(), &"t1".into())).unwrap();
    assert_eq!(keys(&fixture.store), ["t1~2"]);
    fs::write(fixture.path("tasks.csv"), "task_id,name\nt1,c\n").unwrap();
    assert_eq!(keys(&fixture.store), ["t1"]);
}

#[test]
fn a_damaged_list_of_keys_is_told() {
    let fixture = Fixture::tasks("task_id,name\nt1,a\nt1,b\n");
    fixture.write(|r| r.tasks().delete(&guest(), &"t1".into())).unwrap();
    fs::write(fixture.path(".landfast/keys/tasks.csv.json"), "{").unwrap();
    let error = fixture.write(|r| r.tasks().list(&guest())).unwrap_err();
    assert!(matches!(&error, Error::Corrupt { key, .. } if key == ".landfast/keys/tasks.csv.json"), "{error:?}");
}
