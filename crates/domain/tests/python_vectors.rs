//! Compares the text rules and the JSON dialect with recorded answers of CPython.
//!
//! Each line of `fixtures/python_vectors.tsv` names an operation, its input and what CPython
//! answered. Lines that begin with `#` describe the columns.

use landfast_domain::json::Json;
use landfast_domain::text::{
    is_python_int, python_bool_text, python_float, python_float_repr, python_int, python_lower, python_str_repr,
    python_strip, round_half_even, round_to,
};

/// The columns of all lines of one operation, the operation itself left out. Every call checks that
/// there are at least `least` of them, so that a test cannot pass on an empty table.
fn vectors(operation: &str, least: usize) -> Vec<Vec<&'static str>> {
    let lines = include_str!("fixtures/python_vectors.tsv").lines();
    let vectors: Vec<Vec<&str>> = lines
        .filter_map(|line| line.strip_prefix(operation)?.strip_prefix('\t'))
        .map(|columns| columns.split('\t').collect())
        .collect();
    assert!(vectors.len() >= least, "only {} vectors of {operation}", vectors.len());
    vectors
}

/// Text of a column that holds a JSON string.
fn text(column: &str) -> String {
    let string = Json::parse(column).expect("the column is JSON");
    string.as_str().expect("the column is a string").to_owned()
}

fn float(column: &str) -> f64 {
    column.parse().expect("the column is a float")
}

#[test]
fn float_repr() {
    for vector in vectors("repr", 70) {
        let [bits, repr] = vector[..] else { panic!("{vector:?}") };
        let x = f64::from_bits(u64::from_str_radix(bits, 16).unwrap());
        assert_eq!(python_float_repr(x), repr, "{bits}");
    }
}

#[test]
fn rounding() {
    for vector in vectors("round", 60) {
        let [x, digits, rounded] = vector[..] else { panic!("{vector:?}") };
        let result = match digits {
            "" => round_half_even(float(x)),
            _ => round_to(float(x), digits.parse().unwrap()),
        };
        assert_eq!(result.to_bits(), float(rounded).to_bits(), "round({x}, {digits})");
    }
}

#[test]
fn numbers_from_text() {
    for vector in vectors("number", 60) {
        let [input, as_float, as_int] = vector[..] else { panic!("{vector:?}") };
        let input = text(input);
        let result = python_float(&input).map_or("error".to_owned(), python_float_repr);
        assert_eq!(result, as_float, "float({input:?})");
        assert_eq!(is_python_int(&input), as_int != "error", "int({input:?})");
        assert_eq!(python_int(&input), as_int.parse().ok(), "int({input:?})");
    }
}

#[test]
fn strings() {
    for vector in vectors("text", 20) {
        let [input, stripped, lowered, quoted] = vector[..] else { panic!("{vector:?}") };
        let input = text(input);
        assert_eq!(python_strip(&input), text(stripped), "{input:?}");
        assert_eq!(python_lower(&input), text(lowered), "{input:?}");
        assert_eq!(python_str_repr(&input), text(quoted), "{input:?}");
    }
}

#[test]
fn documents() {
    for vector in vectors("json", 30) {
        let [input, dumped, as_text, truthy] = vector[..] else { panic!("{vector:?}") };
        let input = text(input);
        let value = Json::parse(&input).unwrap();
        assert_eq!(value.python_text(), text(as_text), "{input}");
        assert_eq!(python_bool_text(value.is_truthy()), truthy, "{input}");
        // Python forgets how numbers were written and that a key was repeated.
        assert_eq!(as_python_loads(&value).dump(), text(dumped), "{input}");
    }
}

/// What is left of a document once Python has read it: numbers by value, each key once.
fn as_python_loads(value: &Json) -> Json {
    match value {
        Json::Number(number) if number.as_str() == "-0" => Json::from(0),
        Json::Number(number) if !number.is_integer() => Json::from(number.to_f64()),
        Json::Array(elements) => Json::Array(elements.iter().map(as_python_loads).collect()),
        Json::Object(object) => {
            let members = object.effective().into_iter();
            Json::Object(members.map(|(key, member)| (key, as_python_loads(member))).collect())
        }
        other => other.clone(),
    }
}

#[test]
fn errors_and_their_places() {
    for vector in vectors("error", 60) {
        let [input, kind, offset, line, column] = vector[..] else { panic!("{vector:?}") };
        let input = text(input);
        let error = Json::parse(&input).unwrap_err();
        let found = [
            format!("{:?}", error.kind()),
            error.offset().to_string(),
            error.line().to_string(),
            error.column().to_string(),
        ];
        assert_eq!(found, [kind, offset, line, column], "{input:?}");
    }
}
