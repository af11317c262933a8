//! The tasks area: templates, instances with their life cycle, notes, history.

mod api;
mod numbers;
mod pages;

pub(super) use api::{TasksApi, routes as api_routes};
pub(super) use numbers::Numbers;
pub(super) use pages::routes;
