//! The one error type of the domain layer.

/// What the layer below reported, boxed so that this crate need not know Diesel or the file system.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Result of a domain operation or of a repository call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation failed.
///
/// Absence of a looked-up record is `Ok(None)` of a `get`, not an error; operations that must find
/// their record answer [`Error::NotFound`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A record with this key exists already. Nothing was written.
    #[error("{entity} `{key}` already exists")]
    Conflict {
        /// Kind of record, for instance `task`.
        entity: &'static str,
        /// Key that is taken.
        key: String,
    },
    /// The record an operation needs does not exist, or belongs to another user.
    #[error("{entity} `{key}` does not exist")]
    NotFound {
        /// Kind of record.
        entity: &'static str,
        /// Key that was looked for.
        key: String,
    },
    /// An argument is outside what the domain allows. Nothing was written.
    #[error("{entity}: {field} {reason} (got {value:?})")]
    Invalid {
        /// Kind of record.
        entity: &'static str,
        /// Field or argument name.
        field: &'static str,
        /// Offending value as text.
        value: String,
        /// What is wrong with it, as the end of a sentence: `must not be empty`.
        reason: &'static str,
    },
    /// The life cycle does not allow this step from the state the record is in.
    #[error("{entity} `{key}` cannot {action}: it is {state}")]
    Transition {
        /// Kind of record.
        entity: &'static str,
        /// Key of the record.
        key: String,
        /// The step that was asked for, as a verb: `start`.
        action: &'static str,
        /// State the record is in, as an adjective: `completed`.
        state: String,
    },
    /// A stored value is outside what the domain allows, for instance after a manual edit.
    #[error("{entity} `{key}`: column `{column}` holds {value:?}")]
    Corrupt {
        /// Kind of record.
        entity: &'static str,
        /// Key of the record.
        key: String,
        /// Column whose content cannot be understood.
        column: String,
        /// What it holds.
        value: String,
    },
    /// Another process holds a lock this operation needs; trying again later may help.
    #[error("{what} is in use by {holder}")]
    Busy {
        /// What is locked.
        what: String,
        /// Who holds it, as far as known.
        holder: String,
    },
    /// This store has no such ability, for instance an import ledger in a plain folder of files.
    #[error("{store} does not support {what}")]
    Unsupported {
        /// Kind of store.
        store: &'static str,
        /// What was asked for.
        what: &'static str,
    },
    /// The database rolled the transaction back in favour of another one. A store's `write` retries
    /// on this by itself; it reaches a caller only when every try was used up.
    #[error("the transaction lost against a concurrent one")]
    SerializationFailure(#[source] BoxError),
    /// The database or file system failed; retrying later may help.
    #[error("storage backend failed: {0}")]
    Backend(#[source] BoxError),
    /// The caller's own work inside a transaction failed; the transaction was rolled back.
    #[error("{0}")]
    Aborted(#[source] BoxError),
}

impl Error {
    /// Wraps an error of the caller's own so that it can leave a transaction closure.
    pub fn aborted(error: impl Into<BoxError>) -> Self {
        Self::Aborted(error.into())
    }

    /// Wraps a failure of the layer below.
    pub fn backend(error: impl Into<BoxError>) -> Self {
        Self::Backend(error.into())
    }
}
