//! The lists that only instances have.

use super::support::{ids, insert_all, instance, keys, list, placed, read, user, write};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record as _;
use landfast_domain::tasks::TaskInstance;

/// Instances `i1`, `i2`, … changed one by one.
fn rows(changes: &[&dyn Fn(&mut TaskInstance)]) -> Vec<TaskInstance> {
    let row = |(number, change): (usize, &&dyn Fn(&mut TaskInstance))| {
        let mut row = instance(&format!("i{}", number + 1), "t1");
        change(&mut row);
        row
    };
    changes.iter().enumerate().map(row).collect()
}

fn with_status(statuses: &[&str]) -> Vec<TaskInstance> {
    let mut rows: Vec<TaskInstance> = (1..=statuses.len()).map(|n| instance(&format!("i{n}"), "t1")).collect();
    rows.iter_mut().zip(statuses).for_each(|(row, status)| row.status.set_raw(*status));
    rows
}

fn completed(times: &[&str]) -> Vec<TaskInstance> {
    let mut rows: Vec<TaskInstance> = (1..=times.len()).map(|n| instance(&format!("i{n}"), "t1")).collect();
    rows.iter_mut().zip(times).for_each(|(row, time)| row.completed_at.set_raw(*time));
    rows
}

fn stored(store: &dyn Store, rows: &[TaskInstance]) -> UserId {
    let user = user(store);
    insert_all(store, &user, rows);
    user
}

fn active(store: &dyn Store, user: &UserId) -> Vec<TaskInstance> {
    read(store, |r| r.instances().list_active(user))
}

fn recent(store: &dyn Store, user: &UserId, limit: usize) -> Vec<TaskInstance> {
    read(store, |r| r.instances().list_recent_completed(user, limit))
}

fn cancelled(store: &dyn Store, user: &UserId) -> Vec<TaskInstance> {
    read(store, |r| r.instances().list_cancelled(user))
}

/// Open instances come in list order.
pub fn active_instances_come_in_list_order(store: &dyn Store) {
    let user = stored(store, &["i9", "i1", "i5"].map(|id| instance(id, "t1")));
    assert_eq!(ids(&active(store, &user)), ["i9", "i1", "i5"]);
}

/// Completed, cancelled and draft ones are not open, in whatever case the status is written.
pub fn finished_and_draft_instances_are_not_active(store: &dyn Store) {
    let statuses =
        ["active", "completed", "Completed", "CANCELLED", "cancelled", "draft", "Draft", "initialized", "on hold"];
    let user = stored(store, &with_status(&statuses));
    assert_eq!(ids(&active(store, &user)), ["i1", "i8", "i9"]);
}

/// The status is not trimmed: one with blanks around it is a status of its own, and open.
pub fn a_padded_status_counts_as_active(store: &dyn Store) {
    let user = stored(store, &with_status(&[" cancelled ", "completed ", "\tdraft", "cancelled"]));
    assert_eq!(ids(&active(store, &user)), ["i1", "i2", "i3"]);
}

/// Only the text `True` counts as a flag; a spreadsheet's `TRUE`, `true` and `1` do not.
pub fn only_the_exact_flag_closes_an_instance(store: &dyn Store) {
    let mut rows = Vec::new();
    for flag in ["True", "TRUE", "true", "1", " True", "yes"] {
        for column in ["is_completed", "is_deleted"] {
            let mut row = instance(&format!("i{}", rows.len() + 1), "t1");
            row.set_cell_named(column, flag.to_owned());
            rows.push(row);
        }
    }
    let user = stored(store, &rows);
    assert_eq!(ids(&active(store, &user)), (3..=12).map(|n| format!("i{n}")).collect::<Vec<_>>());
}

/// Without a status the flag decides, in any case; a missing-value word is no status.
pub fn an_empty_status_follows_the_flag(store: &dyn Store) {
    let user = stored(
        store,
        &rows(&[
            &|row| row.status.clear(),
            &|row| {
                row.status.clear();
                row.is_completed.set_raw("TRUE");
            },
            &|row| {
                row.status.set_raw("NaN");
                row.is_completed.clear();
            },
            &|row| {
                row.status.set_raw("null");
                row.is_completed.set_raw("true");
            },
        ]),
    );
    assert_eq!(ids(&active(store, &user)), ["i1", "i3"]);
}

/// An instance with a completion time is open all the same, if flag and status say so.
pub fn a_completion_time_alone_does_not_close_an_instance(store: &dyn Store) {
    let user = stored(store, &completed(&["2026-01-02 10:00", ""]));
    assert_eq!(ids(&active(store, &user)), ["i1", "i2"]);
}

/// The list of open instances follows every change of a row.
pub fn active_instances_follow_updates_and_deletes(store: &dyn Store) {
    let mut row = instance("i1", "t1");
    let user = stored(store, &[row.clone(), instance("i2", "t1")]);
    let update = |row: &TaskInstance| write(store, |r| r.instances().update(&user, row));
    row.status.set_raw("completed");
    update(&row);
    assert_eq!(ids(&active(store, &user)), ["i2"]);
    row.status.set_raw("active");
    update(&row);
    assert_eq!(ids(&active(store, &user)), ["i1", "i2"]);
    row.is_completed.set_raw("True");
    update(&row);
    write(store, |r| r.instances().delete(&user, &"i2".into()));
    assert_eq!(active(store, &user), []);
}

/// Instances loaded in a batch are listed by the same rules as inserted ones.
pub fn lists_see_batches(store: &dyn Store) {
    let user = user(store);
    let mut done = completed(&["2026-01-02 10:00"]).remove(0);
    done.status.set_raw("completed");
    let mut gone = instance("i2", "t2");
    gone.status.set_raw("Cancelled");
    write(store, |r| {
        r.instances().insert_batch(&user, &placed([(1, done.clone()), (2, gone.clone()), (3, instance("i3", "t2"))]))
    });
    assert_eq!(ids(&active(store, &user)), ["i3"]);
    assert_eq!(ids(&recent(store, &user, 5)), ["i1"]);
    assert_eq!(ids(&cancelled(store, &user)), ["i2"]);
    assert_eq!(ids(&read(store, |r| r.instances().list_by_task(&user, "t2"))), ["i2", "i3"]);
}

/// Recent completions are the newest first.
pub fn recent_completions_are_newest_first(store: &dyn Store) {
    let user =
        stored(store, &completed(&["2026-01-02 10:00", "2026-01-03 09:00", "2025-12-31 23:59", "2026-01-02 10:01"]));
    assert_eq!(ids(&recent(store, &user, 20)), ["i2", "i4", "i1", "i3"]);
}

/// The text decides, not the date: an impossible date or a word has its place by its bytes.
pub fn recent_completions_are_ordered_as_text(store: &dyn Store) {
    let times = ["2025-12-21 20:31", "2025-13-45 99:99", "zzz", "12/05/2025 9:15", "2025-12-21T20:31:00", "~", "Z"];
    let user = stored(store, &completed(&times));
    assert_eq!(ids(&recent(store, &user, 20)), ["i6", "i3", "i7", "i2", "i5", "i1", "i4"]);
}

/// Text is compared byte by byte, not by a language's rules.
pub fn recent_completions_are_ordered_by_bytes(store: &dyn Store) {
    let times = ["a", "Z", "ä", "🌱", "e\u{301}", "é", "_", "\u{ffee}"];
    let user = stored(store, &completed(&times));
    let mut sorted: Vec<&str> = times.to_vec();
    sorted.sort_by(|a, b| b.as_bytes().cmp(a.as_bytes()));
    let listed = recent(store, &user, 20);
    assert_eq!(listed.iter().map(|row| row.completed_at.raw()).collect::<Vec<_>>(), sorted);
}

/// Completions of the same minute come in list order.
pub fn recent_completions_of_one_minute_come_in_list_order(store: &dyn Store) {
    let user =
        stored(store, &completed(&["2026-01-02 10:00", "2026-01-02 10:00", "2026-01-05 08:00", "2026-01-02 10:00"]));
    assert_eq!(ids(&recent(store, &user, 20)), ["i3", "i1", "i2", "i4"]);
    assert_eq!(ids(&recent(store, &user, 2)), ["i3", "i1"]);
}

/// The limit is kept: none, one, exactly all, more than there are.
pub fn recent_completions_respect_the_limit(store: &dyn Store) {
    let user = stored(store, &completed(&["2026-01-01 10:00", "2026-01-02 10:00", "2026-01-03 10:00"]));
    for (limit, count) in [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (usize::MAX, 3)] {
        assert_eq!(recent(store, &user, limit).len(), count, "{limit}");
    }
}

/// A blank completion time is none: empty, white space of any kind, or a missing-value word.
pub fn a_blank_completion_time_is_none(store: &dyn Store) {
    let user = stored(store, &completed(&["", " ", "\t\n", "\u{a0}\u{2003}", "NaN", "null", "N/A", "none", " null"]));
    // `none` is no such word, and a word with a blank is ordinary text.
    assert_eq!(ids(&recent(store, &user, 20)), ["i8", "i9"]);
}

/// Recent completions ignore flags and status.
pub fn recent_completions_ignore_flags_and_status(store: &dyn Store) {
    let mut rows = completed(&["2026-01-01 10:00", "2026-01-02 10:00", "2026-01-03 10:00"]);
    rows[0].is_deleted.set_raw("True");
    rows[1].status.set_raw("cancelled");
    rows[2].status.set_raw("active");
    let user = stored(store, &rows);
    assert_eq!(ids(&recent(store, &user, 20)), ["i3", "i2", "i1"]);
}

/// The list of recent completions follows changes of the completion time.
pub fn recent_completions_follow_updates(store: &dyn Store) {
    let mut rows = completed(&["2026-01-01 10:00", "2026-01-02 10:00"]);
    let user = stored(store, &rows);
    rows[0].completed_at.set_raw("2026-01-09 10:00");
    rows[1].completed_at.clear();
    write(store, |r| rows.iter().try_for_each(|row| r.instances().update(&user, row)));
    assert_eq!(ids(&recent(store, &user, 20)), ["i1"]);
}

/// Instances whose times carry seconds stand where their text puts them.
pub fn completion_times_with_seconds_have_their_place(store: &dyn Store) {
    let user = stored(store, &completed(&["2026-01-01 10:00", "2026-01-01 10:00:30.000000", "2026-01-01 10:01"]));
    assert_eq!(ids(&recent(store, &user, 20)), ["i3", "i2", "i1"]);
}

/// Cancelled instances come newest first by text, those without a time last, ties in list order.
pub fn cancelled_instances_are_newest_first_and_undated_last(store: &dyn Store) {
    let mut rows = with_status(&["cancelled"; 6]);
    for (row, time) in rows.iter_mut().zip(["", "2026-01-02 10:00", "2026-01-03 10:00", "2026-01-02 10:00", "zz", ""]) {
        row.cancelled_at.set_raw(time);
    }
    let user = stored(store, &rows);
    assert_eq!(ids(&cancelled(store, &user)), ["i5", "i3", "i2", "i4", "i1", "i6"]);
}

/// Cancelled is what the lower-cased status says, unless the row is deleted.
pub fn cancelled_instances_are_found_by_status(store: &dyn Store) {
    let mut rows = with_status(&["cancelled", "Cancelled", " cancelled", "active", "CANCELLED", "completed"]);
    rows[3].cancelled_at.set_raw("2026-01-02 10:00");
    rows[4].is_deleted.set_raw("True");
    let user = stored(store, &rows);
    assert_eq!(ids(&cancelled(store, &user)), ["i1", "i2"]);
}

/// The list of cancelled instances follows updates and deletes.
pub fn cancelled_instances_follow_updates_and_deletes(store: &dyn Store) {
    let mut rows = with_status(&["cancelled", "cancelled"]);
    let user = stored(store, &rows);
    rows[0].status.set_raw("completed");
    write(store, |r| r.instances().update(&user, &rows[0]));
    assert_eq!(ids(&cancelled(store, &user)), ["i2"]);
    write(store, |r| r.instances().delete(&user, &"i2".into()));
    assert_eq!(cancelled(store, &user), []);
}

/// A template's instances are found by the exact text of its id, in list order.
pub fn instances_are_found_by_the_exact_task_id(store: &dyn Store) {
    let user = stored(
        store,
        &[("i3", "t1"), ("i1", "T1"), ("i2", "t1 "), ("i5", "t1"), ("i4", "t1~2"), ("i6", "t_"), ("i7", "%")]
            .map(|(id, task)| instance(id, task)),
    );
    let by_task = |id: &str| read(store, |r| r.instances().list_by_task(&user, id));
    assert_eq!(ids(&by_task("t1")), ["i3", "i5"]);
    assert_eq!(ids(&by_task("t_")), ["i6"]);
    assert_eq!(ids(&by_task("%")), ["i7"]);
    assert_eq!(by_task("t2"), []);
}

/// Instances without a template are found under the empty id.
pub fn instances_without_a_template_are_found_under_the_empty_id(store: &dyn Store) {
    let user = stored(store, &[instance("i1", ""), instance("i2", "t1"), instance("i3", "")]);
    assert_eq!(ids(&read(store, |r| r.instances().list_by_task(&user, ""))), ["i1", "i3"]);
}

/// A template need not exist for instances to name it, and deleting it leaves them.
pub fn instances_outlive_their_template(store: &dyn Store) {
    let user = stored(store, &[instance("i1", "t1")]);
    insert_all(store, &user, &[super::support::task("t1")]);
    write(store, |r| r.tasks().delete(&user, &"t1".into()));
    assert_eq!(keys::<TaskInstance>(store, &user), ["i1"]);
    assert_eq!(ids(&read(store, |r| r.instances().list_by_task(&user, "t1"))), ["i1"]);
}

/// The records in every list are complete, with odd and unknown cells.
pub fn lists_give_complete_records(store: &dyn Store) {
    let mut row = instance("i1", "t1");
    row.completed_at.set_raw("2026-01-02 10:00:30.5");
    row.relief_score.set_raw("about 7");
    row.duration_minutes.set_raw("35.0");
    row.extra.push(("mood".to_owned(), "NA".to_owned()));
    let user = stored(store, &[row.clone()]);
    assert_eq!(active(store, &user), [row.clone()]);
    assert_eq!(recent(store, &user, 1), [row.clone()]);
    assert_eq!(read(store, |r| r.instances().list_by_task(&user, "t1")), [row.clone()]);
    row.status.set_raw("cancelled");
    write(store, |r| r.instances().update(&user, &row));
    assert_eq!(cancelled(store, &user), [row.clone()]);
    assert_eq!(list::<TaskInstance>(store, &user), [row]);
}
