//! Areas, stages and sides.

use crate::time::Timestamp;

/// One of the four areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// Task templates, instances and their neighbours; the users too.
    Tasks,
    /// Profiles, queries and their data.
    Delivery,
    /// Rendering jobs.
    Presentations,
    /// Analysis runs.
    Runs,
}

impl Area {
    /// All areas.
    pub const ALL: [Self; 4] = [Self::Tasks, Self::Delivery, Self::Presentations, Self::Runs];

    /// Lower-case name, as in the import ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Delivery => "delivery",
            Self::Presentations => "presentations",
            Self::Runs => "runs",
        }
    }

    /// Reads [`Area::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.as_str() == text)
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One of the two stores of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The legacy files, or for presentations the memory of the process.
    Files,
    /// The database.
    Database,
}

impl Side {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Files => Self::Database,
            Self::Database => Self::Files,
        }
    }

    /// `files` or `database`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Database => "database",
        }
    }
}

/// How far an area has moved. Each stage is one step from its neighbours.
///
/// ```
/// use landfast_domain::cutover::{Side, Stage};
///
/// assert_eq!(Stage::Files.next(), Some(Stage::DualFiles));
/// assert_eq!(Stage::DualFiles.leader(), Side::Files);
/// assert!(Stage::DualDatabase.is_dual() && !Stage::Database.is_dual());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Only the files are used.
    Files,
    /// Both are written, the files first; reads come from the files.
    DualFiles,
    /// Both are written, the database first; reads come from the database.
    DualDatabase,
    /// Only the database is used; the files stay as they are.
    Database,
    /// As [`Stage::Database`]; the files are packed into an archive.
    Archived,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Self; 5] = [Self::Files, Self::DualFiles, Self::DualDatabase, Self::Database, Self::Archived];

    /// Name in records and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::DualFiles => "dual-files",
            Self::DualDatabase => "dual-database",
            Self::Database => "database",
            Self::Archived => "archived",
        }
    }

    /// Reads [`Stage::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// The store that is written first and read from.
    #[must_use]
    pub fn leader(self) -> Side {
        match self {
            Self::Files | Self::DualFiles => Side::Files,
            Self::DualDatabase | Self::Database | Self::Archived => Side::Database,
        }
    }

    /// Whether both stores are written.
    #[must_use]
    pub fn is_dual(self) -> bool {
        matches!(self, Self::DualFiles | Self::DualDatabase)
    }

    /// The stage after this one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| *stage > self)
    }

    /// The stage before this one.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|stage| *stage < self)
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where an area is. Both stores keep a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaStage {
    /// The area.
    pub area: Area,
    /// Its stage.
    pub stage: Stage,
    /// Counts the changes of the area, from 1. Of two copies the one with the smaller number is older.
    pub epoch: i64,
    /// The folder of the legacy files; empty for memory.
    pub folder: String,
    /// When the stage was reached, UTC.
    pub since: Timestamp,
}

/// One change of an area's stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageChange {
    /// The area.
    pub area: Area,
    /// Epoch after the change.
    pub epoch: i64,
    /// Stage before it; `None` for the first record of an area.
    pub from: Option<Stage>,
    /// Stage after it.
    pub to: Stage,
    /// When, UTC.
    pub at: Timestamp,
    /// Who: host, process and a random part.
    pub by: String,
    /// Why, for instance `asked for` or what made it step back.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_go_forward_and_back_one_at_a_time() {
        for pair in Stage::ALL.windows(2) {
            let [a, b] = pair else { unreachable!("windows of two") };
            assert_eq!((a.next(), b.previous()), (Some(*b), Some(*a)));
        }
        assert_eq!((Stage::Files.previous(), Stage::Archived.next()), (None, None));
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(stage));
        }
        for area in Area::ALL {
            assert_eq!(Area::parse(area.as_str()), Some(area));
        }
        assert_eq!((Stage::parse("Files"), Area::parse("")), (None, None));
        assert_eq!(Side::Files.other().other(), Side::Files);
    }
}
