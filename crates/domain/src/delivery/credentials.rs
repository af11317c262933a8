//! Taking secrets out of documents.

use crate::json::{Json, JsonError, Object, elements, members};

/// Keys whose values are secrets or half of a login, in lower case.
pub const SECRET_KEYS: [&str; 13] = [
    "token",
    "jira_token",
    "jira_api_key",
    "api_key",
    "apikey",
    "api_secret",
    "secret",
    "client_secret",
    "password",
    "passwd",
    "authorization",
    "email",
    "jira_email",
];

/// Ends of keys whose values are secrets, in lower case.
const SECRET_ENDS: [&str; 5] = ["_token", "_api_key", "_secret", "_password", "_authorization"];

/// Whether the value under a key is to be taken out: one of [`SECRET_KEYS`], or something that ends like
/// `_token` or `_password`, in any case and with `-` for `_`.
///
/// ```
/// use landfast_domain::delivery::credentials::is_secret_key;
/// assert!(is_secret_key("token") && is_secret_key("Access-Token"));
/// assert!(!is_secret_key("tokens_used") && !is_secret_key("emailAddress"));
/// ```
#[must_use]
pub fn is_secret_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    SECRET_KEYS.contains(&key.as_str()) || SECRET_ENDS.iter().any(|end| key.ends_with(end))
}

/// The document without members under secret keys, at any depth; every other byte stays. Text that is no
/// object or list comes back as it is. A truth value is no secret: `"includes_token": false` stays.
///
/// ```
/// use landfast_domain::delivery::credentials::strip;
///
/// let document = r#"{"name": "n", "jira_config": {"base_url": "u", "token": "c"}, "old": [{"password": "p", "a": 1.50}]}"#;
/// assert_eq!(strip(document)?, r#"{"name": "n", "jira_config": {"base_url": "u"}, "old": [{"a": 1.50}]}"#);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
/// [`JsonError`] when the text is not JSON.
pub fn strip(document: &str) -> Result<String, JsonError> {
    // Most documents have none, and then one reading is enough.
    if !has_secrets(document)? {
        return Ok(document.to_owned());
    }
    if let Some(found) = members(document)? {
        let mut text = document.to_owned();
        let is_secret = |key: &str, text: &str| is_secret_key(key) && !matches!(text, "true" | "false");
        for member in found.iter().rev().filter(|member| !is_secret(&member.key, member.text)) {
            let end = member.offset + member.text.len();
            text.replace_range(member.offset..end, &strip(member.text)?);
        }
        for member in found.iter().filter(|member| is_secret(&member.key, member.text)) {
            text = crate::json::remove_member(&text, &member.key)?;
        }
        return Ok(text);
    }
    let mut text = document.to_owned();
    for element in elements(document)?.unwrap_or_default().iter().rev() {
        let end = element.offset + element.text.len();
        text.replace_range(element.offset..end, &strip(element.text)?);
    }
    Ok(text)
}

/// Whether a document has members under secret keys, at any depth.
///
/// # Errors
/// [`JsonError`] when the text is not JSON.
pub fn has_secrets(document: &str) -> Result<bool, JsonError> {
    let (value, _) = crate::json::parse_lossy(document)?;
    Ok(!secret_paths(&value).is_empty())
}

/// What the legacy program took out of a package: `jira_token`, `jira_api_key`, `api_secret` and `token`,
/// at the root and in `jira_config`, and nothing deeper.
#[must_use]
pub fn strip_like_legacy(settings: &Json) -> Json {
    let without = |object: &Object| -> Object {
        let is_kept = |key: &str| !["jira_token", "jira_api_key", "api_secret", "token"].contains(&key);
        object.iter().filter(|(key, _)| is_kept(key)).map(|(key, value)| (key, value.clone())).collect()
    };
    let Some(root) = settings.as_object() else {
        return settings.clone();
    };
    let mut root = without(root);
    if let Some(Json::Object(jira)) = root.get_mut("jira_config") {
        *jira = without(jira);
    }
    Json::Object(root)
}

/// Paths, through objects only, to the members under secret keys that hold anything but null or the empty
/// text; with their values.
#[must_use]
pub fn secrets_of(settings: &Json) -> Vec<(Vec<String>, Json)> {
    let mut found = secret_paths(settings);
    found.retain(|(path, value)| !path.iter().any(|step| step == LIST) && value.is_truthy());
    found
}

/// Stands for "some element of a list" in a path; no key of interest is written so.
const LIST: &str = "[]";

fn secret_paths(value: &Json) -> Vec<(Vec<String>, Json)> {
    let mut found = Vec::new();
    // A list of what is left instead of recursion, as documents may nest deeply.
    let mut left = vec![(Vec::new(), value)];
    while let Some((path, value)) = left.pop() {
        let below = |key: &str| {
            let mut below: Vec<String> = path.clone();
            below.push(key.to_owned());
            below
        };
        match value {
            Json::Object(object) => {
                for (key, member) in object.iter() {
                    if is_secret_key(key) && member.as_bool().is_none() {
                        found.push((below(key), member.clone()));
                    } else if matches!(member, Json::Object(_) | Json::Array(_)) {
                        left.push((below(key), member));
                    }
                }
            }
            Json::Array(list) => left.extend(list.iter().map(|element| (below(LIST), element))),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn repeated_and_escaped_keys_go_too() {
        let document = "{ \"token\": 1,\n \"to\\u006ben\": {\"a\": 2}, \"b\": \"token\" }";
        assert_eq!(strip(document).unwrap(), "{ \"b\": \"token\" }");
        assert_eq!(strip("[\"token\", null]").unwrap(), "[\"token\", null]");
        assert_eq!(strip("{\"token\": null}").unwrap(), "{}");
        assert!(strip("{").is_err());
    }

    #[test]
    fn secrets_are_found_with_their_paths() {
        let settings =
            Json::parse(r#"{"jira_config": {"token": "c", "email": ""}, "x": [{"token": "d"}], "jira_token": "e"}"#)
                .unwrap();
        let mut paths: Vec<_> = secrets_of(&settings).into_iter().map(|(path, _)| path.join(".")).collect();
        paths.sort();
        assert_eq!(paths, ["jira_config.token", "jira_token"]);
    }

    proptest! {
        #[test]
        fn nothing_secret_is_left_and_nothing_else_is_lost(
            keys in proptest::collection::vec("(token|password|a|b|email|refresh_token|list)", 1..6),
            depth in 0_usize..4,
        ) {
            let mut document = "{}".to_owned();
            for (number, key) in keys.iter().enumerate() {
                document = crate::json::set_member(&document, key, &Json::from(format!("v{number}"))).unwrap();
            }
            let plain: Vec<String> = keys.iter().filter(|key| !is_secret_key(key)).cloned().collect();
            for _ in 0..depth {
                document = format!("{{\"inner\": [1, {document}], \"token\": {document}}}");
            }
            let stripped = strip(&document).unwrap();
            prop_assert!(!has_secrets(&stripped).unwrap());
            let json = Json::parse(&stripped).unwrap().dump();
            for key in plain {
                let quoted = format!("\"{key}\"");
                prop_assert!(json.contains(&quoted), "{} lacks {}", json, key);
            }
        }
    }
}
