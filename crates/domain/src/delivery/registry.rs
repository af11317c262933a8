//! The registry: `profiles.json`, which lists profiles and names the active ones.

use super::edit::{BLANKS, corrupt, member_text, require_object, set_at, set_text};
use super::read::storable;
use crate::Result;
use crate::json::{Json, JsonError, elements, members, parse_lossy, remove_member};

/// Version the legacy program writes.
pub const REGISTRY_VERSION: &str = "3.0";

/// What a registry says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    /// `active_profile_id`; `None` for null or a missing member.
    pub active_profile_id: Option<String>,
    /// `active_query_id`, a query of the active profile.
    pub active_query_id: Option<String>,
    /// Entries by profile id, as JSON texts, in order. An older registry lists its entries without keys;
    /// their ids are those inside.
    pub entries: Vec<(String, String)>,
    /// Every other member with its JSON text; `version` only if it is not [`REGISTRY_VERSION`].
    pub other: Vec<(String, String)>,
    /// Entries of the older list that name no id, as JSON texts.
    pub nameless: Vec<String>,
}

impl Registry {
    /// What a registry without a file says: nothing is listed, and the active ids are those of the first
    /// program version.
    #[must_use]
    pub fn when_missing() -> Self {
        Self {
            active_profile_id: Some("default".to_owned()),
            active_query_id: Some("main".to_owned()),
            ..Self::default()
        }
    }

    /// Reads a registry.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] when the text is not a JSON object.
    pub fn read(document: &str) -> Result<Self> {
        require_object("registry", "document", document)?;
        Self::parse(document).map_err(|error| corrupt("registry", "profiles.json", "document", &error))
    }

    fn parse(document: &str) -> Result<Self, JsonError> {
        let mut registry = Self::default();
        for member in members(document)?.unwrap_or_default() {
            let text = || parse_lossy(member.text).ok().and_then(|(value, _)| value.as_str().map(storable));
            match member.key.as_str() {
                "active_profile_id" => registry.active_profile_id = text(),
                "active_query_id" => registry.active_query_id = text(),
                "profiles" => registry.read_entries(member.text)?,
                "version" if text().as_deref() == Some(REGISTRY_VERSION) => {}
                key => {
                    registry.other.retain(|(other, _)| other != key);
                    registry.other.push((key.to_owned(), member.text.to_owned()));
                }
            }
        }
        Ok(registry)
    }

    fn read_entries(&mut self, text: &str) -> Result<(), JsonError> {
        self.entries.clear();
        for entry in members(text)?.unwrap_or_default() {
            self.entries.retain(|(id, _)| *id != entry.key);
            self.entries.push((entry.key, entry.text.to_owned()));
        }
        for entry in elements(text)?.unwrap_or_default() {
            match id_of(entry.text) {
                Some(id) => self.entries.push((id, entry.text.to_owned())),
                None => self.nameless.push(entry.text.to_owned()),
            }
        }
        Ok(())
    }

    /// The registry's document after these changes. `document`: the one it was read from, whose other bytes
    /// stay; without it, one is made.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`] when a text is not JSON.
    pub fn write(&self, document: Option<&str>) -> Result<String> {
        self.edit(document).map_err(|error| corrupt("registry", "profiles.json", "document", &error))
    }

    fn edit(&self, document: Option<&str>) -> Result<String, JsonError> {
        let Some(document) = document else {
            return Ok(self.compose());
        };
        let mut text = document.to_owned();
        let old = Self::parse(&text)?;
        if old.active_profile_id != self.active_profile_id {
            text = set_at(&text, &["active_profile_id"], &self.active_profile_id.as_deref().into())?;
        }
        if old.active_query_id != self.active_query_id {
            text = set_at(&text, &["active_query_id"], &self.active_query_id.as_deref().into())?;
        }
        for (key, _) in &old.other {
            if !self.other.iter().any(|(kept, _)| kept == key) {
                text = remove_member(&text, key)?;
            }
        }
        for (key, value) in &self.other {
            if !old.other.contains(&(key.clone(), value.clone())) {
                text = set_text(&text, key, value)?;
            }
        }
        if old.entries != self.entries || old.nameless != self.nameless {
            let profiles = member_text(&text, "profiles")?.unwrap_or("{}").to_owned();
            text = set_text(&text, "profiles", &self.edit_entries(&profiles, &old)?)?;
        }
        Ok(text)
    }

    /// The document of a registry that is not edited but made; entries keep their texts.
    fn compose(&self) -> String {
        let literal = |text: &str| Json::from(text).dump();
        let id = |id: &Option<String>| Json::from(id.as_deref()).dump();
        let mut members = Vec::new();
        if !self.other.iter().any(|(key, _)| key == "version") {
            members.push(format!("\"version\": \"{REGISTRY_VERSION}\""));
        }
        members.extend(self.other.iter().map(|(key, value)| format!("{}: {value}", literal(key))));
        members.push(format!("\"active_profile_id\": {}", id(&self.active_profile_id)));
        members.push(format!("\"active_query_id\": {}", id(&self.active_query_id)));
        members.push(format!("\"profiles\": {}", self.compose_entries()));
        format!("{{\n  {}\n}}", members.join(",\n  "))
    }

    fn compose_entries(&self) -> String {
        if !self.nameless.is_empty() {
            // Only the older form has room for entries without id.
            let entries = self.entries.iter().map(|(_, text)| text).chain(&self.nameless);
            return format!("[{}]", entries.map(String::as_str).collect::<Vec<_>>().join(", "));
        }
        let entries: Vec<String> =
            self.entries.iter().map(|(id, text)| format!("{}: {text}", Json::from(id.as_str()).dump())).collect();
        if entries.is_empty() { "{}".to_owned() } else { format!("{{\n    {}\n  }}", entries.join(",\n    ")) }
    }

    fn edit_entries(&self, profiles: &str, old: &Self) -> Result<String, JsonError> {
        if profiles.trim_start_matches(BLANKS).starts_with('[') {
            // A list has no keys to edit by; it is written anew from the entries' own texts.
            let texts: Vec<&str> = self
                .entries
                .iter()
                .map(|(_, text)| text.as_str())
                .chain(self.nameless.iter().map(String::as_str))
                .collect();
            return Ok(format!("[{}]", texts.join(", ")));
        }
        let mut text = if profiles.starts_with('{') { profiles.to_owned() } else { "{}".to_owned() };
        for (id, _) in &old.entries {
            if !self.entries.iter().any(|(kept, _)| kept == id) {
                text = remove_member(&text, id)?;
            }
        }
        for (id, entry) in &self.entries {
            if !old.entries.iter().any(|(other, text)| other == id && text == entry) {
                text = set_text(&text, id, entry)?;
            }
        }
        Ok(text)
    }
}

fn id_of(entry: &str) -> Option<String> {
    let (value, _) = parse_lossy(entry).ok()?;
    super::read::label_at(&value, &["id"])
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "{\n  \"version\": \"3.0\",\n  \"active_profile_id\": \"p1\",\n  \"active_query_id\": null,\n  \"profiles\": {\n    \"p1\": {\"name\": \"A\", \"x\": 1.0},\n    \"p2\": {\"name\": \"B\"}\n  },\n  \"odd\": [1]\n}";

    #[test]
    fn both_forms_of_the_list_of_profiles_are_read() {
        let registry = Registry::read(MAP).unwrap();
        assert_eq!((registry.active_profile_id.as_deref(), registry.active_query_id.as_deref()), (Some("p1"), None));
        assert_eq!(registry.entries[1], ("p2".to_owned(), "{\"name\": \"B\"}".to_owned()));
        assert_eq!(registry.other, [("odd".to_owned(), "[1]".to_owned())]);
        let list = Registry::read(r#"{"profiles": [{"id": "p1", "query_count": 2}, {"name": "no id"}]}"#).unwrap();
        assert_eq!(list.entries, [("p1".to_owned(), r#"{"id": "p1", "query_count": 2}"#.to_owned())]);
        assert_eq!(list.nameless, [r#"{"name": "no id"}"#]);
        assert!(Registry::read("[]").is_err());
    }

    #[test]
    fn writing_changes_only_what_changed() {
        let mut registry = Registry::read(MAP).unwrap();
        assert_eq!(registry.write(Some(MAP)).unwrap(), MAP);
        registry.active_query_id = Some("q".to_owned());
        registry.entries.remove(1);
        registry.entries[0].1 = "{\"name\": \"Ä\", \"x\": 1.0}".to_owned();
        let text = registry.write(Some(MAP)).unwrap();
        let expected = MAP
            .replace("\"active_query_id\": null", "\"active_query_id\": \"q\"")
            .replace("\"A\"", "\"Ä\"")
            .replace(",\n    \"p2\": {\"name\": \"B\"}", "");
        assert_eq!(text, expected);
        assert_eq!(Registry::read(&text).unwrap(), registry);
    }

    #[test]
    fn a_list_stays_a_list_and_nothing_becomes_a_registry() {
        let mut registry = Registry::read(r#"{"profiles": [{"id": "p1"}, {"name": "no id"}]}"#).unwrap();
        registry.entries.push(("p2".to_owned(), r#"{"id": "p2"}"#.to_owned()));
        let text = registry.write(Some(r#"{"profiles": [{"id": "p1"}, {"name": "no id"}]}"#)).unwrap();
        assert_eq!(text, r#"{"profiles": [{"id": "p1"}, {"id": "p2"}, {"name": "no id"}]}"#);
        let made =
            Registry { entries: vec![("p1".to_owned(), "{}".to_owned())], ..Registry::default() }.write(None).unwrap();
        assert_eq!(Registry::read(&made).unwrap().entries, [("p1".to_owned(), "{}".to_owned())]);
        assert!(made.contains("\"version\": \"3.0\""));
        assert_eq!(registry.write(None).and_then(|text| Registry::read(&text)).unwrap().nameless, registry.nameless);
    }
}
