//! Colours, or none.

use std::io::IsTerminal as _;

/// How text is emphasised: with escape sequences on a terminal, not at all elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    colored: bool,
}

impl Style {
    /// The style for stdout: plain when it is not a terminal or `NO_COLOR` is set and not empty.
    #[must_use]
    pub fn stdout() -> Self {
        Self { colored: std::io::stdout().is_terminal() && colors_wanted() }
    }

    /// The style for stderr, by the same rule.
    #[must_use]
    pub fn stderr() -> Self {
        Self { colored: std::io::stderr().is_terminal() && colors_wanted() }
    }

    /// No emphasis.
    #[must_use]
    #[cfg(test)]
    pub fn plain() -> Self {
        Self { colored: false }
    }

    /// A heading.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Less important.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// Good.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// Wants attention.
    #[must_use]
    pub fn warn(self, text: &str) -> String {
        self.wrap("33", text)
    }

    /// Bad.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.wrap("31", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.colored { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn colors_wanted() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    !is_set("NO_COLOR") && !dumb
}
