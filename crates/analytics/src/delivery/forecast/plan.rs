//! Forecasts of a query, with dates.

use super::backtest::{Backtest, BacktestOptions, backtest, choose_window};
use super::calibration::LEVELS;
use super::monte_carlo::{Completion, Simulation, Throughput};
use crate::delivery::calendar::WorkingCalendar;
use crate::delivery::input::{QueryData, WeekRow};
use crate::stats::quantile;
use chrono::NaiveDate;
use landfast_domain::delivery::IsoWeek;
use serde::Serialize;

/// Weeks ahead for which numbers of finished items are given.
pub const WEEKS_AHEAD: u32 = 4;

/// What the forecasts of a query rest on, beside its data.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanOptions {
    /// The day forecasts start from.
    pub today: NaiveDate,
    /// The team's working days.
    pub calendar: WorkingCalendar,
    /// Trials of the forecasts.
    pub simulation: Simulation,
    /// How the past is tested.
    pub backtest: BacktestOptions,
}

/// Forecasts for one unit, items or points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// What is left.
    pub backlog: f64,
    /// Whole past weeks that are known.
    pub weeks_known: usize,
    /// Newest so many of them are the window, chosen by backtest.
    pub window: usize,
    /// When the backlog is empty if nothing is added to it.
    pub when: Vec<DateForecast>,
    /// When it is empty if as much is added as in the window's weeks.
    pub when_growing: Vec<DateForecast>,
    /// How much is finished in the next [`WEEKS_AHEAD`] weeks.
    pub how_many: Vec<NumberForecast>,
    /// Probability of an empty backlog by the deadline, 0 to 1; `None` without a deadline.
    pub deadline_probability: Option<f64>,
    /// The same with growth.
    pub deadline_probability_growing: Option<f64>,
    /// Forecasts of the past and what came of them; `None` when the past is too short.
    pub backtest: Option<Backtest>,
}

/// A date and how safe it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DateForecast {
    /// Probability that the backlog is empty by then, 0 to 1.
    pub probability: f64,
    /// Working weeks until then; `None` beyond ten years.
    pub weeks: Option<f64>,
    /// The day, as `YYYY-MM-DD`; `None` beyond ten years.
    #[serde(serialize_with = "iso_day")]
    pub date: Option<NaiveDate>,
}

/// A number and how safe it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NumberForecast {
    /// Probability that at least so much is finished, 0 to 1.
    pub probability: f64,
    /// How much.
    pub at_least: f64,
}

/// Forecasts of items. `None` when no whole week is known.
#[must_use]
pub fn plan_items(data: &QueryData, options: &PlanOptions) -> Option<Plan> {
    plan(data, data.remaining_items(), options, |row| (row.completed_items, row.created_items))
}

/// Forecasts of points. `None` when no whole week is known.
#[must_use]
pub fn plan_points(data: &QueryData, options: &PlanOptions) -> Option<Plan> {
    plan(data, data.remaining_points(), options, |row| (row.completed_points, row.created_points))
}

/// Finished and created work of the weeks before the one `today` is in, oldest first, rows of one week added
/// up, and each week as it would be without holidays.
///
/// The running week is left out, since it is not over. Weeks without a row are unknown, not empty, and are
/// left out too; a week that is all holidays as well.
#[must_use]
pub fn known_weeks(
    rows: &[WeekRow],
    today: NaiveDate,
    calendar: &WorkingCalendar,
    of: impl Fn(&WeekRow) -> (f64, f64),
) -> Vec<(IsoWeek, f64, f64)> {
    let mut weeks: Vec<(IsoWeek, f64, f64)> = Vec::new();
    let running = IsoWeek::of(today);
    let past = rows.iter().filter_map(|row| Some((row.week?, row))).filter(|(week, _)| Some(*week) < running);
    for (week, row) in past {
        let (finished, created) = of(row);
        match weeks.last_mut() {
            Some(last) if last.0 == week => {
                last.1 += finished;
                last.2 += created;
            }
            _ => weeks.push((week, finished, created)),
        }
    }
    let full = |amount: f64, week: IsoWeek| calendar.full_week(amount, week.monday());
    weeks
        .into_iter()
        .filter_map(|(week, finished, created)| Some((week, full(finished, week)?, full(created, week)?)))
        .collect()
}

fn plan(data: &QueryData, backlog: f64, options: &PlanOptions, of: impl Fn(&WeekRow) -> (f64, f64)) -> Option<Plan> {
    let weeks = known_weeks(&data.statistics, options.today, &options.calendar, of);
    let past = Throughput::new(weeks.iter().map(|(_, finished, _)| *finished))?;
    let tested = BacktestOptions { pert_factor: data.settings.pert_factor, ..options.backtest };
    let window = choose_window(&past, tested);
    let known = past.window(window);
    let growing = Throughput::new(weeks.iter().map(|(_, finished, created)| finished - created))?.window(window);
    let done = known.completion(backlog, options.simulation);
    let done_growing = growing.completion(backlog, options.simulation);
    let deadline = data.settings.deadline.map(|day| options.calendar.weeks_between(options.today, day));
    let sums = known.finished_within(f64::from(WEEKS_AHEAD), options.simulation);
    let how_many = LEVELS
        .iter()
        .filter_map(|level| Some(NumberForecast { probability: *level, at_least: quantile(&sums, 1.0 - level)? }));
    Some(Plan {
        backlog,
        weeks_known: weeks.len(),
        window,
        when: dates(&done, options),
        when_growing: dates(&done_growing, options),
        how_many: how_many.collect(),
        deadline_probability: deadline.map(|weeks| done.probability_within(weeks)),
        deadline_probability_growing: deadline.map(|weeks| done_growing.probability_within(weeks)),
        backtest: backtest(&past, window, tested),
    })
}

fn dates(completion: &Completion, options: &PlanOptions) -> Vec<DateForecast> {
    let per_week = f64::from(options.calendar.days_per_week());
    let date = |weeks: f64| options.calendar.after(options.today, weeks * per_week);
    let at = |level: &f64| {
        let weeks = completion.weeks_at(*level);
        DateForecast { probability: *level, weeks, date: weeks.and_then(date) }
    };
    LEVELS.iter().map(at).collect()
}

fn iso_day<S: serde::Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(date: &str, completed_items: f64, created_items: f64) -> WeekRow {
        let date: NaiveDate = date.parse().unwrap();
        WeekRow {
            ordinal: 0,
            date,
            week: IsoWeek::of(date),
            completed_items,
            completed_points: 0.0,
            created_items,
            created_points: 0.0,
            has_whole_points: true,
            unreadable: Vec::new(),
        }
    }

    #[test]
    fn only_whole_weeks_of_the_past_are_known() {
        let rows = [
            row("2025-12-01", 3.0, 1.0),
            row("2025-12-03", 1.0, 0.0),
            row("2025-12-08", 4.0, 2.0),
            row("2025-12-15", 9.0, 9.0),
        ];
        let calendar = WorkingCalendar::default().with_holidays(["2025-12-08".parse().unwrap()]);
        let items = |row: &WeekRow| (row.completed_items, row.created_items);
        let weeks = known_weeks(&rows, "2025-12-17".parse().unwrap(), &calendar, items);
        let numbers: Vec<_> =
            weeks.iter().map(|(week, finished, created)| (week.to_string(), *finished, *created)).collect();
        assert_eq!(numbers, [("2025-W49".to_owned(), 4.0, 1.0), ("2025-W50".to_owned(), 5.0, 2.5)]);
    }
}
