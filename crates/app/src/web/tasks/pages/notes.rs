//! Free notes.

use crate::clock::Clock;
use crate::web::Answer;
use crate::web::frame::{Area, Fields, Frame, Visit, page, see_other};
use askama::Template;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::keys::unused_millis_key;
use landfast_domain::tasks::{Note, notes};

/// Notes shown.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "tasks/notes.html")]
struct NotesPage {
    frame: Frame,
    notes: Vec<NoteRow>,
    total: usize,
}

struct NoteRow {
    key: String,
    at: String,
    content: String,
}

/// `GET /tasks/notes`.
pub(super) async fn show(visit: Visit) -> Answer {
    let all = visit.read(notes::list).await?;
    let row = |note: &Note| NoteRow {
        key: note.key.to_string(),
        at: note.timestamp.value().map(|at| at.naive().format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default(),
        content: note.content.raw().to_owned(),
    };
    page(&NotesPage {
        frame: visit.frame("Notes", Area::Tasks),
        total: all.len(),
        notes: all.iter().take(SHOWN).map(row).collect(),
    })
}

/// `POST /tasks/notes`.
pub(super) async fn add(visit: Visit, fields: Fields) -> Answer {
    let (content, now) = (fields.text("content")?.to_owned(), Clock::now().utc);
    visit
        .write(move |r, user| {
            let key = unused_millis_key::<Note>(r, user, "note-", now)?;
            notes::add(r, user, &content, key, now)
        })
        .await?;
    see_other("/tasks/notes?said=added")
}

/// `POST /tasks/notes/delete`.
pub(super) async fn delete(visit: Visit, fields: Fields) -> Answer {
    let key = RecordKey::new(fields.text("key")?);
    visit.write(move |r, user| notes::delete(r, user, &key)).await?;
    see_other("/tasks/notes?said=deleted")
}
