//! What to make up.

use chrono::NaiveDateTime;

/// What to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// Chooses the contents; equal options give equal bytes.
    pub seed: u64,
    /// Amount of data: 1 is one busy person's four months (40 templates, 500 instances), two teams' forty weeks
    /// (390 issues), 60 rendering jobs and 28 analysis runs. All of these grow in proportion; 0 counts as 1.
    pub scale: u32,
    /// The last moment anything happens, in the person's local time. Seconds are ignored where the
    /// legacy program cut them off.
    pub now: NaiveDateTime,
    /// Which version of the task manager the files of tasks look like.
    pub age: ColumnAge,
    /// Whether to put in cells that real files hold and a strict reader stumbles over: a twin id, a
    /// float where a whole number belongs, a missing-value word as a name, an impossible date, an issue that
    /// comes twice, `NaN`, a run the cache forgot. All of them can be loaded; but for one job that comes twice
    /// in the same words, nothing has to be set aside.
    pub odd_cells: bool,
}

/// Versions of the legacy program, by the columns they wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnAge {
    /// 9 template and 16 instance columns, ratings from 0 to 10.
    November2025,
    /// 11 template and 27 instance columns, ratings from 0 to 100.
    December2025,
    /// 17 template and 30 instance columns, as exported from the database of that time.
    LateDecember2025,
    /// 18 template and 33 instance columns, with owners, jobs, notes and popups.
    March2026,
}

impl ColumnAge {
    /// All ages, oldest first.
    pub const ALL: [Self; 4] = [Self::November2025, Self::December2025, Self::LateDecember2025, Self::March2026];

    /// Name for command lines: `nov2025`, `dec2025`, `late-dec2025` or `mar2026`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::November2025 => "nov2025",
            Self::December2025 => "dec2025",
            Self::LateDecember2025 => "late-dec2025",
            Self::March2026 => "mar2026",
        }
    }

    /// Reads [`ColumnAge::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|age| age.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_names_that_read_back() {
        for age in ColumnAge::ALL {
            assert_eq!(ColumnAge::parse(age.as_str()), Some(age));
        }
        assert_eq!(ColumnAge::parse("1999"), None);
    }
}
