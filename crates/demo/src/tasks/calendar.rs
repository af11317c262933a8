//! How many records there are and when things happen.

use crate::DemoOptions;
pub(super) use crate::clock::{iso, seconds};
use chrono::{Duration, NaiveDateTime, NaiveTime};

/// Days that one person's data spans at scale 1.
const DAYS: u64 = 120;
/// Templates and attempts at scale 1.
const TEMPLATES: u64 = 40;
const ATTEMPTS: u64 = 500;
/// Seconds of a day in which things are created, from seven in the morning.
const WAKING_SECONDS: u64 = 15 * 3600;
/// Nothing happens in these days before the end: a holiday, so that there is a gap to find.
const HOLIDAY: std::ops::Range<u64> = 40..50;

/// Distributes records over time. Each gets a second of its own, because ids are made of seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    /// The options it was made from.
    pub(super) options: DemoOptions,
    first_day: NaiveDateTime,
    days: u64,
    per_day: u64,
}

impl Calendar {
    pub(super) fn new(options: &DemoOptions) -> Self {
        let attempts = ATTEMPTS * u64::from(options.scale.max(1));
        let working_days = (DAYS - (HOLIDAY.end - HOLIDAY.start)).max(attempts.div_ceil(WAKING_SECONDS));
        let days = working_days + (HOLIDAY.end - HOLIDAY.start);
        let today = options.now.date().and_time(NaiveTime::MIN);
        let first_day = today - Duration::days(i64::try_from(days).unwrap_or(i64::MAX / 1_000_000_000));
        Self { options: *options, first_day, days, per_day: attempts.div_ceil(working_days) }
    }

    pub(super) fn template_count(&self) -> u64 {
        TEMPLATES * u64::from(self.options.scale.max(1))
    }

    pub(super) fn attempt_count(&self) -> u64 {
        ATTEMPTS * u64::from(self.options.scale.max(1))
    }

    /// When template `number` was made: in the days before the first attempt, a second for each.
    pub(super) fn template_time(&self, number: u64) -> NaiveDateTime {
        let left = self.template_count() - number;
        // At small scales a few minutes apart; never fewer than one second.
        let apart = (86_400 / self.template_count()).max(1);
        self.first_day - seconds(left * apart)
    }

    /// When attempt `number` was created. Increases with the number.
    pub(super) fn attempt_time(&self, number: u64, within_slot: impl FnOnce(u64) -> u64) -> NaiveDateTime {
        let (working_day, in_day) = (number / self.per_day, number % self.per_day);
        let holiday_starts = self.days - HOLIDAY.end;
        let day = if working_day < holiday_starts { working_day } else { working_day + HOLIDAY.end - HOLIDAY.start };
        let slot = WAKING_SECONDS / self.per_day;
        self.first_day + seconds(day * 86_400 + 7 * 3600 + in_day * slot + within_slot(slot.max(1)))
    }
}

/// Unix seconds of a local time, taken as if the person lived in UTC.
pub(super) fn unix(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp()
}

/// `YYYY-MM-DD HH:MM`.
pub(super) fn minutes(time: NaiveDateTime) -> String {
    let mut text = iso(time).replace('T', " ");
    text.truncate("YYYY-MM-DD HH:MM".len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ColumnAge;

    fn calendar(scale: u32) -> Calendar {
        let now = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(12, 0, 0).unwrap();
        Calendar::new(&DemoOptions { seed: 1, scale, now, age: ColumnAge::March2026, odd_cells: false })
    }

    #[test]
    fn times_increase_and_end_before_now_at_every_scale() {
        for scale in [1, 3, 100, 10_000, 50_000] {
            let calendar = calendar(scale);
            let count = calendar.attempt_count();
            let sample = (0..200).chain(count - 200..count);
            let mut last = calendar.template_time(calendar.template_count() - 1);
            for number in sample {
                let time = calendar.attempt_time(number, |slot| slot - 1);
                assert!(time > last, "scale {scale}, attempt {number}");
                last = time;
            }
            assert!(last < calendar.options.now);
        }
    }

    #[test]
    fn there_is_one_gap_of_more_than_a_week() {
        let calendar = calendar(1);
        let times: Vec<_> = (0..calendar.attempt_count()).map(|n| calendar.attempt_time(n, |_| 0)).collect();
        let gaps = times.windows(2).filter(|pair| pair[1] - pair[0] > Duration::days(7)).count();
        assert_eq!(gaps, 1);
    }

    #[test]
    fn texts_have_the_legacy_forms() {
        let time = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(9, 5, 7).unwrap();
        assert_eq!(minutes(time), "2026-03-07 09:05");
        assert_eq!(unix(time), 1_772_874_307);
    }
}
