//! Walking the steps of a rendering without rendering anything.

use super::Rendered;
use super::pulse::Pulse;
use crate::failure::Failure;
use landfast_domain::presentations::PresentationJob;
use landfast_domain::presentations::progress::{JOINED, SLIDES_BEGUN, SLIDES_DONE, SlideStep, slide};
use landfast_domain::presentations::request::{Names, PresentationRequest};
use landfast_domain::presentations::state::Report;
use std::time::Duration;

/// Reports every step, with a rest after each.
pub(super) fn walk(pulse: &mut Pulse<'_>, job: &PresentationJob, rest: Duration) -> Result<Rendered, Failure> {
    for progress in steps(job) {
        let report = Report { progress: Some(progress), ..Report::default() };
        let stop = match pulse.report(&report)? {
            None => pulse.rest(rest)?,
            stop => stop,
        };
        if let Some(stop) = stop {
            return Ok(Rendered::Stopped(stop));
        }
    }
    Ok(Rendered::Done { video_url: None, thumbnail_url: None })
}

/// Progress of the steps of a job, by the number of its slides.
fn steps(job: &PresentationJob) -> Vec<f64> {
    let request = job.request.as_ref().map(|request| PresentationRequest::read(&request.0, Names::Snake).0);
    let slides = request.and_then(|request| request.slides_data).map_or(1, |slides| slides.len().max(1));
    let count = u32::try_from(slides).unwrap_or(u32::MAX);
    let mut steps = vec![SLIDES_BEGUN];
    for index in 0..count {
        steps.extend([SlideStep::Waiting(50), SlideStep::Composing].map(|step| slide(index, count, step)));
    }
    steps.extend([SLIDES_DONE, JOINED]);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::presentations::RequestText;
    use landfast_domain::time::Timestamp;

    #[test]
    fn progress_only_grows() {
        let mut job = PresentationJob::blank("a".into(), Timestamp::parse("2025-01-01 00:00").unwrap());
        assert_eq!(steps(&job).len(), 5);
        job.request = Some(RequestText(r#"{"slides_data": [{}, {}, {}]}"#.to_owned()));
        let steps = steps(&job);
        assert_eq!(steps.len(), 9);
        assert!(steps.is_sorted_by(|a, b| a < b), "{steps:?}");
    }
}
