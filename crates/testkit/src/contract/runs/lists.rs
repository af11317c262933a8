//! Lists of runs.

use super::support::{Own, at, insert, seen};
use landfast_domain::Store;
use landfast_domain::runs::{RunCursor, RunFilter, RunPage, RunStatus, manager};

/// Runs are listed newest first by the instants their times mean, those of one instant by the bytes of the id,
/// those without a time last.
pub fn runs_are_listed_newest_first(store: &dyn Store) {
    let own = Own::new();
    for (name, created) in [
        ("b", "0900-01-01T10:00:00Z"),
        ("newest", "0900-01-01T09:00:00-02:00"),
        ("ä", "0900-01-01T12:00:00+02:00"),
        ("B", "0900-01-01 10:00:00.000"),
        ("new", "0900-01-01T10:00:00.000001+00:00"),
        ("z unknown", "soon"),
        ("unknown", "0900-13-45"),
        ("old", "0900-01-01T09:59:59.999999Z"),
    ] {
        insert(store, &[own.run(name, "pending", created, "")]);
    }
    assert_eq!(own.list(store), ["newest", "new", "B", "b", "ä", "old", "unknown", "z unknown"]);
}

/// Lists and counts follow exact filters.
pub fn runs_are_filtered_by_status_and_source(store: &dyn Store) {
    let (own, other) = (Own::new(), Own::new());
    for (name, status) in [("a", "complete"), ("b", "error"), ("c", "complete"), ("d", "COMPLETE")] {
        insert(
            store,
            &[own.run(name, status, "0900-01-01T10:00:00Z", ""), other.run(name, status, "0900-01-01T10:00:00Z", "")],
        );
    }
    for (status, names) in [
        (None, &["a", "b", "c", "d"][..]),
        (Some(RunStatus::Complete), &["a", "c"]),
        (Some(RunStatus::Other("COMPLETE".to_owned())), &["d"]),
        (Some(RunStatus::Pending), &[]),
    ] {
        let filter = RunFilter { status, ..own.filter() };
        let (listed, total) = seen(store, |r| manager::list(r, &filter, &RunPage::Offset(0), 99));
        assert_eq!(own.names(&listed), names);
        assert_eq!(usize::try_from(total), Ok(names.len()));
    }
    let upper = RunFilter { status: None, source: Some(own.source().to_uppercase()) };
    assert_eq!(seen(store, |r| r.count(&upper)), 0);
    let by_status = RunFilter { status: Some(RunStatus::Complete), source: None };
    let listed = seen(store, |r| r.list(&by_status, &RunPage::Offset(0), usize::MAX));
    assert_eq!((own.names(&listed).len(), other.names(&listed).len()), (2, 2));
}

/// Pages by offset and by place give the same runs, each once.
pub fn pages_by_offset_and_by_place_agree(store: &dyn Store) {
    let own = Own::new();
    for number in 0..17 {
        insert(
            store,
            &[own.run(&format!("{number:02}"), "pending", &format!("0900-01-01T10:{:02}:00Z", number / 3), "")],
        );
    }
    let all = own.list(store);
    let (mut by_offset, mut by_place, mut place) = (Vec::new(), Vec::new(), None);
    for page in 0..6 {
        let (offset, after) = (RunPage::Offset(page * 3), place.map_or(RunPage::Offset(0), RunPage::After));
        by_offset.extend(own.names(&seen(store, |r| r.list(&own.filter(), &offset, 3))));
        let runs = seen(store, |r| r.list(&own.filter(), &after, 3));
        by_place.extend(own.names(&runs));
        place = runs.last().map(RunCursor::of);
    }
    assert_eq!((&by_offset, &by_place), (&all, &all));
    assert_eq!(all.len(), 17);
}

/// Pages of nothing and pages beyond the end are empty, and the total is that of all.
pub fn pages_of_runs_have_their_limits(store: &dyn Store) {
    let own = Own::new();
    for name in ["a", "b", "c"] {
        own.create(store, name, "10:00");
    }
    for (offset, limit, names) in [
        (0, 0, &[][..]),
        (0, 2, &["a", "b"]),
        (2, 2, &["c"]),
        (3, 2, &[]),
        (u64::MAX, 9, &[]),
        (1, usize::MAX, &["b", "c"]),
    ] {
        let (listed, total) = seen(store, |r| manager::list(r, &own.filter(), &RunPage::Offset(offset), limit));
        assert_eq!((own.names(&listed), total), (names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), 3));
    }
}

/// Final runs that ended before a moment are found in the order of their ids, page by page.
pub fn ended_runs_are_found_by_id(store: &dyn Store) {
    let own = Own::new();
    for (name, status, updated) in [
        ("z", "complete", "0900-01-01T10:00:00Z"),
        ("B", "error", "0900-01-01T10:30:00Z"),
        ("a", "complete", "not known"),
        ("exact", "complete", "0900-01-01T11:00:00Z"),
        ("open", "pending", "0900-01-01T09:00:00Z"),
    ] {
        insert(store, &[own.run(name, status, "0900-01-01T09:00:00Z", updated)]);
    }
    let ended = |after, limit| own.names(&seen(store, |r| r.list_ended_before(at("11:00"), Some(&after), limit)));
    assert_eq!(ended(own.before(), 99), ["B", "a", "z"]);
    assert_eq!(ended(own.before(), 2), ["B", "a"]);
    assert_eq!(ended(own.id("a"), 99), ["z"]);
}
