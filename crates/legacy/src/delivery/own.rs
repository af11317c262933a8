//! What the legacy files have no place for: `.landfast/delivery.json`.

use super::places::{OwnParts, OwnWeeks};
use landfast_domain::delivery::{Moment, TaskProgress, TaskStatus, parse_instant, utc_text};
use landfast_domain::json::{Json, Object, parse_lossy};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result};
use serde::{Deserialize, Serialize};

/// Path below the tree.
pub(crate) const OWN_PATH: &str = ".landfast/delivery.json";

/// Content of the file. Empty where the legacy files say everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Own {
    /// Keys of the application's state the registry has no place for.
    pub(super) state: Vec<(String, String)>,
    /// Progress of background tasks.
    pub(super) progress: Vec<TaskProgress>,
    /// Keys and moments of expiry of cached responses, by path, where the document does not tell them.
    pub(super) caches: Vec<(String, OwnCache)>,
    /// Moments of expiry of change-log entries, by path and place, where the entry does not tell them.
    pub(super) changelogs: Vec<(String, i64, Option<Timestamp>)>,
    /// What is rarely needed.
    pub(super) rest: Rest,
}

/// What only a repository that was not filled from files has to say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Rest {
    /// Folders of profiles and queries without any file.
    pub(super) present: Vec<String>,
    /// Folders of deleted profiles and queries in which files are left that the area does not know.
    pub(super) gone: Vec<String>,
    /// JQL of cached responses, by the query's folder, where the responses do not tell it.
    pub(super) jqls: Vec<(String, Option<String>)>,
    /// Document of the background task that is no JSON object.
    pub(super) task: Option<String>,
    pub(super) parts: Vec<OwnParts>,
    pub(super) weeks: Vec<OwnWeeks>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnCache {
    pub(super) key: String,
    pub(super) expires_at: Option<Timestamp>,
}

impl Own {
    pub(crate) fn read(text: &str) -> Result<Self> {
        let (root, _) = parse_lossy(text).map_err(|error| corrupt(&error.to_string()))?;
        if root.as_object().is_none() {
            return Err(corrupt("not an object"));
        }
        let list =
            |key: &str| root.as_object().and_then(|root| root.get(key)).and_then(Json::as_array).unwrap_or_default();
        let text = |entry: &Json, key: &str| {
            entry.as_object().and_then(|entry| entry.get(key)).and_then(Json::as_str).map(str::to_owned)
        };
        let need =
            |entry: &Json, key: &str| text(entry, key).ok_or_else(|| corrupt(&format!("an entry without `{key}`")));
        let instant =
            |entry: &Json| text(entry, "expires_at").and_then(|text| parse_instant(&text)).map(|(instant, _)| instant);
        let mut own = Self::default();
        for entry in list("state") {
            own.state.push((need(entry, "key")?, need(entry, "value")?));
        }
        for entry in list("progress") {
            let percent =
                entry.as_object().and_then(|entry| entry.get("percent")).and_then(Json::as_f64).unwrap_or(0.0);
            let status = TaskStatus::parse(&need(entry, "status")?).ok_or_else(|| corrupt("an unknown status"))?;
            let updated = Moment::read(need(entry, "updated_at")?);
            own.progress.push(TaskProgress::new(
                &need(entry, "task_name")?,
                percent,
                status,
                &need(entry, "message")?,
                updated,
            )?);
        }
        for entry in list("caches") {
            own.caches
                .push((need(entry, "path")?, OwnCache { key: need(entry, "cache_key")?, expires_at: instant(entry) }));
        }
        for entry in list("changelogs") {
            let place = entry.as_object().and_then(|entry| entry.get("place")).and_then(Json::as_i64);
            own.changelogs.push((
                need(entry, "path")?,
                place.ok_or_else(|| corrupt("an entry without `place`"))?,
                instant(entry),
            ));
        }
        if let Some(rest) = root.as_object().and_then(|root| root.get("rest")) {
            own.rest = serde_json::from_str(&rest.dump()).map_err(|error| corrupt(&error.to_string()))?;
        }
        Ok(own)
    }

    /// What concerns the documents in a folder of a query, given with `/` at its end.
    pub(crate) fn about(&self, folder: &str) -> Self {
        let is_inside = |path: &String| path.starts_with(folder);
        let is_folder = |path: &String| path.as_str() == folder.trim_end_matches('/');
        Self {
            caches: self.caches.iter().filter(|(path, _)| is_inside(path)).cloned().collect(),
            changelogs: self.changelogs.iter().filter(|(path, ..)| is_inside(path)).cloned().collect(),
            rest: Rest {
                jqls: self.rest.jqls.iter().filter(|(path, _)| is_folder(path)).cloned().collect(),
                parts: self.rest.parts.iter().filter(|parts| is_inside(&parts.path)).cloned().collect(),
                weeks: self.rest.weeks.iter().filter(|weeks| is_inside(&weeks.path)).cloned().collect(),
                ..Rest::default()
            },
            ..Self::default()
        }
    }

    /// Adds what concerns the documents of a folder.
    pub(super) fn extend(&mut self, about: Self) {
        self.caches.extend(about.caches);
        self.changelogs.extend(about.changelogs);
        self.rest.jqls.extend(about.rest.jqls);
        self.rest.parts.extend(about.rest.parts);
        self.rest.weeks.extend(about.rest.weeks);
    }

    /// Text of the file; `None` when it need not exist.
    pub(super) fn write(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        let object = |members: Vec<(&str, Json)>| Json::Object(members.into_iter().collect::<Object>());
        let expiry = |instant: Option<Timestamp>| Json::from(instant.map(utc_text));
        let state = self
            .state
            .iter()
            .map(|(key, value)| object(vec![("key", key.as_str().into()), ("value", value.as_str().into())]));
        let progress = self.progress.iter().map(|progress| {
            object(vec![
                ("task_name", progress.task_name.as_str().into()),
                ("percent", progress.percent.into()),
                ("status", progress.status.as_str().into()),
                ("message", progress.message.as_str().into()),
                ("updated_at", progress.updated_at.text.as_str().into()),
            ])
        });
        let caches = self.caches.iter().map(|(path, cache)| {
            object(vec![
                ("path", path.as_str().into()),
                ("cache_key", cache.key.as_str().into()),
                ("expires_at", expiry(cache.expires_at)),
            ])
        });
        let changelogs = self.changelogs.iter().map(|(path, place, expires_at)| {
            object(vec![
                ("path", path.as_str().into()),
                ("place", (*place).into()),
                ("expires_at", expiry(*expires_at)),
            ])
        });
        let mut members = vec![
            ("version", Json::from(1)),
            ("state", Json::Array(state.collect())),
            ("progress", Json::Array(progress.collect())),
            ("caches", Json::Array(caches.collect())),
            ("changelogs", Json::Array(changelogs.collect())),
        ];
        if self.rest != Rest::default() {
            let text = serde_json::to_string(&self.rest).expect("texts and numbers are always JSON");
            members.push(("rest", Json::parse(&text).expect("it was written just now")));
        }
        Some(object(members).dump_indented(1))
    }
}

fn corrupt(value: &str) -> Error {
    Error::Corrupt { entity: "file", key: OWN_PATH.to_owned(), column: "document".to_owned(), value: value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let progress = TaskProgress::new("t", 43.3, TaskStatus::Failed, "m", Moment::read("odd")).unwrap();
        let own = Own {
            state: vec![("k".to_owned(), "v\u{e9}".to_owned())],
            progress: vec![progress],
            caches: vec![(
                "p".to_owned(),
                OwnCache { key: "c".to_owned(), expires_at: Timestamp::parse("2025-12-17 10:00:00.5") },
            )],
            changelogs: vec![("p".to_owned(), 3, None)],
            rest: Rest { gone: vec!["profiles/p".to_owned()], task: Some("\u{e9}[".to_owned()), ..Rest::default() },
        };
        assert_eq!(Own::read(&own.write().unwrap()).unwrap(), own);
        assert_eq!(Own::default().write(), None);
        assert!(Own::read("[]").is_err() && Own::read("{\"state\": [{}]}").is_err());
    }
}
