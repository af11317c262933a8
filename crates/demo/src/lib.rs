//! Made-up legacy data, the same for the same options.
//!
//! The files look as the legacy programs wrote them: the same columns in the same order, Python's
//! number and JSON spelling, a few odd cells that real files hold. Every record is a pure function of
//! the seed and its own number, so files of any size are written without keeping anything in memory.
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

mod csv;
mod error;
mod options;
mod python;
mod random;
mod summary;
mod tasks;

pub use error::Error;
pub use options::{ColumnAge, DemoOptions};
pub use summary::Summary;
pub use tasks::write_tasks;
