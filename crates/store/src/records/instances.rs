//! Lists of task instances.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Placed;
use landfast_domain::store::InstanceRepository;
use landfast_domain::tasks::TaskInstance;

use super::kinds::storable;
use super::tables::TaskInstanceRow;
use crate::schema::task_instances;
use crate::transaction::{Transaction, query};

/// Characters of a completion text that take part in the index. A time has 16 to 26.
const RANKED_CHARACTERS: usize = 64;

/// Ends the rank of a text that was cut; sorts after every text that begins like it.
const CUT: char = '\u{10FFFF}';

/// What `completed_text` holds: the text by which completions are ordered, if it is an ordinary one.
///
/// The cell is any text, and an index of PostgreSQL takes neither long texts nor U+0000. Such a text is cut
/// and marked, so that it ranks at or before its true place in a descending list; whoever meets the
/// mark sorts again.
pub(super) fn completion_rank(instance: &TaskInstance) -> Option<Cow<'_, str>> {
    let text = instance.completed_text()?;
    let long = text.char_indices().nth(RANKED_CHARACTERS).map(|(at, _)| at);
    let Some(end) = text.find('\0').into_iter().chain(long).min() else { return Some(Cow::Borrowed(text)) };
    let mut rank = text.get(..end).unwrap_or_default().to_owned();
    rank.push(CUT);
    Some(Cow::Owned(rank))
}

impl InstanceRepository for Transaction<'_> {
    fn list_active(&mut self, user: &UserId) -> DomainResult<Vec<TaskInstance>> {
        let rows = query!(self, |conn| task_instances::table
            .filter(task_instances::user_id.eq(user.as_str()))
            // Without a parameter, so that the index of open instances serves.
            .filter(task_instances::is_open)
            .order((task_instances::position.asc(), task_instances::row_key.asc()))
            .select(TaskInstanceRow::as_select())
            .load(conn))?;
        records(rows)
    }

    fn list_recent_completed(&mut self, user: &UserId, limit: usize) -> DomainResult<Vec<TaskInstance>> {
        let mut completed = self.completed(user, i64::try_from(limit).unwrap_or(i64::MAX))?;
        let is_cut =
            |placed: &Placed<TaskInstance>| completion_rank(&placed.record).is_some_and(|rank| rank.ends_with(CUT));
        if completed.iter().any(is_cut) {
            // A cut text was met, whose true place may be further down, even beyond the limit.
            completed = self.completed(user, i64::MAX)?;
            completed.sort_by(|a, b| {
                let by_text = b.record.completed_text().cmp(&a.record.completed_text());
                by_text.then_with(|| (a.position, &a.record.key).cmp(&(b.position, &b.record.key)))
            });
            completed.truncate(limit);
        }
        Ok(completed.into_iter().map(|placed| placed.record).collect())
    }

    fn list_cancelled(&mut self, user: &UserId) -> DomainResult<Vec<TaskInstance>> {
        let rows = query!(self, |conn| task_instances::table
            .filter(task_instances::user_id.eq(user.as_str()))
            .filter(task_instances::is_cancelled_row)
            .order((task_instances::position.asc(), task_instances::row_key.asc()))
            .select(TaskInstanceRow::as_select())
            .load(conn))?;
        let mut instances = records(rows)?;
        // By the text, which the database keeps only where it is not a time; a stable sort keeps list order.
        instances.sort_by(|a, b| b.cancelled_at.legacy().cmp(a.cancelled_at.legacy()));
        Ok(instances)
    }

    fn list_by_task(&mut self, user: &UserId, task_id: &str) -> DomainResult<Vec<TaskInstance>> {
        let rows = query!(self, |conn| task_instances::table
            .filter(task_instances::user_id.eq(user.as_str()))
            .filter(task_instances::task_id.eq(storable(task_id)))
            .order((task_instances::position.asc(), task_instances::row_key.asc()))
            .select(TaskInstanceRow::as_select())
            .load(conn))?;
        let mut instances = records(rows)?;
        // Two ids can be stored as the same text when one of them holds U+0000.
        instances.retain(|instance| instance.task_id.raw() == task_id);
        Ok(instances)
    }
}

impl Transaction<'_> {
    /// Completed instances, the latest first, by their ranks.
    fn completed(&mut self, user: &UserId, limit: i64) -> DomainResult<Vec<Placed<TaskInstance>>> {
        let rows = query!(self, |conn| task_instances::table
            .filter(task_instances::user_id.eq(user.as_str()))
            .filter(task_instances::completed_text.is_not_null())
            .order((
                task_instances::completed_text.desc(),
                task_instances::position.asc(),
                task_instances::row_key.asc(),
            ))
            .limit(limit)
            .select(TaskInstanceRow::as_select())
            .load(conn))?;
        rows.into_iter().map(TaskInstanceRow::into_placed).collect()
    }
}

fn records(rows: Vec<TaskInstanceRow<'_>>) -> DomainResult<Vec<TaskInstance>> {
    rows.into_iter().map(|row| row.into_placed().map(|placed| placed.record)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::record::{Record, RecordKey};

    #[test]
    fn unusual_texts_rank_at_or_before_their_place() {
        let rank = |text: &str| {
            let mut instance = TaskInstance::blank(RecordKey::new("i1"));
            instance.completed_at.set_raw(text);
            completion_rank(&instance).map(Cow::into_owned)
        };
        assert_eq!(rank("2025-12-21 20:31").as_deref(), Some("2025-12-21 20:31"));
        assert_eq!(rank(""), None);
        assert_eq!(rank("NaN"), None);
        assert_eq!(rank(&"x".repeat(64)), Some("x".repeat(64)));
        for text in ["2025\0", "\0", &"é".repeat(65), &format!("{}\0", "9".repeat(64))] {
            let rank = rank(text).unwrap();
            assert!(rank.as_str() > text && rank.ends_with(CUT) && !rank.contains('\0'), "{rank:?}");
            assert!(rank.chars().count() <= RANKED_CHARACTERS + 1);
        }
    }
}
