//! One value of a payload or column, with what Python's `or` and a look-up make of it.

use landfast_domain::json::Member;
use landfast_domain::text::{legacy_text, python_float, python_strip};

/// A value that may be missing, false in Python's sense, or no number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Given {
    present: bool,
    truthy: bool,
    number: Option<f64>,
}

impl Given {
    pub(super) fn of_member(value: &Member<'_>) -> Self {
        Self {
            present: !value.is_null(),
            truthy: value.is_truthy(),
            number: value.python_number().filter(|number| number.is_finite()),
        }
    }

    /// A cell of a table: blank cells and missing-value words are absent.
    pub(super) fn of_cell(raw: &str) -> Self {
        let text = python_strip(legacy_text(raw));
        let number = python_float(text).filter(|number| number.is_finite());
        Self { present: !text.is_empty(), truthy: number.map_or(!text.is_empty(), |number| number != 0.0), number }
    }

    pub(super) fn is_present(self) -> bool {
        self.present
    }

    /// Finite number, if this is one.
    pub(super) fn number(self) -> Option<f64> {
        self.number
    }

    /// Python's `self or other`.
    pub(super) fn or(self, other: Self) -> Self {
        if self.truthy { self } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::json::read_members;

    fn json(text: &str) -> Given {
        let mut given = Given::default();
        read_members(&format!(r#"{{"x": {text}}}"#), |_, value| given = Given::of_member(&value)).unwrap();
        given
    }

    #[test]
    fn zero_falls_through_an_or_and_a_text_does_not() {
        assert_eq!(json("0").or(json("7")).number(), Some(7.0));
        assert!(json("0").is_present() && !json("null").is_present());
        assert_eq!(json("\"0\"").or(json("7")).number(), Some(0.0));
    }

    #[test]
    fn cells_without_a_number_are_present_all_the_same() {
        let cell = Given::of_cell("soon");
        assert!(cell.is_present());
        assert_eq!(cell.number(), None);
        // The missing words count without blanks only; with them they are text that is no finite number.
        assert!(!Given::of_cell("NaN").is_present() && Given::of_cell(" NaN ").is_present());
        assert_eq!(Given::of_cell(" NaN ").number(), None);
        assert_eq!(Given::of_cell("1e400").number(), None);
    }
}
