//! How the headline numbers come about, for display beside them.

use super::confidence::deadline_probability;
use super::input::WeekRow;
use super::numbers::count;
use super::pert::{extreme_weeks, pert_forecast};
use super::scope::{Amount, remaining_total_points};
use super::scope_change::Flow;
use super::velocity::{Column, velocity};
use super::weeks::weekly_sums;
use crate::explain::Explanation;

/// Explains [`velocity`] of a column.
#[must_use]
pub fn explain_velocity(rows: &[WeekRow], column: Column) -> Explanation {
    let found = velocity(rows);
    let weeks = weekly_sums(rows).len();
    let explanation = Explanation::new("velocity", "S / n", "per week")
        .input("S", rows.iter().map(|row| column.completed(row)).sum::<f64>())
        .input("n", count(weeks))
        .result(Some(if column == Column::Items { found.items } else { found.points }));
    if weeks == 0 { explanation.note("There are no weekly rows.") } else { explanation }
}

/// Explains the days of [`pert_forecast`].
#[must_use]
pub fn explain_pert(weekly: &[f64], remaining: f64, factor: f64) -> Explanation {
    let explanation =
        Explanation::new("pert", "(t_o + 4 t_m + t_w) / 6, t = R / rate, t_w <= 5 t_o, result <= 3653", "days")
            .input("R", remaining)
            .input("weeks", weekly.to_vec())
            .input("f", factor);
    let Some(found) = pert_forecast(weekly, remaining, factor) else {
        return explanation.note("There are no weeks to reckon with.");
    };
    let (best, likely, worst) =
        (remaining / found.optimistic_rate, remaining / found.likely_rate, remaining / found.pessimistic_rate);
    let explanation = explanation
        .step("N", if weekly.len() <= 3 { count(weekly.len()) } else { count(extreme_weeks(weekly.len(), factor)) })
        .step("O", found.optimistic_rate)
        .step("M", found.likely_rate)
        .step("W", found.pessimistic_rate)
        .step("t_o", best)
        .step("t_m", likely)
        .step("t_w", worst.min(5.0 * best))
        .result(Some(found.days));
    if found.is_beyond_limit { explanation.note("The forecast is beyond ten years.") } else { explanation }
}

/// Explains [`deadline_probability`] for weekly values with this mean and deviation.
#[must_use]
pub fn explain_deadline_probability(days_to_deadline: f64, days: f64, deviation: f64, mean: f64) -> Explanation {
    let explanation =
        Explanation::new("deadline_probability", "Phi((T - D) / s) * 100, s = D * sigma / mean", "percent")
            .input("T", days_to_deadline)
            .input("D", days)
            .input("sigma", deviation)
            .input("mean", mean)
            .result(Some(deadline_probability(days_to_deadline, days, deviation, mean)));
    if mean == 0.0 {
        return explanation.note("Nothing was finished, so the chance is taken as even.");
    }
    let spread = days * (deviation / mean);
    let explanation = explanation.step("s", spread);
    if spread == 0.0 {
        return explanation.note("There is no spread, so the date holds or does not.");
    }
    explanation.step("z", (days_to_deadline - days) / spread)
}

/// Explains [`Flow::change_rate`].
#[must_use]
pub fn explain_change_rate(flow: &Flow) -> Explanation {
    let explanation = Explanation::new("scope_change_rate", "c / b * 100, b = r + d - c", "percent")
        .input("c", flow.created)
        .input("d", flow.completed)
        .input("r", flow.remaining)
        .step("b", flow.baseline())
        .result(flow.change_rate());
    if flow.change_rate().is_none() { explanation.note("There was no scope at the beginning.") } else { explanation }
}

/// Explains [`Flow::stability`].
#[must_use]
pub fn explain_stability(flow: &Flow) -> Explanation {
    let explanation = Explanation::new("scope_stability", "clamp(1 - c / (b + c), 0, 1), b = r + d - c", "share")
        .input("c", flow.created)
        .input("d", flow.completed)
        .input("r", flow.remaining)
        .step("b", flow.baseline())
        .result(flow.stability());
    if flow.stability().is_none() { explanation.note("There was no scope at the beginning.") } else { explanation }
}

/// Explains [`remaining_total_points`].
#[must_use]
pub fn explain_remaining_points(estimated: Amount, remaining_items: f64, completed: Amount) -> Explanation {
    let average = if estimated.items > 0.0 {
        estimated.points / estimated.items
    } else if completed.items > 0.0 {
        completed.points / completed.items
    } else {
        super::scope::DEFAULT_POINTS_PER_ITEM
    };
    let explanation = Explanation::new("remaining_total_points", "P_e + a * max(0, R - E)", "points")
        .input("E", estimated.items)
        .input("P_e", estimated.points)
        .input("R", remaining_items)
        .input("C", completed.items)
        .input("P_c", completed.points)
        .step("a", average)
        .result(Some(remaining_total_points(estimated, remaining_items, completed)));
    if estimated.items > 0.0 {
        explanation
    } else if completed.items > 0.0 {
        explanation.note("Nothing is estimated, so P_e counts as 0 and a is that of the completed items.")
    } else {
        explanation.note("Nothing is estimated or completed, so P_e counts as 0 and a is 10.")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::rows;
    use super::*;

    /// Value of a step or input.
    fn term(explanation: &Explanation, name: &str) -> f64 {
        let mut terms = explanation.inputs.iter().chain(&explanation.steps);
        terms.find(|term| term.name == name).and_then(|term| term.value.as_f64()).unwrap()
    }

    #[test]
    fn terms_make_the_result() {
        let pert = explain_pert(&[5.0, 7.0, 4.0, 6.0, 8.0, 0.0, 0.0], 50.0, 3.0);
        let days = (term(&pert, "t_o") + 4.0 * term(&pert, "t_m") + term(&pert, "t_w")) / 6.0;
        assert_eq!(pert.result, Some(days));
        assert_eq!(term(&pert, "t_w"), 5.0 * term(&pert, "t_o"));
        let velocity = explain_velocity(&rows(&[3.0, 5.0]), Column::Items);
        assert_eq!(velocity.result, Some(term(&velocity, "S") / term(&velocity, "n")));
        let flow = Flow { created: 3.0, completed: 5.0, remaining: 8.0 };
        let rate = explain_change_rate(&flow);
        assert_eq!((rate.result, term(&rate, "b")), (flow.change_rate(), 10.0));
        assert_eq!(explain_stability(&flow).result, flow.stability());
        let probability = explain_deadline_probability(110.0, 100.0, 1.5, 10.0);
        let expected = super::super::confidence::normal_probability(term(&probability, "z")) * 100.0;
        assert_eq!(probability.result, Some(expected));
    }

    #[test]
    fn remarks_say_why_there_is_no_result() {
        assert_eq!(explain_pert(&[], 5.0, 3.0).result, None);
        assert!(explain_pert(&[0.0; 4], 5.0, 3.0).note.is_some_and(|note| note.contains("ten years")));
        assert!(explain_change_rate(&Flow::default()).note.is_some());
        let rest = |estimated, completed| explain_remaining_points(estimated, 44.0, completed);
        let completed = Amount { items: 146.0, points: 568.0 };
        assert_eq!(term(&rest(Amount { items: 50.0, points: 100.0 }, completed), "a"), 2.0);
        assert_eq!(rest(Amount::default(), Amount::default()).result, Some(440.0));
        assert_eq!(rest(Amount::default(), completed).result, Some(44.0 * (568.0 / 146.0)));
    }
}
