//! Any table and any changes: a store opened anew has what the one that made them has.

use crate::support::{Fixture, dynamic, guest, list};
use landfast_domain::record::{Placed, Record, RecordKey};
use landfast_domain::store::Repositories;
use landfast_domain::tasks::{LegacyRow, Task};
use landfast_domain::{Error, Result};
use landfast_legacy::csv::count_records;
use landfast_legacy::files::FileStore;
use proptest::prelude::*;

/// One change to the table; records are named by their number.
#[derive(Debug, Clone)]
enum Op {
    Insert { id: String, column: usize, text: String },
    Update { record: usize, column: usize, text: String },
    Mood { record: usize, text: String },
    Delete { record: usize },
    Place { record: usize, position: i64 },
    Batch { id: String, position: i64 },
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,4}", Just("NA".to_owned()), "[a, \"\r\n\u{feff}é;]{0,6}"]
}

fn op() -> impl Strategy<Value = Op> {
    let id = prop_oneof!["t[1-3]", Just(String::new()), Just("t1~2".to_owned())];
    let column = 0..Task::COLUMNS.len();
    prop_oneof![
        (id.clone(), column.clone(), text()).prop_map(|(id, column, text)| Op::Insert { id, column, text }),
        (0..8_usize, column, text()).prop_map(|(record, column, text)| Op::Update { record, column, text }),
        (0..8_usize, text()).prop_map(|(record, text)| Op::Mood { record, text }),
        (0..8_usize).prop_map(|record| Op::Delete { record }),
        (0..8_usize, 1..12_i64).prop_map(|(record, position)| Op::Place { record, position }),
        (id, 1..12_i64).prop_map(|(id, position)| Op::Batch { id, position }),
    ]
}

/// A file of rows, some of them no records.
fn file() -> impl Strategy<Value = String> {
    let row = prop_oneof![
        4 => ("t[1-3]", text()).prop_map(|(id, text)| format!("{id},\"{}\"", text.replace('"', "\"\""))),
        1 => Just("\"t2\",Run,".to_owned()),
        1 => Just("t3,a,surplus".to_owned()),
        1 => Just("t1".to_owned()),
        1 => Just("t1,a\rb".to_owned()),
        1 => Just("t1\rx\ry".to_owned()),
        1 => Just(String::new()),
        1 => Just("t2,\"open".to_owned()),
        1 => Just("t2,\"a\"b".to_owned()),
    ];
    let start = prop_oneof![
        Just("task_id,name"),
        Just("\u{feff}task_id,name"),
        Just("name,task_id,name"),
        Just("task_id"),
        Just("")
    ];
    (start, prop::collection::vec(row, 0..6), prop_oneof![Just("\n"), Just("\r\n")], any::<bool>()).prop_map(
        |(start, rows, end, last)| {
            let mut text = start.to_owned();
            for row in rows {
                text.push_str(end);
                text.push_str(&row);
            }
            if last {
                text.push_str(end);
            }
            text
        },
    )
}

fn apply(r: &mut dyn Repositories, op: &Op) -> Result<()> {
    let user = guest();
    let records = r.tasks().list(&user)?;
    let nth = |record: usize| records.get(record).cloned();
    match op {
        Op::Insert { id, column, text } => {
            let mut task = Task::blank(RecordKey::nth(id, 1));
            task.task_id.set_raw(id.as_str());
            if *column > 0 {
                task.set_cell(*column, text.clone());
            }
            match r.tasks().insert(&user, &task) {
                Err(Error::Conflict { .. }) => Ok(()),
                other => other,
            }
        }
        Op::Update { record, column, text } => nth(*record).map_or(Ok(()), |mut task| {
            task.set_cell(*column, text.clone());
            r.tasks().update(&user, &task)
        }),
        Op::Mood { record, text } => nth(*record).map_or(Ok(()), |mut task| {
            task.set_cell_named("mood", text.clone());
            r.tasks().update(&user, &task)
        }),
        Op::Delete { record } => nth(*record).map_or(Ok(()), |task| r.tasks().delete(&user, &task.key).map(|_| ())),
        Op::Place { record, position } => {
            nth(*record).map_or(Ok(()), |task| r.tasks().place(&user, &task.key, *position, None))
        }
        Op::Batch { id, position } => {
            let key = RecordKey::new(format!("{id} in a batch"));
            let placed = Placed { position: *position, source: None, record: Task::blank(key) };
            match r.tasks().insert_batch(&user, &[placed]) {
                Err(Error::Conflict { .. }) => Ok(()),
                other => other.map(|_| ()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_what_is_read(file in file(), transactions in prop::collection::vec(prop::collection::vec(op(), 1..4), 1..4)) {
        let fixture = Fixture::tasks(&file);
        for ops in transactions {
            let before = fixture.bytes("tasks.csv");
            let mut expected = Vec::new();
            let rejected: Vec<_> = fixture.store.rejected(&guest()).unwrap().into_iter().map(|row| row.raw.trim_ascii().to_vec()).collect();
            let result = fixture.write(|r| {
                ops.iter().try_for_each(|op| apply(r, op))?;
                expected = r.tasks().list(&guest())?;
                Ok(())
            });
            match result {
                Ok(()) => {}
                // A row in doubt is in the way; then nothing may have changed.
                Err(Error::Corrupt { .. }) => {
                    prop_assert!(!rejected.is_empty() || file.contains("open"));
                    prop_assert_eq!(fixture.bytes("tasks.csv"), before);
                    continue;
                }
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
            }
            let kept = fixture.list::<Task>();
            let again = FileStore::open(fixture.folder.path()).unwrap();
            prop_assert_eq!(&list::<Task>(&again), &kept);
            prop_assert_eq!(positions(&again), positions(&fixture.store));
            // Cells and keys are what the transaction saw; all records of a file have the same columns.
            prop_assert_eq!(kept.len(), expected.len());
            for (kept, expected) in kept.iter().zip(&expected) {
                prop_assert_eq!(&kept.key, &expected.key);
                for (number, column) in Task::COLUMNS.iter().enumerate() {
                    prop_assert_eq!(kept.cell(number), expected.cell(number), "{}", column.name);
                }
                for (name, text) in &expected.extra {
                    prop_assert_eq!(kept.cell_named(name), Some(text.as_str()));
                }
            }
            let left: Vec<_> = fixture.store.rejected(&guest()).unwrap().into_iter().map(|row| row.raw).collect();
            prop_assert_eq!(left.len(), rejected.len());
            prop_assert!(left.iter().zip(&rejected).all(|(left, old)| left.trim_ascii().starts_with(old)));
        }
    }

    #[test]
    fn memory_is_a_folder_without_a_folder(transactions in prop::collection::vec(prop::collection::vec(op(), 1..4), 1..4)) {
        let (folder, memory) = (Fixture::new(&[]), FileStore::in_memory());
        for ops in transactions {
            let work = |r: &mut dyn Repositories| ops.iter().try_for_each(|op| apply(r, op));
            folder.write(work).unwrap();
            dynamic(&memory).write(work).unwrap();
            prop_assert_eq!(list::<Task>(&memory), folder.list::<Task>());
        }
        prop_assert_eq!(list::<LegacyRow>(&memory), folder.list::<LegacyRow>());
    }

    #[test]
    fn any_bytes_are_kept_through_a_change_of_one_record(bytes in prop::collection::vec(prop::sample::select(&b"a,\"\r\n \xff"[..]), 0..40)) {
        let mut file = b"task_id,name\nt1,x\n".to_vec();
        file.extend(bytes);
        let fixture = Fixture::new(&[("tasks.csv", &file)]);
        let counts = count_records(&file[..]).unwrap();
        match fixture.set::<Task>("t1", "name", "y") {
            Ok(()) => prop_assert_eq!(fixture.bytes("tasks.csv"), [b"task_id,name\nt1,y\n", &file[18..]].concat()),
            Err(Error::Corrupt { .. }) => prop_assert!(counts.records > 1),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
    }
}

fn positions(store: &FileStore) -> Vec<i64> {
    dynamic(store)
        .read(|r| r.tasks().page(&guest(), None, usize::MAX))
        .unwrap()
        .iter()
        .map(|placed| placed.position)
        .collect()
}
