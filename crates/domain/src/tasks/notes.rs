//! Notes: dated blocks on templates, and free notes.

use super::access::{self, invalid, require, required_text};
use super::{Note, Task};
use crate::accounts::UserId;
use crate::record::{Record, RecordKey};
use crate::text::python_strip;
use crate::time::Timestamp;
use crate::{Repositories, Result};
use std::cmp::Reverse;

/// Most characters of a free note.
pub const MAX_NOTE_CHARS: usize = 10_000;

/// Between two blocks of a template's notes.
const SEPARATOR: &str = "\n\n---\n\n";

/// A part of a template's notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteBlock {
    /// When it was written, to the minute; `None` when the block does not begin with a date line.
    pub at: Option<Timestamp>,
    /// The text without the date line.
    pub text: String,
}

/// Appends a block to a template's notes, which all its instances share. The version stays.
///
/// A block is `[YYYY-MM-DD HH:MM]`, a line break and the note without surrounding white space; blocks are
/// separated by `---` between blank lines. What stands in the cell is kept as it is.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown template; [`crate::Error::Invalid`] for a blank note.
pub fn append_to_task(
    repositories: &mut dyn Repositories,
    user: &UserId,
    task: &RecordKey,
    note: &str,
    now: Timestamp,
) -> Result<Task> {
    let note = python_strip(note);
    if note.is_empty() {
        return Err(invalid::<Task>("notes", note, "must not be empty"));
    }
    let mut task: Task = require(repositories, user, task)?;
    let block = format!("[{}]\n{note}", now.naive().format("%Y-%m-%d %H:%M"));
    let notes = match task.notes.raw() {
        "" => block,
        old => format!("{old}{SEPARATOR}{block}"),
    };
    task.notes.set_raw(notes);
    repositories.tasks().update(user, &task)?;
    Ok(task)
}

/// A template's notes as text.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown template.
pub fn of_task(repositories: &mut dyn Repositories, user: &UserId, task: &RecordKey) -> Result<String> {
    let task: Task = require(repositories, user, task)?;
    Ok(task.notes.raw().to_owned())
}

/// The blocks of a template's notes, in order.
///
/// ```
/// use landfast_domain::tasks::notes::blocks;
///
/// let blocks = blocks("by hand\n\n---\n\n[2025-12-21 20:31]\nfirst line\nsecond");
/// assert_eq!((blocks[0].at, blocks[0].text.as_str()), (None, "by hand"));
/// assert_eq!(blocks[1].at.unwrap().to_minutes_text(), "2025-12-21 20:31");
/// assert_eq!(blocks[1].text, "first line\nsecond");
/// ```
#[must_use]
pub fn blocks(notes: &str) -> Vec<NoteBlock> {
    notes
        .split(SEPARATOR)
        .filter(|block| !python_strip(block).is_empty())
        .map(|block| {
            let dated = block.strip_prefix('[').and_then(|rest| rest.split_once("]\n"));
            match dated.and_then(|(date, text)| Some((Timestamp::parse(date)?, text))) {
                Some((at, text)) => NoteBlock { at: Some(at), text: text.to_owned() },
                None => NoteBlock { at: None, text: block.to_owned() },
            }
        })
        .collect()
}

/// Adds a free note, without surrounding white space. The key becomes its `note_id`. `now` is UTC.
///
/// # Errors
/// [`crate::Error::Invalid`] when blank or longer than [`MAX_NOTE_CHARS`]; [`crate::Error::Conflict`] when the key is
/// taken.
pub fn add(
    repositories: &mut dyn Repositories,
    user: &UserId,
    content: &str,
    key: RecordKey,
    now: Timestamp,
) -> Result<Note> {
    let mut note = Note::blank(key);
    note.note_id.set_raw(note.key.as_str());
    note.content.set_raw(required_text::<Note>("content", content, MAX_NOTE_CHARS)?);
    note.timestamp.set(Some(&now));
    repositories.notes().insert(user, &note)?;
    Ok(note)
}

/// Free notes, newest first; those without a readable time last, ties newest in the list first.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn list(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<Note>> {
    let mut notes = repositories.notes().list(user)?;
    notes.reverse();
    notes.sort_by_key(|note| Reverse(note.timestamp.value()));
    Ok(notes)
}

/// Removes a free note of this user, and no other.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn delete(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<()> {
    access::delete::<Note>(repositories, user, key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::tasks::testing::{Memory, at, user};
    use crate::tasks::{NewTask, templates};

    #[test]
    fn blocks_are_appended_after_what_is_there() {
        let mut memory = Memory::default();
        let created = at("2025-12-01 00:00");
        let mut task = templates::create(&mut memory, &user(), NewTask::named("A"), "t1".into(), created).unwrap();
        let key = task.key.clone();
        append_to_task(&mut memory, &user(), &key, "  <b> & \"q\"\nline \n", at("2026-02-18 15:21:09")).unwrap();
        append_to_task(&mut memory, &user(), &key, "two", at("2026-02-19 00:00")).unwrap();
        let expected = "[2026-02-18 15:21]\n<b> & \"q\"\nline\n\n---\n\n[2026-02-19 00:00]\ntwo";
        assert_eq!(of_task(&mut memory, &user(), &key).unwrap(), expected);
        assert_eq!(blocks(expected).len(), 2);
        assert_eq!(templates::get(&mut memory, &user(), &key).unwrap().unwrap().version.raw(), "1");

        // A note that happens to be a missing-value word is a note.
        task.notes.set_raw("NA");
        memory.tasks().update(&user(), &task).unwrap();
        append_to_task(&mut memory, &user(), &key, "x", created).unwrap();
        assert_eq!(of_task(&mut memory, &user(), &key).unwrap(), "NA\n\n---\n\n[2025-12-01 00:00]\nx");
    }

    #[test]
    fn unknown_templates_and_blank_notes_are_errors() {
        let mut memory = Memory::default();
        let now = at("2025-12-01 00:00");
        let unknown = append_to_task(&mut memory, &user(), &"t9".into(), "x", now);
        assert!(matches!(unknown, Err(Error::NotFound { entity: "task", .. })));
        assert!(matches!(of_task(&mut memory, &user(), &"t9".into()), Err(Error::NotFound { .. })));
        assert!(matches!(append_to_task(&mut memory, &user(), &"t9".into(), " ", now), Err(Error::Invalid { .. })));
    }

    #[test]
    fn free_notes_are_listed_newest_first_per_user() {
        let mut memory = Memory::default();
        for (key, time) in
            [("note-1", "2026-01-01 10:00"), ("note-2", "2026-01-02 10:00"), ("note-3", "2026-01-01 10:00")]
        {
            add(&mut memory, &user(), " a & b ", key.into(), at(time)).unwrap();
        }
        let other = UserId::new("other").unwrap();
        add(&mut memory, &other, "mine", "note-1".into(), at("2026-01-01 10:00")).unwrap();
        let notes = list(&mut memory, &user()).unwrap();
        assert_eq!(notes.iter().map(|n| n.key.as_str()).collect::<Vec<_>>(), ["note-2", "note-3", "note-1"]);
        assert_eq!((notes[0].content.raw(), notes[0].timestamp.raw()), ("a & b", "2026-01-02T10:00:00"));
        delete(&mut memory, &user(), &"note-1".into()).unwrap();
        assert!(matches!(delete(&mut memory, &user(), &"note-1".into()), Err(Error::NotFound { .. })));
        assert_eq!(list(&mut memory, &other).unwrap().len(), 1);
        assert!(add(&mut memory, &user(), &"x".repeat(10_001), "note-9".into(), at("2026-01-01 10:00")).is_err());
    }
}
