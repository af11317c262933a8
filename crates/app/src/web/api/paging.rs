//! Pages of lists, by key: rows that come or go meanwhile neither repeat nor hide others.

use crate::web::Error;
use crate::web::frame::Fields;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use landfast_domain::record::Placed;
use serde::Serialize;

/// Rows of a page when nothing was asked for.
const USUAL: usize = 50;
/// Most rows of a page.
const MOST: usize = 500;

/// `?after=CURSOR&limit=N` of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// The cursor of the page before; `None` for the first page.
    pub after: Option<String>,
    /// How many rows, 1 to 500.
    pub limit: usize,
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give it as `after` for the page that follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The only page of a list.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// A page of records that were read with [`Paging::read`] as the limit, so that it is known whether more
    /// follow.
    #[must_use]
    pub fn of<R>(rows: &[Placed<R>], paging: &Paging) -> Self
    where
        T: for<'a> From<&'a R>,
    {
        let shown = rows.get(..paging.limit).unwrap_or(rows);
        let next = if shown.len() < rows.len() { shown.last().map(|last| last.position.to_string()) } else { None };
        Self { items: shown.iter().map(|row| T::from(&row.record)).collect(), next }
    }
}

impl Paging {
    /// How many rows to read for a page: one more than are shown.
    #[must_use]
    pub fn read(&self) -> usize {
        self.limit + 1
    }

    /// The cursor as a position.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is none that this server gave.
    pub fn position(&self) -> Result<Option<i64>, Error> {
        let parse =
            |text: &String| text.parse().map_err(|_| Error::invalid("after", "after is no cursor of this list"));
        self.after.as_ref().map(parse).transpose()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())?;
        let limit = query.number("limit")?.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::invalid("limit", format!("limit must be 1 to {MOST}")));
        }
        Ok(Self { after: query.given("after").map(str::to_owned), limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Shown(i64);

    impl From<&i64> for Shown {
        fn from(number: &i64) -> Self {
            Self(*number)
        }
    }

    #[test]
    fn only_a_page_with_followers_has_a_cursor() {
        let paging = Paging { after: None, limit: 2 };
        let rows: Vec<Placed<i64>> =
            (1..=3).map(|number| Placed { position: number * 10, source: None, record: number }).collect();
        let page = Page::<Shown>::of(&rows, &paging);
        assert_eq!((page.items, page.next.as_deref()), (vec![Shown(1), Shown(2)], Some("20")));
        assert_eq!(Page::<Shown>::of(&rows[..2], &paging).next, None);
    }
}
