//! Emotions in payloads, and what they say about focus.

use super::names::{Names, TextMap};
use landfast_domain::json::{Member, read_members};
use landfast_domain::text::python_lower;
use std::sync::Arc;

const FOCUSED: [&str; 12] = [
    "focused",
    "concentrated",
    "determined",
    "engaged",
    "flow",
    "in the zone",
    "present",
    "mindful",
    "attentive",
    "alert",
    "sharp",
    "absorbed",
];
const DISTRACTED: [&str; 10] = [
    "distracted",
    "scattered",
    "overwhelmed",
    "frazzled",
    "unfocused",
    "disengaged",
    "zoned out",
    "spaced out",
    "restless",
    "anxious",
];

/// What an emotion says about focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Its name contains a word of focus.
    Focused,
    /// Its name contains a word of distraction.
    Distracted,
    /// Neither.
    Neutral,
}

impl Tone {
    /// Tone of an emotion, the words of distraction tested first: `unfocused` is [`Tone::Distracted`].
    ///
    /// ```
    /// use landfast_analytics::tasks::rows::Tone;
    ///
    /// assert_eq!(Tone::of("Unfocused"), Tone::Distracted);
    /// assert_eq!(Tone::legacy_of("Unfocused"), Tone::Focused);
    /// ```
    #[must_use]
    pub fn of(emotion: &str) -> Self {
        let lower = python_lower(emotion);
        let contains = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if contains(&DISTRACTED) {
            Self::Distracted
        } else if contains(&FOCUSED) {
            Self::Focused
        } else {
            Self::Neutral
        }
    }

    /// Tone as the original saw it, the words of focus tested first.
    #[must_use]
    pub fn legacy_of(emotion: &str) -> Self {
        let lower = python_lower(emotion);
        let contains = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if contains(&FOCUSED) {
            Self::Focused
        } else if contains(&DISTRACTED) {
            Self::Distracted
        } else {
            Self::Neutral
        }
    }
}

/// One emotion of a payload.
#[derive(Debug, Clone, PartialEq)]
pub struct EmotionValue {
    /// Name as the user wrote it.
    pub name: Arc<str>,
    /// Strength, usually 0 to 100; `None` when the payload holds no finite number.
    pub value: Option<f64>,
    /// What the name says about focus; see [`Tone::of`].
    pub tone: Tone,
    /// What the name said to the original; see [`Tone::legacy_of`].
    pub legacy_tone: Tone,
}

/// Reads emotions, looking at each distinct name once.
#[derive(Debug, Default)]
pub(super) struct EmotionWords {
    names: Names,
    tones: TextMap<Arc<str>, (Tone, Tone)>,
}

impl EmotionWords {
    /// The members of an object of emotions; none for any other value. Of a repeated emotion the last value
    /// counts, at the place of the first.
    pub(super) fn read(&mut self, value: &Member<'_>) -> Vec<EmotionValue> {
        let Member::Object(text) = value else { return Vec::new() };
        let mut emotions: Vec<EmotionValue> = Vec::new();
        let read = read_members(text, |name, value| {
            let value = value.python_number().filter(|number| number.is_finite());
            match emotions.iter_mut().find(|emotion| &*emotion.name == name) {
                Some(known) => known.value = value,
                None => emotions.push(self.emotion(name, value)),
            }
        });
        // The payload around it was checked, so this object is sound.
        debug_assert!(read.is_ok(), "{read:?}");
        emotions
    }

    fn emotion(&mut self, name: &str, value: Option<f64>) -> EmotionValue {
        let name = self.names.shared(name);
        let (tone, legacy_tone) =
            *self.tones.entry(Arc::clone(&name)).or_insert_with(|| (Tone::of(&name), Tone::legacy_of(&name)));
        EmotionValue { name, value, tone, legacy_tone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_words_are_read_differently_from_the_original() {
        for word in FOCUSED.iter().chain(&DISTRACTED) {
            let differs = matches!(*word, "unfocused" | "disengaged");
            assert_eq!(Tone::of(word) != Tone::legacy_of(word), differs, "{word}");
        }
    }
}
