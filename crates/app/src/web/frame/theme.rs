//! Light, dark, or as the system says.

use super::cookies::cookie;
use super::visitor::Visitor;
use super::{Fields, see_other};
use crate::web::Answer;
use axum::http::{HeaderMap, HeaderValue, header};

const NAME: &str = "landfast-theme";

/// Colours of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// `system`, `light` or `dark`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What the button changes to.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Dark,
            Self::Dark => Self::Light,
            Self::Light => Self::System,
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// What the browser remembers.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        cookie(headers, NAME).map(Self::parse).unwrap_or_default()
    }
}

/// Remembers the colours in the browser and goes back to the page the button is on.
///
/// # Errors
/// When the form lacks a field.
pub async fn change_theme(_: Visitor, fields: Fields) -> Answer {
    let theme = Theme::parse(fields.text("theme")?);
    let mut answer = see_other(fields.local_path("back"))?;
    let line = format!("{NAME}={}; Path=/; SameSite=Lax; HttpOnly; Max-Age=31536000", theme.as_str());
    if let Ok(value) = HeaderValue::from_str(&line) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(answer)
}
