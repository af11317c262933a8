//! Registering, logging in and out, passwords, sessions.

mod account;
mod limiter;
mod login;
mod passwords;
mod register;
mod service;

pub use limiter::Limiter;
pub use passwords::Passwords;
pub(super) use service::{LoggedIn, log_in, log_out};

use super::App;
use super::frame::change_theme;
use axum::Router;
use axum::routing::{get, post};

/// Routes of this room.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(login::show).post(login::submit))
        .route("/logout", post(login::leave))
        .route("/register", get(register::show).post(register::submit))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/end", post(account::end_session))
        .route("/account/sessions/end-others", post(account::end_others))
        .route("/theme", post(change_theme))
}
