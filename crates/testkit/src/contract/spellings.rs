//! Numbers, flags and times come back in the spelling they had.

use super::support::{Sample, get, insert, insert_all, instance, list, user, write};
use super::values::keeps;
use landfast_domain::Store;
use landfast_domain::record::{Field, Record as _};
use landfast_domain::tasks::{PopupTrigger, Preference, TaskInstance};

/// A rating of every spelling Python accepts, and of those it does not.
pub fn numbers_keep_their_spelling(store: &dyn Store) {
    let texts = [
        "35",
        "35.0",
        "35.00",
        "035",
        "+35",
        " 35",
        "35 ",
        "3.5e1",
        "35e0",
        "1_000",
        "1e3",
        ".5",
        "5.",
        "0",
        "0.0",
        "00",
        "-0",
        "-0.0",
        "-35",
        "-35.5",
        "٣٥",
        "0.1",
        "0.30000000000000004",
        "1e-05",
        "1e-5",
        "0.00001",
        "1e16",
        "1e+16",
        "10000000000000000",
        "12 min",
        "1,5",
        "0x10",
        "half",
    ];
    keeps(store, &texts, |row, text| row.relief_score.set_raw(text));
    keeps(store, &texts, |row, text| row.duration_minutes.set_raw(text));
}

/// What no database stores as a number: NaN, infinities, numbers too large or too small.
pub fn numbers_that_are_none_are_kept(store: &dyn Store) {
    let texts = [
        "nan",
        "NaN",
        "-nan",
        "inf",
        "-inf",
        "Infinity",
        "-Infinity",
        "+inf",
        "1e400",
        "-1e400",
        "1e-400",
        "1e308",
        "1.7976931348623157e+308",
        "2e308",
        "5e-324",
        "2.2250738585072014e-308",
        "9007199254740993",
        "18446744073709551616",
        "123456789012345678901234567890",
        "1.#IND",
        "-1.#QNAN",
    ];
    keeps(store, &texts, |row, text| row.delay_minutes.set_raw(text));
}

/// Ends of the range of floats, where a conversion to text and back may lose the last digit.
pub fn floats_keep_every_digit(store: &dyn Store) {
    let values = [
        0.1 + 0.2,
        1.0 / 3.0,
        f64::MAX,
        f64::MIN_POSITIVE,
        4.9e-324,
        1e15 + 0.3,
        123_456_789.123_456_79,
        -2.5e-7,
        9_007_199_254_740_991.0,
    ];
    let texts: Vec<String> = values.iter().map(|value| landfast_domain::text::python_float_repr(*value)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    keeps(store, &texts, |row, text| row.net_relief.set_raw(text));
    let user = user(store);
    let mut row = instance("i1", "t1");
    for value in values {
        row.net_relief = Field::from_value(&value);
        write(store, |r| {
            r.instances().delete(&user, &row.key)?;
            r.instances().insert(&user, &row)
        });
        let kept = get::<TaskInstance>(store, &user, &row.key).unwrap();
        assert_eq!(kept.net_relief.value().map(f64::to_bits), Some(value.to_bits()));
    }
}

/// The two spellings of a whole float, `35` and `35.0`, are kept apart in every number column at once.
pub fn both_spellings_of_whole_numbers_are_kept_in_every_column(store: &dyn Store) {
    use landfast_domain::record::ColumnKind;
    let numbers: Vec<usize> =
        (0..TaskInstance::COLUMNS.len()).filter(|n| TaskInstance::COLUMNS[*n].kind == ColumnKind::Number).collect();
    let user = user(store);
    let mut rows = Vec::new();
    for pattern in [0_usize, usize::MAX, 0b1010_1010_1010_1010, 0b0101_0101_0101_0101, 1, 0b1000_0000_0000] {
        let mut row = instance(&format!("i{pattern}"), "t1");
        for (bit, column) in numbers.iter().enumerate() {
            row.set_cell(*column, if pattern >> bit & 1 == 1 { "35.0" } else { "35" }.to_owned());
        }
        rows.push(row);
    }
    insert_all(store, &user, &rows);
    assert_eq!(list::<TaskInstance>(store, &user), rows);
}

/// Whole numbers of every spelling and size.
pub fn integers_keep_their_spelling(store: &dyn Store) {
    let texts = [
        "1",
        "01",
        "+1",
        "-1",
        "1.0",
        "2.0",
        "15.0",
        "1.5",
        "v1",
        " 1",
        "1_0",
        "0",
        "-0",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "99999999999999999999999999",
        "1e2",
        "None",
        "True",
        "٣",
    ];
    keeps(store, &texts, |row, text| row.task_version.set_raw(text));
}

/// Flags of every spelling.
pub fn booleans_keep_their_spelling(store: &dyn Store) {
    let texts = [
        "True", "False", "TRUE", "FALSE", "true", "false", "tRuE", " True", "False ", "1", "0", "yes", "no", "",
        "None", "t",
    ];
    keeps(store, &texts, |row, text| row.is_completed.set_raw(text));
    keeps(store, &texts, |row, text| row.is_deleted.set_raw(text));
}

/// Times of every precision: minutes, seconds, tenths, microseconds, and finer than microseconds.
pub fn times_keep_their_precision(store: &dyn Store) {
    let texts = [
        "2025-12-21 20:31",
        "2025-12-21 20:31:05",
        "2025-12-21 20:31:05.2",
        "2025-12-21 20:31:05.250000",
        "2025-12-21 20:31:05.000001",
        "2025-12-21 20:31:05.999999",
        "2025-12-21 20:31:05.123456789",
        "2025-12-21 20:31:00",
        "2025-12-21 20:31:00.000000",
        "2025-12-21T20:31",
        "2025-12-21T20:31:05",
        "2025-12-21T20:31:05.000100",
    ];
    keeps(store, &texts, |row, text| row.started_at.set_raw(text));
    keeps(store, &texts, |row, text| row.completed_at.set_raw(text));
}

/// Times at the ends of the calendar, leap days, and the last microsecond.
pub fn times_far_away_are_kept(store: &dyn Store) {
    let texts = [
        "1970-01-01 00:00",
        "1969-12-31 23:59",
        "0001-01-01 00:00",
        "0000-01-01 00:00",
        "1582-10-10 12:00",
        "1900-01-01 00:00",
        "2000-02-29 12:00",
        "2038-01-19 03:14:08.000000",
        "9999-12-31 23:59",
        "9999-12-31 23:59:59.999999",
        "2024-02-29 00:00",
    ];
    keeps(store, &texts, |row, text| row.created_at.set_raw(text));
}

/// What is no date stays what it is.
pub fn impossible_times_are_kept(store: &dyn Store) {
    let texts = [
        "2025-13-45 99:99",
        "2025-02-29 10:00",
        "2025-02-30 10:00",
        "12/05/2025 9:15",
        "20.12.2025",
        "yesterday",
        "now",
        "today",
        "2025-12-21",
        "20:31",
        "2025-12-21 24:00",
        "2025-12-21 20:31Z",
        "2025-12-21 20:31:05+01:00",
        "2025-12-21 20:31:60",
        "10000-01-01 00:00",
        "-0001-01-01 00:00",
        "1766349060",
        " 2025-12-21 20:31",
        "2025-12-21 20:31 ",
    ];
    keeps(store, &texts, |row, text| row.initialized_at.set_raw(text));
}

/// Times in UTC columns keep their `T`, seconds and microseconds.
pub fn utc_times_are_kept(store: &dyn Store) {
    let user = user(store);
    let texts = [
        "2025-12-22T02:40:25",
        "2025-12-22T02:40:25.004936",
        "2025-12-22 02:40:25",
        "1970-01-01T00:00:00",
        "9999-12-31T23:59:59.999999",
        "soon",
        "",
        "2025-12-22T02:40",
    ];
    let rows: Vec<Preference> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let mut row = Preference::with_id(&format!("p{number}"));
            row.created_at.set_raw(*text);
            row.last_active.set_raw(*text);
            row
        })
        .collect();
    insert_all(store, &user, &rows);
    assert_eq!(list::<Preference>(store, &user), rows);
    let shown: Vec<PopupTrigger> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let mut row = PopupTrigger::with_id(&number.to_string());
            row.last_shown_at.set_raw(*text);
            row.updated_at.set_raw(text.replace('T', " "));
            row
        })
        .collect();
    insert_all(store, &user, &shown);
    assert_eq!(list::<PopupTrigger>(store, &user), shown);
}

/// The typed reading of a cell is the same before and after storing it.
pub fn typed_readings_survive(store: &dyn Store) {
    let user = user(store);
    let mut row = instance("i1", "t1");
    row.task_version.set_raw("15.0");
    row.relief_score.set_raw("1_0.5");
    row.duration_minutes.set_raw("nan");
    row.is_completed.set_raw("TRUE");
    row.started_at.set_raw("2025-12-21T20:31:05.123456789");
    row.due_at.set_raw("20.12.2025");
    insert(store, &user, &row);
    let kept = get::<TaskInstance>(store, &user, &row.key).unwrap();
    assert_eq!(kept.task_version.value(), Some(15));
    assert_eq!(kept.relief_score.value(), Some(10.5));
    assert_eq!(kept.duration_minutes.value(), None);
    assert_eq!(kept.is_completed.value(), Some(true));
    assert_eq!(kept.started_at.value(), row.started_at.value());
    assert_eq!(kept.due_at.value(), None);
}

/// Values written by Landfast come back in the spelling Landfast gave them.
pub fn canonical_values_come_back_as_written(store: &dyn Store) {
    let user = user(store);
    let mut row = instance("i1", "t1");
    row.completed_at.set(Some(&super::support::time("2026-01-15T08:30:05.25")));
    row.duration_minutes.set(Some(&60.0));
    row.delay_minutes.set(Some(&-0.0));
    row.procrastination_score.set(Some(&3.417));
    row.is_completed.set(Some(&true));
    row.task_version.set(Some(&-3));
    insert(store, &user, &row);
    let kept = get::<TaskInstance>(store, &user, &row.key).unwrap();
    let texts = [
        kept.completed_at.raw(),
        kept.duration_minutes.raw(),
        kept.delay_minutes.raw(),
        kept.procrastination_score.raw(),
        kept.is_completed.raw(),
        kept.task_version.raw(),
    ];
    assert_eq!(texts, ["2026-01-15 08:30:05.250000", "60", "-0.0", "3.417", "True", "-3"]);
}
