//! Histories of issues: who changed which field when.

use super::cache::{by_place, default_expiry, is_expired};
use super::edit::{corrupt, invalid};
use super::envelope::{Parts, cut, cut_members, join};
use super::ids::QueryKey;
use super::moment::Moment;
use super::read::{node_at, node_label, node_text, object_of, outline, storable, text_at};
use crate::Result;
use crate::json::{Json, Node, members};
use crate::time::Timestamp;

/// How a change-log document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangelogLayout {
    /// An object from issue key to entry.
    Map,
    /// A response like an issue cache, with `cache_version` and a list `issues`.
    Wrapped,
}

impl ChangelogLayout {
    /// Lower-case name, for the database and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Wrapped => "wrapped",
        }
    }

    /// Reads [`ChangelogLayout::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "map" => Some(Self::Map),
            "wrapped" => Some(Self::Wrapped),
            _ => None,
        }
    }

    /// Where the entries are in the document.
    #[must_use]
    pub fn parts(self) -> Parts<'static> {
        match self {
            Self::Map => Parts::Members,
            Self::Wrapped => Parts::ListAt("issues"),
        }
    }
}

/// The change-log document of a query without its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changelog {
    /// The query.
    pub query: QueryKey,
    /// How the document is laid out.
    pub layout: ChangelogLayout,
    /// The document without its entries; see [`super::envelope`].
    pub envelope: String,
    /// When a wrapped document was filled. Entries of a map have their own times.
    pub timestamp: Option<Moment>,
}

/// The history of one issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangelogEntry {
    /// Place among the entries of the document, from 0.
    pub ordinal: i64,
    /// Key of the issue: the entry's place in a map, its `key` in a wrapped document; empty without one.
    pub issue_key: String,
    /// The whole entry, as it stands in the document.
    pub text: String,
    /// When the entry was read from Jira: `last_updated`, else the document's time.
    pub last_updated: Option<Moment>,
    /// From when on the entry reads as absent; `None` reads as absent at once.
    pub expires_at: Option<Timestamp>,
}

/// One changed field of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangelogItem {
    /// Key of the issue.
    pub issue_key: String,
    /// Place of the entry among the entries of the document.
    pub entry: i64,
    /// Place of the change within the entry, from 0; a change of several fields has one place.
    pub history: i64,
    /// Place of the field within the change, from 0.
    pub item: i64,
    /// When it was changed.
    pub changed: Option<Moment>,
    /// Display name of who changed it, else the account name.
    pub author: Option<String>,
    /// The field.
    pub field: Option<String>,
    /// Kind of the field, `jira` or `custom`.
    pub field_type: Option<String>,
    /// Value before, in words.
    pub from: Option<String>,
    /// Value after, in words.
    pub to: Option<String>,
}

impl Changelog {
    /// Takes a document apart. `expires_at`: the moment of expiry of every entry, or `None` for 24 hours
    /// after each entry's own time.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] when the text is not a JSON object.
    pub fn read(query: QueryKey, document: &str, expires_at: Option<Timestamp>) -> Result<(Self, Vec<ChangelogEntry>)> {
        let not_json = |_| invalid("change log", "document", document, "must be JSON");
        let root = members(document).map_err(not_json)?;
        let root = root.ok_or_else(|| invalid("change log", "document", document, "must be a JSON object"))?;
        let has = |key: &str, begin: &str| {
            root.iter().rev().find(|member| member.key == key).is_some_and(|member| member.text.starts_with(begin))
        };
        let layout = if has("cache_version", "") && has("issues", "[") {
            ChangelogLayout::Wrapped
        } else {
            ChangelogLayout::Map
        };
        let (envelope, parts) = match layout {
            ChangelogLayout::Map => cut_members(document, root),
            ChangelogLayout::Wrapped => cut(document, layout.parts()).map_err(not_json)?,
        };
        let changelog = Self::from_envelope(query, layout, envelope);
        let entries = (0_i64..)
            .zip(parts)
            .map(|(ordinal, part)| {
                let mut entry =
                    ChangelogEntry::read(ordinal, part.key.as_deref(), part.text, changelog.timestamp.as_ref());
                if expires_at.is_some() {
                    entry.expires_at = expires_at;
                }
                entry
            })
            .collect();
        Ok((changelog, entries))
    }

    /// The document of an envelope, for readers that take the entries from elsewhere.
    #[must_use]
    pub fn from_envelope(query: QueryKey, layout: ChangelogLayout, envelope: String) -> Self {
        let timestamp = match layout {
            ChangelogLayout::Wrapped => text_at(&Json::Object(object_of(&envelope)), &["timestamp"]).map(Moment::read),
            ChangelogLayout::Map => None,
        };
        Self { query, layout, envelope, timestamp }
    }

    /// A document without entries, in the layout of a map.
    #[must_use]
    pub fn empty(query: QueryKey) -> Self {
        Self { query, layout: ChangelogLayout::Map, envelope: "{}".to_owned(), timestamp: None }
    }

    /// Puts the document together. `entries` are ordered by their ordinals; places whose entry is missing
    /// are left out.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`] when the envelope is not JSON.
    pub fn document(&self, entries: &[ChangelogEntry]) -> Result<String> {
        let parts = by_place(entries.iter().map(|entry| (entry.ordinal, entry.text.as_str())));
        join(&self.envelope, self.layout.parts(), parts)
            .map_err(|error| corrupt("change log", &self.query.to_string(), "document", &error))
    }
}

impl ChangelogEntry {
    /// Reads an entry. `place_key` is its key in a map. Expires 24 hours after its own time, else after the
    /// document's.
    #[must_use]
    pub fn read(ordinal: i64, place_key: Option<&str>, text: impl Into<String>, filled: Option<&Moment>) -> Self {
        let text = text.into();
        let outline = outline(&text);
        let entry = outline.root();
        let own = node_text(entry, &["last_updated"]).map(Moment::read);
        let issue_key = match place_key {
            Some(key) => storable(key),
            None => node_label(entry, &["key"]).unwrap_or_default(),
        };
        let last_updated = own.or_else(|| filled.cloned());
        let expires_at = last_updated.as_ref().and_then(|moment| moment.instant).and_then(default_expiry);
        Self { ordinal, issue_key, text, last_updated, expires_at }
    }

    /// Whether the entry reads as absent at this time.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        is_expired(self.expires_at, now)
    }

    /// How many changes the history holds, those without any field included.
    #[must_use]
    pub fn history_count(&self) -> usize {
        histories(outline(&self.text).root()).count()
    }

    /// The changed fields, in the order of the document.
    #[must_use]
    pub fn items(&self) -> Vec<ChangelogItem> {
        let outline = outline(&self.text);
        let mut found = Vec::new();
        for (history, change) in (0_i64..).zip(histories(outline.root())) {
            let changed = node_label(change, &["created"]).map(Moment::read);
            let author =
                node_label(change, &["author", "displayName"]).or_else(|| node_label(change, &["author", "name"]));
            let items = node_at(change, &["items"]).into_iter().flat_map(Node::elements);
            for (item, value) in (0_i64..).zip(items) {
                found.push(ChangelogItem {
                    issue_key: self.issue_key.clone(),
                    entry: self.ordinal,
                    history,
                    item,
                    changed: changed.clone(),
                    author: author.clone(),
                    field: node_label(value, &["field"]),
                    field_type: node_label(value, &["fieldtype"]),
                    from: node_label(value, &["fromString"]).or_else(|| node_label(value, &["from"])),
                    to: node_label(value, &["toString"]).or_else(|| node_label(value, &["to"])),
                });
            }
        }
        found
    }
}

/// Which changed fields a list is to hold; the default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Only those of this issue.
    pub issue_key: Option<String>,
    /// Only changes of exactly this field.
    pub field: Option<String>,
    /// Only changes at this instant or later; changes without a readable time are left out.
    pub from: Option<Timestamp>,
    /// Only changes before this instant; changes without a readable time are left out.
    pub until: Option<Timestamp>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl ItemFilter {
    /// Whether a change belongs into the list, the limit aside.
    #[must_use]
    pub fn accepts(&self, item: &ChangelogItem) -> bool {
        let instant = item.changed.as_ref().and_then(|changed| changed.instant);
        self.issue_key.as_ref().is_none_or(|key| *key == item.issue_key)
            && (self.field.is_none() || self.field == item.field)
            && self.from.is_none_or(|from| instant.is_some_and(|instant| instant >= from))
            && self.until.is_none_or(|until| instant.is_some_and(|instant| instant < until))
    }
}

fn histories<'o, 'a>(entry: Node<'o, 'a>) -> impl Iterator<Item = Node<'o, 'a>> {
    node_at(entry, &["changelog", "histories"]).into_iter().flat_map(Node::elements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{ProfileId, QueryId};

    fn read(document: &str) -> (Changelog, Vec<ChangelogEntry>) {
        let key = QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap());
        let (changelog, entries) = Changelog::read(key, document, None).unwrap();
        assert_eq!(changelog.document(&entries).unwrap(), document);
        (changelog, entries)
    }

    #[test]
    fn a_map_holds_one_entry_an_issue() {
        let document = r#"{"A-1": {"key": "other", "changelog": {"histories": [
            {"created": "2025-03-20T05:38:35.564+0000", "items": [{"field": "status", "fromString": "To Do", "toString": "Done"}]},
            {"created": "2025-03-21T05:38:35.564+0000", "items": []}]}, "last_updated": "2025-12-17T09:30:00"}, "A-2": null}"#;
        let (changelog, entries) = read(document);
        assert_eq!((changelog.layout, changelog.timestamp), (ChangelogLayout::Map, None));
        assert_eq!((entries[0].issue_key.as_str(), entries[1].issue_key.as_str()), ("A-1", "A-2"));
        assert_eq!((entries[0].history_count(), entries[0].items().len()), (2, 1));
        let item = &entries[0].items()[0];
        assert_eq!(
            (item.field.as_deref(), item.from.as_deref(), item.to.as_deref()),
            (Some("status"), Some("To Do"), Some("Done"))
        );
        assert_eq!(item.author, None);
        assert_eq!(entries[0].expires_at, Timestamp::parse("2025-12-18 09:30"));
        assert_eq!((entries[1].items().len(), entries[1].expires_at), (0, None));
        assert_eq!(read("{}").1, []);
    }

    #[test]
    fn a_wrapped_document_holds_whole_issues() {
        let document = r#"{"cache_version": "2.0", "timestamp": "2025-12-17T09:30:00Z", "issues": [{"key": "A-1", "changelog": {"histories":
            [{"author": {"name": "ann", "displayName": "Ann"}, "created": "2025-03-20T05:38:35.564+0000",
              "items": [{"field": "Sprint", "fieldtype": "custom", "from": "1", "to": "2"}, {"field": "status", "toString": null}]}]}}, {}]}"#;
        let (changelog, entries) = read(document);
        assert_eq!(changelog.layout, ChangelogLayout::Wrapped);
        assert_eq!(entries[1].issue_key, "");
        assert_eq!(entries[1].expires_at, Timestamp::parse("2025-12-18 09:30"));
        let items = entries[0].items();
        assert_eq!(items.iter().map(|item| (item.history, item.item)).collect::<Vec<_>>(), [(0, 0), (0, 1)]);
        assert_eq!((items[0].author.as_deref(), items[0].from.as_deref()), (Some("Ann"), Some("1")));
        assert_eq!((items[1].field.as_deref(), items[1].to.as_deref()), (Some("status"), None));
    }

    #[test]
    fn filters_take_the_end_as_excluded() {
        let (_, entries) = read(
            r#"{"A-1": {"changelog": {"histories": [{"created": "2025-03-20T05:00:00.000+0000", "items": [{"field": "status"}]}]}}}"#,
        );
        let item = &entries[0].items()[0];
        let time = Timestamp::parse("2025-03-20 05:00");
        assert!(ItemFilter { from: time, field: Some("status".to_owned()), ..ItemFilter::default() }.accepts(item));
        assert!(!ItemFilter { until: time, ..ItemFilter::default() }.accepts(item));
        assert!(!ItemFilter { issue_key: Some("A-2".to_owned()), ..ItemFilter::default() }.accepts(item));
    }
}
