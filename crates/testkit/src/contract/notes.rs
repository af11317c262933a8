//! Notes of templates and free notes.

use super::support::{Sample as _, insert, instance, list, read, task, time, user, write};
use landfast_domain::tasks::{Note, Task, lifecycle, notes};
use landfast_domain::{Error, Store};

/// Notes are appended in dated blocks; what is there stays.
pub fn notes_are_appended_in_dated_blocks(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t1"));
    for (at, text) in [("2026-02-18 15:21:09", "  <b> & \"q\"\nline "), ("2026-02-19 00:00", "two")] {
        write(store, |r| notes::append_to_task(r, &user, &"t1".into(), text, time(at)));
    }
    let text = read(store, |r| notes::of_task(r, &user, &"t1".into()));
    assert_eq!(text, "[2026-02-18 15:21]\n<b> & \"q\"\nline\n\n---\n\n[2026-02-19 00:00]\ntwo");
    assert_eq!(notes::blocks(&text).len(), 2);
}

/// A note on an instance is a note on its template, shared by all instances.
pub fn notes_on_instances_are_shared_by_the_template(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t1"));
    insert(store, &user, &instance("i1", "t1"));
    insert(store, &user, &instance("i2", "t1"));
    for key in ["i1", "i2"] {
        write(store, |r| lifecycle::append_notes(r, &user, &key.into(), key, time("2026-01-15 10:00")));
    }
    let text = read(store, |r| notes::of_task(r, &user, &"t1".into()));
    assert_eq!(text, "[2026-01-15 10:00]\ni1\n\n---\n\n[2026-01-15 10:00]\ni2");
    assert_eq!(list::<Task>(store, &user)[0].version.raw(), "1");
}

/// Blank notes and unknown templates are errors that change nothing.
pub fn blank_notes_and_unknown_templates_are_errors(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t1"));
    let now = time("2026-01-15 10:00");
    let blank = store.write(|r| notes::append_to_task(r, &user, &"t1".into(), " \n", now)).unwrap_err();
    assert!(matches!(blank, Error::Invalid { .. }), "{blank:?}");
    let unknown = store.write(|r| notes::append_to_task(r, &user, &"t9".into(), "x", now)).unwrap_err();
    assert!(matches!(unknown, Error::NotFound { .. }), "{unknown:?}");
    assert_eq!(list::<Task>(store, &user), [task("t1")]);
}

/// Free notes are listed newest first; those without a readable time come last.
pub fn free_notes_are_listed_newest_first(store: &dyn Store) {
    let user = user(store);
    let mut undated = Note::with_id("note-0");
    undated.timestamp.set_raw("soon");
    insert(store, &user, &undated);
    for (id, at) in
        [("note-1", "2026-01-01 10:00"), ("note-2", "2026-01-03 10:00:00.000001"), ("note-3", "2026-01-03 10:00")]
    {
        write(store, |r| notes::add(r, &user, " a & <b> ", id.into(), time(at)));
    }
    let listed = read(store, |r| notes::list(r, &user));
    assert_eq!(
        listed.iter().map(|note| note.note_id.raw()).collect::<Vec<_>>(),
        ["note-2", "note-3", "note-1", "note-0"]
    );
    assert_eq!(listed[0].content.raw(), "a & <b>");
    assert_eq!(listed[0].timestamp.raw(), "2026-01-03T10:00:00.000001");
}

/// Deleting a note takes this one of this user.
pub fn deleting_a_note_takes_one_note_of_one_user(store: &dyn Store) {
    let (one, two) = (user(store), user(store));
    for user in [&one, &two] {
        for id in ["note-1", "note-2"] {
            write(store, |r| notes::add(r, user, id, id.into(), time("2026-01-01 10:00")));
        }
    }
    write(store, |r| notes::delete(r, &one, &"note-1".into()));
    assert!(matches!(store.write(|r| notes::delete(r, &one, &"note-1".into())), Err(Error::NotFound { .. })));
    assert_eq!(list::<Note>(store, &one).len(), 1);
    assert_eq!(list::<Note>(store, &two).len(), 2);
}

/// Notes of ten thousand characters are kept, longer ones refused.
pub fn long_notes_have_a_limit(store: &dyn Store) {
    let user = user(store);
    let now = time("2026-01-01 10:00");
    let longest = "é".repeat(notes::MAX_NOTE_CHARS);
    write(store, |r| notes::add(r, &user, &longest, "note-1".into(), now));
    let error = store.write(|r| notes::add(r, &user, &format!("{longest}x"), "note-2".into(), now)).unwrap_err();
    assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
    assert!(list::<Note>(store, &user)[0].content.raw() == longest);
}
