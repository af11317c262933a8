//! Pages of lists, by key: rows that come or go meanwhile neither repeat nor hide others.

use crate::web::Error;
use crate::web::frame::Fields;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
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
    /// A page of rows that were read with `limit + 1`, so that it is known whether more follow.
    #[must_use]
    pub fn new(mut items: Vec<T>, paging: &Paging, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > paging.limit;
        items.truncate(paging.limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}

impl Paging {
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

    #[test]
    fn only_a_page_with_followers_has_a_cursor() {
        let paging = Paging { after: None, limit: 2 };
        let page = Page::new(vec![1, 2, 3], &paging, ToString::to_string);
        assert_eq!((page.items, page.next.as_deref()), (vec![1, 2], Some("2")));
        assert_eq!(Page::new(vec![1, 2], &paging, ToString::to_string).next, None);
    }
}
