//! Free notes, and the notes of a template.

use super::{Session, records};
use crate::cli::NoteVerb;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::tasks::keys::unused_millis_key;
use landfast_domain::tasks::{Note, notes};
use serde_json::{Value, json};

/// Runs a verb of `landfast tasks notes`.
pub(super) fn run(session: &Session, verb: NoteVerb) -> Result<Exit, Failure> {
    match verb {
        NoteVerb::List => list(session),
        NoteVerb::Add { text } => {
            let now = session.clock.utc;
            let note = session.write(|repositories, user| {
                let key = unused_millis_key::<Note>(repositories, user, "note-", now)?;
                notes::add(repositories, user, &text, key, now)
            })?;
            session.done([("note", records::to_json(&note))], &format!("{} added", note.key))
        }
        NoteVerb::Delete { id } => {
            session.write(|repositories, user| notes::delete(repositories, user, &id.as_str().into()))?;
            session.done([("deleted", id.as_str().into())], &format!("{id} deleted"))
        }
        NoteVerb::Show { task } => show(session, &task),
        NoteVerb::Append { task, text } => {
            let changed = session.write(|repositories, user| {
                notes::append_to_task(repositories, user, &task.as_str().into(), &text, session.clock.local)
            })?;
            session.done(
                [("task", records::to_json(&changed))],
                &format!("note appended to {task} ({})", changed.name.raw()),
            )
        }
    }
}

fn list(session: &Session) -> Result<Exit, Failure> {
    let notes = session.read(notes::list)?;
    if session.json {
        let entries: Vec<Value> = notes.iter().map(records::to_json).collect();
        output::print_json(output::document([("notes", entries.into())]))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[("key", Align::Left), ("written (UTC)", Align::Left), ("text", Align::Left)]);
    for note in &notes {
        table.row([note.key.as_str(), note.timestamp.raw(), note.content.raw()]);
    }
    let mut page = Page::new();
    page.heading(&(output::counted(u64::try_from(notes.len()).unwrap_or(u64::MAX), "note") + ", newest first"));
    if !table.is_empty() {
        page.table(&table);
    }
    page.print()?;
    Ok(Exit::Done)
}

fn show(session: &Session, task: &str) -> Result<Exit, Failure> {
    let text = session.read(|repositories, user| notes::of_task(repositories, user, &task.into()))?;
    let blocks = notes::blocks(&text);
    if session.json {
        let entry =
            |block: &notes::NoteBlock| json!({ "at": block.at.map(|at| at.to_minutes_text()), "text": block.text });
        let blocks: Vec<Value> = blocks.iter().map(entry).collect();
        output::print_json(output::document([("text", text.into()), ("blocks", blocks.into())]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    for block in &blocks {
        page.heading(&block.at.map_or_else(|| "undated".to_owned(), |at| at.to_minutes_text()));
        for line in block.text.lines() {
            page.line(&format!("  {}", output::safe(line)));
        }
    }
    if blocks.is_empty() {
        page.line("no notes");
    }
    page.print()?;
    Ok(Exit::Done)
}
