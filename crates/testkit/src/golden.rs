//! Golden answers: sample folders of the legacy program with what the original answered about them.
//!
//! The samples are made up; every row was written by the original program, apart from the changes listed in
//! `hand_edits.json`. See `fixtures/tasks/README.md`.

use landfast_domain::accounts::UserId;
use landfast_domain::record::{Placed, Record};
use landfast_domain::store::Store;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A sample folder of the tasks area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TasksSample {
    /// December 2025, the main set with all oddities.
    Data,
    /// November 2025, ratings from 0 to 10.
    November2025,
    /// Mid December 2025, before expected values were kept out of the columns of actual ones.
    December18,
    /// March 2026, exported from a database of two users.
    March2026,
}

impl TasksSample {
    /// All samples.
    pub const ALL: [Self; 4] = [Self::Data, Self::November2025, Self::December18, Self::March2026];

    /// Where its files are.
    #[must_use]
    pub fn folder(self) -> PathBuf {
        fixtures().join(match self {
            Self::Data => "data",
            Self::November2025 => "nov2025",
            Self::December18 => "dec18",
            Self::March2026 => "mar2026",
        })
    }

    /// What the original answered.
    #[must_use]
    pub fn expected(self) -> Value {
        let file = match self {
            Self::Data => fixtures().join("expected.json"),
            _ => self.folder().join("expected.json"),
        };
        let text = fs::read_to_string(&file).expect("the sample has golden answers");
        serde_json::from_str(&text).expect("golden answers are JSON")
    }

    /// Keys of lists whose order the original left to its database.
    fn unordered(self) -> &'static [&'static str] {
        match self {
            Self::March2026 => &["list_active_instances"],
            _ => &[],
        }
    }

    /// How answers differ from the original's: one line for each key that is missing or has another value.
    ///
    /// Every key of the golden answers is compared; further keys of ours do not matter. Whole numbers are
    /// equal whether they are written as floats or not.
    #[must_use]
    pub fn differences(self, answers: &Value) -> Vec<String> {
        let mut lines = Vec::new();
        let expected = self.expected();
        for (key, expected) in expected.as_object().expect("golden answers are an object") {
            match answers.get(key) {
                None => lines.push(format!("{key}: no answer")),
                Some(answer) if self.unordered().contains(&key.as_str()) => {
                    compare(key, &sorted(expected), &sorted(answer), &mut lines);
                }
                Some(answer) => compare(key, expected, answer, &mut lines),
            }
        }
        lines
    }
}

/// Copies every record of a user from one store to another, positions included.
///
/// # Panics
/// When a store fails, or the target holds records of the user already.
pub fn copy_records(from: &dyn Store, to: &dyn Store, user: &UserId) {
    fn copy<R: Record>(from: &dyn Store, to: &dyn Store, user: &UserId) {
        let mut records: Vec<Placed<R>> =
            from.read(|r| R::repository(r).page(user, None, usize::MAX)).expect("records are read");
        records.iter_mut().for_each(|placed| placed.source = None);
        to.write(|r| R::repository(r).insert_batch(user, &records)).expect("records are written");
    }
    use landfast_domain::tasks as kinds;
    copy::<kinds::Task>(from, to, user);
    copy::<kinds::TaskInstance>(from, to, user);
    copy::<kinds::Emotion>(from, to, user);
    copy::<kinds::Preference>(from, to, user);
    copy::<kinds::SurveyResponse>(from, to, user);
    copy::<kinds::Note>(from, to, user);
    copy::<kinds::Job>(from, to, user);
    copy::<kinds::JobTask>(from, to, user);
    copy::<kinds::PopupTrigger>(from, to, user);
    copy::<kinds::PopupResponse>(from, to, user);
    copy::<kinds::LegacyRow>(from, to, user);
}

/// Copies the files of a folder, sub-folders included.
///
/// # Panics
/// When a file cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a readable file");
        }
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tasks")
}

fn sorted(list: &Value) -> Value {
    let mut list = list.as_array().cloned().unwrap_or_default();
    list.sort_by_key(Value::to_string);
    Value::Array(list)
}

fn compare(path: &str, expected: &Value, answer: &Value, lines: &mut Vec<String>) {
    match (expected, answer) {
        (Value::Object(expected), Value::Object(answer)) => {
            for (key, value) in expected {
                let path = format!("{path}.{key}");
                match answer.get(key) {
                    Some(answer) => compare(&path, value, answer, lines),
                    None => lines.push(format!("{path}: no answer")),
                }
            }
            for key in answer.keys().filter(|key| !expected.contains_key(*key)) {
                lines.push(format!("{path}.{key}: the original gave no answer"));
            }
        }
        (Value::Array(expected), Value::Array(answer)) if expected.len() == answer.len() => {
            for (number, (expected, answer)) in expected.iter().zip(answer).enumerate() {
                compare(&format!("{path}[{number}]"), expected, answer, lines);
            }
        }
        _ if same_scalar(expected, answer) => {}
        _ => lines.push(format!("{path}: {answer} instead of {expected}")),
    }
}

fn same_scalar(expected: &Value, answer: &Value) -> bool {
    match (expected.as_f64(), answer.as_f64()) {
        (Some(expected), Some(answer)) => expected.to_bits() == answer.to_bits(),
        _ => expected == answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_of_difference_is_found() {
        let mut lines = Vec::new();
        compare(
            "x",
            &json!({"a": 1, "b": [1, 2], "c": "t", "d": null}),
            &json!({"a": 1.0, "b": [1, 3], "c": "t", "e": 0}),
            &mut lines,
        );
        assert_eq!(lines, ["x.b[1]: 3 instead of 2", "x.d: no answer", "x.e: the original gave no answer"]);
        lines.clear();
        compare("x", &json!([1, 2]), &json!([1]), &mut lines);
        compare("y", &json!(null), &json!(0), &mut lines);
        assert_eq!(lines, ["x: [1] instead of [1,2]", "y: 0 instead of null"]);
    }

    #[test]
    fn an_empty_document_misses_every_key() {
        for sample in TasksSample::ALL {
            assert_eq!(sample.differences(&json!({})).len(), sample.expected().as_object().unwrap().len());
        }
    }
}
