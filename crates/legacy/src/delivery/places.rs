//! Places and parts of documents that reading the document again would not give back.
//!
//! Issues, change-log entries and weeks are numbered by their places in a document, which close up when one
//! of them goes. Where a repository numbers them otherwise, or holds more than a document has room for, the
//! difference is kept in `.landfast/delivery.json`, valid for exactly the document it was written with.

use super::digests::DIGESTS;
use landfast_domain::Result;
use landfast_domain::delivery::{Changelog, ChangelogEntry, Issue, MetricKind, MetricsSnapshot, QueryKey};
use serde::{Deserialize, Serialize};

/// Parts of a document whose envelope is kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnParts {
    pub(super) path: String,
    /// Of the document's text, lower-case hex.
    sha256: String,
    envelope: String,
    places: Vec<i64>,
    /// Keys and texts; `None` where those of the document are the right ones.
    parts: Option<Vec<(String, String)>>,
}

/// Weeks of a document of snapshots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnWeeks {
    pub(super) path: String,
    /// Of the document's text, lower-case hex; `None` when there is no document.
    sha256: Option<String>,
    weeks: Vec<OwnWeek>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OwnWeek {
    place: i64,
    label: String,
    kind: String,
    /// `None` where the document tells.
    metrics: Option<String>,
}

fn sha256(text: &str) -> String {
    (DIGESTS.sha256_hex)(text.as_bytes())
}

impl OwnParts {
    /// What has to be kept about issues. `read`: envelope and texts as reading the document gives them.
    pub(super) fn of_issues(
        path: &str,
        text: &str,
        read: (&str, &[String]),
        envelope: &str,
        issues: &[Issue],
    ) -> Option<Self> {
        let parts: Vec<_> = issues.iter().map(|issue| (issue.ordinal, "", issue.text.as_str())).collect();
        let found: Vec<_> = read.1.iter().map(|text| ("", text.as_str())).collect();
        Self::of(path, text, (read.0, &found), envelope, &parts)
    }

    /// What has to be kept about change-log entries.
    pub(super) fn of_entries(
        path: &str,
        text: &str,
        read: (&Changelog, &[ChangelogEntry]),
        envelope: &str,
        entries: &[ChangelogEntry],
    ) -> Option<Self> {
        let parts: Vec<_> =
            entries.iter().map(|entry| (entry.ordinal, entry.issue_key.as_str(), entry.text.as_str())).collect();
        let found: Vec<_> = read.1.iter().map(|entry| (entry.issue_key.as_str(), entry.text.as_str())).collect();
        Self::of(path, text, (&read.0.envelope, &found), envelope, &parts)
    }

    fn of(
        path: &str,
        text: &str,
        read: (&str, &[(&str, &str)]),
        envelope: &str,
        parts: &[(i64, &str, &str)],
    ) -> Option<Self> {
        let is_same = read.1.len() == parts.len()
            && read.1.iter().zip(parts).all(|((key, text), (_, own_key, own_text))| key == own_key && text == own_text);
        let in_order = (0_i64..).zip(parts).all(|(place, (own, _, _))| place == *own);
        if is_same && in_order && read.0 == envelope {
            return None;
        }
        let own = |(_, key, text): &(i64, &str, &str)| ((*key).to_owned(), (*text).to_owned());
        Some(Self {
            path: path.to_owned(),
            sha256: sha256(text),
            envelope: envelope.to_owned(),
            places: parts.iter().map(|(place, _, _)| *place).collect(),
            parts: (!is_same).then(|| parts.iter().map(own).collect()),
        })
    }

    /// Whether this was kept for a document.
    pub(super) fn is_for(&self, path: &str, text: &str) -> bool {
        self.path == path && self.sha256 == sha256(text)
    }

    /// Gives issues of a document, and its envelope, what was kept.
    pub(super) fn apply_to_issues(&self, envelope: &mut String, issues: &mut Vec<Issue>, points_field: Option<&str>) {
        envelope.clone_from(&self.envelope);
        match &self.parts {
            Some(parts) => {
                let texts = parts.iter().map(|(_, text)| text.as_str());
                *issues = self
                    .places
                    .iter()
                    .zip(texts)
                    .map(|(place, text)| Issue::read(*place, text, points_field))
                    .collect();
            }
            None => self.places.iter().zip(issues).for_each(|(place, issue)| issue.ordinal = *place),
        }
    }

    /// Gives entries of a document, and its envelope, what was kept.
    pub(super) fn apply_to_entries(&self, changelog: &mut Changelog, entries: &mut Vec<ChangelogEntry>) {
        changelog.envelope.clone_from(&self.envelope);
        match &self.parts {
            Some(parts) => {
                let read = |(place, (key, text)): (&i64, &(String, String))| {
                    let mut entry = ChangelogEntry::read(*place, Some(key), text.clone(), changelog.timestamp.as_ref());
                    entry.issue_key.clone_from(key);
                    entry
                };
                *entries = self.places.iter().zip(parts).map(read).collect();
            }
            None => self.places.iter().zip(entries).for_each(|(place, entry)| entry.ordinal = *place),
        }
    }
}

impl OwnWeeks {
    /// What has to be kept about snapshots. `text` and `read`: the document, and what reading it gives.
    pub(super) fn of(
        path: &str,
        text: Option<&str>,
        read: &[MetricsSnapshot],
        snapshots: &[MetricsSnapshot],
    ) -> Option<Self> {
        let find = |list: &[MetricsSnapshot], own: &MetricsSnapshot| {
            list.iter().find(|other| (&other.label, other.kind) == (&own.label, own.kind)).cloned()
        };
        if read.len() == snapshots.len() && snapshots.iter().all(|own| find(read, own).as_ref() == Some(own)) {
            return None;
        }
        let weeks = snapshots.iter().map(|own| OwnWeek {
            place: own.ordinal,
            label: own.label.clone(),
            kind: own.kind.as_str().to_owned(),
            metrics: find(read, own).is_none_or(|other| other.metrics != own.metrics).then(|| own.metrics.clone()),
        });
        Some(Self { path: path.to_owned(), sha256: text.map(sha256), weeks: weeks.collect() })
    }

    /// Whether this was kept for a document.
    pub(super) fn is_for(&self, path: &str, text: Option<&str>) -> bool {
        self.path == path && self.sha256 == text.map(sha256)
    }

    /// The snapshots of a document as they are.
    pub(super) fn apply(&self, query: &QueryKey, read: &[MetricsSnapshot]) -> Result<Vec<MetricsSnapshot>> {
        let mut snapshots = Vec::with_capacity(self.weeks.len());
        for week in &self.weeks {
            let Some(kind) = MetricKind::parse(&week.kind) else { continue };
            match &week.metrics {
                Some(metrics) => {
                    snapshots.push(MetricsSnapshot::new(
                        query.clone(),
                        week.place,
                        week.label.as_str(),
                        kind,
                        metrics,
                    )?);
                }
                None => {
                    let found = read.iter().find(|other| other.label == week.label && other.kind == kind);
                    snapshots.extend(found.map(|found| MetricsSnapshot { ordinal: week.place, ..found.clone() }));
                }
            }
        }
        Ok(snapshots)
    }
}
