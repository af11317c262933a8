//! The delivery tree: profiles, queries and their JSON documents.
//!
//! ```text
//! task_progress.json  jira_query_profiles.json  metrics_cache.json  cache/  backups/
//! profiles/profiles.json
//! profiles/<profile>/profile.json               or app_settings.json
//! profiles/<profile>/queries/<query>/query.json  project_data.json  jira_cache.json
//!                                    jira_changelog_cache.json  metrics_snapshots.json
//! ```
//!
//! Every file but one settings file may be missing. [`find_trees`] recognises such trees, [`classify`] tells
//! what a file is, [`load`] makes rows of the files and points out what is odd, and [`render`] gives the
//! files that changed. A file that cannot be read is never taken for an empty one: it is set aside, and
//! nothing is written over it.
//!
//! [`load`] and [`render`] are functions of their arguments, without clock or file system, so that a folder
//! and files in memory behave alike. [`PartReader`] reads a large document part by part.

mod check;
mod counts;
mod decode;
mod digests;
mod kind;
mod load;
mod load_query;
mod loaded;
mod own;
mod own_file;
mod places;
mod render;
mod render_query;
mod stream;
mod tree;

pub use counts::{Counts, count};
pub use decode::{Decoded, Refused, decode};
pub use digests::DIGESTS;
pub use kind::{DeliveryFile, QueryDocument, classify};
pub use load::load;
pub use loaded::{LoadedProfile, LoadedQuery, LoadedTree, Placed, SetAside};
pub(crate) use own::{OWN_PATH, Own};
pub use own_file::OwnFile;
pub(crate) use render::render_changed;
pub use render::{Files, apply, render};
pub use stream::{MAX_ISSUE_BYTES, PartReader, StreamError, StreamedPart};
pub use tree::{Tree, find_trees, list_files, read_files};
