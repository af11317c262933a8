//! Formulas that can be calculated from their terms.

/// Calculates a formula of numbers, names, `+ - * /`, brackets and `min`, `max`, `clamp`, `exp`, `sqrt`, `abs`.
///
/// `value_of` gives the value of a name. `None` when the text is no such formula, a name has no value, or the result
/// is no finite number.
///
/// ```
/// use landfast_analytics::explain::calculate;
///
/// let value_of = |name: &str| Some(if name == "w" { 20.0 } else { 50.0 });
/// assert_eq!(calculate("w - 0.3 * g", &value_of), Some(5.0));
/// assert_eq!(calculate("clamp(2 * (g + w), 0, 100)", &value_of), Some(100.0));
/// assert_eq!(calculate("mean over all rows", &value_of), None);
/// ```
#[must_use]
pub fn calculate(formula: &str, value_of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    let mut reader = Reader { rest: formula, value_of };
    let value = reader.sum()?;
    reader.skip_blanks();
    (reader.rest.is_empty() && value.is_finite()).then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    value_of: &'a dyn Fn(&str) -> Option<f64>,
}

impl<'a> Reader<'a> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, sign: char) -> bool {
        self.skip_blanks();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            if self.takes('+') {
                value += self.product()?;
            } else if self.takes('-') {
                value -= self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.factor()?;
        loop {
            if self.takes('*') {
                value *= self.factor()?;
            } else if self.takes('/') {
                value /= self.factor()?;
            } else {
                return Some(value);
            }
        }
    }

    fn factor(&mut self) -> Option<f64> {
        if self.takes('-') {
            return Some(-self.factor()?);
        }
        if self.takes('(') {
            let value = self.sum()?;
            return self.takes(')').then_some(value);
        }
        self.skip_blanks();
        let word = self.word();
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return word.parse().ok();
        }
        if word.is_empty() {
            return None;
        }
        if !self.takes('(') {
            return (self.value_of)(word);
        }
        let mut values = vec![self.sum()?];
        while self.takes(',') {
            values.push(self.sum()?);
        }
        if !self.takes(')') {
            return None;
        }
        match (word, values.as_slice()) {
            ("min", [one, other]) => Some(one.min(*other)),
            ("max", [one, other]) => Some(one.max(*other)),
            ("clamp", [value, least, most]) => Some(value.max(*least).min(*most)),
            ("exp", [value]) => Some(value.exp()),
            ("sqrt", [value]) => Some(value.sqrt()),
            ("abs", [value]) => Some(value.abs()),
            _ => None,
        }
    }

    /// A name or a number.
    fn word(&mut self) -> &'a str {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(formula: &str) -> Option<f64> {
        calculate(formula, &|name| match name {
            "a" => Some(6.0),
            "b" => Some(4.0),
            "zero" => Some(0.0),
            _ => None,
        })
    }

    #[test]
    fn the_usual_order_of_operations_holds() {
        for (formula, expected) in [
            ("a + b * 2", 14.0),
            ("(a + b) * 2", 20.0),
            ("a - b - 1", 1.0),
            ("a / b / 3", 0.5),
            ("-a + 10", 4.0),
            ("100 * a / max(b, 1)", 150.0),
            ("sqrt(b) + exp(zero) + abs(b - a)", 5.0),
        ] {
            assert_eq!(value(formula), Some(expected), "{formula}");
        }
    }

    #[test]
    fn what_is_no_formula_has_no_value() {
        for formula in ["", "a b", "a +", "(a", "nope", "a / zero", "max(a)", "f(a)", "1.2.3", "a ; b"] {
            assert_eq!(value(formula), None, "{formula}");
        }
    }
}
