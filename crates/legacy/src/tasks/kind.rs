//! What the files of a tasks folder hold, told by their names.

use landfast_domain::record::Record;
use landfast_domain::tasks::{
    Emotion, Job, JobTask, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};

/// Folder with one sub-folder a user; the file store keeps users other than the guest there.
pub const USERS_FOLDER: &str = "users";

/// A legacy file that becomes records of a kind of its own.
///
/// The order is the one in which tables are best loaded and listed: what is referred to comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    /// `tasks.csv`.
    Task,
    /// `task_instances.csv`.
    TaskInstance,
    /// `emotions.csv`.
    Emotion,
    /// `user_preferences.csv`.
    Preference,
    /// `survey_responses.csv`.
    SurveyResponse,
    /// `notes.csv`.
    Note,
    /// `jobs.csv`.
    Job,
    /// `job_task_mapping.csv`.
    JobTask,
    /// `popup_triggers.csv`.
    PopupTrigger,
    /// `popup_responses.csv`.
    PopupResponse,
}

/// Work to be done for the record type behind a [`TableKind`].
pub trait TableVisitor {
    /// What the work gives.
    type Output;
    /// Does it for one type.
    fn visit<R: Record>(self) -> Self::Output;
}

impl TableKind {
    /// Every kind, in order.
    pub const ALL: [Self; 10] = [
        Self::Task,
        Self::TaskInstance,
        Self::Emotion,
        Self::Preference,
        Self::SurveyResponse,
        Self::Note,
        Self::Job,
        Self::JobTask,
        Self::PopupTrigger,
        Self::PopupResponse,
    ];

    /// Calls the visitor with the record type of this kind.
    ///
    /// ```
    /// use landfast_domain::record::Record;
    /// use landfast_legacy::tasks::{TableKind, TableVisitor};
    ///
    /// struct CountColumns;
    /// impl TableVisitor for CountColumns {
    ///     type Output = usize;
    ///     fn visit<R: Record>(self) -> usize {
    ///         R::COLUMNS.len()
    ///     }
    /// }
    /// assert_eq!(TableKind::TaskInstance.visit(CountColumns), 33);
    /// ```
    pub fn visit<V: TableVisitor>(self, visitor: V) -> V::Output {
        match self {
            Self::Task => visitor.visit::<Task>(),
            Self::TaskInstance => visitor.visit::<TaskInstance>(),
            Self::Emotion => visitor.visit::<Emotion>(),
            Self::Preference => visitor.visit::<Preference>(),
            Self::SurveyResponse => visitor.visit::<SurveyResponse>(),
            Self::Note => visitor.visit::<Note>(),
            Self::Job => visitor.visit::<Job>(),
            Self::JobTask => visitor.visit::<JobTask>(),
            Self::PopupTrigger => visitor.visit::<PopupTrigger>(),
            Self::PopupResponse => visitor.visit::<PopupResponse>(),
        }
    }

    /// File name in the legacy folder.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        struct FileName;
        impl TableVisitor for FileName {
            type Output = &'static str;
            fn visit<R: Record>(self) -> &'static str {
                R::FILE
            }
        }
        self.visit(FileName)
    }

    /// Name of the record kind, for instance `task instance`.
    #[must_use]
    pub fn entity(self) -> &'static str {
        struct Entity;
        impl TableVisitor for Entity {
            type Output = &'static str;
            fn visit<R: Record>(self) -> &'static str {
                R::ENTITY
            }
        }
        self.visit(Entity)
    }

    /// The kind kept in a file of this name.
    ///
    /// ```
    /// use landfast_legacy::tasks::TableKind;
    /// assert_eq!(TableKind::from_file_name("jobs.csv"), Some(TableKind::Job));
    /// assert_eq!(TableKind::from_file_name("logs.csv"), None);
    /// ```
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.file_name() == name)
    }

    /// Columns at least one of which stands in the header of such a file, whatever its age.
    pub(super) fn telling_columns(self) -> &'static [&'static str] {
        match self {
            Self::Task => &["task_id", "times_logged"],
            Self::TaskInstance => &["instance_id"],
            Self::Emotion => &["emotion"],
            Self::Preference => &["tutorial_completed", "tutorial_choice", "survey_completed"],
            Self::SurveyResponse => &["response_id"],
            Self::Note => &["note_id"],
            Self::Job | Self::JobTask => &["job_id"],
            Self::PopupTrigger | Self::PopupResponse => &["trigger_id"],
        }
    }
}

/// How a file without a table of its own is cut into records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShelfFormat {
    /// CSV: every record, the header included, is a JSON list of its cell texts.
    Csv,
    /// One record a line, blank lines left out: `.jsonl`.
    Lines,
    /// The whole file is one record.
    Document,
}

/// What a file of a tasks folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Records of a kind of their own.
    Table(TableKind),
    /// A file the legacy program knew, kept record by record.
    Shelf(ShelfFormat),
    /// A text file the legacy program did not know, which can be kept in the same way.
    Other(ShelfFormat),
    /// Not a text file of a tasks folder: not read.
    Unknown,
}

/// Tells what a file is from its path below the tasks folder, written with `/`.
///
/// ```
/// use landfast_legacy::tasks::{FileKind, ShelfFormat, TableKind, classify};
///
/// assert_eq!(classify("tasks.csv"), FileKind::Table(TableKind::Task));
/// assert_eq!(classify("logs.csv"), FileKind::Shelf(ShelfFormat::Csv));
/// assert_eq!(classify("archived/pre_gap_20260101_101500/task_instances.csv"), FileKind::Shelf(ShelfFormat::Csv));
/// assert_eq!(classify("logs/errors.jsonl"), FileKind::Shelf(ShelfFormat::Lines));
/// assert_eq!(classify("shopping.txt"), FileKind::Other(ShelfFormat::Document));
/// assert_eq!(classify("task_aversion.db"), FileKind::Unknown);
/// ```
#[must_use]
pub fn classify(path: &str) -> FileKind {
    let parts: Vec<&str> = path.split('/').collect();
    let plain = |part: &&str| part.is_empty() || part.starts_with('.') || part.contains('\\');
    if parts.iter().any(plain) {
        return FileKind::Unknown;
    }
    let (known, format) = match parts.as_slice() {
        [name] => {
            if let Some(kind) = TableKind::from_file_name(name) {
                return FileKind::Table(kind);
            }
            (KNOWN_FILES.contains(name), format_of(name))
        }
        ["archived", .., name] => (true, format_of(name)),
        ["logs", name] => (name.ends_with(".jsonl"), format_of(name)),
        ["feedback", name] => (name.ends_with(".txt"), format_of(name)),
        _ => (false, None),
    };
    match format {
        Some(format) if known => FileKind::Shelf(format),
        Some(format) => FileKind::Other(format),
        None => FileKind::Unknown,
    }
}

/// Sub-folders whose files belong to a tasks folder.
pub const SUB_FOLDERS: [&str; 3] = ["archived", "logs", "feedback"];

/// Files of the legacy program in the folder itself that have no table of their own.
const KNOWN_FILES: [&str; 8] = [
    "logs.csv",
    "formula_settings.csv",
    "productivity_weight_configs.csv",
    "formula_baseline_notes.csv",
    "survey_questions.json",
    "tutorial_steps.json",
    "tooltips.json",
    "pre_gap_averages.json",
];

fn format_of(name: &str) -> Option<ShelfFormat> {
    match name.rsplit_once('.')?.1 {
        "csv" => Some(ShelfFormat::Csv),
        "jsonl" => Some(ShelfFormat::Lines),
        "json" | "txt" => Some(ShelfFormat::Document),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_found_by_its_own_file_name() {
        for kind in TableKind::ALL {
            assert_eq!(classify(kind.file_name()), FileKind::Table(kind));
        }
    }

    #[test]
    fn telling_columns_are_columns_of_the_record() {
        struct Has(&'static [&'static str]);
        impl TableVisitor for Has {
            type Output = bool;
            fn visit<R: Record>(self) -> bool {
                self.0.iter().any(|name| R::column_index(name).is_some())
            }
        }
        for kind in TableKind::ALL {
            assert!(kind.visit(Has(kind.telling_columns())), "{kind:?}");
        }
    }

    #[test]
    fn paths_that_leave_the_folder_or_hide_are_unknown() {
        for path in [
            "../tasks.csv",
            "",
            "/tasks.csv",
            ".landfast/accounts.json",
            "a/./logs.csv",
            "users/ann/tasks.csv",
            "a\\b.csv",
            ".tasks.csv.new",
        ] {
            assert_eq!(classify(path), FileKind::Unknown, "{path}");
        }
    }

    #[test]
    fn tables_count_only_in_the_folder_itself() {
        assert_eq!(classify("archived/tasks.csv"), FileKind::Shelf(ShelfFormat::Csv));
        assert_eq!(classify("logs/tasks.csv"), FileKind::Other(ShelfFormat::Csv));
        assert_eq!(classify("logs/deeper/errors.jsonl"), FileKind::Unknown);
    }
}
