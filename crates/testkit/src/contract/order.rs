//! Order of lists, pages, positions and places.

use super::support::{insert, insert_all, instance, is_files, keys, list, placed, read, task, user, write};
use landfast_domain::accounts::UserId;
use landfast_domain::record::{DocumentId, Placed, Record as _, SourceRef};
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_domain::{Error, Store};

fn five(store: &dyn Store) -> UserId {
    let user = user(store);
    insert_all(store, &user, &["t1", "t2", "t3", "t4", "t5"].map(task));
    user
}

fn page(store: &dyn Store, user: &UserId, after: Option<i64>, limit: usize) -> Vec<Placed<Task>> {
    read(store, |r| r.tasks().page(user, after, limit))
}

fn page_keys(page: &[Placed<Task>]) -> Vec<&str> {
    page.iter().map(|placed| placed.record.key.as_str()).collect()
}

/// Lists follow positions, not the order in which a batch names its records.
pub fn lists_follow_positions(store: &dyn Store) {
    let user = user(store);
    let batch = placed([(30, task("c")), (10, task("a")), (20, task("b"))]);
    write(store, |r| r.tasks().insert_batch(&user, &batch));
    assert_eq!(keys::<Task>(store, &user), ["a", "b", "c"]);
}

/// An inserted record stands after all others, also after one that was placed far ahead.
pub fn an_insert_goes_after_the_greatest_position(store: &dyn Store) {
    let user = user(store);
    write(store, |r| r.tasks().insert_batch(&user, &placed([(5, task("a")), (700, task("b"))])));
    insert(store, &user, &task("c"));
    assert_eq!(keys::<Task>(store, &user), ["a", "b", "c"]);
    if !is_files(store) {
        assert_eq!(read(store, |r| r.tasks().last_position(&user)), 701);
    }
}

/// Positions of a batch are kept exactly by the databases; a folder of files keeps their order.
pub fn positions_of_a_batch_are_kept(store: &dyn Store) {
    let user = user(store);
    let batch = placed([(3, task("a")), (40, task("b")), (1_000_000_000_000, task("c"))]);
    write(store, |r| r.tasks().insert_batch(&user, &batch));
    let kept = page(store, &user, None, 10);
    assert_eq!(page_keys(&kept), ["a", "b", "c"]);
    assert!(kept.is_sorted_by(|a, b| a.position < b.position) && kept[0].position > 0);
    if !is_files(store) {
        assert_eq!(kept, batch);
        assert_eq!(read(store, |r| r.tasks().last_position(&user)), 1_000_000_000_000);
    }
}

/// The first record stands at a positive position, and each further one higher.
pub fn positions_grow_with_each_insert(store: &dyn Store) {
    let user = five(store);
    let positions: Vec<i64> = page(store, &user, None, 10).iter().map(|placed| placed.position).collect();
    assert!(positions[0] > 0);
    assert!(positions.is_sorted_by(|a, b| a < b), "{positions:?}");
    assert_eq!(read(store, |r| r.tasks().last_position(&user)), positions[4]);
}

/// A page of nothing is empty.
pub fn a_page_of_zero_is_empty(store: &dyn Store) {
    assert_eq!(page(store, &five(store), None, 0), []);
}

/// A page of one is the first record, or the next one after a position.
pub fn a_page_of_one_is_the_next_record(store: &dyn Store) {
    let user = five(store);
    let mut after = None;
    for expected in ["t1", "t2", "t3", "t4", "t5"] {
        let page = page(store, &user, after, 1);
        assert_eq!(page_keys(&page), [expected]);
        after = Some(page[0].position);
    }
    assert_eq!(page(store, &user, after, 1), []);
}

/// A page as long as the list is the list.
pub fn a_page_of_exactly_all_is_all(store: &dyn Store) {
    let user = five(store);
    assert_eq!(page_keys(&page(store, &user, None, 5)), ["t1", "t2", "t3", "t4", "t5"]);
}

/// A page longer than the list is the list, up to the largest limit there is.
pub fn a_page_beyond_the_end_is_all(store: &dyn Store) {
    let user = five(store);
    for limit in [6, 1000, usize::MAX - 1, usize::MAX] {
        assert_eq!(page(store, &user, None, limit).len(), 5, "{limit}");
    }
}

/// A page after a position does not hold the record at that position.
pub fn a_page_starts_after_its_position(store: &dyn Store) {
    let user = five(store);
    let all = page(store, &user, None, 10);
    assert_eq!(page_keys(&page(store, &user, Some(all[1].position), 2)), ["t3", "t4"]);
    assert_eq!(page_keys(&page(store, &user, Some(all[1].position), usize::MAX)), ["t3", "t4", "t5"]);
}

/// A page after the last position is empty, a page after an impossible low one starts at the first.
pub fn pages_accept_positions_nobody_has(store: &dyn Store) {
    let user = five(store);
    let last = read(store, |r| r.tasks().last_position(&user));
    assert_eq!(page(store, &user, Some(last), 10), []);
    assert_eq!(page(store, &user, Some(i64::MAX), 10), []);
    for low in [0, -5, i64::MIN] {
        assert_eq!(page(store, &user, Some(low), 10).len(), 5);
    }
}

/// Walking through pages of any size gives every record once.
pub fn walking_through_pages_gives_every_record_once(store: &dyn Store) {
    let user = user(store);
    let batch = placed((1..=100).map(|n| (n * 3, task(&format!("t{n}")))));
    write(store, |r| r.tasks().insert_batch(&user, &batch));
    for size in [1, 7, 33, 100] {
        let mut seen = Vec::new();
        while let Some(next) =
            Some(page(store, &user, seen.last().map(|p: &Placed<Task>| p.position), size)).filter(|p| !p.is_empty())
        {
            assert!(next.len() <= size);
            seen.extend(next);
        }
        assert_eq!(
            seen.iter().map(|p| &p.record).collect::<Vec<_>>(),
            batch.iter().map(|p| &p.record).collect::<Vec<_>>()
        );
    }
}

/// Pages and lists agree for instances too.
pub fn pages_and_lists_of_instances_agree(store: &dyn Store) {
    let user = user(store);
    insert_all(store, &user, &["i3", "i1", "i2"].map(|id| instance(id, "t1")));
    let paged: Vec<TaskInstance> =
        read(store, |r| r.instances().page(&user, None, 10)).into_iter().map(|p| p.record).collect();
    assert_eq!(paged, list::<TaskInstance>(store, &user));
}

/// A record can be moved between others without a change to its cells.
pub fn place_moves_a_record(store: &dyn Store) {
    let user = user(store);
    write(store, |r| r.tasks().insert_batch(&user, &placed([(10, task("a")), (20, task("b")), (30, task("c"))])));
    let order = |positions: [i64; 3]| {
        write(store, |r| {
            for (key, position) in ["a", "b", "c"].iter().zip(positions) {
                r.tasks().place(&user, &(*key).into(), position, None)?;
            }
            Ok(())
        });
        keys::<Task>(store, &user)
    };
    assert_eq!(order([100, 20, 30]), ["b", "c", "a"]);
    assert_eq!(order([25, 40, 7]), ["c", "a", "b"]);
    assert_eq!(list::<Task>(store, &user), [task("c"), task("a"), task("b")]);
}

/// Placing what is not there is an error.
pub fn place_of_a_missing_record_is_not_found(store: &dyn Store) {
    let user = five(store);
    let error = store.write(|r| r.tasks().place(&user, &"none".into(), 3, None)).unwrap_err();
    assert!(matches!(error, Error::NotFound { entity: "task", .. }), "{error:?}");
    assert_eq!(keys::<Task>(store, &user).len(), 5);
}

/// Where a record came from is kept with it, and can be changed and removed. Files have no such memory.
pub fn provenance_is_kept_with_the_record(store: &dyn Store) {
    if is_files(store) {
        return;
    }
    let user = user(store);
    let source = Some(SourceRef { document: DocumentId(7), ordinal: 41 });
    let batch =
        [Placed { position: 1, source, record: task("a") }, Placed { position: 2, source: None, record: task("b") }];
    write(store, |r| r.tasks().insert_batch(&user, &batch));
    assert_eq!(page(store, &user, None, 10), batch);
    let other = Some(SourceRef { document: DocumentId(i64::MAX), ordinal: 0 });
    write(store, |r| {
        r.tasks().place(&user, &"a".into(), 1, None)?;
        r.tasks().place(&user, &"b".into(), 2, other)
    });
    let sources: Vec<_> = page(store, &user, None, 10).iter().map(|placed| placed.source).collect();
    assert_eq!(sources, [None, other]);
}

/// A record made in Landfast has no provenance.
pub fn an_inserted_record_has_no_provenance(store: &dyn Store) {
    if is_files(store) {
        return;
    }
    assert!(page(store, &five(store), None, 10).iter().all(|placed| placed.source.is_none()));
}

/// An update changes neither position nor provenance.
pub fn an_update_keeps_position_and_provenance(store: &dyn Store) {
    let user = five(store);
    if !is_files(store) {
        let source = Some(SourceRef { document: DocumentId(3), ordinal: 9 });
        write(store, |r| r.tasks().place(&user, &"t2".into(), 2, source));
    }
    let before = page(store, &user, None, 10);
    let mut changed = task("t2");
    changed.name.set_raw("renamed");
    write(store, |r| r.tasks().update(&user, &changed));
    let after = page(store, &user, None, 10);
    assert_eq!(after[1].record, changed);
    let places = |page: &[Placed<Task>]| page.iter().map(|p| (p.position, p.source)).collect::<Vec<_>>();
    assert_eq!(places(&after), places(&before));
}

/// Deleting a record leaves the order of the others.
pub fn a_delete_keeps_the_order_of_the_rest(store: &dyn Store) {
    let user = five(store);
    write(store, |r| r.tasks().delete(&user, &"t3".into()));
    assert_eq!(keys::<Task>(store, &user), ["t1", "t2", "t4", "t5"]);
    insert(store, &user, &task("t6"));
    assert_eq!(keys::<Task>(store, &user), ["t1", "t2", "t4", "t5", "t6"]);
}

/// Order does not depend on keys, whatever script they are in.
pub fn order_does_not_depend_on_keys(store: &dyn Store) {
    let user = user(store);
    let names = ["ä", "Z", "a", "🌱", "é", "A", "_", "~", "10", "9", "ß"];
    insert_all(store, &user, &names.map(task));
    assert_eq!(keys::<Task>(store, &user), names);
}

/// A list of some hundred records keeps its order.
pub fn a_long_list_keeps_its_order(store: &dyn Store) {
    let user = user(store);
    let records: Vec<Task> = (0..300).map(|n| task(&format!("t{}", n * 7919 % 300))).collect();
    insert_all(store, &user, &records);
    assert!(list::<Task>(store, &user) == records);
}

/// Unknown columns are listed with each record in the order they were given.
pub fn unknown_columns_keep_order_and_values(store: &dyn Store) {
    let user = user(store);
    let mut record = task("t1");
    for (name, text) in
        [("zeta", "1"), ("alpha", ""), ("Task", "NA"), ("with, comma", "a\n\"b\""), ("ünïcödé 🌱", "🌱")]
    {
        record.extra.push((name.to_owned(), text.to_owned()));
    }
    insert(store, &user, &record);
    assert_eq!(list::<Task>(store, &user), [record]);
}

/// An unknown column can be changed, added and (in a database) removed by an update.
pub fn unknown_columns_can_be_updated(store: &dyn Store) {
    let user = user(store);
    let mut record = task("t1");
    record.set_cell_named("mood", "good".to_owned());
    insert(store, &user, &record);
    record.set_cell_named("mood", "better".to_owned());
    record.set_cell_named("place", "home".to_owned());
    write(store, |r| r.tasks().update(&user, &record));
    assert_eq!(list::<Task>(store, &user), [record.clone()]);
    if !is_files(store) {
        record.extra.clear();
        write(store, |r| r.tasks().update(&user, &record));
        assert_eq!(list::<Task>(store, &user), [record]);
    }
}

/// A duplicate header name arrives as `name.1`; such a column is one of its own.
pub fn numbered_duplicate_columns_are_columns_of_their_own(store: &dyn Store) {
    let user = user(store);
    let mut record = task("t1");
    record.set_cell_named("name.1", "second name".to_owned());
    record.set_cell_named("name.2", "third name".to_owned());
    insert(store, &user, &record);
    assert_eq!(list::<Task>(store, &user), [record]);
}

/// A record keeps a hundred unknown columns.
pub fn a_hundred_unknown_columns_are_kept(store: &dyn Store) {
    let user = user(store);
    let mut record = instance("i1", "t1");
    record.extra = (0..100).map(|n| (format!("column {n}"), format!("text {n}"))).collect();
    insert(store, &user, &record);
    assert_eq!(list::<TaskInstance>(store, &user), [record]);
}
