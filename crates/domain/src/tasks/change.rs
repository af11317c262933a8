//! A three-way change of an optional value.

/// What an update does to a value that may be absent.
///
/// Values that are always there use `Option<T>` in updates: `None` keeps, `Some` sets.
///
/// ```
/// use landfast_domain::tasks::Change;
/// let change: Change<i64> = Change::default();
/// assert_eq!(change, Change::Keep);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// Leaves the value as it is.
    #[default]
    Keep,
    /// Empties the cell.
    Clear,
    /// Replaces the value.
    Set(T),
}

impl<T> Change<T> {
    /// The new value if there is one.
    #[must_use]
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

/// `Some` sets, `None` clears; the form of a record that is written as a whole.
impl<T> From<Option<T>> for Change<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}
