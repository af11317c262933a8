//! Values as pages show them.

use crate::web::Error;
use crate::web::frame::{Visit, percent_encoded};
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::{Status, TaskInstance, lifecycle};
use landfast_domain::time::Timestamp;

/// A key as part of a path.
pub(super) fn segment(key: &RecordKey) -> String {
    percent_encoded(key.as_str())
}

/// Minutes as the original shows them: `45 min`, from an hour on `1:05`.
pub(super) fn minutes(minutes: f64) -> String {
    if !minutes.is_finite() {
        return "–".to_owned();
    }
    let whole = format!("{:.0}", minutes.max(0.0).floor()).parse::<u64>().unwrap_or(0);
    if whole < 60 { format!("{whole} min") } else { format!("{}:{:02}", whole / 60, whole % 60) }
}

/// At most one decimal, none when it is zero.
pub(super) fn figure(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// To the minute; what is no time is shown as it stands.
pub(super) fn minute_of(text: &str) -> String {
    Timestamp::parse(text).map_or_else(|| text.to_owned(), |time| time.naive().format("%Y-%m-%d %H:%M").to_string())
}

/// The name of an instance or template.
pub(super) fn name(text: &str) -> String {
    if text.trim().is_empty() { "(no name)".to_owned() } else { text.to_owned() }
}

/// Colour class of a state.
pub(super) fn level(state: Status) -> &'static str {
    match state {
        Status::Started | Status::Completed => "good",
        Status::Paused => "warn",
        Status::Cancelled => "bad",
        Status::Created | Status::Initialized => "plain",
    }
}

/// The instance of a path.
pub(super) async fn instance(visit: &Visit, key: &str) -> Result<TaskInstance, Error> {
    let wanted = RecordKey::new(key);
    let found = visit.read(move |r, user| lifecycle::get(r, user, &wanted)).await?;
    found.ok_or_else(|| Error::NotFound(format!("there is no attempt `{key}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_the_original_does() {
        assert_eq!([0.0, 59.9, 60.0, 125.0, -3.0].map(minutes), ["0 min", "59 min", "1:00", "2:05", "0 min"]);
    }

    #[test]
    fn keys_are_one_segment() {
        assert_eq!(segment(&RecordKey::new("i1~2")), "i1~2");
        assert_eq!(segment(&RecordKey::new("a/b?ü")), "a%2Fb%3F%C3%BC");
    }
}
