//! Programs that write the files without taking the lock.

use crate::support::{Fixture, dynamic, guest, task};
use landfast_domain::tasks::Task;
use landfast_domain::{Error, Store};
use std::fs;

#[test]
fn what_another_program_wrote_between_two_transactions_is_read() {
    let fixture = Fixture::tasks("task_id,name\nt1,Run\n");
    assert_eq!(fixture.keys::<Task>(), ["t1"]);
    fs::write(fixture.path("tasks.csv"), "task_id,name\nt1,Run\nt2,Read\n").unwrap();
    assert_eq!(fixture.keys::<Task>(), ["t1", "t2"]);
    fs::remove_file(fixture.path("tasks.csv")).unwrap();
    assert_eq!(fixture.list::<Task>(), []);
}

#[test]
fn a_change_of_equal_length_right_after_a_commit_is_seen() {
    let fixture = Fixture::tasks("task_id,name\nt1,a\n");
    for name in ["b", "c", "d"] {
        fixture.set::<Task>("t1", "name", "x").unwrap();
        // A rename keeps the times of the file it is done with, so only its number tells it apart.
        let other = fixture.path("other");
        fs::write(&other, format!("task_id,name\nt1,{name}\n")).unwrap();
        fs::rename(&other, fixture.path("tasks.csv")).unwrap();
        assert_eq!(fixture.list::<Task>()[0].name.raw(), name);
    }
}

#[test]
fn a_commit_over_what_another_program_wrote_meanwhile_is_refused() {
    let fixture = Fixture::tasks("task_id,name\nt1,Run\n");
    let theirs = "task_id,name\nt1,Run\nt2,Theirs\n";
    let error = fixture
        .write(|r| {
            r.tasks().insert(&guest(), &task("t3"))?;
            fs::write(fixture.path("tasks.csv"), theirs).unwrap();
            Ok(())
        })
        .unwrap_err();
    assert!(matches!(&error, Error::Busy { what, .. } if what == "tasks.csv"), "{error:?}");
    assert_eq!(fixture.text("tasks.csv"), theirs);
    assert_eq!(fixture.keys::<Task>(), ["t1", "t2"]);
    fixture.write(|r| r.tasks().insert(&guest(), &task("t3"))).unwrap();
    assert_eq!(fixture.keys::<Task>(), ["t1", "t2", "t3"]);
}

#[test]
fn two_stores_on_one_folder_see_each_others_commits() {
    let fixture = Fixture::tasks("task_id,name\nt1,0\n");
    let other = landfast_legacy::files::FileStore::open(fixture.folder.path()).unwrap();
    let stores: [&dyn Store; 2] = [&fixture.store, &other];
    for step in 1..=20_usize {
        stores[step % 2]
            .write(|r| {
                let mut task = r.tasks().get(&guest(), &"t1".into())?.unwrap();
                let count: usize = task.name.raw().parse().unwrap();
                task.name.set_raw((count + 1).to_string());
                r.tasks().update(&guest(), &task)
            })
            .unwrap();
    }
    assert_eq!(fixture.text("tasks.csv"), "task_id,name\nt1,20\n");
}

#[test]
fn a_panic_in_a_transaction_leaves_nothing_behind() {
    let fixture = Fixture::tasks("task_id,name\nt1,Run\n");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        fixture.write(|r| {
            r.tasks().delete(&guest(), &"t1".into())?;
            if r.tasks().count(&guest())? == 0 {
                panic!("on purpose");
            }
            Ok(())
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(fixture.keys::<Task>(), ["t1"]);
    fixture.write(|r| r.tasks().insert(&guest(), &task("t2"))).unwrap();
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_an_error_and_not_an_empty_table() {
    // A link to itself cannot be read by anybody, not even by root.
    let fixture = Fixture::new(&[]);
    std::os::unix::fs::symlink("tasks.csv", fixture.path("tasks.csv")).unwrap();
    let error = fixture.write(|r| r.tasks().insert(&guest(), &task("t1"))).unwrap_err();
    assert!(matches!(error, Error::Backend(_)), "{error:?}");
    let error = dynamic(&fixture.store).read(|r| r.tasks().count(&guest())).unwrap_err();
    assert!(error.to_string().contains("tasks.csv"), "{error}");
}
