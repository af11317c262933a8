//! Explanations of scores that depend on other instances.

use crate::explain::Explanation;
use crate::tasks::aversion::aversion_terms;
use crate::tasks::execution::execution_terms;
use crate::tasks::grit::{completions_of, grit_terms};
use crate::tasks::productivity::{ProductivityContext, ProductivityInputs, productivity_terms};
use crate::tasks::rhythm::Rhythm;
use crate::tasks::rows::{PreparedRow, TaskData};
use landfast_domain::time::Timestamp;

/// How [`productivity_score`](crate::tasks::productivity::productivity_score) comes about.
#[must_use]
pub fn explain_productivity_score(row: &PreparedRow, context: &ProductivityContext) -> Explanation {
    let inputs = ProductivityInputs::of(row);
    let terms = productivity_terms(&inputs, context);
    let explanation = Explanation::new("productivity_score", "p m f g, rho = p e / (100 t)", "points")
        .input("class", inputs.class.as_str())
        .input("p", inputs.completion_percent)
        .input("t", inputs.actual_minutes)
        .input("e", inputs.estimate_minutes)
        .input("goal hours", context.goal_hours)
        .input("hours of the week", context.week_hours)
        .step("rho", terms.ratio)
        .step("m", terms.type_multiplier)
        .step("p m", terms.base)
        .step("f", terms.efficiency_multiplier)
        .step("g", terms.goal_multiplier)
        .result(Some(terms.score));
    match inputs.cancelled {
        Some(category) => explanation.note(format!("Cancelled ({category}): -(e / 10) times the penalty.")),
        None => explanation,
    }
}

/// How [`grit_score`](crate::tasks::grit::grit_score) comes about, completions being counted over all completed rows.
#[must_use]
pub fn explain_grit_score(data: &TaskData, row: &PreparedRow) -> Explanation {
    let completions = completions_of(data, row);
    let terms = grit_terms(data, row, completions);
    let formula = "p (0.5 + persistence)(0.5 + focus) passion time_bonus, \
                   persistence = 0.4 o + 0.3 v + 0.2 c + 0.1 k";
    Explanation::new("grit_score", formula, "points")
        .input("p", terms.completion_percent)
        .input("n", completions)
        .step("o", terms.persistence.obstacles)
        .step("v", terms.persistence.aversion)
        .step("c", terms.persistence.repetition)
        .step("k", terms.persistence.consistency)
        .step("persistence", terms.persistence.factor)
        .step("focus", terms.focus)
        .step("passion", terms.passion)
        .step("time_bonus", terms.time_bonus)
        .result(Some(terms.score))
}

/// How [`execution_score`](crate::tasks::execution::execution_score) comes about.
#[must_use]
pub fn explain_execution_score(data: &TaskData, row: &PreparedRow, thoroughness_factor: f64) -> Explanation {
    let terms = execution_terms(data, row, thoroughness_factor);
    let formula = "clamp(50 (1 + d)(0.5 + 0.5 s)(0.5 + 0.5 q) completion thoroughness (0.5 + 0.5 momentum), 0, 100), \
                   momentum = 0.4 g + 0.3 v + 0.2 c + 0.1 a";
    Explanation::new("execution_score", formula, "points, 0 to 100")
        .input("p", row.actual.completion_or_full())
        .input("t", row.actual.minutes())
        .input("e", row.estimate_minutes)
        .input("thoroughness", terms.thoroughness)
        .step("d", terms.difficulty)
        .step("s", terms.speed)
        .step("q", terms.start_speed)
        .step("completion", terms.completion)
        .step("g", terms.momentum.clustering)
        .step("v", terms.momentum.volume)
        .step("c", terms.momentum.consistency)
        .step("a", terms.momentum.acceleration)
        .step("momentum", terms.momentum.factor)
        .result(Some(terms.score))
}

/// How [`aversion_score`](crate::tasks::aversion::aversion_score) comes about.
#[must_use]
pub fn explain_aversion_score(row: &PreparedRow, rhythm: Option<&Rhythm>, now: Timestamp) -> Explanation {
    let terms = aversion_terms(row, rhythm, now);
    let formula = "clamp(sum(weight value) / sum(weight) + adjustments, 0, 100) over the known components";
    let mut explanation = Explanation::new("aversion_score", formula, "points, 0 to 100");
    for component in terms.components {
        explanation =
            explanation.input(format!("{} (weight {:.2})", component.name, component.weight), component.value);
    }
    let explanation = explanation
        .step("recommendation used", terms.recommendation)
        .step("change of excitement", terms.excitement)
        .result(terms.score);
    if terms.score.is_none() { explanation.note("No component is known.") } else { explanation }
}
