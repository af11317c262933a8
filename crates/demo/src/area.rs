//! The areas data can be made up of.

use crate::{DemoOptions, Error, Summary};
use std::path::Path;

/// One of the applications data is made up of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// A task manager; see [`write_tasks`](crate::write_tasks).
    Tasks,
    /// Delivery metrics of software teams; see [`write_delivery`](crate::write_delivery).
    Delivery,
    /// A queue of video rendering jobs; see [`write_presentations`](crate::write_presentations).
    Presentations,
    /// Analysis runs of engine recordings; see [`write_runs`](crate::write_runs).
    Runs,
}

impl Area {
    /// All areas.
    pub const ALL: [Self; 4] = [Self::Tasks, Self::Delivery, Self::Presentations, Self::Runs];

    /// Name for folders and command lines: `tasks`, `delivery`, `presentations` or `runs`.
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

    /// Writes made-up data of the area into the folder with its name in `root`. The paths of the summary are
    /// below that folder.
    ///
    /// # Errors
    /// [`Error`] names the file or folder that could not be written.
    pub fn write(self, root: &Path, options: &DemoOptions) -> Result<Summary, Error> {
        let folder = root.join(self.as_str());
        match self {
            Self::Tasks => crate::write_tasks(&folder, options),
            Self::Delivery => crate::write_delivery(&folder, options),
            Self::Presentations => crate::write_presentations(&folder, options),
            Self::Runs => crate::write_runs(&folder, options),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_have_names_that_read_back() {
        for area in Area::ALL {
            assert_eq!(Area::parse(area.as_str()), Some(area));
        }
        assert_eq!(Area::parse("music"), None);
    }
}
