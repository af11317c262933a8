//! Popups: how often each was shown, what was answered, and whether another one may be shown. Times are UTC.

use super::access::invalid;
use super::{PopupResponse, PopupTrigger, settings};
use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::record::{Record, RecordKey};
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// Hours a trigger rests after it was shown.
pub const COOLDOWN_HOURS: f64 = 24.0;

/// Which popup it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Popup {
    /// See [`super::preferences`].
    pub profile: String,
    /// Trigger number, for instance `7.1`.
    pub trigger_id: String,
    /// Template the popup is about, or empty.
    pub task_id: String,
    /// Instance the popup is about, or empty.
    pub instance_id: String,
}

/// The user's reaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Chosen option, not empty.
    pub response: String,
    /// Whether the popup was called helpful.
    pub helpful: Option<bool>,
    /// Free text.
    pub comment: String,
}

/// How insistent the popup is: 0 for the first time, 1 after one or two, 2 after three to five, then 3.
#[must_use]
pub fn tier(count: i64) -> u8 {
    match count {
        ..=0 => 0,
        1..=2 => 1,
        3..=5 => 2,
        6.. => 3,
    }
}

/// The counter of a popup: the first with its profile, trigger and template.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn trigger(repositories: &mut dyn Repositories, user: &UserId, popup: &Popup) -> Result<Option<PopupTrigger>> {
    Ok(repositories.popup_triggers().list(user)?.into_iter().find(|row| {
        row.user_id.raw() == popup.profile
            && row.trigger_id.raw() == popup.trigger_id
            && row.task_id.legacy() == popup.task_id
    }))
}

/// Whether the popup may be shown: its trigger has rested, and fewer popups than `popup_daily_cap` were
/// shown to the profile on this UTC day.
///
/// Only showings count towards the cap; the legacy program counted answers as well.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn may_show(repositories: &mut dyn Repositories, user: &UserId, popup: &Popup, now: Timestamp) -> Result<bool> {
    let last_shown = trigger(repositories, user, popup)?.and_then(|row| row.last_shown_at.value());
    if last_shown.is_some_and(|shown| now.minutes_since(shown) < COOLDOWN_HOURS * 60.0) {
        return Ok(false);
    }
    let cap = settings::integer(repositories, user, &popup.profile, "popup_daily_cap")?;
    let today = now.naive().date();
    let responses = repositories.popup_responses().list(user)?;
    let shown = responses.iter().filter(|row| {
        row.user_id.raw() == popup.profile
            && row.response_value.is_blank()
            && row.created_at.value().is_some_and(|time| time.naive().date() == today)
    });
    Ok(i64::try_from(shown.count()).unwrap_or(i64::MAX) < cap)
}

/// Counts a showing and logs it with a JSON object describing the event.
///
/// # Errors
/// [`crate::Error::Invalid`] without a profile or trigger.
pub fn record_shown(
    repositories: &mut dyn Repositories,
    user: &UserId,
    popup: &Popup,
    context: Object,
    now: Timestamp,
) -> Result<PopupTrigger> {
    let mut row = ensure_trigger(repositories, user, popup, now)?;
    row.count.set(Some(&row.count.value().unwrap_or(0).saturating_add(1)));
    row.last_shown_at.set(Some(&now));
    row.updated_at.set(Some(&now));
    repositories.popup_triggers().update(user, &row)?;
    log(repositories, user, popup, context, None, now)?;
    Ok(row)
}

/// Logs an answer and keeps it with the counter, which does not change.
///
/// # Errors
/// [`crate::Error::Invalid`] without a profile, trigger or response.
pub fn record_answer(
    repositories: &mut dyn Repositories,
    user: &UserId,
    popup: &Popup,
    reaction: &Reaction,
    now: Timestamp,
) -> Result<PopupTrigger> {
    if reaction.response.is_empty() {
        return Err(invalid::<PopupResponse>("response_value", "", "must not be empty"));
    }
    let mut row = ensure_trigger(repositories, user, popup, now)?;
    row.helpful.set(reaction.helpful.as_ref());
    row.last_response.set_raw(reaction.response.as_str());
    row.last_comment.set_raw(reaction.comment.as_str());
    row.updated_at.set(Some(&now));
    repositories.popup_triggers().update(user, &row)?;
    log(repositories, user, popup, Object::new(), Some(reaction), now)?;
    Ok(row)
}

/// The log of a profile, in order: showings have an empty response.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn list_responses(repositories: &mut dyn Repositories, user: &UserId, profile: &str) -> Result<Vec<PopupResponse>> {
    let mut responses = repositories.popup_responses().list(user)?;
    responses.retain(|row| row.user_id.raw() == profile);
    Ok(responses)
}

fn ensure_trigger(
    repositories: &mut dyn Repositories,
    user: &UserId,
    popup: &Popup,
    now: Timestamp,
) -> Result<PopupTrigger> {
    if popup.profile.is_empty() || popup.trigger_id.is_empty() {
        return Err(invalid::<PopupTrigger>("trigger_id", popup.trigger_id.as_str(), "and profile must not be empty"));
    }
    if let Some(row) = trigger(repositories, user, popup)? {
        return Ok(row);
    }
    let number = next_number(&repositories.popup_triggers().list(user)?, |row| row.id.value());
    let mut row = PopupTrigger::blank(RecordKey::new(number.to_string()));
    row.id.set(Some(&number));
    row.user_id.set_raw(popup.profile.as_str());
    row.trigger_id.set_raw(popup.trigger_id.as_str());
    row.task_id.set_raw(popup.task_id.as_str());
    row.count.set(Some(&0));
    row.created_at.set(Some(&now));
    row.updated_at.set(Some(&now));
    repositories.popup_triggers().insert(user, &row)?;
    Ok(row)
}

fn log(
    repositories: &mut dyn Repositories,
    user: &UserId,
    popup: &Popup,
    context: Object,
    reaction: Option<&Reaction>,
    now: Timestamp,
) -> Result<()> {
    let number = next_number(&repositories.popup_responses().list(user)?, |row| row.id.value());
    let mut row = PopupResponse::blank(RecordKey::new(number.to_string()));
    row.id.set(Some(&number));
    row.user_id.set_raw(popup.profile.as_str());
    row.trigger_id.set_raw(popup.trigger_id.as_str());
    row.task_id.set_raw(popup.task_id.as_str());
    row.instance_id.set_raw(popup.instance_id.as_str());
    if let Some(reaction) = reaction {
        row.response_value.set_raw(reaction.response.as_str());
        row.helpful.set(reaction.helpful.as_ref());
        row.comment.set_raw(reaction.comment.as_str());
    }
    row.context.set_raw(Json::Object(context).dump());
    row.created_at.set(Some(&now));
    repositories.popup_responses().insert(user, &row)
}

/// One more than the greatest number in use.
fn next_number<R>(rows: &[R], number: impl Fn(&R) -> Option<i64>) -> i64 {
    rows.iter().filter_map(number).max().unwrap_or(0).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::testing::{Memory, at, object, user};

    fn popup(task_id: &str) -> Popup {
        let (profile, trigger_id) = ("1".to_owned(), "7.1".to_owned());
        Popup { profile, trigger_id, task_id: task_id.to_owned(), instance_id: String::new() }
    }

    #[test]
    fn tiers() {
        assert_eq!([0, 1, 2, 3, 5, 6, 99].map(tier), [0, 1, 1, 2, 2, 3, 3]);
    }

    #[test]
    fn showing_counts_and_answering_does_not() {
        let mut memory = Memory::default();
        let now = at("2026-02-23 06:50:36");
        let context = object(r#"{"event_type": "initialize", "instance_id": null}"#);
        let shown = record_shown(&mut memory, &user(), &popup("t1"), context, now).unwrap();
        assert_eq!((shown.id.raw(), shown.count.raw(), shown.last_shown_at.raw()), ("1", "1", "2026-02-23 06:50:36"));
        let reaction = Reaction { response: "edit".into(), helpful: Some(false), comment: "ok, \"fine\"".into() };
        let answered = record_answer(&mut memory, &user(), &popup("t1"), &reaction, now).unwrap();
        assert_eq!(
            (answered.count.raw(), answered.helpful.raw(), answered.last_response.raw()),
            ("1", "False", "edit")
        );
        let log = list_responses(&mut memory, &user(), "1").unwrap();
        assert_eq!(
            log.iter().map(|row| (row.id.raw(), row.response_value.raw())).collect::<Vec<_>>(),
            [("1", ""), ("2", "edit")]
        );
        assert_eq!(log[0].context.raw(), r#"{"event_type": "initialize", "instance_id": null}"#);
        assert_eq!(list_responses(&mut memory, &user(), "2").unwrap(), []);
        let none = Reaction { response: String::new(), ..reaction };
        assert!(record_answer(&mut memory, &user(), &popup("t1"), &none, now).is_err());
    }

    #[test]
    fn a_trigger_rests_a_day_and_the_cap_counts_showings_only() {
        let mut memory = Memory::default();
        let reaction = Reaction { response: "ok".into(), helpful: None, comment: String::new() };
        let now = at("2026-02-23 06:00");
        for task in ["t1", "t2", "t3", "t4"] {
            assert!(may_show(&mut memory, &user(), &popup(task), now).unwrap());
            record_shown(&mut memory, &user(), &popup(task), Object::new(), now).unwrap();
            record_answer(&mut memory, &user(), &popup(task), &reaction, now).unwrap();
        }
        assert!(!may_show(&mut memory, &user(), &popup("t1"), at("2026-02-24 05:59:59")).unwrap());
        assert!(may_show(&mut memory, &user(), &popup("t1"), at("2026-02-24 06:00")).unwrap());
        // The fifth of the day is allowed, the sixth is not.
        assert!(may_show(&mut memory, &user(), &popup("t5"), at("2026-02-23 23:59")).unwrap());
        record_shown(&mut memory, &user(), &popup("t5"), Object::new(), at("2026-02-23 23:59")).unwrap();
        assert!(!may_show(&mut memory, &user(), &popup("t6"), at("2026-02-23 23:59")).unwrap());
        assert!(may_show(&mut memory, &user(), &popup("t6"), at("2026-02-24 00:00")).unwrap());
    }
}
