//! A run and its parts.

use super::RunId;
use crate::finding::storable;
use crate::instant::{ReadTime, epoch_micros};
use crate::time::Timestamp;
use chrono::Timelike;
use std::fmt;

/// Where a run comes from on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    /// `runs/<id>/` with a `run_state.json`; also every run made here.
    State,
    /// `outputs/<uuid>/` with a manifest: an uploaded file that was analysed.
    Upload,
    /// `runs/<id>/` with a manifest directly inside: an automatic tuning.
    Tuning,
    /// `experiments/<name>/` with a manifest, named by hand.
    Experiment,
}

impl Layout {
    /// All layouts.
    pub const ALL: [Self; 4] = [Self::State, Self::Upload, Self::Tuning, Self::Experiment];

    /// Text of columns and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Upload => "upload",
            Self::Tuning => "tuning",
            Self::Experiment => "experiment",
        }
    }

    /// Reads [`Layout::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.as_str() == text)
    }

    /// Folder such runs lie in.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::State | Self::Tuning => "runs",
            Self::Upload => "outputs",
            Self::Experiment => "experiments",
        }
    }
}

/// How far a run is. Any status may follow any other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RunStatus {
    /// Waits.
    Pending,
    /// The recording is fetched.
    Downloading,
    /// The recording is brought into the form the analysis reads.
    Converting,
    /// The input is checked.
    Validating,
    /// The analysis runs.
    Processing,
    /// Done.
    Complete,
    /// Given up.
    Error,
    /// Something else that a file said.
    Other(String),
}

impl RunStatus {
    /// The vocabulary, in the order a run goes through it.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Downloading,
        Self::Converting,
        Self::Validating,
        Self::Processing,
        Self::Complete,
        Self::Error,
    ];

    /// Reads the text of a state or column: the seven words exactly, everything else is
    /// [`RunStatus::Other`], with U+2400 for U+0000.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.as_str() == text).unwrap_or_else(|| Self::Other(storable(text)))
    }

    /// Reads the code of a manifest, which has a vocabulary of its own: `success` and `partial` are complete,
    /// `queued` is pending, `running` is processing.
    #[must_use]
    pub fn of_manifest(code: &str) -> Self {
        match code {
            "success" | "partial" => Self::Complete,
            "error" => Self::Error,
            "queued" => Self::Pending,
            "running" => Self::Processing,
            other => Self::Other(storable(other)),
        }
    }

    /// Text of files and columns.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Downloading => "downloading",
            Self::Converting => "converting",
            Self::Validating => "validating",
            Self::Processing => "processing",
            Self::Complete => "complete",
            Self::Error => "error",
            Self::Other(text) => text,
        }
    }

    /// Complete or given up.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Complete | Self::Error)
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A time by its text, which is kept, and the instant it means.
///
/// ```
/// use landfast_domain::runs::TimeText;
///
/// let instant = |text: &str| TimeText::new(text).instant().map(|instant| instant.to_iso_text());
/// assert_eq!(instant("2025-12-05T11:52:20.493Z").as_deref(), Some("2025-12-05T11:52:20.493000"));
/// assert_eq!(instant("2025-12-05T11:52:20").as_deref(), Some("2025-12-05T11:52:20"));
/// assert_eq!(instant("1733400000.5").as_deref(), Some("2024-12-05T12:00:00.500000"));
/// assert_eq!(instant("yesterday"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeText(String);

impl TimeText {
    /// A time with this text: ISO 8601, or a JSON number of seconds since 1970. U+0000 becomes U+2400.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(storable(text))
    }

    /// The text the run manager writes: milliseconds and `Z`. What is finer is cut.
    ///
    /// ```
    /// use landfast_domain::{runs::TimeText, time::Timestamp};
    ///
    /// let now = Timestamp::parse("2025-12-05T11:52:20.493999").unwrap();
    /// assert_eq!(TimeText::now(now).as_str(), "2025-12-05T11:52:20.493Z");
    /// ```
    #[must_use]
    pub fn now(now: Timestamp) -> Self {
        let naive = now.naive();
        Self(format!("{}.{:03}Z", naive.format("%Y-%m-%dT%H:%M:%S"), naive.nanosecond() / 1_000_000))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the text says, with its zone and precision; `None` when it is not understood.
    #[must_use]
    pub fn read(&self) -> Option<ReadTime> {
        ReadTime::parse(&self.0).or_else(|| ReadTime::from_epoch(&self.0.parse().ok()?))
    }

    /// The instant in UTC; a time without a zone is UTC by the convention of all its writers.
    #[must_use]
    pub fn instant(&self) -> Option<Timestamp> {
        self.read().map(|time| time.utc(0))
    }
}

/// The documents a run is known by, each byte for byte as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunDocuments {
    /// `run_state.json`.
    pub state: Option<String>,
    /// `output/manifest.json` of a [`Layout::State`], else `manifest.json`.
    pub manifest: Option<String>,
    /// `jetstream_metadata.json`.
    pub metadata: Option<String>,
    /// `session_log.json`.
    pub session_log: Option<String>,
}

/// An analysis run.
///
/// Everything but the ids is read from the documents by [`read`](super::documents::read); a change edits a
/// document and reads again, so that files and databases answer alike. JSON columns hold JSON text.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Identifies the run.
    pub id: RunId,
    /// The id its documents give it, when that belongs to another run.
    pub original_id: Option<String>,
    /// Where it comes from.
    pub layout: Layout,
    /// Path of its directory below the folder that holds `runs`, `outputs` and `experiments`, with `/`.
    pub directory: String,
    /// How far it is.
    pub status: RunStatus,
    /// `jetstream`, `manual_upload` and others; empty when unknown.
    pub source: String,
    /// When it was made.
    pub created_at: Option<TimeText>,
    /// When it changed last.
    pub updated_at: Option<TimeText>,
    /// When it was done.
    pub completed_at: Option<TimeText>,
    /// Id at the service the recording comes from; not unique.
    pub jetstream_id: Option<String>,
    /// Free text.
    pub current_stage: Option<String>,
    /// 0 to 100 by convention.
    pub progress_percent: Option<i64>,
    /// JSON object `{stage, code, message}`, or what stands in its place.
    pub error_info: Option<String>,
    /// JSON object of results; an empty one is none.
    pub results_summary: Option<String>,
    /// Name of the analysed file, without its path.
    pub input_filename: Option<String>,
    /// JSON object of the settings.
    pub config_snapshot: Option<String>,
    /// Greatest power, horsepower.
    pub peak_hp: Option<f64>,
    /// Greatest torque, foot-pounds.
    pub peak_torque: Option<f64>,
    /// What it was read from.
    pub documents: RunDocuments,
}

impl Run {
    /// Rank in lists, which show the greatest first: microseconds since 1970 of the creation, the least
    /// number when that is unknown.
    #[must_use]
    pub fn order_key(&self) -> i64 {
        self.created_at.as_ref().and_then(TimeText::instant).map_or(i64::MIN, epoch_micros)
    }

    /// When a final run ended, as far as known: its completion, else its last change, else its creation.
    /// `None` while it is not final. Retention counts from here.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        let times = [&self.completed_at, &self.updated_at, &self.created_at];
        self.status.is_final().then(|| times.into_iter().flatten().find_map(TimeText::instant)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_and_layouts_read_back() {
        for status in RunStatus::ALL {
            assert_eq!(RunStatus::read(status.as_str()), status);
        }
        for layout in Layout::ALL {
            assert_eq!(Layout::parse(layout.as_str()), Some(layout));
        }
        assert_eq!(RunStatus::read("COMPLETE"), RunStatus::Other("COMPLETE".into()));
        assert_eq!(RunStatus::of_manifest("partial"), RunStatus::Complete);
        assert_eq!(RunStatus::of_manifest("complete"), RunStatus::Other("complete".into()));
    }
}
