//! Places in a document, and the values of terms at them.
//!
//! A term's place is `/a/b` from the root, `./b` beside the value, `../b` one level above that, and so on; `{1}` is what
//! the first `*` of the pattern stood for. `sum`, `count` or `mean` before a place with `#` is that of the numbers at all
//! elements of a list or object.

use serde_json::Value;

/// What a term stands for.
pub(super) enum Values {
    /// One value.
    One(Value),
    /// A number made of many.
    Many(f64),
    /// Nothing.
    None,
}

/// The value at a place.
pub(super) fn find<'a>(document: &'a Value, segments: &[&str]) -> Option<&'a Value> {
    segments.iter().try_fold(document, |value, segment| match value {
        Value::Object(members) => members.get(*segment),
        Value::Array(list) => list.get(segment.parse::<usize>().ok()?),
        _ => None,
    })
}

/// What each `*` of a pattern stands for, and the first segment of `**`; `None` when the pattern does not fit.
pub(super) fn captured<'a>(pattern: &str, segments: &[&'a str]) -> Option<Vec<&'a str>> {
    let mut captures = Vec::new();
    let mut rest = segments.iter();
    for part in pattern.split('/') {
        if part == "**" {
            captures.extend(rest.next());
            return Some(captures);
        }
        let segment = rest.next()?;
        if part == "*" {
            captures.push(*segment);
        } else if part != *segment {
            return None;
        }
    }
    rest.next().is_none().then_some(captures)
}

/// The numbers at a term's place.
pub(super) fn numbers(document: &Value, at: &[&str], captures: &[&str], place: &str) -> Values {
    let (how, place) = place
        .split_once(' ')
        .filter(|(how, _)| matches!(*how, "sum" | "count" | "mean"))
        .map_or(("", place), |(how, place)| (how, place.trim()));
    let mut place = place.to_owned();
    for (number, capture) in captures.iter().enumerate() {
        place = place.replace(&format!("{{{}}}", number + 1), capture);
    }
    let mut segments: Vec<&str> = Vec::new();
    if let Some(absolute) = place.strip_prefix('/') {
        segments.extend(absolute.split('/'));
    } else {
        segments.extend(at.iter().take(at.len().saturating_sub(1)));
        for part in place.split('/') {
            match part {
                "." => {}
                ".." => {
                    segments.pop();
                }
                part => segments.push(part),
            }
        }
    }
    if how.is_empty() {
        return find(document, &segments).map_or(Values::None, |value| Values::One(value.clone()));
    }
    let mut found = Vec::new();
    gather(document, &segments, &mut found);
    let count = crate::stats::real(found.len());
    let sum: f64 = found.iter().sum();
    match how {
        "count" => Values::Many(count),
        "sum" => Values::Many(sum),
        "mean" if !found.is_empty() => Values::Many(sum / count),
        _ => Values::None,
    }
}

/// Numbers at a place in which `#` stands for every element.
fn gather(value: &Value, segments: &[&str], found: &mut Vec<f64>) {
    let Some((first, rest)) = segments.split_first() else {
        found.extend(value.as_f64());
        return;
    };
    match (value, *first) {
        (Value::Array(list), "#") => list.iter().for_each(|element| gather(element, rest, found)),
        (Value::Object(members), "#") => members.values().for_each(|element| gather(element, rest, found)),
        _ => {
            if let Some(inner) = find(value, &[first]) {
                gather(inner, rest, found);
            }
        }
    }
}

/// Visits the places of all numbers and nulls.
pub(super) fn leaves<'a>(value: &'a Value, at: &mut Vec<String>, visit: &mut dyn FnMut(&[&str])) {
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                at.push(key.clone());
                leaves(inner, at, visit);
                at.pop();
            }
        }
        Value::Array(list) => {
            for (place, inner) in list.iter().enumerate() {
                at.push(place.to_string());
                leaves(inner, at, visit);
                at.pop();
            }
        }
        Value::Number(_) | Value::Null => visit(&at.iter().map(String::as_str).collect::<Vec<_>>()),
        Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_capture_segments() {
        assert_eq!(captured("a/*/c", &["a", "b", "c"]), Some(vec!["b"]));
        assert_eq!(captured("a/**", &["a", "b", "c"]), Some(vec!["b"]));
        assert_eq!(captured("a/**", &["a"]), Some(vec![]));
        assert_eq!(captured("a/*", &["a", "b", "c"]), None);
        assert_eq!(captured("a/b/c", &["a", "b"]), None);
    }

    #[test]
    fn terms_are_found_from_the_root_and_beside() {
        let document = json!({"rows": [{"x": 1}, {"x": 3}, {}], "a": {"b": 5, "c": {"d": 7}}});
        let at = ["a", "c", "d"];
        let number = |place: &str| match numbers(&document, &at, &["a"], place) {
            Values::One(value) => value.as_f64(),
            Values::Many(number) => Some(number),
            Values::None => None,
        };
        assert_eq!(number("./d"), Some(7.0));
        assert_eq!(number("../b"), Some(5.0));
        assert_eq!(number("/{1}/b"), Some(5.0));
        assert_eq!(number("sum /rows/#/x"), Some(4.0));
        assert_eq!(number("count /rows/#/x"), Some(2.0));
        assert_eq!(number("mean /rows/#/x"), Some(2.0));
        assert_eq!(number("mean /rows/#/y"), None);
        assert_eq!(number("./x"), None);
    }
}
