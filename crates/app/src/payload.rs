//! Payloads from the command line.

use crate::cli::PayloadArgs;
use crate::failure::Failure;
use landfast_domain::json::{Json, Object};
use std::io::Read as _;
use std::path::Path;

/// The object given by `--json-payload` and `KEY=VALUE` pairs; pairs win.
///
/// A VALUE that is JSON is taken as such, everything else is text; so `relief=40` is a number, `why=tired`
/// a text, and `why='"40"'` a text again.
///
/// # Errors
/// When the payload cannot be read or is no JSON object, or a pair has no `=`.
pub fn from_args(args: &PayloadArgs) -> Result<Object, Failure> {
    let mut object = match &args.json_payload {
        Some(text) => parse_object(&text_or_file("--json-payload", text)?)?,
        None => Object::new(),
    };
    for pair in &args.pairs {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(
                Failure::usage(format!("{pair:?} is no KEY=VALUE pair")).hint("write for instance actual_relief=70")
            );
        };
        let value = Json::parse(value).unwrap_or_else(|_| Json::from(value));
        object.insert(key, value);
    }
    Ok(object)
}

/// The text itself, or what the file holds that `@FILE` names; `@-` is standard input. `option` is named when
/// the file cannot be read.
///
/// # Errors
/// When the file cannot be read or is not UTF-8.
pub fn text_or_file(option: &str, text: &str) -> Result<String, Failure> {
    match text.strip_prefix('@') {
        Some(path) => read_file(option, path.as_ref()),
        None => Ok(text.to_owned()),
    }
}

/// What a file holds; `-` is standard input.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub fn read_file(option: &str, path: &Path) -> Result<String, Failure> {
    let read = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    read.map_err(|error| Failure::usage(format!("{option} {}: {error}", path.display())))
}

fn parse_object(text: &str) -> Result<Object, Failure> {
    let value =
        Json::parse(text.trim()).map_err(|error| Failure::usage(format!("--json-payload is not JSON: {error}")))?;
    value.as_object().cloned().ok_or_else(|| {
        Failure::usage("--json-payload is not a JSON object")
            .hint("write for instance --json-payload '{\"actual_relief\": 70}'")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(json: Option<&str>, pairs: &[&str]) -> Result<String, Failure> {
        let args = PayloadArgs {
            json_payload: json.map(str::to_owned),
            pairs: pairs.iter().map(|pair| (*pair).to_owned()).collect(),
        };
        from_args(&args).map(|object| Json::Object(object).dump())
    }

    #[test]
    fn pairs_are_json_where_they_can_be() {
        let text = dump(None, &["a=40", "b=tired = very", "c=\"40\"", "d=true", "e=[1]", "f=", "g=50.0"]).unwrap();
        assert_eq!(text, r#"{"a": 40, "b": "tired = very", "c": "40", "d": true, "e": [1], "f": "", "g": 50.0}"#);
    }

    #[test]
    fn pairs_win_over_the_payload() {
        assert_eq!(dump(Some(r#"{"a": 1, "b": NaN}"#), &["a=2"]).unwrap(), r#"{"a": 2, "b": NaN}"#);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for (json, pairs, part) in
            [(Some("[1]"), &[][..], "not a JSON object"), (Some("{"), &[], "not JSON"), (None, &["a"], "KEY=VALUE")]
        {
            let failure = dump(json, pairs).unwrap_err();
            assert_eq!(failure.exit, crate::failure::Exit::Usage);
            assert!(failure.to_string().contains(part), "{failure}");
        }
        assert!(dump(Some("@/nowhere/x.json"), &[]).unwrap_err().to_string().contains("/nowhere/x.json"));
    }
}
