//! Texts of the delivery area that have broken a store before, or could.

use super::super::Random;

/// More than fits into an index of PostgreSQL.
pub(super) const LONG: &str = match std::str::from_utf8(&[b'x'; 3_000]) {
    Ok(text) => text,
    Err(_) => "",
};

/// A JSON string.
fn string(random: &mut Random) -> String {
    match random.below(12) {
        0 => format!("\"{LONG}\""),
        1 => "\"a\\u0000b\"".to_owned(),
        2 => "\"a\\ud800b\"".to_owned(),
        3 => "null".to_owned(),
        4 => "\"\"".to_owned(),
        5 => "7.50".to_owned(),
        6 => "\"ä\u{301}🌱\"".to_owned(),
        _ => "\"Done\"".to_owned(),
    }
}

/// A JSON text of a time.
fn moment(random: &mut Random) -> String {
    [
        "null",
        "\"2025-12-17T09:30:00+00:00\"",
        "\"2025-12-17T09:30:00Z\"",
        "\"2025-12-16T23:59:59.999999\"",
        "\"9999-12-31T23:59:59-05:00\"",
        "\"0000-01-01T00:00:00+05:00\"",
        "\"soon\"",
    ][random.below(7)]
    .to_owned()
}

/// A JSON number, or something in its place.
fn number(random: &mut Random) -> &'static str {
    ["0", "-0.0", "1.50", "1e400", "NaN", "null", "\"3\"", "\"-0.0\"", "true", "[1]"][random.below(10)]
}

pub(super) fn profile(random: &mut Random) -> Option<String> {
    (random.below(4) > 0).then(|| {
        let (name, used, created) = (string(random), moment(random), moment(random));
        format!(
            "{{\"name\": {name}, \"last_used\": {used}, \"created_at\": {created}, \"show_points\": true, \
             \"jira_config\": {{\"points_field\": \"customfield_1\"}}, \"odd\": 1.50}}"
        )
    })
}

pub(super) fn query(random: &mut Random) -> Option<String> {
    (random.below(4) > 0).then(|| {
        let (name, used) = (string(random), moment(random));
        let jql = if random.below(2) == 0 { ", \"jql\": \"a\\u0000b\"" } else { "" };
        format!("{{\"name\": {name}, \"updated_at\": {used}{jql}}}")
    })
}

pub(super) fn issue_key(random: &mut Random) -> String {
    ["A-1", "A-2", "", "a\0b", LONG][random.below(5)].to_owned()
}

pub(super) fn issue(random: &mut Random) -> String {
    if random.below(8) == 0 {
        return ["{}", "null", "[1]", "{\"fields\": 3}"][random.below(4)].to_owned();
    }
    let key = ["\"A-1\"", "\"A-2\"", "\"B-1\"", "null", "\"\\u0000\""][random.below(5)];
    let [status, assignee, kind, project] = [(); 4].map(|()| string(random));
    let (created, points, summary) = (moment(random), number(random), string(random));
    format!(
        "{{\"key\": {key}, \"fields\": {{\"status\": {{\"name\": {status}}}, \"assignee\": {{\"name\": {assignee}}}, \
         \"issuetype\": {{\"name\": {kind}, \"subtask\": false}}, \"project\": {{\"key\": {project}}}, \
         \"created\": {created}, \"customfield_1\": {points}, \"summary\": {summary}}}}}"
    )
}

pub(super) fn response(random: &mut Random) -> String {
    let list: Vec<String> = (0..random.below(5)).map(|_| issue(random)).collect();
    let (time, key) = (moment(random), ["timestamp", "cached_at"][random.below(2)]);
    format!("{{\"{key}\": {time}, \"jql_query\": \"project = A\", \"issues\": [ {} ]}}", list.join(",\n"))
}

pub(super) fn history(random: &mut Random) -> String {
    let changes: Vec<String> = (0..random.below(4))
        .map(|_| {
            let [field, from, author] = [(); 3].map(|()| string(random));
            let times = ["2025-03-20T05:38:35.564+0000", "2025-03-21T00:00:00Z", "2025-03-20", "never"];
            let created = times[random.below(4)];
            let items = vec![format!("{{\"field\": {field}, \"fromString\": {from}, \"to\": 7}}"); random.below(3)];
            let items = items.join(", ");
            format!("{{\"created\": \"{created}\", \"author\": {{\"name\": {author}}}, \"items\": [{items}]}}")
        })
        .collect();
    let updated = moment(random);
    format!("{{\"changelog\": {{\"histories\": [{}]}}, \"last_updated\": {updated}}}", changes.join(", "))
}

pub(super) fn changelog(random: &mut Random) -> &'static str {
    [
        "{}",
        "{\"A-1\": {\"changelog\": {\"histories\": [{\"created\": \"2025-03-20\", \"items\": [{\"field\": \"Done\"}]}]}}, \"A-1\": null}",
        "{\"cache_version\": \"2.0\", \"timestamp\": \"2025-12-17T09:30:00Z\", \"issues\": [{\"key\": \"A-1\"}, {}]}",
    ][random.below(3)]
}

pub(super) fn row(random: &mut Random) -> String {
    let dates = ["\"2025-12-15\"", "\"2025-12-22T00:00:00\"", "\"2025-12-08\"", "\"soon\"", "null"];
    let (date, items, points) = (dates[random.below(5)], number(random), number(random));
    format!("{{\"date\": {date}, \"completed_items\": {items}, \"velocity_points\": {points}}}")
}

pub(super) fn data(random: &mut Random) -> String {
    if random.below(6) == 0 {
        return "{\"total_items\": 5, \"last_updated\": \"2025-12-17\"}".to_owned();
    }
    let rows: Vec<String> = (0..random.below(5)).map(|_| row(random)).collect();
    let (updated, total) = (moment(random), number(random));
    format!(
        "{{\"statistics\": [{}], \"project_scope\": {{ \"total\": {total} }}, \"metadata\": {{\"last_updated\": {updated}}}}}",
        rows.join(", ")
    )
}

pub(super) fn label(random: &mut Random) -> &'static str {
    ["2025-W07", "2025-7", "2025-W08", "2024-W52", "note", "a\0b", LONG][random.below(7)]
}

pub(super) fn metrics(random: &mut Random) -> String {
    let (value, created, words) = (number(random), moment(random), string(random));
    let name = ["flow_time", "dora_mttr", "Done", "trends"][random.below(4)];
    format!(
        "{{\"{name}\": {{\"median_days\": {value}, \"by\": {{\"Done\": {value}}}, \"words\": {words}, \
         \"timestamp\": {created}, \"forecast\": {{\"value\": {value}}}}}}}"
    )
}
