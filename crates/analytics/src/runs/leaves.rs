//! Values of a JSON text by their path.

use landfast_domain::json::{Json, JsonError, parse_lossy};

/// A value within a JSON text that holds no others.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Names of the members that lead to it, joined by `.`; an element of a list has its number from 0. Empty
    /// when the text is a single value. A name with a dot in it looks like two.
    pub path: String,
    /// The value: null, a truth value, a number, a text, or an empty object or list.
    pub value: Json,
}

/// Why a JSON column was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{column}` of run {run} is not JSON: {reason}")]
pub struct NotRead {
    /// Id of the run.
    pub run: String,
    /// Name of the column.
    pub column: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// The leaves of a JSON text in the order of the text; of a member that occurs several times the last one, in
/// the place of the first.
///
/// ```
/// use landfast_analytics::runs::leaves;
///
/// let found = leaves(r#"{"b": {"x": 1, "y": []}, "a": [null, "t"]}"#).unwrap();
/// let paths: Vec<&str> = found.iter().map(|leaf| leaf.path.as_str()).collect();
/// assert_eq!(paths, ["b.x", "b.y", "a.0", "a.1"]);
/// ```
///
/// # Errors
/// [`JsonError`] when the text is not JSON.
pub fn leaves(text: &str) -> Result<Vec<Leaf>, JsonError> {
    let root = parse_lossy(text)?.0;
    let mut found = Vec::new();
    let mut left = vec![(String::new(), &root)];
    while let Some((path, value)) = left.pop() {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match value {
            Json::Object(object) if !object.is_empty() => {
                left.extend(object.effective().into_iter().rev().map(|(name, value)| (below(name), value)));
            }
            Json::Array(elements) if !elements.is_empty() => {
                let numbered = elements.iter().enumerate().rev();
                left.extend(numbered.map(|(number, value)| (below(&number.to_string()), value)));
            }
            value => found.push(Leaf { path, value: value.clone() }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_value_is_a_leaf_without_a_path() {
        assert_eq!(leaves("7").unwrap(), [Leaf { path: String::new(), value: Json::from(7) }]);
        assert_eq!(leaves("{}").unwrap().len(), 1);
        assert!(leaves("{").is_err());
    }

    #[test]
    fn the_last_of_several_members_counts() {
        let found = leaves(r#"{"a": 1, "b": 2, "a": 3}"#).unwrap();
        assert_eq!(found[0], Leaf { path: "a".to_owned(), value: Json::from(3) });
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn deep_texts_are_read() {
        let text = format!("{}1{}", "[".repeat(500), "]".repeat(500));
        assert_eq!(leaves(&text).unwrap()[0].path.len(), 999);
    }
}
