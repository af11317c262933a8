//! A page of text on stdout: headings, pairs, tables.

use super::text::safe;
use super::{Style, Table, print};
use crate::failure::Failure;
use unicode_width::UnicodeWidthStr as _;

/// Text that is built up and printed at once.
#[derive(Debug)]
pub struct Page {
    style: Style,
    text: String,
}

impl Page {
    /// An empty page for stdout.
    #[must_use]
    pub fn new() -> Self {
        Self { style: Style::stdout(), text: String::new() }
    }

    /// The style to emphasise parts with.
    #[must_use]
    pub fn style(&self) -> Style {
        self.style
    }

    /// A heading, with an empty line before it unless it is the first thing or there is one.
    pub fn heading(&mut self, title: &str) {
        if !self.text.is_empty() && self.text != "\n" && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self.text.push_str(&self.style.bold(title));
        self.text.push('\n');
    }

    /// A line as it is; may hold emphasis, so foreign text must have been made safe.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Names and values, one a line, values in one column. The values are made safe.
    pub fn pairs<N: AsRef<str>, V: AsRef<str>>(&mut self, pairs: &[(N, V)]) {
        let width = pairs.iter().map(|(name, _)| name.as_ref().width()).max().unwrap_or(0);
        for (name, value) in pairs {
            let blanks = " ".repeat(width.saturating_sub(name.as_ref().width()));
            let name = self.style.dim(&safe(name.as_ref()));
            let line = format!("  {name}{blanks}  {}", safe(value.as_ref()));
            self.line(line.trim_end());
        }
    }

    /// A table, indented under its heading.
    pub fn table(&mut self, table: &Table) {
        self.text.push_str(&table.render(self.style, 2));
    }

    /// Prints the page.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn print(self) -> Result<(), Failure> {
        print(&self.text)
    }
}
