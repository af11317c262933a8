//! How far an area has moved from its files to the database, and what one side has not got yet.
//!
//! | type | what it says |
//! |---|---|
//! | [`Stage`], [`Side`] | who leads, and whether both are written |
//! | [`AreaStage`], [`StageChange`] | where an area is, and how it came there |
//! | [`ItemKey`], [`Dirty`] | what the following side lacks |
//! | [`Mismatch`] | where both sides say something else |
//!
//! Every store keeps these beside its data ([`CutoverRepository`]), in the same transactions.

mod item;
pub mod memory;
mod repository;
mod stage;

pub use item::{Dirty, ItemKey, Mismatch, WHOLE_TABLE};
pub use repository::CutoverRepository;
pub use stage::{Area, AreaStage, Side, Stage, StageChange};
