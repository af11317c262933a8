//! The visitor's own account: password, sessions, what was noted.

use super::passwords::{self, Verdict};
use super::service::hash;
use crate::clock::Clock;
use crate::web::app::security_event;
use crate::web::frame::{Area, Fields, Frame, Visit, Who, page, page_with, see_other};
use crate::web::{Answer, Error};
use askama::Template;
use axum::http::StatusCode;
use landfast_domain::accounts::{Credential, EventKind, SecurityEvent, Session};
use landfast_domain::time::Timestamp;

/// Entries of the log shown.
const EVENTS: usize = 20;

#[derive(Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    frame: Frame,
    sessions: Vec<SessionRow>,
    events: Vec<EventRow>,
    mistake: Option<String>,
    shortest: usize,
}

struct SessionRow {
    id: String,
    browser: String,
    since: String,
    seen: String,
    is_this: bool,
}

struct EventRow {
    at: String,
    what: &'static str,
    address: String,
}

/// `GET /account`.
pub(super) async fn show(visit: Visit) -> Answer {
    page(&account_page(&visit, None).await?)
}

async fn account_page(visit: &Visit, mistake: Option<String>) -> Result<AccountPage, Error> {
    let (user, this) = logged_in(visit)?;
    let (sessions, events) = visit
        .app
        .accounts_read(move |repositories| {
            let security = repositories.security()?;
            Ok((security.list_sessions(&user)?, security.list_events(&user, None, EVENTS)?))
        })
        .await?;
    let (now, lifetime) = (Clock::now().utc, visit.app.inner.settings.lifetime);
    let live = sessions.iter().filter(|session| session.is_live(now, &lifetime));
    Ok(AccountPage {
        frame: visit.frame("Account", Area::Account),
        sessions: live.map(|session| session_row(session, &this)).collect(),
        events: events.iter().map(event_row).collect(),
        mistake,
        shortest: passwords::SHORTEST,
    })
}

/// `POST /account/password`.
pub(super) async fn change_password(visit: Visit, fields: Fields) -> Answer {
    match try_change(&visit, &fields).await {
        Ok(()) => see_other("/account?said=password-changed"),
        Err(error @ Error::Invalid { .. }) => {
            let template = account_page(&visit, Some(error.to_string())).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(error) => Err(error),
    }
}

async fn try_change(visit: &Visit, fields: &Fields) -> Result<(), Error> {
    let (user, this) = logged_in(visit)?;
    let app = &visit.app;
    let owner = user.clone();
    let known = app.accounts_read(move |repositories| repositories.security()?.credential(&owner)).await?;
    let known = known.ok_or(Error::Unauthenticated)?;
    let address = &visit.client.address;
    let limiter = &app.inner.limiter;
    limiter.before_login(known.login.as_str(), address)?;
    let (old, stored) = (fields.secret("old")?.to_owned(), known.password_hash.clone());
    let turn = app.inner.passwords.turn().await?;
    let verdict = app.blocking(move |inner| Ok(inner.passwords.verify(&old, Some(&stored)))).await?;
    drop(turn);
    if verdict == Verdict::Wrong {
        limiter.failed_login(known.login.as_str(), address);
        return Err(Error::invalid("old", "the present password is another one"));
    }
    let password = fields.secret("password")?;
    passwords::check(password, known.login.as_str())?;
    if fields.secret("repeat")? != password {
        return Err(Error::invalid("repeat", "the two passwords differ"));
    }
    let credential = Credential { password_hash: hash(app, password).await?, changed_at: Clock::now().utc, ..known };
    let event = event(visit, EventKind::PasswordChanged, "");
    app.accounts_write(move |repositories| {
        let security = repositories.security()?;
        security.save_credential(&credential)?;
        security.delete_sessions(&user, Some(&this))?;
        security.insert_event(&event)
    })
    .await
}

/// `POST /account/sessions/end`.
pub(super) async fn end_session(visit: Visit, fields: Fields) -> Answer {
    let (user, _) = logged_in(&visit)?;
    let id = fields.text("session")?.to_owned();
    let event = event(&visit, EventKind::SessionEnded, &id);
    visit
        .app
        .accounts_write(move |repositories| {
            let security = repositories.security()?;
            if !security.delete_session(&user, &id)? {
                return Err(Error::NotFound("there is no such session".to_owned()).into());
            }
            security.insert_event(&event)
        })
        .await?;
    see_other("/account?said=session-ended")
}

/// `POST /account/sessions/end-others`.
pub(super) async fn end_others(visit: Visit) -> Answer {
    let (user, this) = logged_in(&visit)?;
    let event = event(&visit, EventKind::SessionEnded, "all others");
    visit
        .app
        .accounts_write(move |repositories| {
            let security = repositories.security()?;
            security.delete_sessions(&user, Some(&this))?;
            security.insert_event(&event)
        })
        .await?;
    see_other("/account?said=session-ended")
}

/// User and session; the guest has none.
fn logged_in(visit: &Visit) -> Result<(landfast_domain::accounts::UserId, String), Error> {
    match &visit.who {
        Who::User { user, session, .. } => Ok((user.clone(), session.clone())),
        Who::Guest(_) | Who::Nobody => Err(Error::Unauthenticated),
    }
}

fn event(visit: &Visit, kind: EventKind, detail: &str) -> SecurityEvent {
    security_event(kind, Some(visit.user()), &visit.client.address, &visit.client.user_agent, detail)
}

fn session_row(session: &Session, this: &str) -> SessionRow {
    SessionRow {
        id: session.id.clone(),
        browser: browser(&session.user_agent),
        since: minute(session.created_at),
        seen: minute(session.last_seen_at),
        is_this: session.id == this,
    }
}

fn event_row(event: &SecurityEvent) -> EventRow {
    EventRow { at: minute(event.at), what: words(event.kind), address: event.address.clone() }
}

fn words(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Registered => "Account made",
        EventKind::GuestClaimed => "Account made, guest's data taken over",
        EventKind::LoggedIn => "Logged in",
        EventKind::LoginFailed => "Wrong password",
        EventKind::LimitReached => "Too many wrong passwords",
        EventKind::LoggedOut => "Logged out",
        EventKind::SessionEnded => "Session ended",
        EventKind::PasswordChanged => "Password changed",
        EventKind::Refused => "A foreign or old form was refused",
        EventKind::Exported => "Data downloaded",
        EventKind::AccountDeleted => "Account deleted",
        _ => "Something else",
    }
}

/// Browser and system in a few words, as far as they are known.
fn browser(agent: &str) -> String {
    let first = |names: &[&'static str]| names.iter().find(|name| agent.contains(**name)).copied();
    let browser = first(&["Firefox", "Edg", "Chrome", "Safari", "curl"]);
    let system = first(&["Windows", "Android", "iPhone", "Mac OS X", "Linux"]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ if agent.is_empty() => "unknown".to_owned(),
        _ => agent.chars().take(60).collect(),
    }
}

fn minute(time: Timestamp) -> String {
    time.naive().format("%Y-%m-%d %H:%M").to_string()
}
