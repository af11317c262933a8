//! Places for rows.

use crate::error::Result;
use crate::rows::Cursor;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::record::{Placed, Record};

/// Moves rows that were added in Landfast behind the place of a batch that is about to be loaded.
///
/// Between two batches a user may add a row, which then has the position of the next record.
pub(super) fn make_room<R: Record>(
    repositories: &mut dyn Repositories,
    user: &UserId,
    from: i64,
    by: i64,
) -> Result<()> {
    if R::repository(repositories).last_position(user)? < from {
        return Ok(());
    }
    let mut in_the_way: Vec<Placed<R>> = Vec::new();
    let mut cursor = Cursor::<R>::new(user, Some(from - 1));
    while let Some(placed) = cursor.next(repositories)? {
        in_the_way.push(placed);
    }
    for placed in in_the_way {
        R::repository(repositories).place(user, placed.record.key(), placed.position + by, placed.source)?;
    }
    Ok(())
}
