//! Objects with ordered and possibly repeated keys.

use std::collections::HashMap;

use super::value::Json;

/// Members of a JSON object in the order of the text, repeated keys included.
///
/// Where one value is asked for, the last member with the key counts, as in Python. Look-ups are
/// linear, which suits payloads of a few dozen keys; walk over large objects with
/// [`iter`](Self::iter).
///
/// ```
/// use landfast_domain::json::Json;
///
/// let parsed = Json::parse(r#"{"a": 1, "b": 2, "a": 3}"#)?;
/// let object = parsed.as_object().expect("the text is an object");
/// assert_eq!(object.len(), 3);
/// assert_eq!(object.get("a"), Some(&Json::from(3)));
/// assert_eq!(object.effective(), [("a", &Json::from(3)), ("b", &Json::from(2))]);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    members: Vec<(String, Json)>,
}

impl Object {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Value of the last member with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.iter().rev().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// Value of the last member with this key, to be changed in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Json> {
        self.members.iter_mut().rev().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// Whether any member has this key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.members.iter().any(|(k, _)| k == key)
    }

    /// Replaces the value of the last member with this key, which keeps its place, and returns the
    /// former value; or adds a member at the end.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Json>) -> Option<Json> {
        let key = key.into();
        let value = value.into();
        if let Some(place) = self.get_mut(&key) {
            return Some(std::mem::replace(place, value));
        }
        self.push(key, value);
        None
    }

    /// Removes all members with this key and returns the value that counted, which is the last one.
    pub fn remove(&mut self, key: &str) -> Option<Json> {
        self.members.extract_if(.., |(k, _)| k == key).last().map(|(_, value)| value)
    }

    /// Number of members; repeated keys count each time.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// All members in order, repeated keys included.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Json)> + ExactSizeIterator {
        self.members.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The members as Python's `dict` holds them: each key once, where it first occurs, with the
    /// value of its last occurrence.
    #[must_use]
    pub fn effective(&self) -> Vec<(&str, &Json)> {
        let mut places = HashMap::with_capacity(self.len());
        let mut members: Vec<(&str, &Json)> = Vec::with_capacity(self.len());
        for (key, value) in self.iter() {
            let place = *places.entry(key).or_insert(members.len());
            match members.get_mut(place) {
                Some(member) => member.1 = value,
                None => members.push((key, value)),
            }
        }
        members
    }

    /// Adds a member at the end, whether or not its key exists already.
    pub(super) fn push(&mut self, key: String, value: Json) {
        self.members.push((key, value));
    }
}

/// Keeps all pairs in order, repeated keys included.
impl<K: Into<String>, V: Into<Json>> FromIterator<(K, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let members = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Self { members }
    }
}

impl IntoIterator for Object {
    type Item = (String, Json);
    type IntoIter = std::vec::IntoIter<(String, Json)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated() -> Object {
        Object::from_iter([("a", 1), ("b", 2), ("a", 3), ("c", 4)])
    }

    fn members(object: &Object) -> Vec<(&str, i64)> {
        object.iter().map(|(key, value)| (key, value.as_i64().unwrap())).collect()
    }

    #[test]
    fn the_last_of_repeated_keys_counts() {
        let mut object = repeated();
        assert_eq!(object.get("a"), Some(&Json::from(3)));
        *object.get_mut("a").unwrap() = Json::from(5);
        assert_eq!(members(&object), [("a", 1), ("b", 2), ("a", 5), ("c", 4)]);
        assert_eq!(object.get("d"), None);
        assert!(object.contains_key("c") && !object.contains_key("d"));
    }

    #[test]
    fn insert_replaces_in_place_or_appends() {
        let mut object = repeated();
        assert_eq!(object.insert("a", 6), Some(Json::from(3)));
        assert_eq!(object.insert("d", 7), None);
        assert_eq!(members(&object), [("a", 1), ("b", 2), ("a", 6), ("c", 4), ("d", 7)]);
    }

    #[test]
    fn remove_takes_all_occurrences() {
        let mut object = repeated();
        assert_eq!(object.remove("a"), Some(Json::from(3)));
        assert_eq!(object.remove("a"), None);
        assert_eq!(members(&object), [("b", 2), ("c", 4)]);
        assert_eq!(object.len(), 2);
        object.remove("b");
        object.remove("c");
        assert!(object.is_empty());
    }

    #[test]
    fn effective_members_are_those_of_a_dict() {
        let object = repeated();
        let values: Vec<_> = object.effective().into_iter().map(|(k, v)| (k, v.as_i64().unwrap())).collect();
        assert_eq!(values, [("a", 3), ("b", 2), ("c", 4)]);
    }
}
