//! Explanations of what an instance shows by itself.

use crate::explain::Explanation;
use crate::tasks::behavioral::{BehavioralInputs, behavioral_terms};
use crate::tasks::efficiency::{EfficiencyInputs, efficiency_terms};
use crate::tasks::rows::PreparedRow;

/// How [`PreparedRow::stress_level`] comes about.
#[must_use]
pub fn explain_stress_level(row: &PreparedRow) -> Explanation {
    Explanation::new("stress_level", "S = (0.5 M + 0.5 D + E + F + 2 a) / 5", "points, 0 to 100")
        .input("M", row.mental_energy_needed)
        .input("D", row.task_difficulty)
        .input("E", row.emotional_load)
        .input("F", row.physical_load)
        .input("a", row.expected_aversion)
        .result(Some(row.stress_level))
}

/// How [`PreparedRow::net_wellbeing_normalized`] comes about.
#[must_use]
pub fn explain_net_wellbeing(row: &PreparedRow) -> Explanation {
    Explanation::new("net_wellbeing_normalized", "50 + (R - S) / 2", "points, 50 is balance")
        .input("R", row.relief_score)
        .input("S", row.stress_level)
        .step("R - S", row.net_wellbeing)
        .result(Some(row.net_wellbeing_normalized))
}

/// How [`PreparedRow::stress_efficiency`] comes about.
#[must_use]
pub fn explain_stress_efficiency(row: &PreparedRow) -> Explanation {
    let formula = "100 (raw - min) / (max - min) over all loaded rows, raw = round(R / S, 4)";
    let explanation = Explanation::new("stress_efficiency", formula, "points, 0 to 100")
        .input("R", row.relief_score)
        .input("S", row.stress_level)
        .step("raw", row.stress_efficiency_raw)
        .result(row.stress_efficiency);
    if row.stress_efficiency_raw.is_none() {
        explanation.note("There is no ratio without stress.")
    } else {
        explanation
    }
}

/// How [`PreparedRow::behavioral_score`] comes about.
#[must_use]
pub fn explain_behavioral_score(row: &PreparedRow) -> Explanation {
    let inputs = BehavioralInputs::of(row);
    let terms = behavioral_terms(&inputs);
    let formula = "100 (raw - min) / (max - min) over all loaded rows, raw = clamp(50 + 5 dev + O, 0, 115), \
                   dev = 0.4 C + 0.4 T + 0.2 Q";
    Explanation::new("behavioral_score", formula, "points, 0 to 100")
        .input("p", inputs.completion_percent)
        .input("t", inputs.actual_minutes)
        .input("e", inputs.estimate_minutes)
        .input("q", inputs.procrastination_score)
        .input("R", inputs.relief_score)
        .input("spike", inputs.spike.amount)
        .step("C", terms.completion)
        .step("T", terms.time)
        .step("Q", terms.procrastination)
        .step("dev", terms.deviation)
        .step("O", terms.obstacle_bonus)
        .step("raw", terms.raw)
        .result(Some(row.behavioral_score))
}

/// How [`efficiency_score`](crate::tasks::efficiency::efficiency_score) comes about.
#[must_use]
pub fn explain_efficiency_score(row: &PreparedRow) -> Explanation {
    let inputs = EfficiencyInputs::of(row);
    let terms = efficiency_terms(&inputs);
    Explanation::new("efficiency_score", "p phi + 2 R + (5 - mu)(R / 10) phi", "points")
        .input("p", inputs.completion_percent)
        .input("t", inputs.actual_minutes)
        .input("e", inputs.estimate_minutes)
        .input("R", inputs.relief_score)
        .input("mu", inputs.motivation)
        .step("phi", terms.time_factor)
        .step("motivation bonus", terms.motivation_bonus)
        .result(Some(terms.score))
}
