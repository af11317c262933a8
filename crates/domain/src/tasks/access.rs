//! Small steps shared by the operations.

use crate::accounts::UserId;
use crate::record::{Record, RecordKey};
use crate::{Error, Repositories, Result};

/// Rows read at a time by operations that walk over a whole table.
const PAGE: usize = 500;

/// The record with this key, which must exist.
pub(super) fn require<R: Record>(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<R> {
    R::repository(repositories).get(user, key)?.ok_or_else(|| not_found::<R>(key))
}

/// Removes the record with this key, which must exist.
pub(super) fn delete<R: Record>(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<()> {
    if R::repository(repositories).delete(user, key)? { Ok(()) } else { Err(not_found::<R>(key)) }
}

/// Walks over all records of the user in list order, a page at a time.
pub(super) fn for_each<R: Record>(
    repositories: &mut dyn Repositories,
    user: &UserId,
    mut visit: impl FnMut(&mut dyn Repositories, R) -> Result<()>,
) -> Result<()> {
    let mut after = None;
    loop {
        let page = R::repository(repositories).page(user, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.position);
        for placed in page {
            visit(repositories, placed.record)?;
        }
    }
}

pub(super) fn not_found<R: Record>(key: &RecordKey) -> Error {
    Error::NotFound { entity: R::ENTITY, key: key.as_str().to_owned() }
}

pub(super) fn invalid<R: Record>(field: &'static str, value: impl Into<String>, reason: &'static str) -> Error {
    Error::Invalid { entity: R::ENTITY, field, value: value.into(), reason }
}

pub(super) fn corrupt<R: Record>(record: &R, column: &str, value: impl Into<String>) -> Error {
    Error::Corrupt {
        entity: R::ENTITY,
        key: record.key().as_str().to_owned(),
        column: column.to_owned(),
        value: value.into(),
    }
}

/// Text without surrounding white space, not empty, of at most `max` characters.
pub(super) fn required_text<R: Record>(field: &'static str, text: &str, max: usize) -> Result<String> {
    let text = limited_text::<R>(field, text, max)?;
    if text.is_empty() {
        return Err(invalid::<R>(field, text, "must not be empty"));
    }
    Ok(text)
}

/// Text without surrounding white space, of at most `max` characters.
pub(super) fn limited_text<R: Record>(field: &'static str, text: &str, max: usize) -> Result<String> {
    let text = crate::text::python_strip(text);
    if text.chars().count() > max {
        return Err(invalid::<R>(field, text, "is too long"));
    }
    Ok(text.to_owned())
}
