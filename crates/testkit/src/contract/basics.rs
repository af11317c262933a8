//! What every repository does with every kind of record.

use super::support::{
    Sample, for_every_kind, get, insert, insert_all, is_files, keys, list, placed, read, task, user, write,
};
use landfast_domain::record::{ColumnKind, RecordKey};
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_domain::{Error, Store};

/// A record is found under its key, equal in every cell.
pub fn an_inserted_record_is_found_by_its_key(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let record = R::with_id("k1");
        insert(store, &user, &record);
        assert_eq!(get(store, &user, record.key()), Some(record));
    }
    for_every_kind!(check(store));
}

/// Looking for what is not there is no error.
pub fn a_missing_key_gives_none(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        insert(store, &user, &R::with_id("k1"));
        for key in ["k2", "K1", "k", "k1 ", "", "k1~2", "%", "k_"] {
            assert_eq!(get::<R>(store, &user, &key.into()), None, "{} {key:?}", R::ENTITY);
        }
    }
    for_every_kind!(check(store));
}

/// A taken key is refused, and the record that has it stays as it was.
pub fn inserting_a_taken_key_conflicts(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let record = R::with_id("k1");
        insert(store, &user, &record);
        let other = R::filled("k1", |_, _| "7".to_owned());
        let error = store.write(|r| R::repository(r).insert(&user, &other)).unwrap_err();
        assert!(
            matches!(&error, Error::Conflict { entity, key } if *entity == R::ENTITY && key == record.key().as_str()),
            "{error:?}"
        );
        assert_eq!(list::<R>(store, &user), [record]);
    }
    for_every_kind!(check(store));
}

/// An update replaces all cells; none of the old ones shows through.
pub fn an_update_replaces_every_cell(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        insert(store, &user, &R::filled("k1", |name, _| format!("old {name}")));
        let new = R::filled("k1", |name, _| format!("new {name}"));
        write(store, |r| R::repository(r).update(&user, &new));
        assert_eq!(get(store, &user, new.key()), Some(new));
    }
    for_every_kind!(check(store));
}

/// Updating what is not there is an error and adds nothing.
pub fn an_update_of_a_missing_record_is_not_found(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let record = R::with_id("k1");
        let error = store.write(|r| R::repository(r).update(&user, &record)).unwrap_err();
        assert!(
            matches!(&error, Error::NotFound { entity, key } if *entity == R::ENTITY && key == record.key().as_str()),
            "{error:?}"
        );
        assert_eq!(list::<R>(store, &user), []);
    }
    for_every_kind!(check(store));
}

/// A delete removes one record and says so.
pub fn a_delete_removes_one_record(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let (a, b) = (R::with_id("k1"), R::with_id("k2"));
        insert_all(store, &user, &[a.clone(), b.clone()]);
        assert!(write(store, |r| R::repository(r).delete(&user, a.key())));
        assert_eq!(list::<R>(store, &user), [b]);
    }
    for_every_kind!(check(store));
}

/// Deleting what is not there answers `false` and removes nothing.
pub fn a_delete_of_a_missing_record_is_false(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let record = R::with_id("k1");
        insert(store, &user, &record);
        for key in ["k2", "", "K1", "%", "k_"] {
            assert!(!write(store, |r| R::repository(r).delete(&user, &key.into())), "{key:?}");
        }
        assert_eq!(list::<R>(store, &user), [record]);
    }
    for_every_kind!(check(store));
}

/// A key is free again after its record was deleted; the new record stands at the end.
pub fn a_deleted_key_can_be_used_again(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let (a, b) = (R::with_id("k1"), R::with_id("k2"));
        insert_all(store, &user, &[a.clone(), b.clone()]);
        write(store, |r| R::repository(r).delete(&user, a.key()));
        insert(store, &user, &a);
        assert_eq!(list::<R>(store, &user), [b, a]);
    }
    for_every_kind!(check(store));
}

/// Delete and insert of one key within a transaction leaves the new record.
pub fn delete_then_insert_in_one_transaction_keeps_the_new_record(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let old = R::with_id("k1");
        insert(store, &user, &old);
        let mut new = R::with_id("k1");
        for column in R::free_columns() {
            new.set_cell(column, "9".to_owned());
        }
        write(store, |r| {
            assert!(R::repository(r).delete(&user, old.key())?);
            R::repository(r).insert(&user, &new)
        });
        assert_eq!(list::<R>(store, &user), [new]);
    }
    for_every_kind!(check(store));
}

/// The count is that of the list.
pub fn the_count_follows_inserts_and_deletes(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let count = || read(store, |r| R::repository(r).count(&user));
        assert_eq!(count(), 0);
        insert_all(store, &user, &[R::with_id("k1"), R::with_id("k2"), R::with_id("k3")]);
        assert_eq!(count(), 3);
        write(store, |r| R::repository(r).delete(&user, R::with_id("k2").key()));
        assert_eq!(count(), 2);
    }
    for_every_kind!(check(store));
}

/// A user without records has empty lists, no count and no last position.
pub fn a_user_without_records_has_empty_lists(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        assert_eq!(list::<R>(store, &user), []);
        assert_eq!(read(store, |r| R::repository(r).page(&user, None, 10)), []);
        assert_eq!(read(store, |r| R::repository(r).count(&user)), 0);
        assert_eq!(read(store, |r| R::repository(r).last_position(&user)), 0);
    }
    for_every_kind!(check(store));
}

/// Lists are in the order of insertion, whatever the keys are.
pub fn lists_are_in_order_of_insertion(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let records: Vec<R> = ["m", "Z", "a", "ä", "10", "9"].into_iter().map(R::with_id).collect();
        insert_all(store, &user, &records);
        assert_eq!(list::<R>(store, &user), records);
    }
    for_every_kind!(check(store));
}

/// No column is mistaken for another: each cell comes back in its own.
pub fn every_column_keeps_its_own_text(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let record = R::filled("k1", |name, _| format!("text of {name}"));
        insert(store, &user, &record);
        let kept = get::<R>(store, &user, record.key()).unwrap();
        for (number, column) in R::COLUMNS.iter().enumerate() {
            assert_eq!(kept.cell(number), record.cell(number), "{} {}", R::ENTITY, column.name);
        }
        assert_eq!(kept, record);
    }
    for_every_kind!(check(store));
}

/// Values in the spelling the legacy program uses come back in it.
pub fn every_column_keeps_a_typical_value(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let record = R::filled("k1", typical);
        insert(store, &user, &record);
        assert_eq!(get::<R>(store, &user, record.key()), Some(record));
    }
    for_every_kind!(check(store));
}

/// An empty cell stays empty: it becomes neither zero, nor `False`, nor a missing-value word.
pub fn every_column_keeps_an_empty_cell(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let record = R::filled("k1", |_, _| String::new());
        insert(store, &user, &record);
        assert_eq!(get::<R>(store, &user, record.key()), Some(record));
    }
    for_every_kind!(check(store));
}

/// The words that pandas reads as "no value" are kept as they stand and are not the same as empty.
pub fn every_column_keeps_missing_value_words(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let words = landfast_domain::text::MISSING_WORDS;
        let records: Vec<R> = words
            .iter()
            .enumerate()
            .map(|(number, word)| {
                let mut record = R::with_id(&format!("k{number}"));
                for column in R::free_columns() {
                    record.set_cell(column, (*word).to_owned());
                }
                record
            })
            .collect();
        insert_all(store, &user, &records);
        assert_eq!(list::<R>(store, &user), records);
    }
    for_every_kind!(check(store));
}

/// An update to empty cells leaves nothing of the old ones, not even a hidden raw text.
pub fn an_update_can_empty_every_cell(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        insert(store, &user, &R::filled("k1", typical));
        insert(store, &user, &R::filled("k2", |name, _| format!("odd {name}")));
        for id in ["k1", "k2"] {
            let empty = R::filled(id, |_, _| String::new());
            write(store, |r| R::repository(r).update(&user, &empty));
            assert_eq!(get::<R>(store, &user, empty.key()), Some(empty));
        }
    }
    for_every_kind!(check(store));
}

/// A cell that was odd and is mended comes back mended, and the other way round.
pub fn an_update_can_mend_and_spoil_a_cell(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let odd = R::filled("k1", |name, _| format!("odd {name}"));
        let good = R::filled("k1", typical);
        insert(store, &user, &odd);
        for record in [&good, &odd, &good] {
            write(store, |r| R::repository(r).update(&user, record));
            assert_eq!(get::<R>(store, &user, record.key()).as_ref(), Some(record));
        }
    }
    for_every_kind!(check(store));
}

/// A batch adds all its records and says how many.
pub fn a_batch_adds_all_its_records(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let records: Vec<R> = (0..25).map(|n| R::filled(&format!("k{n}"), |name, _| format!("{name} {n}"))).collect();
        let batch = placed((1..).zip(records.clone()));
        assert_eq!(write(store, |r| R::repository(r).insert_batch(&user, &batch)), 25);
        assert_eq!(list::<R>(store, &user), records);
    }
    for_every_kind!(check(store));
}

/// A batch of nothing adds nothing.
pub fn an_empty_batch_adds_nothing(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        insert(store, &user, &R::with_id("k1"));
        assert_eq!(write(store, |r| R::repository(r).insert_batch(&user, &[])), 0);
        assert_eq!(read(store, |r| R::repository(r).count(&user)), 1);
    }
    for_every_kind!(check(store));
}

/// A batch with a taken key fails as a whole.
pub fn a_batch_with_a_taken_key_conflicts(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let old = R::with_id("k2");
        insert(store, &user, &old);
        let batch = placed((2..).zip(["k1", "k2", "k3"].map(R::with_id)));
        let error = store.write(|r| R::repository(r).insert_batch(&user, &batch)).unwrap_err();
        assert!(matches!(error, Error::Conflict { entity, .. } if entity == R::ENTITY), "{error:?}");
        assert_eq!(list::<R>(store, &user), [old]);
    }
    for_every_kind!(check(store));
}

/// A batch that holds one key twice fails as a whole.
pub fn a_batch_with_a_key_twice_conflicts(store: &dyn Store) {
    let user = user(store);
    let batch = placed([(1, task("t1")), (2, task("t2")), (3, task("t1"))]);
    let error = store.write(|r| r.tasks().insert_batch(&user, &batch)).unwrap_err();
    assert!(matches!(error, Error::Conflict { entity: "task", .. }), "{error:?}");
    assert_eq!(list::<Task>(store, &user), []);
}

/// Ten thousand rows in one call are all there, in order.
pub fn a_batch_of_ten_thousand_rows_is_kept_in_order(store: &dyn Store) {
    let user = user(store);
    let rows = (1..=10_000_i64).map(|n| (n, super::support::instance(&format!("i{n}"), &format!("t{}", n % 7))));
    let batch = placed(rows);
    assert_eq!(write(store, |r| r.instances().insert_batch(&user, &batch)), 10_000);
    assert_eq!(read(store, |r| r.instances().count(&user)), 10_000);
    let kept = list::<TaskInstance>(store, &user);
    assert!(kept.iter().zip(&batch).all(|(kept, placed)| *kept == placed.record));
    assert_eq!(kept.len(), 10_000);
}

/// Twins of one legacy id live under keys of their own and keep the common id.
pub fn twins_of_one_id_live_side_by_side(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let twins: Vec<R> = (1..=3)
            .map(|number| {
                let mut twin = R::with_id("k1");
                let key = RecordKey::nth(&twin.identity(), number);
                for column in R::free_columns() {
                    twin.set_cell(column, number.to_string());
                }
                twin.set_key(key);
                twin
            })
            .collect();
        insert_all(store, &user, &twins);
        assert_eq!(list::<R>(store, &user), twins);
        assert!(keys::<R>(store, &user)[1].ends_with("~2"));
        assert_eq!(get::<R>(store, &user, twins[2].key()).as_ref(), Some(&twins[2]));
    }
    for_every_kind!(check(store));
}

/// Records without an id get keys of their own.
pub fn records_without_an_id_are_kept(store: &dyn Store) {
    let user = user(store);
    let mut records = vec![task(""), task("")];
    records[0].key = RecordKey::nth("", 1);
    records[1].key = RecordKey::nth("", 2);
    insert_all(store, &user, &records);
    assert_eq!(keys::<Task>(store, &user), ["~1", "~2"]);
    assert_eq!(list::<Task>(store, &user), records);
}

/// Ten thousand characters are no key's limit in a folder; a thousand are none anywhere.
pub fn long_keys_are_kept_apart(store: &dyn Store) {
    let user = user(store);
    let start = "k".repeat(1000);
    let records: Vec<Task> = ["a", "b"].map(|end| task(&format!("{start}{end}"))).into();
    insert_all(store, &user, &records);
    assert_eq!(list::<Task>(store, &user), records);
    assert_eq!(get::<Task>(store, &user, &records[1].key).as_ref(), Some(&records[1]));
}

/// Keys are compared byte by byte: case, accents, composed forms and blanks all tell keys apart, and
/// pattern characters mean themselves.
pub fn keys_are_compared_byte_by_byte(store: &dyn Store) {
    let user = user(store);
    let names =
        ["key", "KEY", "kéy", "ke\u{301}y", "key ", " key", "k%y", "k_y", "key'", "key\"", "key\nline", "键", "🔑"];
    let records: Vec<Task> = names.into_iter().map(task).collect();
    insert_all(store, &user, &records);
    assert_eq!(keys::<Task>(store, &user), names);
    for record in &records {
        assert_eq!(get::<Task>(store, &user, &record.key).as_ref(), Some(record));
    }
    write(store, |r| r.tasks().delete(&user, &"k%y".into()));
    assert_eq!(read(store, |r| r.tasks().count(&user)), 12);
}

/// Every repository is reached both through its accessor and through its record type.
pub fn accessors_and_record_types_reach_the_same_repository(store: &dyn Store) {
    let user = user(store);
    write(store, |r| {
        r.tasks().insert(&user, &task("t1"))?;
        r.instances().insert(&user, &super::support::instance("i1", "t1"))
    });
    assert_eq!(keys::<Task>(store, &user), ["t1"]);
    assert_eq!(keys::<TaskInstance>(store, &user), ["i1"]);
}

/// A store says what it is.
pub fn a_store_names_its_kind(store: &dyn Store) {
    let name = store.kind().as_str();
    assert!(["files", "sqlite", "postgres"].contains(&name), "{name}");
    assert_eq!(name == "files", is_files(store));
}

/// What the legacy program would write into a column of this kind.
fn typical(name: &str, kind: ColumnKind) -> String {
    let text = match kind {
        ColumnKind::Text => return format!("Some {name}"),
        ColumnKind::Json => r#"{"a": 1.0, "b": ["\u00e9"]}"#,
        ColumnKind::Integer => "35",
        ColumnKind::Number => "3.417",
        ColumnKind::Boolean => "True",
        ColumnKind::LocalTime => "2025-12-21 20:31",
        ColumnKind::IsoTime => "2025-12-22T02:40:25.004936",
        ColumnKind::SecondsTime => "2026-02-23 06:50:36",
        _ => "text",
    };
    text.to_owned()
}
