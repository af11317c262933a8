//! How a command ends when it does not succeed: a message for a person and an exit code for a script.

use std::fmt;

/// Exit codes of the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, nothing left out.
    Done = 0,
    /// Failed, nothing changed.
    Failed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// Done, with records in quarantine.
    Quarantined = 3,
    /// Verification found differences.
    Different = 4,
    /// Another migrator holds the lock.
    Busy = 5,
    /// The database schema is not current.
    Schema = 6,
    /// Interrupted; the same command continues.
    Interrupted = 130,
}

impl Exit {
    /// The number.
    #[must_use]
    #[expect(clippy::as_conversions, reason = "reads the discriminant of a repr(u8) enum")]
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// A failed command.
#[derive(Debug)]
pub struct Failure {
    /// Exit code.
    pub exit: Exit,
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// Failed, nothing changed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into(), hint: None }
    }

    /// Wrong command line or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), hint: None }
    }

    /// Ends with another code.
    #[must_use]
    pub fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// Says where it happened: a database, a folder.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        let place = place.to_string();
        if !self.message.contains(&place) {
            self.message = format!("{} ({place})", self.message);
        }
        self
    }

    /// What went wrong, without what to do.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Adds what the person can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  what to do: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl From<landfast_domain::Error> for Failure {
    fn from(error: landfast_domain::Error) -> Self {
        let exit = match &error {
            landfast_domain::Error::Busy { .. } => Exit::Busy,
            landfast_domain::Error::Invalid { .. } => Exit::Usage,
            _ => Exit::Failed,
        };
        Self::failed(with_causes(&error)).with_exit(exit)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
    }
}

/// An error's message followed by those of its causes that say something new.
#[must_use]
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !text.contains(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        cause = error.source();
    }
    text
}
