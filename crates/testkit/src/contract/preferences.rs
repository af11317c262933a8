//! Settings, the survey, popups and cancellation penalties.

use super::lifecycle::object;
use super::support::{Sample as _, insert, instance, keys, list, read, time, user, write};
use landfast_domain::accounts::UserId;
use landfast_domain::json::Json;
use landfast_domain::record::Record as _;
use landfast_domain::tasks::popups::{self, Popup, Reaction};
use landfast_domain::tasks::preferences::{self, TutorialChoice};
use landfast_domain::tasks::survey::{self, Answer, Choice};
use landfast_domain::tasks::{PopupResponse, PopupTrigger, Preference, SurveyResponse, cancellation, settings};
use landfast_domain::{Error, Store};

const NOW: &str = "2026-01-15 10:00:30.000500";

fn set(store: &dyn Store, user: &UserId, profile: &str, key: &str, value: &Json) -> Preference {
    write(store, |r| preferences::update(r, user, profile, key, value, time(NOW)))
}

/// A profile gets a row with defaults once.
pub fn a_profile_gets_its_row_once(store: &dyn Store) {
    let user = user(store);
    assert!(read(store, |r| preferences::is_new(r, &user, "default")));
    let made = write(store, |r| preferences::ensure(r, &user, "default", time(NOW)));
    assert_eq!(
        (made.tutorial_completed.raw(), made.tutorial_auto_show.raw(), made.created_at.raw()),
        ("False", "True", "2026-01-15T10:00:30.000500")
    );
    let again = write(store, |r| preferences::ensure(r, &user, "default", time("2026-02-01 10:00")));
    assert_eq!(again, made);
    assert!(!read(store, |r| preferences::is_new(r, &user, "default")));
    assert_eq!(list::<Preference>(store, &user), [made]);
}

/// A new setting is a new column at the end, and its text is the one Python writes.
pub fn a_new_setting_is_a_new_column(store: &dyn Store) {
    let user = user(store);
    for (key, json, text) in [
        ("mood", "\"fine, thanks\"", "fine, thanks"),
        ("flag", "true", "True"),
        ("number", "55", "55"),
        ("weights", r#"{"a": 0.5, "b": [1, null]}"#, r#"{"a": 0.5, "b": [1, null]}"#),
        ("nothing", "null", ""),
    ] {
        let row = set(store, &user, "default", key, &Json::parse(json).unwrap());
        assert_eq!(row.cell_named(key), Some(text));
    }
    let kept = list::<Preference>(store, &user).remove(0);
    assert_eq!(
        kept.extra.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["mood", "flag", "number", "weights", "nothing"]
    );
    assert_eq!(kept.last_active.raw(), "2026-01-15T10:00:30.000500");
}

/// A known setting goes into its own column.
pub fn a_known_setting_goes_into_its_column(store: &dyn Store) {
    let user = user(store);
    let row = set(store, &user, "default", "tooltip_mode_enabled", &Json::from(false));
    assert_eq!((row.tooltip_mode_enabled.raw(), row.extra.len()), ("False", 0));
}

/// What the program keeps itself cannot be set.
pub fn protected_settings_are_refused(store: &dyn Store) {
    let user = user(store);
    for (profile, key) in [("default", "user_id"), ("default", "created_at"), ("default", ""), ("", "mood")] {
        let error =
            store.write(|r| preferences::update(r, &user, profile, key, &Json::from(1), time(NOW))).unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
    }
    assert_eq!(list::<Preference>(store, &user), []);
}

/// Profiles have settings of their own, and so have users.
pub fn settings_belong_to_one_profile_of_one_user(store: &dyn Store) {
    let (one, two) = (user(store), user(store));
    set(store, &one, "default", "mood", &Json::from("a"));
    set(store, &one, "browser-1", "mood", &Json::from("b"));
    set(store, &two, "default", "mood", &Json::from("c"));
    let mood = |user, profile: &str| {
        read(store, |r| preferences::get(r, user, profile)).unwrap().cell_named("mood").unwrap().to_owned()
    };
    assert_eq!(
        (mood(&one, "default"), mood(&one, "browser-1"), mood(&two, "default")),
        ("a".into(), "b".into(), "c".into())
    );
    assert_eq!(keys::<Preference>(store, &one), ["default", "browser-1"]);
}

/// A setting that is a JSON object can be changed member by member; broken text reads as empty.
pub fn json_settings_are_changed_member_by_member(store: &dyn Store) {
    let user = user(store);
    set(store, &user, "default", "composite", &Json::parse(r#"{"a": 1, "b": 2.50}"#).unwrap());
    write(store, |r| preferences::merge(r, &user, "default", "composite", &object(r#"{"b": 3, "c": "é"}"#), time(NOW)));
    let kept = read(store, |r| preferences::object(r, &user, "default", "composite"));
    assert_eq!(Json::Object(kept).dump(), r#"{"a": 1, "b": 3, "c": "\u00e9"}"#);
    set(store, &user, "default", "broken", &Json::from("{a"));
    assert!(read(store, |r| preferences::object(r, &user, "default", "broken")).is_empty());
    assert!(read(store, |r| preferences::object(r, &user, "nobody", "composite")).is_empty());
}

/// The tutorial shows itself until it was finished.
pub fn the_tutorial_shows_itself_until_it_was_finished(store: &dyn Store) {
    let user = user(store);
    let shows = || read(store, |r| preferences::should_show_tutorial(r, &user, "default"));
    assert!(shows());
    write(store, |r| preferences::ensure(r, &user, "default", time(NOW)));
    assert!(shows());
    let row =
        write(store, |r| preferences::mark_tutorial_completed(r, &user, "default", TutorialChoice::Guided, time(NOW)));
    assert_eq!((row.tutorial_choice.raw(), row.tutorial_completed.raw()), ("guided", "True"));
    assert!(!shows());
    let row = write(store, |r| preferences::mark_survey_completed(r, &user, "default", time(NOW)));
    assert_eq!(row.survey_completed.raw(), "True");
}

/// Numbers among the settings have a range and a default.
pub fn numeric_settings_have_a_range(store: &dyn Store) {
    let user = user(store);
    let cap = || read(store, |r| settings::integer(r, &user, "default", "popup_daily_cap"));
    assert_eq!(cap(), 5);
    write(store, |r| settings::set_integer(r, &user, "default", "popup_daily_cap", 2, time(NOW)));
    assert_eq!(cap(), 2);
    assert!(store.write(|r| settings::set_integer(r, &user, "default", "popup_daily_cap", 0, time(NOW))).is_err());
    assert!(store.write(|r| settings::set_integer(r, &user, "default", "unheard_of", 1, time(NOW))).is_err());
    set(store, &user, "default", "popup_daily_cap", &Json::from("many"));
    assert_eq!(cap(), 5);
}

/// Weeks of the history replace each other by their start, in order, and only a year of them is kept.
pub fn the_weekly_history_keeps_a_year(store: &dyn Store) {
    let user = user(store);
    for week in (0..60).rev() {
        let entry =
            object(&format!(r#"{{"week_start": "2025-{:02}-{:02}", "n": {week}}}"#, week / 28 + 1, week % 28 + 1));
        write(store, |r| settings::record_week(r, &user, "default", entry.clone(), time(NOW)));
    }
    let again = object(r#"{"week_start": "2025-03-04", "n": 999}"#);
    write(store, |r| settings::record_week(r, &user, "default", again.clone(), time(NOW)));
    let history = read(store, |r| preferences::json(r, &user, "default", "productivity_history")).unwrap();
    let weeks = history.as_array().unwrap();
    assert_eq!(weeks.len(), settings::HISTORY_WEEKS);
    let starts: Vec<&str> =
        weeks.iter().map(|week| week.as_object().unwrap().get("week_start").unwrap().as_str().unwrap()).collect();
    assert!(starts.is_sorted());
    assert_eq!(*starts.last().unwrap(), "2025-03-04");
    assert_eq!(weeks.last().unwrap().as_object().unwrap().get("n"), Some(&Json::from(999)));
}

/// The penalty of cancelled work sums estimates by category.
pub fn cancellation_penalties_are_summed(store: &dyn Store) {
    let user = user(store);
    for (id, estimate, actual) in [
        ("i1", "60", r#"{"cancellation_category": "failed_to_complete"}"#),
        ("i2", "100", r#"{"cancellation_category": "deferred_to_plan"}"#),
        ("i3", "40", "{}"),
        ("i4", "20", r#"{"cancellation_category": "sick"}"#),
    ] {
        let mut row = instance(id, "t1");
        row.status.set_raw("cancelled");
        row.predicted.set_raw(format!(r#"{{"time_estimate_minutes": {estimate}}}"#));
        row.actual.set_raw(actual);
        insert(store, &user, &row);
    }
    let total = || read(store, |r| cancellation::penalty_total(r, &user, "default"));
    // 6 x 1.0 + 10 x 0.1 + 4 x 0.5 + 2 x 0.5
    assert_eq!(total(), 10.0);
    write(store, |r| cancellation::set_category(r, &user, "default", "sick", "Felt ill", time(NOW)));
    write(store, |r| cancellation::set_penalty(r, &user, "default", "sick", 0.0, time(NOW)));
    assert_eq!(total(), 9.0);
    assert!(store.write(|r| cancellation::set_penalty(r, &user, "default", "sick", 1.5, time(NOW))).is_err());
    let categories = read(store, |r| cancellation::categories(r, &user, "default"));
    assert_eq!(categories.last().unwrap(), &("sick".to_owned(), "Felt ill".to_owned()));
}

fn answer(question: &str, choice: Choice, text: &str) -> Answer {
    Answer {
        profile: "default".to_owned(),
        category: "struggles".to_owned(),
        question_id: question.to_owned(),
        choice,
        text: text.to_owned(),
    }
}

/// Answers are kept as given, a zero among them, several to a question.
pub fn survey_answers_are_kept_as_given(store: &dyn Store) {
    let user = user(store);
    let answers = [
        answer("main", Choice::Many(vec!["a, b".to_owned(), "it's".to_owned()]), ""),
        answer("scale", Choice::Number(0), ""),
        answer("main", Choice::One("other".to_owned()), " lists,\nwalks & tea "),
        answer("free", Choice::None, "text"),
    ];
    let made = write(store, |r| survey::record_bulk(r, &user, &answers, time(NOW)));
    let kept = read(store, |r| survey::list(r, &user, "default"));
    assert_eq!(kept, made);
    let values: Vec<&str> = kept.iter().map(|row| row.response_value.raw()).collect();
    assert_eq!(values, ["['a, b', \"it's\"]", "0", "other", ""]);
    assert_eq!(kept[2].response_text.raw(), "lists,\nwalks & tea");
    let mut ids: Vec<&str> = kept.iter().map(|row| row.response_id.raw()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

/// One refused answer refuses the whole form.
pub fn a_refused_survey_form_leaves_nothing(store: &dyn Store) {
    let user = user(store);
    let answers = [answer("main", Choice::Number(1), ""), answer("", Choice::Number(2), "")];
    assert!(matches!(store.write(|r| survey::record_bulk(r, &user, &answers, time(NOW))), Err(Error::Invalid { .. })));
    assert_eq!(list::<SurveyResponse>(store, &user), []);
}

/// Answers are the profile's own, matched exactly.
pub fn survey_answers_are_the_profiles_own(store: &dyn Store) {
    let user = user(store);
    write(store, |r| survey::record(r, &user, &answer("main", Choice::Number(1), ""), "srv-1".into(), time(NOW)));
    let mut other = SurveyResponse::with_id("srv-2");
    other.user_id.set_raw("Default");
    insert(store, &user, &other);
    assert_eq!(read(store, |r| survey::list(r, &user, "default")).len(), 1);
    assert_eq!(read(store, |r| survey::list(r, &user, "Default")), [other]);
}

fn popup(trigger: &str) -> Popup {
    Popup {
        profile: "default".to_owned(),
        trigger_id: trigger.to_owned(),
        task_id: "t1".to_owned(),
        instance_id: String::new(),
    }
}

/// Showing a popup counts it and logs it; answering logs a second row and leaves the count.
pub fn popups_are_counted_and_logged(store: &dyn Store) {
    let user = user(store);
    let shown = || {
        write(store, |r| {
            popups::record_shown(r, &user, &popup("7.1"), object(r#"{"event_type": "initialize"}"#), time(NOW))
        })
    };
    assert_eq!(shown().count.value(), Some(1));
    assert_eq!(shown().count.value(), Some(2));
    let reaction = Reaction { response: "edit".to_owned(), helpful: Some(false), comment: "ok, \"fine\"".to_owned() };
    let row = write(store, |r| popups::record_answer(r, &user, &popup("7.1"), &reaction, time("2026-01-15 10:01")));
    assert_eq!((row.count.value(), row.helpful.raw(), row.last_comment.raw()), (Some(2), "False", "ok, \"fine\""));
    assert_eq!(list::<PopupTrigger>(store, &user), [row]);
    let log = list::<PopupResponse>(store, &user);
    assert_eq!(log.iter().map(|row| row.response_value.raw()).collect::<Vec<_>>(), ["", "", "edit"]);
    assert_eq!(log[0].context.raw(), r#"{"event_type": "initialize"}"#);
    assert_eq!(log[0].created_at.raw(), "2026-01-15 10:00:30.000500");
}

/// A popup rests for a day, and the daily cap counts showings only.
pub fn popups_rest_and_respect_the_daily_cap(store: &dyn Store) {
    let user = user(store);
    write(store, |r| settings::set_integer(r, &user, "default", "popup_daily_cap", 2, time(NOW)));
    let may_show = |trigger: &str, at: &str| read(store, |r| popups::may_show(r, &user, &popup(trigger), time(at)));
    let show = |trigger: &str, at: &str| {
        write(store, |r| popups::record_shown(r, &user, &popup(trigger), object("{}"), time(at)))
    };
    assert!(may_show("7.1", "2026-01-15 08:00"));
    show("7.1", "2026-01-15 08:00");
    assert!(!may_show("7.1", "2026-01-16 07:59"));
    assert!(may_show("7.1", "2026-01-16 08:00"));
    let reaction = Reaction { response: "ok".to_owned(), helpful: None, comment: String::new() };
    write(store, |r| popups::record_answer(r, &user, &popup("7.1"), &reaction, time("2026-01-15 08:01")));
    assert!(may_show("4.1", "2026-01-15 09:00"));
    show("4.1", "2026-01-15 09:00");
    assert!(!may_show("1.1", "2026-01-15 10:00"));
    assert!(may_show("1.1", "2026-01-16 00:00"));
}
