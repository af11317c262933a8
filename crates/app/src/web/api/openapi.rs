//! The description of the API: served, and kept as `docs/openapi.json`.

use super::session;
use crate::web::Answer;
use axum::http::header;
use axum::response::IntoResponse as _;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(title = "Landfast", description = "Tasks, delivery, presentations and runs. Errors are `application/problem+json` with a stable `code`; lists are paged with `after` and `limit`."),
    paths(session::show, session::begin, session::end),
    components(schemas(crate::web::frame::Problem)),
    modifiers(&Schemes),
    security(("bearer" = []), ()),
    tags((name = "session", description = "Logging in"), (name = "tasks", description = "Templates, attempts, notes")),
)]
struct Api;

struct Schemes;

impl utoipa::Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The description as text, indented.
#[must_use]
pub fn text() -> String {
    let mut openapi = Api::openapi();
    openapi.merge(crate::web::tasks::TasksApi::openapi());
    openapi.to_pretty_json().map(|text| text + "\n").unwrap_or_default()
}

/// `GET /api/v1/openapi.json`.
pub(super) async fn serve() -> Answer {
    Ok(([(header::CONTENT_TYPE, "application/json")], text()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// `LANDFAST_UPDATE_DOCS=1` writes the file anew.
    #[test]
    fn the_committed_description_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
        if std::env::var_os("LANDFAST_UPDATE_DOCS").is_some() {
            std::fs::write(&path, text()).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text(), "run LANDFAST_UPDATE_DOCS=1 cargo test -p landfast openapi");
    }
}
