//! Numbers and foreign text as people read them.

use std::time::Duration;

/// A whole number with a comma after every three digits: `200,000`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and its noun: `1 file`, `3 files`.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// An amount of bytes with three figures: `999 B`, `1.23 kB`, `61.0 MB`. Powers of 1000.
#[must_use]
pub fn bytes(number: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let Some((size, unit)) = UNITS.into_iter().find(|(size, _)| number >= *size) else {
        return format!("{number} B");
    };
    // Whole arithmetic: a size in bytes need not fit a double.
    let (whole, hundredths) = (number / size, number % size * 100 / size);
    match whole {
        0..=9 => format!("{whole}.{hundredths:02} {unit}"),
        10..=99 => format!("{whole}.{} {unit}", hundredths / 10),
        _ => format!("{whole} {unit}"),
    }
}

/// A span of time: `18 ms`, `2.41 s`, `3 min 12 s`.
#[must_use]
pub fn duration(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{} ms", span.as_millis()),
        1..=119 => format!("{:.2} s", span.as_secs_f64()),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// Foreign text for one line of a terminal: line breaks and control characters become visible, so that
/// data can neither break a table nor send commands to the terminal.
#[must_use]
pub fn safe(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => '⏎',
            '\t' => ' ',
            // Also the marks that change the direction of what follows.
            c if c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 12_345, 1_234_567].map(count), ["0", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(0, "row"), "0 rows");
    }

    #[test]
    fn sizes_have_three_figures() {
        let texts = [0, 999, 1_000, 1_239, 61_050_000, 999_999_999_999].map(bytes);
        assert_eq!(texts, ["0 B", "999 B", "1.00 kB", "1.23 kB", "61.0 MB", "999 GB"]);
    }

    #[test]
    fn spans_choose_their_unit() {
        let texts = [18, 2_412, 192_000].map(|ms| duration(Duration::from_millis(ms)));
        assert_eq!(texts, ["18 ms", "2.41 s", "3 min 12 s"]);
    }

    #[test]
    fn foreign_text_cannot_command_the_terminal() {
        assert_eq!(safe("a\n\u{1b}[31mb\u{202e}c"), "a⏎\u{fffd}[31mb\u{fffd}c");
    }
}
