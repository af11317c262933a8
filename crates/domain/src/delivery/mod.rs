//! The delivery area: issues read from Jira, and the weekly numbers and metrics made of them.
//!
//! A *profile* holds the settings of a connection, its *queries* are saved JQL texts. Each query has cached
//! issues with their change log, weekly statistics with the scope, and weekly metrics. All of it came from
//! JSON documents, which are kept as text: the text is the truth, and the values lists are filtered by are
//! read from it by the functions here, so that every store answers alike. Changing a document changes only
//! the members concerned.
//!
//! Operations are functions over a [`DeliveryRepository`] that take times, ids and digests as arguments.
//! Run them inside a transaction of a [`crate::Store`].
//!
//! | module | what it holds |
//! |---|---|
//! | [`profiles`], [`queries`] | create, switch, rename, delete, settings |
//! | [`state`] | the active ids and the rest of the application's state |
//! | [`documents`] | cached responses, change logs, project data, snapshots as whole documents |
//! | [`package`], [`exchange`] | a profile as one JSON package: export and import |
//! | [`progress`] | background tasks: one at a time, and what interrupts them |
//! | [`layout`] | older layouts of settings |
//! | [`snapshot`] | metrics of a week, and the document of all weeks |
//! | [`envelope`], [`edit`] | documents in parts; editing texts |
//! | [`integrity`] | whether documents and rows agree |
//! | [`order`] | the order of weeks, and limits that count weeks |
//! | [`codes`] | codes of what can be odd about the files |
//! | [`memory`] | the contract in maps |
//! | [`keys`], [`credentials`], [`size`] | cache keys, secrets, sizes |
//!
//! Errors: an unknown profile or query is [`crate::Error::NotFound`] with that entity, a value that is not
//! allowed [`crate::Error::Invalid`], a damaged document [`crate::Error::Corrupt`].

pub mod codes;
pub mod credentials;
pub mod documents;
pub mod edit;
pub mod envelope;
pub mod exchange;
pub mod integrity;
pub mod keys;
pub mod layout;
pub mod memory;
pub mod order;
pub mod package;
pub mod profiles;
pub mod progress;
pub mod queries;
pub mod size;
pub mod snapshot;
pub mod state;

mod cache;
mod changelog;
mod ids;
mod issue;
mod moment;
mod profile;
mod project_data;
mod query;
mod read;
mod registry;
mod repository;
#[cfg(test)]
mod testing;
mod week;

pub use cache::{CACHE_LIFE_HOURS, CacheFacts, ISSUES, JiraCache, default_expiry, is_expired};
pub use changelog::{Changelog, ChangelogEntry, ChangelogItem, ChangelogLayout, ItemFilter};
pub use ids::{MAX_ID_BYTES, MAX_NAME_CHARS, ProfileId, QueryId, QueryKey, check_name, fold_name};
pub use issue::{Issue, IssueFacts, IssueFilter, points};
pub use keys::Digests;
pub use layout::ProfileLayout;
pub use moment::{Moment, parse_date, parse_instant, utc_text};
pub use profile::{Profile, ProfileFacts, ProfileSummary, nested_settings};
pub use progress::{TaskProgress, TaskStatus};
pub use project_data::{Numeric, ProjectData, ProjectDataShape, StatisticFilter, WeeklyStatistic, statistic_texts};
pub use query::{Query, QueryFacts};
pub use registry::{REGISTRY_VERSION, Registry};
pub use repository::{DEFAULT_WEEKS, DeliveryRepository, ROW_KINDS};
pub use snapshot::{MetricFilter, MetricKind, MetricValue, MetricsSnapshot};
pub use week::IsoWeek;
