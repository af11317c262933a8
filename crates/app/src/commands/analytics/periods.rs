//! Two periods side by side.

use crate::cli::PeriodsArgs;
use crate::failure::Failure;
use crate::output::{self, Align, Page, Table};
use chrono::{Days, NaiveDate, NaiveTime};
use landfast_analytics::periods::{MetricDifference, Period, PeriodComparison};
use landfast_domain::time::Timestamp;

/// The two periods of the options. What lies after today has not happened, so no period may reach there.
pub(super) fn read(args: &PeriodsArgs, now: Timestamp) -> Result<(Period, Period), Failure> {
    let one = |option: &str, text: &Option<String>| period(option, text.as_deref().unwrap_or_default(), now);
    Ok((one("--compare", &args.compare)?, one("--with", &args.with)?))
}

fn period(option: &str, text: &str, now: Timestamp) -> Result<Period, Failure> {
    let hint = "write it as FROM..TO, for instance 2025-11-01..2025-12-01; the last date is not part of it";
    let wrong = |reason: &str| Failure::usage(format!("{option} {text:?} {reason}")).hint(hint);
    let (from, until) = text.split_once("..").ok_or_else(|| wrong("is no period"))?;
    let date = |text: &str| -> Result<NaiveDate, Failure> {
        text.parse().map_err(|_| wrong(&format!("is no period: {text:?} is no date")))
    };
    let (from, until) = (date(from)?, date(until)?);
    if from >= until {
        return Err(wrong("is empty: its end is not after its start"));
    }
    let today = now.naive().date();
    if today.checked_add_days(Days::new(1)).is_some_and(|tomorrow| until > tomorrow) {
        return Err(wrong(&format!("ends after today, {today}: nothing is known of later days")));
    }
    let midnight = |day: NaiveDate| Timestamp::new(day.and_time(NaiveTime::MIN));
    Ok(Period { from: midnight(from), until: midnight(until) })
}

/// Prints comparisons as tables.
pub(super) fn print(comparisons: &[(&str, &PeriodComparison)]) -> Result<(), Failure> {
    let mut page = Page::new();
    for (place, (heading, comparison)) in comparisons.iter().enumerate() {
        if place > 0 {
            page.gap();
        }
        page.heading(&output::safe(heading));
        let day = |text: &str| text.get(..10).unwrap_or(text).to_owned();
        let dates = |(from, until): &(String, String)| format!("{} to before {}", day(from), day(until));
        page.pairs(&[("A", dates(&comparison.first)), ("B", dates(&comparison.second))]);
        page.gap();
        let mut table = Table::new(&[
            ("mean", Align::Left),
            ("A", Align::Right),
            ("n", Align::Right),
            ("B", Align::Right),
            ("n", Align::Right),
            ("B - A", Align::Right),
            ("relative", Align::Right),
            ("95 % interval", Align::Right),
            ("p", Align::Right),
            ("", Align::Left),
        ]);
        for metric in &comparison.metrics {
            table.row(cells(metric));
        }
        page.table(&table);
    }
    page.gap();
    page.line(
        "  p after Welch, adjusted for the number of rows (Benjamini and Hochberg); higher and lower: p at most 0.05",
    );
    page.print()
}

fn cells(metric: &MetricDifference) -> [String; 10] {
    let found = &metric.difference;
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    let interval = found.interval_95.as_ref().map(|interval| format!("{:.2} to {:.2}", interval.low, interval.high));
    [
        metric.metric.to_owned(),
        number(found.mean_first),
        found.n_first.to_string(),
        number(found.mean_second),
        found.n_second.to_string(),
        number(found.difference),
        metric.relative_difference.map_or_else(|| "–".to_owned(), |share| format!("{:+.1} %", share * 100.0)),
        interval.unwrap_or_else(|| "–".to_owned()),
        metric.q_value.map_or_else(|| "–".to_owned(), |p| format!("{p:.3}")),
        metric.verdict.to_owned(),
    ]
}
