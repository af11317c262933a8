//! What every request goes through, and what every page is framed by.

pub mod assets;
mod cookies;
mod fields;
mod gate;
mod guard;
mod headers;
mod layout;
mod metrics;
mod observe;
mod problem;
mod said;
mod theme;
mod token;
mod visitor;

pub use cookies::{forget_session, remember_session};
pub use fields::{Fields, percent_encoded};
pub use gate::gate;
#[expect(unused_imports, reason = "for routes of existing clients, which come with their areas")]
pub use gate::legacy_gate;
pub use headers::headers;
pub use layout::{Area, Frame, nowhere, page, page_with, see_other};
pub use metrics::Metrics;
pub use observe::{fresh_request, observe};
pub use problem::Problem;
pub use theme::change_theme;
pub use token::{hash_of, new_token};
pub use visitor::{Client, Visit, Visitor, Who};
