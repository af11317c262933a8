//! The tasks folder: which file holds what, and the files without a table of their own.
//!
//! | file | becomes |
//! |---|---|
//! | `tasks.csv`, `task_instances.csv`, and the other files of [`TableKind`] | records of their kind |
//! | `logs.csv`, `formula_settings.csv`, other `.csv` | one [`LegacyRow`](landfast_domain::tasks::LegacyRow) a record, the header included |
//! | `.jsonl` | one `LegacyRow` a line |
//! | `survey_questions.json`, other `.json` and `.txt` | one `LegacyRow` a file |
//! | anything else, for instance `task_aversion.db` | not read, reported as [`FileKind::Unknown`] |
//!
//! Files below `archived/`, `logs/` and `feedback/` belong to the folder as well; copies of
//! `task_instances.csv` in there are archives, not tables.

mod folder;
mod kind;
mod shelf;

pub use folder::{TaskFile, is_tasks_folder, list_files};
pub use kind::{FileKind, SUB_FOLDERS, ShelfFormat, TableKind, TableVisitor, USERS_FOLDER, classify};
pub use shelf::{ShelfReader, ShelfRecord, render_shelf};
