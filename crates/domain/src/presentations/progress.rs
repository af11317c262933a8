//! Percentages of the steps of a rendering.
//!
//! The legacy service computed them so that progress goes back at each new slide and may pass 100. Jobs
//! made here use [`slide`], which only grows.

/// A worker has the job.
pub const STARTED: f64 = 5.0;
/// The first slide is begun.
pub const SLIDES_BEGUN: f64 = 10.0;
/// All slides are made.
pub const SLIDES_DONE: f64 = 80.0;
/// The slides are joined.
pub const JOINED: f64 = 90.0;
/// The video is there.
pub const DONE: f64 = 100.0;

/// Moments within one slide, with their part of the slide's share in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlideStep {
    /// The slide is begun.
    Begun,
    /// The external service renders the speaker; it reports percent.
    Waiting(u8),
    /// Speaker and slide are put together.
    Composing,
    /// The slide is made.
    Composed,
}

/// Progress at a moment of slide `index` (from 0) of `count`. Grows with every step and slide, from
/// [`SLIDES_BEGUN`] to [`SLIDES_DONE`].
///
/// ```
/// use landfast_domain::presentations::progress::{SlideStep, slide};
///
/// assert_eq!(slide(0, 5, SlideStep::Begun), 10.0);
/// assert_eq!(slide(0, 5, SlideStep::Composed), slide(1, 5, SlideStep::Begun));
/// assert_eq!(slide(4, 5, SlideStep::Composed), 80.0);
/// ```
#[must_use]
pub fn slide(index: u32, count: u32, step: SlideStep) -> f64 {
    let within = match step {
        SlideStep::Begun => 0.0,
        SlideStep::Waiting(percent) => 0.2 + 0.4 * f64::from(percent.min(100)) / 100.0,
        SlideStep::Composing => 0.6,
        SlideStep::Composed => 1.0,
    };
    let count = count.max(1);
    let share = (f64::from(index.min(count - 1)) + within) / f64::from(count);
    SLIDES_BEGUN + (SLIDES_DONE - SLIDES_BEGUN) * share
}

/// Progress the legacy service reported at the moment: `10 + floor(70·index / count)` and up to 50 more, so
/// that it ends above 100 for five slides or more.
///
/// ```
/// use landfast_domain::presentations::progress::{SlideStep, legacy_slide};
///
/// assert_eq!(legacy_slide(4, 5, SlideStep::Composed), 116.0);
/// assert_eq!((legacy_slide(0, 5, SlideStep::Composed), legacy_slide(1, 5, SlideStep::Begun)), (60.0, 24.0));
/// ```
#[must_use]
pub fn legacy_slide(index: u32, count: u32, step: SlideStep) -> f64 {
    let base = 10 + u64::from(index) * 70 / u64::from(count.max(1));
    let base = f64::from(u32::try_from(base).unwrap_or(u32::MAX));
    base + match step {
        SlideStep::Begun => 0.0,
        SlideStep::Waiting(percent) => 10.0 + 20.0 * f64::from(percent.min(100)) / 100.0,
        SlideStep::Composing => 30.0,
        SlideStep::Composed => 50.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SlideStep::{Begun, Composed, Composing, Waiting};

    #[test]
    fn progress_never_goes_back() {
        for count in 1..=40 {
            let mut last = STARTED;
            for index in 0..count {
                for step in [Begun, Waiting(0), Waiting(50), Waiting(100), Composing, Composed] {
                    let progress = slide(index, count, step);
                    assert!(progress >= last - 1e-9 && progress <= SLIDES_DONE, "{index}/{count} {step:?}");
                    last = progress;
                }
            }
            assert_eq!(last, SLIDES_DONE);
        }
    }

    #[test]
    fn legacy_values_are_those_that_were_observed() {
        assert_eq!(legacy_slide(19, 20, Composed), 126.0);
        assert_eq!(legacy_slide(2, 5, Waiting(30)), 54.0);
    }
}
