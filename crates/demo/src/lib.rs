//! Made-up legacy data of all areas, the same for the same options.
//!
//! The files look as the legacy programs wrote them: the same columns and keys in the same order, Python's
//! number and JSON spelling, a few oddities that real files hold. Every record is a pure function of the seed
//! and its own number, so files of any size are written record by record. All times are those of one clock,
//! [`DemoOptions::now`], which is taken for UTC where a program wrote UTC.
//!
//! ```
//! use landfast_demo::{ColumnAge, DemoOptions, write_tasks};
//!
//! let folder = std::env::temp_dir().join(format!("landfast-demo-doc-{}", std::process::id()));
//! let now = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(9, 30, 0).unwrap();
//! let options = DemoOptions { seed: 1, scale: 1, now, age: ColumnAge::March2026, odd_cells: true };
//! let summary = write_tasks(&folder, &options)?;
//! assert_eq!(summary.records("tasks.csv"), Some(40));
//! std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), landfast_demo::Error>(())
//! ```

mod area;
mod clock;
mod csv;
mod delivery;
mod digest;
mod error;
mod json;
mod options;
mod presentations;
mod python;
mod random;
mod runs;
mod summary;
mod tasks;

pub use area::Area;
pub use delivery::{DeliverySize, write_delivery, write_delivery_of};
pub use error::Error;
pub use options::{ColumnAge, DemoOptions};
pub use presentations::write_presentations;
pub use runs::write_runs;
pub use summary::Summary;
pub use tasks::write_tasks;
