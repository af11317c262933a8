//! The delivery area.

pub(crate) mod import;
pub(crate) mod memory;
pub(crate) mod operations;
pub(crate) mod size;

use crate::AnyError;
use landfast_demo::{DeliverySize, write_delivery_of};
use landfast_domain::delivery::{ProfileId, QueryId, QueryKey};
use landfast_domain::time::Timestamp;
use std::path::Path;

/// What the original was measured with: 1,000 issues, 4,324 changed fields, a year of weeks.
pub(crate) const MEASURED: DeliverySize = DeliverySize { issues: 1_000, changes: 4_324, weeks: 52 };

/// Writes a made-up tree of a size.
pub(crate) fn tree(folder: &Path, size: DeliverySize) -> Result<(), AnyError> {
    let now = Timestamp::parse("2026-03-07 09:30").ok_or("a time")?.naive();
    write_delivery_of(folder, 1, now, size)?;
    Ok(())
}

/// The one query of such a tree.
pub(crate) fn key() -> QueryKey {
    let profile = ProfileId::new("measured").expect("a usable id");
    QueryKey::new(profile, QueryId::new("main").expect("a usable id"))
}
