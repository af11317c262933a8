//! Values that are copied when one of their owners changes them, and not before.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A value that clones share until it is changed, so that a clone and a comparison with it cost nothing.
///
/// Reading goes through `Deref`; every call that needs `&mut` makes the value this owner's own first.
#[derive(Debug, Clone, Default)]
pub(crate) struct CopyOnWrite<T>(Arc<T>);

impl<T> CopyOnWrite<T> {
    /// Whether both are the same value, not only equal ones.
    pub(crate) fn is_same(a: &Self, b: &Self) -> bool {
        Arc::ptr_eq(&a.0, &b.0)
    }
}

impl<T> Deref for CopyOnWrite<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for CopyOnWrite<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<T: PartialEq> PartialEq for CopyOnWrite<T> {
    fn eq(&self, other: &Self) -> bool {
        Self::is_same(self, other) || *self.0 == *other.0
    }
}

impl<T, I> FromIterator<I> for CopyOnWrite<T>
where
    T: FromIterator<I>,
{
    fn from_iter<Items: IntoIterator<Item = I>>(items: Items) -> Self {
        Self(Arc::new(items.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_is_shared_until_one_of_them_changes() {
        let mut a: CopyOnWrite<Vec<i32>> = [1, 2].into_iter().collect();
        let b = a.clone();
        assert!(CopyOnWrite::is_same(&a, &b) && a.len() == 2);
        a.push(3);
        assert_eq!((a.len(), b.len(), a == b), (3, 2, false));
        a.pop();
        assert!(a == b && !CopyOnWrite::is_same(&a, &b));
    }
}
