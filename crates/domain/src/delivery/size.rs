//! How large the kept data are, and how large they were planned to be.

/// What a row of a kind was planned to take, in bytes, indexes aside; `None` where nothing was planned.
///
/// ```
/// use landfast_domain::delivery::size::planned_bytes;
/// assert_eq!(planned_bytes("issues"), Some(1_000));
/// assert_eq!(planned_bytes("profiles"), None);
/// ```
#[must_use]
pub fn planned_bytes(kind: &str) -> Option<u64> {
    match kind {
        "issues" => Some(1_000),
        "changelog_items" => Some(200),
        "weekly_statistics" | "metrics_snapshots" => Some(100),
        "metric_values" => Some(80),
        _ => None,
    }
}

/// Size a database of these numbers of rows was planned to have, with a fifth for indexes.
#[must_use]
pub fn planned_total(row_counts: &[(&str, u64)]) -> u64 {
    let rows: u64 = row_counts.iter().filter_map(|(kind, count)| Some(planned_bytes(kind)? * count)).sum();
    rows + rows / 5
}

/// Numbers of rows beside the size of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeReport {
    /// Rows by kind.
    pub row_counts: Vec<(&'static str, u64)>,
    /// Bytes the store takes, its journal included; `None` when it cannot tell.
    pub total_bytes: Option<u64>,
}

impl SizeReport {
    /// The size that was planned; see [`planned_total`].
    #[must_use]
    pub fn planned_bytes(&self) -> u64 {
        planned_total(&self.row_counts)
    }

    /// Bytes an issue takes on average, everything else of the store included; `None` without issues.
    #[must_use]
    pub fn bytes_per_issue(&self) -> Option<u64> {
        let issues = self.row_counts.iter().find(|(kind, _)| *kind == "issues").map(|(_, count)| *count)?;
        self.total_bytes?.checked_div(issues)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_add_up() {
        let counts = vec![("issues", 10), ("changelog_items", 5), ("profiles", 7)];
        let report = SizeReport { row_counts: counts, total_bytes: Some(25_000) };
        assert_eq!((report.planned_bytes(), report.bytes_per_issue()), (13_200, Some(2_500)));
        assert_eq!(SizeReport { row_counts: vec![("issues", 0)], total_bytes: Some(1) }.bytes_per_issue(), None);
    }
}
