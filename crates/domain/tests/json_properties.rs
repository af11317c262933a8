//! Rules of the JSON dialect that hold for every document, checked on random ones.

use landfast_domain::json::{
    Json, JsonErrorKind, MAX_DEPTH, NumberText, Object, remove_member, set_member, top_level_kind, validate,
};
use landfast_domain::text::{python_float, python_float_repr, round_half_even, round_to};
use proptest::prelude::*;

/// Keys from a small set, so that they repeat, and arbitrary ones.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[abé\"😀]{0,2}", 1 => any::<String>()]
}

fn number() -> impl Strategy<Value = NumberText> {
    prop_oneof![
        any::<i64>().prop_map(NumberText::from),
        any::<f64>().prop_map(NumberText::from),
        r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?"
            .prop_map(|text| text.parse().expect("the pattern is that of a JSON number")),
    ]
}

fn document() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        number().prop_map(Json::Number),
        any::<String>().prop_map(Json::String),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((key(), inner), 0..5).prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

fn blank() -> impl Strategy<Value = String> {
    "[ \t\r\n]{0,2}"
}

/// A member as it stands in a text: key, value, and the blanks before and after either.
fn member() -> impl Strategy<Value = (String, Json, [String; 4])> {
    (key(), document(), [blank(), blank(), blank(), blank()])
}

/// Text of an object in which only the blanks are unusual.
fn object_text(members: &[(String, Json, [String; 4])], end: &str) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(key, value, [a, b, c, d])| {
            format!("{a}{}{b}:{c}{}{d}", Json::from(key.as_str()).dump_unicode(), value.dump())
        })
        .collect();
    format!("\n{{{}{end}}} ", members.join(","))
}

proptest! {
    #[test]
    fn what_is_dumped_reads_back_the_same(value in document()) {
        let texts =
            [value.dump(), value.dump_compact(), value.dump_unicode(), value.dump_unicode_compact()];
        for text in texts {
            prop_assert_eq!(&Json::parse(&text).unwrap(), &value);
        }
        prop_assert!(value.dump().bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }

    #[test]
    fn checking_agrees_with_reading(
        text in prop_oneof![
            any::<String>(),
            r#"[\[\]{},:"\\ubnA-Fd0-9 \ntrues.eE+-]{0,30}"#,
            document().prop_map(|value| value.dump()),
        ],
        cut in any::<prop::sample::Index>(),
    ) {
        let short: String = text.chars().take(cut.index(text.chars().count() + 1)).collect();
        for text in [text, short] {
            let parsed = Json::parse(&text);
            prop_assert_eq!(validate(&text), parsed.as_ref().map(|_| ()).map_err(|error| *error));
            prop_assert_eq!(top_level_kind(&text), parsed.as_ref().map(Json::kind).map_err(|error| *error));
            if let Err(error) = parsed {
                prop_assert!(text.is_char_boundary(error.offset()));
            }
        }
    }

    #[test]
    fn setting_a_member_is_inserting(
        members in prop::collection::vec(member(), 0..5),
        end in blank(),
        key in key(),
        value in document(),
    ) {
        let raw = object_text(&members, &end);
        let mut parsed = Json::parse(&raw).unwrap();
        parsed.as_object_mut().unwrap().insert(key.as_str(), value.clone());
        let edited = set_member(&raw, &key, &value).unwrap();
        prop_assert_eq!(Json::parse(&edited).unwrap(), parsed);

        if let Some(place) = members.iter().rposition(|(k, ..)| *k == key) {
            let mut expected = members;
            expected[place].1 = value;
            prop_assert_eq!(edited, object_text(&expected, &end));
        }
    }

    #[test]
    fn removing_a_member_keeps_the_others(
        members in prop::collection::vec(member(), 0..5),
        end in blank(),
        key in key(),
    ) {
        let raw = object_text(&members, &end);
        let mut parsed = Json::parse(&raw).unwrap();
        let removed = parsed.as_object_mut().unwrap().remove(&key);
        let edited = remove_member(&raw, &key).unwrap();
        prop_assert_eq!(Json::parse(&edited).unwrap(), parsed);
        prop_assert_eq!(edited == raw, removed.is_none());
    }

    #[test]
    fn a_member_that_was_added_can_be_removed_again(
        members in prop::collection::vec(member(), 0..5),
        end in blank(),
        value in document(),
    ) {
        let raw = object_text(&members, &end);
        let added = set_member(&raw, "a new key", &value).unwrap();
        prop_assert_eq!(remove_member(&added, "a new key").unwrap(), raw);
    }

    #[test]
    fn float_texts_read_back_the_same(x in any::<f64>()) {
        let text = python_float_repr(x);
        let back = python_float(&text).unwrap();
        prop_assert!(back.to_bits() == x.to_bits() || (back.is_nan() && x.is_nan()), "{}", text);
        prop_assert_eq!(Json::from(x).python_text(), text);
    }

    #[test]
    fn rounding_twice_changes_nothing_more(x in -1e9..1e9_f64, digits in 0..12_usize) {
        let once = round_to(x, digits);
        prop_assert_eq!(round_to(once, digits), once);
        prop_assert_eq!(round_to(x, 0), round_half_even(x));
    }
}

#[test]
fn nesting_ends_at_the_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::parse(&nested(MAX_DEPTH)).is_ok());
    for text in [nested(MAX_DEPTH + 1), nested(1_000_000), "[{\"a\":".repeat(300_000)] {
        let error = Json::parse(&text).unwrap_err();
        assert_eq!(error.kind(), JsonErrorKind::TooDeep);
        assert_eq!(validate(&text), Err(error));
    }
}

#[test]
fn the_deepest_document_fits_a_small_stack() {
    let text = format!("{}1{}", "[{\"a\": ".repeat(MAX_DEPTH / 2), "}]".repeat(MAX_DEPTH / 2));
    let work = move || {
        let value = Json::parse(&text).unwrap();
        assert_eq!(value.dump(), text);
        assert_eq!(value.clone(), value);
        assert_eq!(value.python_text(), text.replace('"', "'"));
    };
    // A quarter of what Rust gives a thread by default.
    std::thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().unwrap();
}

#[test]
fn a_lone_surrogate_is_reported_only_if_nothing_else_is_wrong() {
    for (text, kind, offset) in [
        (r#"["\ud800"]"#, JsonErrorKind::LoneSurrogate, 2),
        (r#"["a\udc00\ud800"]"#, JsonErrorKind::LoneSurrogate, 3),
        (r#"{"\ud800\u0041": 1}"#, JsonErrorKind::LoneSurrogate, 2),
        (r#"["\ud800", ]"#, JsonErrorKind::ExpectedValue, 11),
        (r#""\ud800\ud83d\ude00""#, JsonErrorKind::LoneSurrogate, 1),
    ] {
        let error = Json::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{text}");
    }
    assert_eq!(Json::parse(r#""\ud83d\ude00""#), Ok(Json::from("😀")));
}

#[test]
fn nothing_a_text_says_is_lost() {
    let text = r#"{"b": 1.50, "a": -0, "b": 1e5, "n": [NaN, -Infinity, 123456789012345678901234567890]}"#;
    let value = Json::parse(text).unwrap();
    assert_eq!(value.dump(), text);
    let object: Object = value.as_object().unwrap().clone().into_iter().collect();
    assert_eq!(Json::from(object), value);
}
