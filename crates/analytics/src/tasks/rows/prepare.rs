//! Deriving the columns of one instance.

use super::class::TypeClass;
use super::emotion::EmotionWords;
use super::given::Given;
use super::names::Names;
use super::payloads::{RawActual, RawPredicted};
use super::row::PreparedRow;
use super::tracking::Tracking;
use crate::tasks::payload;
use crate::tasks::wellbeing;
use landfast_domain::record::{Field, LocalTime};
use landfast_domain::tasks::TaskInstance;
use landfast_domain::text::python_strip;
use std::sync::Arc;

/// What is shared between rows while they are prepared.
#[derive(Debug, Default)]
pub(super) struct Preparation {
    pub(super) names: Names,
    words: EmotionWords,
    /// What rows have about which nothing is tracked.
    untracked: Arc<Tracking>,
}

impl Preparation {
    /// A row of an earlier preparation at its new position. What depends on other rows is calculated later anyway.
    pub(super) fn again(&mut self, position: usize, row: PreparedRow) -> PreparedRow {
        PreparedRow { position, group: self.names.number(&row.task_id), ..row }
    }

    /// Everything about an instance that does not depend on other instances.
    pub(super) fn row(
        &mut self,
        position: usize,
        instance: &TaskInstance,
        task_type: Arc<str>,
        class: TypeClass,
    ) -> PreparedRow {
        let (words, names) = (&mut self.words, &mut self.names);
        let p =
            payload::gather(&instance.predicted, |p: &mut RawPredicted, key, value| p.add(key, &value, words, names));
        let a = payload::gather(&instance.actual, |a: &mut RawActual, key, value| a.add(key, &value, words, names));
        let is_predicted_readable = p.is_some() || instance.predicted.is_blank();
        let (mut p, mut a) = (p.unwrap_or_default(), a.unwrap_or_default());

        let stored = Stored::read(instance);
        let expected_cognitive = p.expected_cognitive_load.or(p.expected_cognitive);
        let chain = |links: &[Given], default: f64| -> f64 {
            let first = links.iter().find(|link| link.is_present());
            first.and_then(|link| link.number()).unwrap_or(default)
        };
        let or_cognitive_load = |value: f64| match stored.cognitive_load.number() {
            Some(load) if value == 0.0 => load,
            _ => value,
        };
        let duration_minutes = chain(
            &[stored.duration, a.duration_minutes, p.duration_minutes, a.time_actual_minutes, p.time_estimate_minutes],
            30.0,
        );
        let relief_score = chain(&[stored.relief, a.relief_score, p.relief_score, a.actual_relief], 50.0);
        let mental_energy_needed = or_cognitive_load(chain(
            &[
                stored.mental_energy,
                a.mental_energy_needed,
                p.mental_energy_needed,
                a.actual_mental_energy.or(a.actual_cognitive),
                p.expected_mental_energy.or(expected_cognitive),
            ],
            50.0,
        ));
        let task_difficulty = or_cognitive_load(chain(
            &[
                stored.difficulty,
                a.task_difficulty,
                p.task_difficulty,
                a.actual_difficulty.or(a.actual_cognitive),
                p.expected_difficulty.or(expected_cognitive),
            ],
            50.0,
        ));
        let emotional_load = chain(
            &[
                stored.emotional,
                a.emotional_load,
                p.emotional_load,
                a.actual_emotional,
                p.expected_emotional_load.or(p.expected_emotional),
            ],
            40.0,
        );
        let environmental_effect = chain(&[stored.environmental, a.environmental_effect, p.environmental_effect], 0.0);
        let physical_load = chain(&[stored.physical, a.actual_physical, p.expected_physical_load], 0.0);
        let estimate_minutes = p.time_estimate_minutes.or(p.estimate).number().unwrap_or(0.0);
        let cancellation_category = a.cancellation_category.take();
        let description = p.description.take().filter(|text| !text.is_empty());
        let tracking = Tracking::read(instance, &a.tracked, &p.tracked);
        let tracking = tracking.map_or_else(|| Arc::clone(&self.untracked), Arc::new);
        let group = self.names.number(instance.task_id.legacy());
        let (predicted, actual) = (p.finish(), a.finish());
        let expected_aversion = predicted.expected_aversion.unwrap_or(0.0);
        let expected_relief = predicted.expected_relief;

        let stress_level = wellbeing::stress_level(&wellbeing::Loads {
            mental_energy: mental_energy_needed,
            difficulty: task_difficulty,
            emotional: emotional_load,
            physical: physical_load,
            aversion: expected_aversion,
        });
        let net_relief = stored.net_relief.number().or_else(|| expected_relief.map(|x| relief_score - x));
        let factor = |stored: Given, derived: Option<f64>| stored.number().or(derived).unwrap_or(0.0).max(0.0);

        PreparedRow {
            position,
            instance_id: instance.instance_id.legacy().to_owned(),
            task_id: self.names.shared(instance.task_id.legacy()),
            task_name: self.names.shared(instance.task_name.legacy()),
            group,
            class,
            task_type,
            status: self.names.shared(instance.effective_status()),
            is_deleted: instance.is_deleted.value() == Some(true),
            created_at: instance.created_at.value(),
            initialized_at: instance.initialized_at.value(),
            started_at: instance.started_at.value(),
            completed_at: instance.completed_at.value(),
            cancelled_at: instance.cancelled_at.value(),
            due_at: instance.due_at.value(),
            created_text: trimmed(&instance.created_at),
            completed_text: trimmed(&instance.completed_at),
            is_initialized: instance.is_initialized(),
            estimate_minutes,
            procrastination_score: instance.procrastination_score.value(),
            proactive_score: instance.proactive_score.value(),
            delay_minutes: instance.delay_minutes.value(),
            cognitive_load: stored.cognitive_load.number(),
            stored_duration_minutes: stored.duration.number(),
            stored_relief_score: stored.relief.number(),
            duration_minutes,
            relief_score,
            mental_energy_needed,
            task_difficulty,
            emotional_load,
            environmental_effect,
            physical_load,
            expected_aversion,
            expected_relief,
            stress_level,
            net_wellbeing: relief_score - stress_level,
            net_wellbeing_normalized: wellbeing::net_wellbeing_normalized(relief_score, stress_level),
            stress_efficiency_raw: wellbeing::stress_efficiency_raw(relief_score, stress_level),
            stress_efficiency: None,
            net_relief,
            serendipity_factor: factor(stored.serendipity, net_relief),
            disappointment_factor: factor(stored.disappointment, net_relief.map(|net| -net)),
            stress_relief_correlation_score: wellbeing::stress_relief_correlation_score(relief_score, stress_level),
            baseline_robust: None,
            baseline_sensitive: None,
            spontaneous_robust: false,
            spike_robust: 0.0,
            spontaneous_sensitive: false,
            spike_sensitive: 0.0,
            behavioral_score_raw: 50.0,
            behavioral_score: 50.0,
            predicted,
            actual,
            is_predicted_readable,
            description,
            cancellation_category,
            tracking,
        }
    }
}

/// The stored columns a row is derived from.
struct Stored {
    duration: Given,
    relief: Given,
    mental_energy: Given,
    difficulty: Given,
    emotional: Given,
    environmental: Given,
    physical: Given,
    cognitive_load: Given,
    net_relief: Given,
    serendipity: Given,
    disappointment: Given,
}

impl Stored {
    fn read(instance: &TaskInstance) -> Self {
        Self {
            duration: Given::of_cell(instance.duration_minutes.raw()),
            relief: Given::of_cell(instance.relief_score.raw()),
            mental_energy: Given::of_cell(instance.mental_energy_needed.raw()),
            difficulty: Given::of_cell(instance.task_difficulty.raw()),
            emotional: Given::of_cell(instance.emotional_load.raw()),
            environmental: Given::of_cell(instance.environmental_effect.raw()),
            physical: physical(instance),
            cognitive_load: Given::of_cell(instance.cognitive_load.raw()),
            net_relief: Given::of_cell(instance.net_relief.raw()),
            serendipity: Given::of_cell(instance.serendipity_factor.raw()),
            disappointment: Given::of_cell(instance.disappointment_factor.raw()),
        }
    }
}

fn trimmed(cell: &Field<LocalTime>) -> String {
    python_strip(cell.legacy()).to_owned()
}

/// The column that only some tables have.
fn physical(instance: &TaskInstance) -> Given {
    let cell = instance.extra.iter().find(|(name, _)| name == "physical_load");
    cell.map(|(_, text)| Given::of_cell(text)).unwrap_or_default()
}
