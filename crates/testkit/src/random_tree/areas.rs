//! A random folder of each area.

use super::text::Random;
use super::{RandomTree, Spot};
use crate::folder::Tree;

/// Tables with unknown columns, twins, all ways to quote and to end a line.
pub(super) fn tasks(random: &mut Random) -> RandomTree {
    let known =
        ["description", "type", "version", "created_at", "is_recurring", "categories", "default_estimate_minutes"];
    let mut columns: Vec<String> = vec!["task_id".to_owned(), "name".to_owned()];
    for column in known {
        if !random.chance(3) {
            columns.push(column.to_owned());
        }
    }
    for number in 0..random.below(3) {
        let odd = random.pick(&["mood", "wie geht's", "心配", "a,b", "q\"q", " spaced "]);
        columns.push(format!("{odd}{number}"));
    }
    let end = random.pick(&["\n", "\n", "\r\n"]);
    let mut text = String::new();
    if random.chance(5) {
        text.push('\u{feff}');
    }
    text.push_str(&line(random, &columns, end));
    let mut spot = None;
    let rows = random.below(6);
    for number in 0..rows {
        if random.chance(12) {
            text.push_str(end);
        }
        let is_planted = spot.is_none() && random.chance(2);
        let id = if is_planted || random.chance(2) {
            format!("t90000{number}")
        } else {
            random.pick(&["t1", "t2", "", "T1"]).to_owned()
        };
        let mut cells = vec![id.clone(), if is_planted { "planted".to_owned() } else { random.text() }];
        for column in columns.iter().skip(2) {
            cells.push(cell(random, column));
        }
        if !is_planted && random.chance(10) {
            cells.truncate(1 + random.below(cells.len()));
        }
        let begin = text.len();
        let is_last = number + 1 == rows;
        let end = if is_last && random.chance(3) { "" } else { end };
        text.push_str(&line(random, &cells, end));
        if is_planted {
            spot = Some(Spot { path: "tasks.csv".to_owned(), range: begin..text.len(), key: id });
        }
    }
    let mut tree = Tree::from([("tasks.csv".to_owned(), text.into_bytes())]);
    let mut add = |path: &str, text: String| drop(tree.insert(path.to_owned(), text.into_bytes()));
    if random.chance(2) {
        let felt: String = (0..random.below(5))
            .map(|_| {
                let word = random.text();
                line(random, &[word], "\n")
            })
            .collect();
        add("emotions.csv", format!("emotion\n{felt}"));
    }
    if random.chance(3) {
        let rows: String = (0..random.below(4))
            .map(|number| {
                let payload = random.json(3);
                line(random, &[format!("i{number}"), "t1".to_owned(), payload], end)
            })
            .collect();
        add("task_instances.csv", format!("instance_id,task_id,predicted{end}{rows}"));
    }
    if random.chance(3) {
        let (a, b) = (random.text(), random.text());
        let first = line(random, &[a.clone(), b.clone()], "\r\n");
        add("unknown table.csv", first + &line(random, &[b, a], ""));
    }
    if random.chance(4) {
        let (one, other) = (random.json(2), random.json(2));
        add("logs/events.jsonl", format!("{one}\n{other}\n"));
    }
    RandomTree { area: "tasks", tree, spot }
}

fn cell(random: &mut Random, column: &str) -> String {
    match column {
        "version" | "default_estimate_minutes" => random.pick(&["1", "2.0", "", "abc", "-5", "1e400", "٣"]).to_owned(),
        "created_at" => random.time(),
        "is_recurring" => random.pick(&["True", "False", "TRUE", "", "1", "maybe"]).to_owned(),
        "categories" => random.json(2),
        "type" => random.pick(&["one-time", "recurring", "routine", "", "other"]).to_owned(),
        _ => random.text(),
    }
}

/// A line of a table; cells that need no quotes have them sometimes.
fn line(random: &mut Random, cells: &[String], end: &str) -> String {
    let mut text = String::new();
    for (number, cell) in cells.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) || random.chance(5) {
            text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
        } else {
            text.push_str(cell);
        }
    }
    text.push_str(end);
    text
}

/// A tree of profiles and queries.
pub(super) fn delivery(random: &mut Random) -> RandomTree {
    let mut tree = Tree::new();
    let mut spot = None;
    for profile in 0..=random.below(2) {
        let id = format!("p{profile}");
        let name = random.json_text();
        let settings = random.json(2);
        let text = random.object(&[("id", format!("\"{id}\"")), ("name", name), ("settings", settings)]);
        tree.insert(format!("profiles/{id}/profile.json"), text.into_bytes());
        for query in 0..random.below(3) {
            let folder = format!("profiles/{id}/queries/q{query}");
            let jql = random.json_text();
            let text = random.object(&[("name", "\"planted\"".to_owned()), ("jql", jql)]);
            if spot.is_none()
                && let Some(begin) = text.find("planted")
            {
                let key = format!("{id}/q{query}");
                spot = Some(Spot { path: format!("{folder}/query.json"), range: begin..begin + 7, key });
            }
            tree.insert(format!("{folder}/query.json"), text.into_bytes());
            documents(random, &folder, &mut tree);
        }
        if random.chance(3) {
            tree.insert(format!("profiles/{id}/notes 心.txt"), random.text().into_bytes());
        }
    }
    if random.chance(2) {
        let unknown = random.json(2);
        let text = random.object(&[
            ("version", "\"3.0\"".to_owned()),
            ("active_profile_id", "\"p0\"".to_owned()),
            ("x", unknown),
            ("profiles", "{}".to_owned()),
        ]);
        tree.insert("profiles/profiles.json".to_owned(), text.into_bytes());
    }
    if random.chance(3) {
        tree.insert("task_progress.json".to_owned(), random.object(&[("status", "\"done\"".to_owned())]).into_bytes());
    }
    RandomTree { area: "delivery", tree, spot }
}

fn documents(random: &mut Random, folder: &str, tree: &mut Tree) {
    let mut add = |name: &str, text: String| drop(tree.insert(format!("{folder}/{name}"), text.into_bytes()));
    if random.chance(2) {
        let issues: Vec<String> = (0..random.below(4))
            .map(|_| {
                let (key, fields) = (random.pick(&["\"A-1\"", "\"A-2\"", "\"\"", "null"]).to_owned(), random.json(3));
                random.object(&[("key", key), ("fields", fields)])
            })
            .collect();
        let time = format!("\"{}\"", random.time());
        add("jira_cache.json", random.object(&[("timestamp", time), ("issues", format!("[{}]", issues.join(", ")))]));
    }
    if random.chance(2) {
        let entries: Vec<String> = (0..random.below(3))
            .map(|number| {
                let created = format!("\"{}\"", random.time());
                let items = "[{\"field\": \"status\", \"fromString\": \"A\", \"toString\": \"B\"}]".to_owned();
                let history = random.object(&[("created", created), ("items", items)]);
                let key = format!("\"A-{number}\"");
                let log = format!("{{\"histories\": [{history}]}}");
                format!("{key}: {}", random.object(&[("key", key.clone()), ("changelog", log)]))
            })
            .collect();
        add("jira_changelog_cache.json", format!("{{{}}}", entries.join(",\n")));
    }
    if random.chance(2) {
        let weeks: Vec<String> = (0..random.below(4))
            .map(|_| {
                let label = random.pick(&["2025-W01", "2025-W52", "2025-03", "next week", "2025-W1"]);
                let (flow, other) = (random.json(2), random.json(2));
                format!("\"{label}\": {}", random.object(&[("flow_time", flow), ("other metric", other)]))
            })
            .collect();
        add("metrics_snapshots.json", format!("{{{}}}", weeks.join(", ")));
    }
    if random.chance(3) {
        let (scope, statistics) = (random.json(2), random.json(2));
        add("project_data.json", random.object(&[("project_scope", scope), ("statistics", statistics)]));
    }
}

/// A snapshot of jobs.
pub(super) fn presentations(random: &mut Random) -> RandomTree {
    let path = "presentation_jobs.snapshot.json".to_owned();
    let mut text = format!(
        "{{\"format\": \"presentation-jobs-snapshot\", \"version\": 1, \"utc_offset_minutes\": {},\n \"jobs\": [",
        random.pick(&["0", "60", "-330"])
    );
    let mut spot = None;
    for number in 0..random.below(6) {
        if number > 0 {
            text.push_str(random.pick(&[",", ", ", ",\n  "]));
        }
        let is_planted = spot.is_none() && random.chance(2);
        let id = if is_planted || !random.chance(5) { format!("job-{number}") } else { "job-0 twin".to_owned() };
        let begin = text.len();
        let status = random.pick(&["completed", "completed", "failed", "processing", "queued", "odd"]);
        let video = if is_planted { "\"planted\"".to_owned() } else { random.json_text() };
        let (progress, error, files) =
            (random.pick(&["100.0", "0", "45.5", "null"]), random.pick(&["null", "\"why\""]), random.json(1));
        let files = if files.starts_with('[') && is_planted { "[]".to_owned() } else { files };
        text.push_str(&random.object(&[
            ("job_id", format!("\"{id}\"")),
            ("status", format!("\"{status}\"")),
            ("progress", progress.to_owned()),
            ("error", error.to_owned()),
            ("video_url", video),
            ("created_at", "\"2025-11-10T12:00:00.123456\"".to_owned()),
            ("created_files", if files.starts_with('[') { files } else { "[]".to_owned() }),
        ]));
        if is_planted {
            spot = Some(Spot { path: path.clone(), range: begin..text.len(), key: id });
        }
    }
    text.push_str("]}");
    text.push_str(random.pick(&["", "\n", "\r\n"]));
    RandomTree { area: "presentations", tree: Tree::from([(path, text.into_bytes())]), spot }
}

/// Directories of runs in two layouts.
pub(super) fn runs(random: &mut Random) -> RandomTree {
    let mut tree = Tree::new();
    let mut spot = None;
    for number in 0..=random.below(3) {
        let id = format!("run_{number}");
        let stage = if spot.is_none() { "\"planted\"".to_owned() } else { random.json_text() };
        let (progress, summary) = (random.pick(&["100", "0", "55"]).to_owned(), random.json(2));
        let status = random.pick(&["complete", "processing", "error", "odd"]);
        let members = [
            ("run_id", format!("\"{id}\"")),
            ("status", format!("\"{status}\"")),
            ("source", "\"manual_upload\"".to_owned()),
            ("created_at", "\"2025-12-09T14:05:14.746Z\"".to_owned()),
            ("updated_at", "\"2025-12-09T14:05:15.746Z\"".to_owned()),
            ("current_stage", stage),
            ("progress_percent", progress),
            ("files", "[\"VE.csv\"]".to_owned()),
            ("results_summary", if summary.starts_with('{') { summary } else { "{}".to_owned() }),
        ];
        let text = random.object(&members);
        let path = format!("runs/{id}/run_state.json");
        if spot.is_none() && text.contains("planted") {
            spot = Some(Spot { path: path.clone(), range: 0..text.len(), key: id.clone() });
        }
        tree.insert(path, text.into_bytes());
        tree.insert(format!("runs/{id}/output/VE.csv"), random.text().into_bytes());
        if random.chance(3) {
            let hp = random.json(1);
            tree.insert(format!("runs/{id}/jetstream_metadata.json"), random.object(&[("peak_hp", hp)]).into_bytes());
        }
        if random.chance(4) {
            tree.insert(format!("runs/{id}/input/odd 心 name.csv"), random.text().into_bytes());
        }
    }
    if random.chance(2) {
        let folder = "outputs/65b7f95f-8519-4d3b-bde2-b58050d5d428";
        let stats = random.json(2);
        let manifest = random.object(&[
            ("schema_id", "\"dynoai.manifest@1\"".to_owned()),
            ("run_id", "\"2026-01-16T07-46-06Z-0362a0\"".to_owned()),
            ("status", "{\"code\": \"success\", \"message\": \"OK\", \"last_stage\": \"export\"}".to_owned()),
            ("input", "{\"path\": \"C:\\\\in.csv\"}".to_owned()),
            ("timing", "{\"start\": \"2025-12-06T00:25:29.121Z\", \"end\": \"2025-12-06T00:25:29.261Z\"}".to_owned()),
            ("stats", stats),
            ("outputs", "[]".to_owned()),
        ]);
        tree.insert(format!("{folder}/manifest.json"), manifest.into_bytes());
        tree.insert(format!("{folder}/Torque.csv"), random.text().into_bytes());
    }
    RandomTree { area: "runs", tree, spot }
}
