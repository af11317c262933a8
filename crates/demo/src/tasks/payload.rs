//! The JSON cells of an instance: predictions and outcome.

use super::template::Template;
use super::words;
use crate::ColumnAge;
use crate::python::{JsonObject, json_list};
use crate::random::Random;

/// Ratings of one attempt as (expected, actual), on the scale of the age.
#[derive(Debug)]
pub(super) struct Ratings {
    pub(super) relief: (u32, u32),
    pub(super) energy: (u32, u32),
    pub(super) difficulty: (u32, u32),
    pub(super) emotional: (u32, u32),
    pub(super) physical: (u32, u32),
    pub(super) stress: (u32, u32),
    pub(super) aversion: u32,
    pub(super) motivation: u32,
}

impl Ratings {
    pub(super) fn draw(random: &mut Random, template: &Template, age: ColumnAge) -> Self {
        let scale = if age == ColumnAge::November2025 { 10 } else { 1 };
        let mut pair = |centre: u32| {
            let expected = random.near(centre, 10);
            (expected / scale, random.near(expected, 15) / scale)
        };
        Self {
            relief: pair(template.relief),
            energy: pair(template.difficulty.midpoint(template.aversion)),
            difficulty: pair(template.difficulty),
            emotional: pair(template.aversion),
            physical: pair(30),
            stress: pair(template.aversion.midpoint(50)),
            aversion: pair(template.aversion).0,
            motivation: pair(100 - template.aversion).0,
        }
    }
}

/// The `predicted` cell.
pub(super) fn predicted(age: ColumnAge, random: &mut Random, template: &Template, ratings: &Ratings) -> String {
    let mut object = JsonObject::default();
    let emotions: Vec<&str> =
        (0..random.below(3)).map(|_| random.pick(&words::EMOTIONS)).fold(Vec::new(), |mut list, word| {
            if !list.contains(&word) {
                list.push(word);
            }
            list
        });
    object.int("time_estimate_minutes", template.estimate).raw("emotions", &json_list(emotions.iter().copied()));
    if age == ColumnAge::November2025 {
        object
            .int("expected_relief", ratings.relief.0)
            .int("expected_cognitive_load", ratings.difficulty.0)
            .int("expected_emotional_load", ratings.emotional.0)
            .text("physical_context", random.pick(&words::CONTEXTS))
            .int("motivation", ratings.motivation)
            .text("description", random.pick(&words::REMARKS));
        return object.finish();
    }
    object.raw("emotion_values", &emotion_values(random, &emotions));
    object
        .int("expected_relief", ratings.relief.0)
        .int("expected_mental_energy", ratings.energy.0)
        .int("expected_difficulty", ratings.difficulty.0)
        .int("expected_physical_load", ratings.physical.0)
        .int("expected_emotional_load", ratings.emotional.0);
    if age >= ColumnAge::March2026 {
        object.int("expected_stress", ratings.stress.0);
    }
    object
        .text("physical_context", random.pick(&words::CONTEXTS))
        .int("motivation", ratings.motivation)
        .text("description", random.pick(&words::REMARKS))
        .int("expected_aversion", ratings.aversion)
        .float("expected_cognitive_load", mean(ratings.energy.0, ratings.difficulty.0));
    if random.chance(10) {
        object.int("initial_aversion", ratings.aversion);
    }
    object.int("initialization_expected_aversion", ratings.aversion);
    if age >= ColumnAge::March2026 {
        object.float("init_form_duration_seconds", tenths(random)).int("init_sliders_adjusted_count", random.below(9));
    }
    object.finish()
}

/// The `actual` cell of a completed attempt.
pub(super) fn actual(age: ColumnAge, random: &mut Random, ratings: &Ratings, worked_minutes: u32) -> String {
    let mut object = JsonObject::default();
    object.int("actual_relief", ratings.relief.1);
    if age == ColumnAge::November2025 {
        object
            .int("actual_cognitive", ratings.difficulty.1)
            .int("actual_emotional", ratings.emotional.1)
            .int("completion_percent", random.between(4, 10) * 10)
            .int("time_actual_minutes", worked_minutes)
            .text("notes", random.pick(&words::REMARKS));
        return object.finish();
    }
    object
        .int("actual_mental_energy", ratings.energy.1)
        .int("actual_difficulty", ratings.difficulty.1)
        .int("actual_emotional", ratings.emotional.1)
        .int("actual_physical", ratings.physical.1);
    if age >= ColumnAge::March2026 {
        object.int("actual_stress", ratings.stress.1);
    }
    let notes = if age >= ColumnAge::LateDecember2025 { "completion_notes" } else { "notes" };
    object
        .int("completion_percent", random.between(15, 24) * 5)
        .int("time_actual_minutes", worked_minutes)
        .text(notes, random.pick(&words::REMARKS))
        .raw("emotion_values", &emotion_values(random, &["calm"]));
    if age >= ColumnAge::March2026 {
        object
            .float("completion_form_duration_seconds", tenths(random))
            .int("completion_sliders_adjusted_count", random.below(9));
    }
    object.int("actual_cognitive", ratings.energy.1.midpoint(ratings.difficulty.1));
    object.finish()
}

/// The `actual` cell of a cancelled attempt.
pub(super) fn cancelled(age: ColumnAge, random: &mut Random) -> String {
    let mut object = JsonObject::default();
    object.raw("cancelled", "true");
    if age >= ColumnAge::LateDecember2025 {
        object.text("cancellation_category", random.pick(&words::CANCELLATIONS));
    }
    object.text("reason_for_canceling", random.pick(&words::REMARKS)).finish()
}

/// The `actual` cell of a paused attempt.
pub(super) fn paused(age: ColumnAge, random: &mut Random, worked_minutes: u32) -> String {
    let mut object = JsonObject::default();
    object.raw("paused", "true").text("pause_reason", "phone call");
    if age >= ColumnAge::LateDecember2025 {
        object
            .float("time_spent_before_pause", f64::from(worked_minutes) / 2.0)
            .float("pause_completion_percentage", f64::from(random.between(1, 9) * 10));
    }
    object.finish()
}

fn emotion_values(random: &mut Random, emotions: &[&str]) -> String {
    let mut object = JsonObject::default();
    for emotion in emotions {
        object.int(emotion, random.between(1, 100));
    }
    object.finish()
}

fn mean(a: u32, b: u32) -> f64 {
    f64::from(a + b) / 2.0
}

fn tenths(random: &mut Random) -> f64 {
    f64::from(random.between(20, 900)) / 10.0
}
