//! The data set the golden answers were made from.

use landfast_domain::record::Record;
use landfast_domain::tasks::{PopupResponse, Preference, Task, TaskInstance};
use landfast_domain::time::Timestamp;
use serde_json::Value;
use std::collections::HashMap;

/// Records of the sample, read from the files the original program wrote.
pub(crate) struct TaskFixture {
    pub(crate) tasks: Vec<Task>,
    pub(crate) instances: Vec<TaskInstance>,
    pub(crate) preferences: Vec<Preference>,
    pub(crate) popup_responses: Vec<PopupResponse>,
}

impl TaskFixture {
    /// The sample without the attributes that the original never had.
    pub(crate) fn original() -> Self {
        Self {
            tasks: records("tasks.csv", "task_id"),
            instances: records("task_instances.csv", "instance_id"),
            preferences: records("user_preferences.csv", "user_id"),
            popup_responses: popup_responses(),
        }
    }

    /// The sample with the invented attributes of `tracking.csv` as further columns.
    pub(crate) fn tracked() -> Self {
        let mut fixture = Self::original();
        let rows: HashMap<String, Vec<(String, String)>> =
            table("tracking.csv").into_iter().map(|row| (row[0].1.clone(), row)).collect();
        for instance in &mut fixture.instances {
            for (name, text) in rows.get(instance.instance_id.raw()).into_iter().flatten().skip(1) {
                instance.set_cell_named(name, text.clone());
            }
        }
        fixture
    }

    /// The sample after the user chose to start afresh at the largest gap.
    pub(crate) fn fresh_start() -> Self {
        let mut fixture = Self::original();
        fixture.preferences[0].set_cell_named("gap_handling", "fresh_start".to_owned());
        fixture
    }
}

/// The time at which the answers were made.
pub(crate) fn now() -> Timestamp {
    let text = golden("expected.json")["_meta"]["now"].as_str().unwrap().to_owned();
    Timestamp::parse(&text).unwrap()
}

/// A file of golden answers.
pub(crate) fn golden(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

fn text(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/fixtures/task_analytics");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

fn table(name: &str) -> Vec<Vec<(String, String)>> {
    let text = text(name);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        names.iter().map(str::to_owned).zip(record.unwrap().iter().map(str::to_owned)).collect()
    };
    reader.records().map(row).collect()
}

fn records<R: Record>(name: &str, key: &str) -> Vec<R> {
    table(name)
        .into_iter()
        .map(|cells| {
            let id = cells.iter().find(|(name, _)| name == key).unwrap().1.clone();
            let mut record = R::blank(id.as_str().into());
            for (name, text) in cells {
                record.set_cell_named(&name, text);
            }
            record
        })
        .collect()
}

fn popup_responses() -> Vec<PopupResponse> {
    let rows = golden("popup_responses.json");
    let record = |(number, row): (usize, &Value)| {
        let mut record = PopupResponse::blank(number.to_string().as_str().into());
        for (name, value) in row.as_object().unwrap() {
            record.set_cell_named(name, value.as_str().unwrap().to_owned());
        }
        record
    };
    rows.as_array().unwrap().iter().enumerate().map(record).collect()
}
