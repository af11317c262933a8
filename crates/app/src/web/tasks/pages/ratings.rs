//! Sliders and emotions of the forms that predict and complete.

use super::PROFILE;
use crate::web::Error;
use crate::web::frame::Fields;
use landfast_domain::accounts::UserId;
use landfast_domain::json::{Json, Object};
use landfast_domain::tasks::{emotions, settings};
use landfast_domain::time::Timestamp;
use landfast_domain::{Repositories, Result as DomainResult};

/// A rating from 0 to 100.
#[derive(Debug, Clone)]
pub(super) struct Slider {
    /// Member of the payload and name of the field.
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: i64,
}

/// What is predicted, with labels.
pub(super) const PREDICTED: [(&str, &str); 7] = [
    ("expected_aversion", "Aversion"),
    ("expected_relief", "Relief"),
    ("expected_mental_energy", "Mental energy"),
    ("expected_difficulty", "Difficulty"),
    ("expected_emotional_load", "Distress"),
    ("expected_physical_load", "Physical load"),
    ("motivation", "Motivation"),
];

/// What is rated at the end, with labels and the prediction each is compared with.
pub(super) const ACTUAL: [(&str, &str, &str); 5] = [
    ("actual_relief", "Relief", "expected_relief"),
    ("actual_mental_energy", "Mental energy", "expected_mental_energy"),
    ("actual_difficulty", "Difficulty", "expected_difficulty"),
    ("actual_emotional", "Distress", "expected_emotional_load"),
    ("actual_physical", "Physical load", "expected_physical_load"),
];

/// A number of a payload as a slider's place.
pub(super) fn rating(payload: &Object, name: &str) -> Option<i64> {
    payload.get(name).and_then(Json::python_number).and_then(place)
}

/// A number as a slider's place, 0 to 100.
pub(super) fn place(number: f64) -> Option<i64> {
    number.is_finite().then(|| format!("{:.0}", number.clamp(0.0, 100.0)).parse().unwrap_or(0))
}

/// The sliders' values from a form.
///
/// # Errors
/// When one is no number from 0 to 100.
pub(super) fn read(
    fields: &Fields,
    names: impl Iterator<Item = &'static str>,
) -> Result<Vec<(&'static str, i64)>, Error> {
    names
        .filter_map(|name| match fields.number::<i64>(name) {
            Ok(None) => None,
            Ok(Some(value)) if (0..=100).contains(&value) => Some(Ok((name, value))),
            Ok(Some(_)) => Some(Err(Error::invalid(name, format!("{name} must be 0 to 100")))),
            Err(error) => Some(Err(error)),
        })
        .collect()
}

/// A slider for each emotion of the payload and each lasting one.
pub(super) fn emotion_sliders(payload: &Object, lasting: &Object) -> Vec<Slider> {
    let mut sliders: Vec<Slider> = Vec::new();
    let own = payload.get("emotion_values").and_then(Json::as_object);
    for (name, value) in own.into_iter().chain([lasting]).flat_map(Object::iter) {
        let known = sliders.iter().any(|slider| slider.label.eq_ignore_ascii_case(name));
        if let (false, Some(value)) = (known, value.python_number().and_then(place)) {
            sliders.push(Slider { name: format!("emotion:{name}"), label: name.to_owned(), value });
        }
    }
    sliders
}

/// Emotions and their values from a form: the sliders, then words added in the text field with 50 each. A value of
/// 0 drops the emotion.
///
/// # Errors
/// When a value is no number from 0 to 100.
pub(super) fn read_emotions(fields: &Fields) -> Result<Vec<(String, i64)>, Error> {
    let mut values: Vec<(String, i64)> = Vec::new();
    for (name, text) in fields.iter() {
        if let Some(emotion) = name.strip_prefix("emotion:") {
            let value: i64 = text
                .parse()
                .ok()
                .filter(|value| (0..=100).contains(value))
                .ok_or_else(|| Error::invalid("emotions", format!("the value of {emotion} must be 0 to 100")))?;
            values.push((emotion.to_owned(), value));
        }
    }
    let added = fields.given("emotions").unwrap_or_default();
    for word in added.split([',', ';']).map(str::trim).filter(|word| !word.is_empty()) {
        if !values.iter().any(|(known, _)| known.eq_ignore_ascii_case(word)) {
            values.push((word.to_owned(), 50));
        }
    }
    Ok(values)
}

/// The emotions above 0 as members of a payload.
pub(super) fn emotion_members(values: &[(String, i64)]) -> (Json, Json) {
    let kept = || values.iter().filter(|(_, value)| *value > 0);
    let names: Vec<Json> = kept().map(|(name, _)| Json::from(name.as_str())).collect();
    let values: Object = kept().cloned().collect();
    (Json::Array(names), Json::Object(values))
}

/// Keeps emotions in the vocabulary and as lasting ones.
///
/// # Errors
/// When the store fails.
pub(super) fn remember_emotions(
    repositories: &mut dyn Repositories,
    user: &UserId,
    values: &[(String, i64)],
    now_utc: Timestamp,
) -> DomainResult<()> {
    for (word, _) in values {
        emotions::add(repositories, user, word)?;
    }
    if !values.is_empty() {
        settings::set_persistent_emotions(repositories, user, PROFILE, values, now_utc)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emotions_come_from_sliders_and_words() {
        let fields = Fields::parse(b"emotion%3ACalm=30&emotion%3AFear=0&emotions=calm%2C+Joy%3B+%3B").unwrap();
        let values = read_emotions(&fields).unwrap();
        assert_eq!(values, [("Calm".to_owned(), 30), ("Fear".to_owned(), 0), ("Joy".to_owned(), 50)]);
        let (names, values) = emotion_members(&values);
        assert_eq!(
            (names.dump(), values.dump()),
            (r#"["Calm", "Joy"]"#.to_owned(), r#"{"Calm": 30, "Joy": 50}"#.to_owned())
        );
        assert!(read_emotions(&Fields::parse(b"emotion%3ACalm=300").unwrap()).is_err());
    }
}
