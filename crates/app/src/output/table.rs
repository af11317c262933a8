//! Aligned columns.

use super::Style;
use super::text::safe;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// A table of texts. Cells may hold anything; they are made safe for the terminal.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
    emphasis: Vec<Emphasis>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Emphasis {
    None,
    Total,
}

/// Longest cell that is shown whole.
const MAX_WIDTH: usize = 60;

impl Table {
    /// A table with these columns.
    #[must_use]
    pub fn new(columns: &[(&'static str, Align)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new(), emphasis: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.push(cells, Emphasis::None);
    }

    /// Adds a row that sums up those above.
    pub fn total(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.push(cells, Emphasis::Total);
    }

    fn push(&mut self, cells: impl IntoIterator<Item = impl Into<String>>, emphasis: Emphasis) {
        let mut cells: Vec<String> = cells.into_iter().map(|cell| cut(&safe(&cell.into()))).collect();
        cells.resize(self.columns.len(), String::new());
        self.rows.push(cells);
        self.emphasis.push(emphasis);
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as lines, each with this many blanks before it.
    #[must_use]
    pub fn render(&self, style: Style, indent: usize) -> String {
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, (title, _))| {
                let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.width());
                cells.chain([title.width()]).max().unwrap_or(0)
            })
            .collect();
        let titles: Vec<String> = self.columns.iter().map(|(title, _)| (*title).to_owned()).collect();
        let mut text = String::new();
        if self.columns.iter().any(|(title, _)| !title.is_empty()) {
            self.line(&mut text, &titles, &widths, indent, |line| style.dim(line));
        }
        for (row, emphasis) in self.rows.iter().zip(&self.emphasis) {
            self.line(&mut text, row, &widths, indent, |line| match emphasis {
                Emphasis::None => line.to_owned(),
                Emphasis::Total => style.bold(line),
            });
        }
        text
    }

    fn line(
        &self,
        text: &mut String,
        cells: &[String],
        widths: &[usize],
        indent: usize,
        paint: impl Fn(&str) -> String,
    ) {
        let mut line = String::new();
        for (index, ((cell, width), (_, align))) in cells.iter().zip(widths).zip(&self.columns).enumerate() {
            if index > 0 {
                line.push_str("  ");
            }
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            match align {
                Align::Left => line.extend([cell.as_str(), &blanks]),
                Align::Right => line.extend([&blanks, cell.as_str()]),
            }
        }
        text.push_str(&" ".repeat(indent));
        text.push_str(&paint(line.trim_end()));
        text.push('\n');
    }
}

/// At most [`MAX_WIDTH`] columns, the last of them `…` when something is missing.
fn cut(text: &str) -> String {
    if text.width() <= MAX_WIDTH {
        return text.to_owned();
    }
    let mut width = 1;
    let kept = text.chars().take_while(|c| {
        width += c.width().unwrap_or(0);
        width <= MAX_WIDTH
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_a_terminal_shows() {
        let mut table = Table::new(&[("name", Align::Left), ("rows", Align::Right)]);
        table.row(["日本", "7"]);
        table.row(["plain", "1,200"]);
        table.total(["all", "1,207"]);
        let expected = "  name    rows\n  日本       7\n  plain  1,200\n  all    1,207\n";
        assert_eq!(table.render(Style::plain(), 2), expected);
    }

    #[test]
    fn long_cells_are_cut_and_missing_ones_are_empty() {
        let mut table = Table::new(&[("a", Align::Left), ("b", Align::Left)]);
        table.row(["x".repeat(100)]);
        let text = table.render(Style::plain(), 0);
        assert!(text.ends_with("x…\n"), "{text}");
        assert_eq!(text.lines().last().unwrap().width(), MAX_WIDTH);
    }
}
