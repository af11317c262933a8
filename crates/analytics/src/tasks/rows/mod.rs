//! Prepared rows: every instance read once, with its derived columns, and indexes over them.
//!
//! Everything else about tasks is calculated from [`TaskData`].

mod baseline;
mod class;
mod data;
mod emotion;
mod given;
mod names;
mod payloads;
mod prepare;
mod row;
mod settings;
mod tracking;

pub use baseline::TaskBaseline;
pub use class::TypeClass;
pub(in crate::tasks) use data::between;
pub use data::{PopupEvent, TaskData, TaskInfo, TaskInput, TaskRows};
pub use emotion::{EmotionValue, Tone};
pub use payloads::{Actual, Predicted};
pub use row::PreparedRow;
pub use settings::{Curve, ProductivitySettings, Settings};
pub use tracking::Tracking;
