//! Who sends a request.

use super::cookies::{Ticket, ticket};
use super::layout::{Area, Frame};
use super::theme::Theme;
use super::token::{csrf_of, hash_of, new_token};
use crate::clock::Clock;
use crate::web::app::Inner;
use crate::web::{App, Error, GuestMode};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use chrono::TimeDelta;
use landfast_domain::Repositories;
use landfast_domain::accounts::{Session, UserId};
use std::net::SocketAddr;
use std::ops::Deref;

/// The use of a session is noted no more often than this.
const TOUCH_SECONDS: i64 = 60;

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// Network address, empty when unknown.
    pub address: String,
    /// What the client says about itself, cut to 400 characters.
    pub user_agent: String,
}

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Somebody who is not logged in, and the guest may not work.
    Nobody,
    /// Somebody who is not logged in and works as the guest.
    Guest(UserId),
    /// A user who is logged in.
    User {
        /// Whose data the requests are about.
        user: UserId,
        /// Name shown on the pages.
        name: String,
        /// The session's id.
        session: String,
    },
}

impl Who {
    /// Whose data the request is about; `None` for nobody.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Nobody => None,
            Self::Guest(user) | Self::User { user, .. } => Some(user),
        }
    }
}

/// Extractor for pages that anybody may see, such as the one to log in.
#[derive(Clone)]
pub struct Visitor {
    /// The server's state.
    pub app: App,
    /// Who it is.
    pub who: Who,
    /// Where the request comes from.
    pub client: Client,
    /// The token that forms must carry.
    pub csrf: String,
    /// Token to be given to the browser with the answer.
    pub(super) fresh: Option<String>,
    /// Whether a bearer token proves the visitor; another site cannot send one.
    pub(super) bearer: bool,
    theme: Theme,
    path: String,
    said: Option<&'static str>,
}

/// Extractor for everything that needs a user: one who is logged in, or the guest.
///
/// Nobody is led to the page to log in, or answered 401 below `/api/`.
#[derive(Clone)]
pub struct Visit {
    visitor: Visitor,
    user: UserId,
}

impl Visitor {
    /// Finds out who sends a request.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a bearer token that proves nothing; else when the store fails.
    pub(super) async fn identify(app: &App, request: &Parts) -> Result<Self, Error> {
        let headers = &request.headers;
        let bearer = bearer(headers)?;
        let is_bearer = bearer.is_some();
        let given = bearer.map(Ticket::Session).or_else(|| ticket(headers, &app.inner.settings));
        let session_token = match &given {
            Some(Ticket::Session(token)) => Some(token.clone()),
            _ => None,
        };
        let who = app.blocking(move |inner| who(inner, session_token.as_deref())).await?;
        if is_bearer && !matches!(who, Who::User { .. }) {
            return Err(Error::Unauthenticated);
        }
        let (token, fresh) = match (given, &who) {
            (Some(Ticket::Session(token)), Who::User { .. }) | (Some(Ticket::Visit(token)), _) => (token, None),
            // The session is over; its token must not live on.
            _ => {
                let token = new_token()?;
                (token.clone(), Some(token))
            }
        };
        let uri = &request.uri;
        Ok(Self {
            app: app.clone(),
            who,
            client: client(app, request),
            csrf: csrf_of(&token),
            fresh,
            bearer: is_bearer,
            theme: Theme::of(headers),
            path: uri.path().to_owned(),
            said: uri.query().and_then(|query| {
                query.split('&').find_map(|pair| pair.strip_prefix("said=")).and_then(super::said::text)
            }),
        })
    }

    /// What frames a page.
    #[must_use]
    pub fn frame(&self, title: &str, area: Area) -> Frame {
        Frame::new(self, title, area)
    }

    /// Colours of the pages.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// Path of the page, without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Confirmation to be shown.
    #[must_use]
    pub fn said(&self) -> Option<&'static str> {
        self.said
    }
}

impl Visit {
    /// Whose data the request is about.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// Whether the migrated data is the user's: the guest's, or that of the account that took the guest over.
    /// What imports tell is shown to nobody else, since it quotes that data.
    #[must_use]
    pub fn owns_imports(&self) -> bool {
        self.user == self.app.inner.guest
    }

    /// Runs a read transaction about the user's data.
    ///
    /// # Errors
    /// What the work answered, or that the store failed.
    pub async fn read<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut dyn Repositories, &UserId) -> landfast_domain::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let user = self.user.clone();
        self.app.read(move |repositories| work(repositories, &user)).await
    }

    /// Runs a write transaction about the user's data; it may run several times, so it has no other effects.
    ///
    /// # Errors
    /// What the work answered, or that the store failed; nothing was then written.
    pub async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut dyn Repositories, &UserId) -> landfast_domain::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let user = self.user.clone();
        let written = self.app.write(move |repositories| work(repositories, &user)).await;
        self.app.inner.numbers.forget(&self.user);
        written
    }
}

impl Deref for Visit {
    type Target = Visitor;
    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

/// Looks up the session; without a live one it is the guest, if that one may work.
fn who(inner: &Inner, token: Option<&str>) -> Result<Who, Error> {
    let Some(store) = inner.accounts() else {
        // A folder of files knows no accounts. Where the guest is off it stays off, also when the folder stands in.
        let is_open = inner.settings.guest == GuestMode::On;
        return Ok(if is_open { Who::Guest(inner.guest.clone()) } else { Who::Nobody });
    };
    let now = Clock::now().utc;
    let lifetime = inner.settings.lifetime;
    let found = store.read(|repositories| {
        let security = repositories.security()?;
        if let Some(token) = token
            && let Some(session) = security.find_session(&hash_of(token))?
            && session.is_live(now, &lifetime)
        {
            let login = security.credential(&session.user)?.map(|credential| credential.login);
            let name = login.map_or_else(|| session.user.to_string(), |login| login.to_string());
            return Ok(Found::Session(session, name));
        }
        let open = inner.settings.guest == GuestMode::On && security.credential(&inner.guest)?.is_none();
        Ok(if open { Found::Guest } else { Found::Nobody })
    })?;
    Ok(match found {
        Found::Nobody => Who::Nobody,
        Found::Guest => Who::Guest(inner.guest.clone()),
        Found::Session(session, name) => {
            if now.naive() - session.last_seen_at.naive() >= TimeDelta::seconds(TOUCH_SECONDS) {
                store.write(|repositories| repositories.security()?.touch_session(&session.id, now))?;
            }
            Who::User { user: session.user, name, session: session.id }
        }
    })
}

enum Found {
    Nobody,
    Guest,
    Session(Session, String),
}

/// The token of `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).map(str::trim);
    token.map(|token| Some(token.to_owned())).ok_or(Error::Unauthenticated)
}

fn client(app: &App, request: &Parts) -> Client {
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
    // The last address is the one our own proxy saw; those before it are what the client says.
    let forwarded = header("x-forwarded-for").and_then(|list| list.rsplit(',').next()).map(|one| one.trim().to_owned());
    let direct = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let address = if app.inner.settings.trust_proxy { forwarded.or(direct) } else { direct };
    Client {
        address: address.unwrap_or_default(),
        user_agent: header("user-agent").unwrap_or_default().chars().take(400).collect(),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!(path = parts.uri.path(), "a route is not behind the gate");
            Error::Broken
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let user = visitor.who.user().cloned().ok_or(Error::Unauthenticated)?;
        Ok(Self { visitor, user })
    }
}
