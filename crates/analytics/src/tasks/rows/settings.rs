//! Settings of the user that change results.

use landfast_domain::json::{Json, Object};
use landfast_domain::record::Record as _;
use landfast_domain::tasks::Preference;
use landfast_domain::text::{legacy_text, python_strip};
use std::collections::BTreeMap;

/// How a deviation from the estimate turns into a bonus or a malus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// Proportional to the deviation.
    Linear,
    /// Proportional to its square, with its sign.
    FlattenedSquare,
}

impl Curve {
    /// `linear`, or anything else for the flattened square.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        if name == "linear" { Self::Linear } else { Self::FlattenedSquare }
    }
}

/// Settings of the productivity score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductivitySettings {
    /// Curve of the efficiency multiplier.
    pub curve: Curve,
    /// k: strength of the curve.
    pub strength: f64,
    /// H: hours of work from which burnout counts.
    pub weekly_burnout_hours: f64,
    /// c: how many times the average day may be worked before burnout counts.
    pub daily_burnout_multiplier: f64,
}

impl Default for ProductivitySettings {
    /// Flattened square, 1.5, 42 hours, 2.
    fn default() -> Self {
        Self { curve: Curve::FlattenedSquare, strength: 1.5, weekly_burnout_hours: 42.0, daily_burnout_multiplier: 2.0 }
    }
}

impl ProductivitySettings {
    /// The defaults with single members replaced by stored ones.
    ///
    /// A stored 0 or other false value reads as 1, 42 and 2 in the order of the fields; text that is no number is
    /// treated as false.
    #[must_use]
    pub fn with_stored(stored: &Object) -> Self {
        Self::read(stored, Self::default())
    }

    /// Settings handed over by a caller: like [`with_stored`](Self::with_stored), but a missing strength is 1.
    #[must_use]
    pub fn of_caller(settings: &Object) -> Self {
        Self::read(settings, Self { strength: 1.0, ..Self::default() })
    }

    fn read(object: &Object, base: Self) -> Self {
        let number = |key: &str, base: f64, when_false: f64| match object.get(key) {
            None => base,
            Some(value) => value.python_number().filter(|v| v.is_finite() && *v != 0.0).unwrap_or(when_false),
        };
        let curve = object.get("weekly_curve").filter(|value| value.is_truthy()).and_then(Json::as_str);
        Self {
            curve: curve.map_or(base.curve, Curve::from_name),
            strength: number("weekly_curve_strength", base.strength, 1.0),
            weekly_burnout_hours: number("weekly_burnout_threshold_hours", base.weekly_burnout_hours, 42.0),
            daily_burnout_multiplier: number("daily_burnout_cap_multiplier", base.daily_burnout_multiplier, 2.0),
        }
    }
}

/// Everything the preferences say about the results.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Settings of the productivity score.
    pub productivity: ProductivitySettings,
    /// Goal in hours a week; `None` when none is stored.
    pub goal_hours_per_week: Option<f64>,
    /// The stored goal settings; empty when none are.
    pub goal: Object,
    /// Penalties of cancellation categories as the user stored them; replaces the built-in table as a whole.
    pub cancellation_penalties: Option<BTreeMap<String, f64>>,
    /// Weights of the composite score; empty when none are stored.
    pub composite_weights: Object,
    /// Answer to the gap question, from the first row of the preferences; `None` when unset.
    pub gap_handling: Option<String>,
}

impl Settings {
    /// Reads the preference rows of a user, in file order.
    ///
    /// A setting is looked for in the row of the profile `default_user`, then in that of `default`, then in the
    /// others; the first cell that holds an object counts.
    #[must_use]
    pub fn read(preferences: &[Preference]) -> Self {
        let object = |key: &str| object(preferences, key).unwrap_or_default();
        let goal = object("productivity_goal_settings");
        let goal_hours_per_week = goal.get("goal_hours_per_week").and_then(Json::python_number);
        let gap_handling = preferences.first().and_then(|row| row.cell_named("gap_handling"));
        let gap_handling = gap_handling.map(|text| python_strip(legacy_text(text))).filter(|text| !text.is_empty());
        let penalties = object("cancellation_penalties");
        let numbers = |object: &Object| -> BTreeMap<String, f64> {
            let numbers = object.iter().filter_map(|(key, value)| Some((key.to_owned(), value.python_number()?)));
            numbers.collect()
        };
        Self {
            productivity: ProductivitySettings::with_stored(&object("productivity_settings")),
            goal_hours_per_week: goal_hours_per_week.filter(|hours| hours.is_finite()),
            goal,
            cancellation_penalties: (!penalties.is_empty()).then(|| numbers(&penalties)),
            composite_weights: object("composite_score_weights"),
            gap_handling: gap_handling.map(str::to_owned),
        }
    }

    /// Whether rows before the largest gap are to be left out.
    #[must_use]
    pub fn is_fresh_start(&self) -> bool {
        self.gap_handling.as_deref() == Some("fresh_start")
    }
}

fn object(preferences: &[Preference], key: &str) -> Option<Object> {
    let rank = |row: &&Preference| match row.user_id.legacy() {
        "default_user" => 0,
        "default" => 1,
        _ => 2,
    };
    let mut rows: Vec<&Preference> = preferences.iter().collect();
    rows.sort_by_key(rank);
    rows.into_iter().find_map(|row| {
        let text = row.cell_named(key).map(legacy_text)?;
        match Json::parse(text).ok()?.unwrap_encoded().0 {
            Json::Object(object) => Some(object),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Object {
        Json::parse(text).unwrap().as_object().unwrap().clone()
    }

    fn row(profile: &str, key: &str, text: &str) -> Preference {
        let mut row = Preference::blank(profile.into());
        row.user_id.set_raw(profile);
        row.set_cell_named(key, text.to_owned());
        row
    }

    #[test]
    fn a_stored_zero_is_not_the_default_strength() {
        let zeros = parsed(r#"{"weekly_curve_strength": 0, "weekly_burnout_threshold_hours": 0, "weekly_curve": ""}"#);
        let read = ProductivitySettings::with_stored(&zeros);
        assert_eq!(read, ProductivitySettings { strength: 1.0, ..ProductivitySettings::default() });
        assert_eq!(ProductivitySettings::with_stored(&Object::new()).strength, 1.5);
        assert_eq!(ProductivitySettings::of_caller(&Object::new()).strength, 1.0);
    }

    #[test]
    fn the_profile_of_the_original_comes_first() {
        let key = "productivity_goal_settings";
        let rows = [
            row("browser", key, r#"{"goal_hours_per_week": 10}"#),
            row("default", key, "{broken"),
            row("default_user", key, r#"{"goal_hours_per_week": "30"}"#),
        ];
        assert_eq!(Settings::read(&rows).goal_hours_per_week, Some(30.0));
        assert_eq!(Settings::read(&rows[..2]).goal_hours_per_week, Some(10.0));
        assert_eq!(Settings::read(&[]), Settings::default());
    }

    #[test]
    fn the_gap_answer_is_that_of_the_first_row() {
        let rows = [row("a", "gap_handling", ""), row("b", "gap_handling", "fresh_start")];
        assert!(!Settings::read(&rows).is_fresh_start());
        assert!(Settings::read(&rows[1..]).is_fresh_start());
    }
}
