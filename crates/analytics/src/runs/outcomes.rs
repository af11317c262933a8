//! How many runs succeed, and where the others end.

use super::leaves;
use crate::stats::{Interval, share, wilson_interval};
use landfast_domain::runs::{Run, RunStatus};
use serde::Serialize;
use std::collections::BTreeMap;

/// Stage of an error that does not tell one.
const UNKNOWN: &str = "unknown";

/// Numbers of runs by how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Outcomes {
    /// Runs in all.
    pub total: usize,
    /// Complete ones; an analysis that ended with part of its results is one of them.
    pub complete: usize,
    /// Those given up with an error.
    pub error: usize,
    /// All others, whose end is not known.
    pub open: usize,
    /// `complete / (complete + error)`, 0 to 1; `None` when no run has ended.
    pub success_share: Option<f64>,
    /// Wilson's 95 % interval of the share.
    pub success_share_interval: Option<Interval>,
}

/// Counts runs by how they ended.
///
/// ```
/// assert_eq!(landfast_analytics::runs::outcomes([]).success_share, None);
/// ```
#[must_use]
pub fn outcomes<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Outcomes {
    let (mut total, mut complete, mut error) = (0, 0, 0);
    for run in runs {
        total += 1;
        match run.status {
            RunStatus::Complete => complete += 1,
            RunStatus::Error => error += 1,
            _ => {}
        }
    }
    let ended = complete + error;
    Outcomes {
        total,
        complete,
        error,
        open: total - ended,
        success_share: share(complete, ended),
        success_share_interval: wilson_interval(complete, ended),
    }
}

/// Outcomes of the runs from one source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceOutcomes {
    /// Layout the run has on disk: `state`, `upload`, `tuning` or `experiment`.
    pub layout: &'static str,
    /// What the run says about where it comes from, `jetstream` or `manual_upload` among others; empty when
    /// unknown.
    pub source: String,
    /// Their outcomes.
    pub outcomes: Outcomes,
}

/// Outcomes by layout and source, in order of the layouts, then of the texts.
#[must_use]
pub fn outcomes_by_source(runs: &[Run]) -> Vec<SourceOutcomes> {
    let mut groups: BTreeMap<_, Vec<&Run>> = BTreeMap::new();
    for run in runs {
        groups.entry((run.layout, run.source.as_str())).or_default().push(run);
    }
    groups
        .into_iter()
        .map(|((layout, source), runs)| SourceOutcomes {
            layout: layout.as_str(),
            source: source.to_owned(),
            outcomes: outcomes(runs),
        })
        .collect()
}

/// A stage in which errors end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorStage {
    /// Stage that the error names, else the run's stage, else `unknown`. Trimmed, in lower case: stages are
    /// free text.
    pub stage: String,
    /// Runs with status `error` that ended there.
    pub n: usize,
    /// How often each code occurs, the most frequent first, then by text; `unknown` where there is none.
    pub codes: Vec<(String, usize)>,
}

/// Stages in which the runs with status `error` ended, the most frequent first, then by text.
///
/// Runs of any other status do not count even when they hold an error: the legacy program never removed one
/// from a run that recovered.
#[must_use]
pub fn error_stages(runs: &[Run]) -> Vec<ErrorStage> {
    let mut stages: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.status == RunStatus::Error) {
        // An error that is not JSON tells neither stage nor code; the run still counts.
        let told = run.error_info.as_deref().and_then(|text| leaves(text).ok()).unwrap_or_default();
        let member = |name: &str| {
            let text = told.iter().find(|leaf| leaf.path == name).and_then(|leaf| leaf.value.as_str());
            text.map(str::trim).filter(|text| !text.is_empty())
        };
        let own = run.current_stage.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let stage = member("stage").or(own).unwrap_or(UNKNOWN).to_lowercase();
        *stages.entry(stage).or_default().entry(member("code").unwrap_or(UNKNOWN).to_owned()).or_default() += 1;
    }
    let mut found: Vec<ErrorStage> = stages
        .into_iter()
        .map(|(stage, codes)| {
            let mut codes: Vec<(String, usize)> = codes.into_iter().collect();
            codes.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            ErrorStage { stage, n: codes.iter().map(|(_, n)| n).sum(), codes }
        })
        .collect();
    found.sort_by_key(|stage| std::cmp::Reverse(stage.n));
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{complete, run};
    use super::*;

    const DAY: &str = "2025-12-05T11:52:20.493Z";

    #[test]
    fn only_ended_runs_are_in_the_share() {
        let runs = [
            complete("a", DAY, "{}"),
            complete("b", DAY, "{}"),
            complete("c", DAY, "{}"),
            run("d", DAY, r#""status": "error""#),
            run("e", DAY, r#""status": "processing""#),
            run("f", DAY, r#""status": "paused""#),
        ];
        let found = outcomes(&runs);
        assert_eq!((found.total, found.complete, found.error, found.open), (6, 3, 1, 2));
        assert_eq!(found.success_share, Some(0.75));
        let interval = found.success_share_interval.unwrap();
        assert!(interval.low < 0.4 && interval.high > 0.9);
        let sources = outcomes_by_source(&runs);
        assert_eq!(sources.len(), 1);
        assert_eq!((sources[0].layout, sources[0].source.as_str(), sources[0].outcomes), ("state", "jetstream", found));
    }

    #[test]
    fn errors_end_in_the_stage_they_name_or_in_that_of_the_run() {
        let error = |id: &str, members: &str| run(id, DAY, &format!(r#""status": "error", {members}"#));
        let named = r#""error": {"stage": "Validate ", "code": "VE-CSV-42", "message": "x"}, "current_stage": "load""#;
        let runs = [
            error("a", named),
            error("b", named),
            error("c", r#""error": {"stage": "", "message": "x"}, "current_stage": "load""#),
            error("d", r#""error": "broken", "current_stage": "validate""#),
            error("e", r#""current_stage": null"#),
            complete("f", DAY, r#"{"x": 1}, "error": {"stage": "export", "code": "OLD", "message": ""}"#),
        ];
        let found = error_stages(&runs);
        let stages: Vec<_> = found.iter().map(|stage| (stage.stage.as_str(), stage.n)).collect();
        assert_eq!(stages, [("validate", 3), ("load", 1), ("unknown", 1)]);
        assert_eq!(found[0].codes, [("VE-CSV-42".to_owned(), 2), ("unknown".to_owned(), 1)]);
    }
}
