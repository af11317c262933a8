//! Values of the payloads of an instance, each payload read once.

use super::emotion::{EmotionValue, EmotionWords};
use super::given::Given;
use super::names::Names;
use super::tracking::Members;
use landfast_domain::json::Member;
use std::sync::Arc;

/// Declares a payload: a public struct of numbers, and the private form it is read into, which also has the keys that
/// only serve to derive columns.
macro_rules! payload {
    ($(#[$meta:meta])* pub struct $name:ident from $raw:ident {
        $( $(#[$field_meta:meta])* $field:ident, )*
    } and { $( $copy:ident, )* } with $text:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: Option<f64>, )*
            /// Emotions with their strength from 0 to 100, in the order of the payload. An emotion whose
            /// value is no number has `None`.
            pub emotion_values: Vec<EmotionValue>,
        }

        #[derive(Debug, Default)]
        pub(super) struct $raw {
            $( pub(super) $field: Given, )*
            $( pub(super) $copy: Given, )*
            /// The text of this member.
            pub(super) $text: Option<Arc<str>>,
            pub(super) tracked: Members,
            emotion_values: Vec<EmotionValue>,
        }

        impl $raw {
            /// Reads a member of the payload; of repeated keys the last counts.
            pub(super) fn add(&mut self, key: &str, value: &Member<'_>, words: &mut EmotionWords, names: &mut Names) {
                match key {
                    $( stringify!($field) => self.$field = Given::of_member(value), )*
                    $( stringify!($copy) => self.$copy = Given::of_member(value), )*
                    stringify!($text) => self.$text = value.as_str().map(|text| names.shared(text)),
                    "emotion_values" => self.emotion_values = words.read(value),
                    _ => self.tracked.add(key, value),
                }
            }

            pub(super) fn finish(self) -> $name {
                $name { $( $field: self.$field.number(), )* emotion_values: self.emotion_values }
            }
        }
    };
}

payload! {
    /// Numbers of the payload `predicted` (P). `None` when a key is absent, `null` or holds no finite number.
    pub struct Predicted from RawPredicted {
        /// Estimate in minutes.
        time_estimate_minutes,
        /// Old name of the estimate in minutes.
        estimate,
        /// Relief expected, 0 to 100.
        expected_relief,
        /// Aversion expected, 0 to 100; may have been edited at completion.
        expected_aversion,
        /// Aversion as first given at initialisation, 0 to 100.
        initialization_expected_aversion,
        /// Aversion at the very first initialisation of the task, 0 to 100.
        initial_aversion,
        /// Old name of the aversion, 0 to 100.
        aversion,
        /// Mental energy expected, 0 to 100.
        expected_mental_energy,
        /// Difficulty expected, 0 to 100.
        expected_difficulty,
        /// Cognitive load expected, 0 to 100; old name of the two above.
        expected_cognitive_load,
        /// Emotional load expected, 0 to 100.
        expected_emotional_load,
        /// Physical load expected, 0 to 100.
        expected_physical_load,
        /// Motivation, 0 to 100.
        motivation,
        /// Copy of a column in some payloads: mental energy.
        mental_energy_needed,
        /// Copy of a column in some payloads: difficulty.
        task_difficulty,
        /// Copy of a column in some payloads: cognitive load.
        cognitive_load,
    } and {
        expected_cognitive,
        expected_emotional,
        duration_minutes,
        relief_score,
        emotional_load,
        environmental_effect,
    } with description
}

payload! {
    /// Numbers of the payload `actual` (A). `None` when a key is absent, `null` or holds no finite number.
    pub struct Actual from RawActual {
        /// Share that was done, in percent; may exceed 100.
        completion_percent,
        /// Minutes worked.
        time_actual_minutes,
        /// Minutes worked before the last pause.
        time_spent_before_pause,
        /// Relief, 0 to 100.
        actual_relief,
        /// Mental energy, 0 to 100.
        actual_mental_energy,
        /// Difficulty, 0 to 100.
        actual_difficulty,
        /// Cognitive load, 0 to 100; old name of the two above.
        actual_cognitive,
        /// Emotional load, 0 to 100.
        actual_emotional,
        /// Physical load, 0 to 100.
        actual_physical,
        /// Stress level, 0 to 100; in no current payload.
        stress_level,
        /// Copy of a column in some payloads: relief.
        relief_score,
        /// Copy of a column in some payloads: difficulty.
        task_difficulty,
        /// Copy of a column in some payloads: emotional load.
        emotional_load,
    } and {
        duration_minutes,
        mental_energy_needed,
        environmental_effect,
    } with cancellation_category
}

impl Predicted {
    /// Aversion before the first attempt: `initial_aversion`, or `aversion` where that is missing or 0.
    #[must_use]
    pub fn first_aversion(&self) -> Option<f64> {
        self.initial_aversion.filter(|value| *value != 0.0).or(self.aversion)
    }
}

impl Actual {
    /// Share that was done in percent, where missing and 0 count as 100.
    #[must_use]
    pub fn completion_or_full(&self) -> f64 {
        self.completion_percent.filter(|percent| *percent != 0.0).unwrap_or(100.0)
    }

    /// Minutes worked, 0 when missing.
    #[must_use]
    pub fn minutes(&self) -> f64 {
        self.time_actual_minutes.unwrap_or(0.0)
    }
}
