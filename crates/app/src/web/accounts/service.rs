//! What happens when somebody registers, logs in or out; pages and API share it.

use super::passwords::{self, Verdict};
use crate::clock::{self, Clock};
use crate::web::app::{Inner, security_event};
use crate::web::frame::{Client, Visitor, Who, hash_of, new_token};
use crate::web::{App, Error, Registration};
use landfast_domain::accounts::{Credential, EventKind, Login, PasswordHash, Session, User, UserId};
use landfast_domain::{Error as DomainError, Repositories};

/// A session that just began.
pub(in crate::web) struct LoggedIn {
    /// The token for the browser; nobody else ever gets it.
    pub(in crate::web) token: String,
    /// The session as it is stored.
    pub(in crate::web) session: Session,
}

const WRONG: &str = "name or password is wrong";

/// Logs in, under a new token: a token that was known before proves nothing.
///
/// # Errors
/// [`Error::Invalid`] for a wrong name or password, [`Error::TooMany`] after too many of them.
pub(in crate::web) async fn log_in(visitor: &Visitor, name: &str, password: &str) -> Result<LoggedIn, Error> {
    let (app, client) = (&visitor.app, &visitor.client);
    let limiter = &app.inner.limiter;
    if let Err(error) = limiter.before_login(name, &client.address) {
        if limiter.may_note() {
            note(app, EventKind::LimitReached, None, client, "login").await?;
        }
        return Err(error);
    }
    // A text that can be no name is an unknown one.
    let login = Login::new(name).ok();
    let known = match login {
        Some(login) => app.accounts_read(move |r| r.security()?.find_credential(&login)).await?,
        None => None,
    };
    if password.len() > passwords::LONGEST {
        return Err(Error::invalid("password", WRONG));
    }
    let turn = app.inner.passwords.turn().await?;
    let (secret, hash) = (password.to_owned(), known.as_ref().map(|known| known.password_hash.clone()));
    let verdict = app.blocking(move |inner| Ok(inner.passwords.verify(&secret, hash.as_ref()))).await?;
    drop(turn);
    let (Some(known), Verdict::Right | Verdict::Outdated) = (&known, verdict) else {
        limiter.failed_login(name, &client.address);
        let user = known.as_ref().map(|known| &known.user);
        note(app, EventKind::LoginFailed, user, client, "").await?;
        return Err(Error::invalid("password", WRONG));
    };
    limiter.succeeded(name, &client.address);
    if verdict == Verdict::Outdated {
        upgrade(app, known.clone(), password).await?;
    }
    begin(visitor, &known.user, EventKind::LoggedIn, None).await
}

/// Replaces an imported or cheap hash by one of the present kind, unless the password was changed meanwhile.
async fn upgrade(app: &App, known: Credential, password: &str) -> Result<(), Error> {
    let password_hash = hash(app, password).await?;
    app.accounts_write(move |repositories| {
        let security = repositories.security()?;
        match security.credential(&known.user)? {
            Some(now) if now.password_hash == known.password_hash => {
                security.save_credential(&Credential { password_hash: password_hash.clone(), ..now })
            }
            _ => Ok(()),
        }
    })
    .await
}

/// The hash of a new password, made away from the threads that answer requests.
pub(super) async fn hash(app: &App, password: &str) -> Result<PasswordHash, Error> {
    let _turn = app.inner.passwords.turn().await?;
    let secret = password.to_owned();
    app.blocking(move |inner| inner.passwords.hash(&secret)).await
}

/// Begins a session for a user; the session the request came with ends.
pub(super) async fn begin(
    visitor: &Visitor,
    user: &UserId,
    kind: EventKind,
    account: Option<NewAccount>,
) -> Result<LoggedIn, Error> {
    let now = Clock::now().utc;
    let token = new_token()?;
    let client = &visitor.client;
    let session = Session {
        id: clock::new_id(),
        token_hash: hash_of(&token),
        user: user.clone(),
        created_at: now,
        last_seen_at: now,
        expires_at: visitor.app.inner.settings.lifetime.expires_at(now),
        user_agent: client.user_agent.clone(),
    };
    let event = security_event(kind, Some(user), &client.address, &client.user_agent, "");
    let former = visitor.who.clone();
    let begun = session.clone();
    visitor
        .app
        .accounts_write(move |repositories| {
            if let Some(account) = &account {
                account.insert(repositories)?;
            }
            let security = repositories.security()?;
            if let Who::User { user, session, .. } = &former {
                security.delete_session(user, session)?;
            }
            security.insert_session(&begun)?;
            security.insert_event(&event)
        })
        .await?;
    Ok(LoggedIn { token, session })
}

/// Ends the session of the request; nothing happens without one.
///
/// # Errors
/// When the store fails.
pub(in crate::web) async fn log_out(visitor: &Visitor) -> Result<(), Error> {
    let Who::User { user, session, .. } = visitor.who.clone() else { return Ok(()) };
    let client = &visitor.client;
    let event = security_event(EventKind::LoggedOut, Some(&user), &client.address, &client.user_agent, "");
    visitor
        .app
        .accounts_write(move |repositories| {
            let security = repositories.security()?;
            security.delete_session(&user, &session)?;
            security.insert_event(&event)
        })
        .await
}

/// Writes an entry of the log on its own.
async fn note(app: &App, kind: EventKind, user: Option<&UserId>, client: &Client, detail: &str) -> Result<(), Error> {
    let event = security_event(kind, user, &client.address, &client.user_agent, detail);
    app.accounts_write(move |repositories| repositories.security()?.insert_event(&event)).await
}

/// An account to be made together with its first session.
pub(super) struct NewAccount {
    pub(super) user: UserId,
    pub(super) login: Login,
    pub(super) password_hash: PasswordHash,
    /// Whether it takes over the guest and with it the migrated data.
    pub(super) claims_guest: bool,
    pub(super) registration: Registration,
}

impl NewAccount {
    fn insert(&self, repositories: &mut dyn Repositories) -> landfast_domain::Result<()> {
        let now = Clock::now().utc;
        let others = repositories.security()?.count_credentials()?;
        if self.registration == Registration::First && others > 0 {
            return Err(Error::Forbidden("registering is closed; ask who runs this server for an account").into());
        }
        let login = self.login.clone();
        let taken = || DomainError::from(Error::invalid("name", "this name is taken"));
        if repositories.security()?.find_credential(&login)?.is_some() {
            return Err(taken());
        }
        if self.claims_guest {
            if others > 0 {
                return Err(Error::Conflict("only the first account can take over the guest's data".to_owned()).into());
            }
        } else {
            let name = login.as_str().to_owned();
            // The names of users without a password are taken too, above all the guest's.
            if login.key() == UserId::GUEST || repositories.accounts().find_by_name(&name)?.is_some() {
                return Err(taken());
            }
            repositories.accounts().insert(&User { id: self.user.clone(), name, created_at: now })?;
        }
        repositories.security()?.save_credential(&Credential {
            user: self.user.clone(),
            login,
            password_hash: self.password_hash.clone(),
            changed_at: now,
        })
    }
}

/// Whether somebody may register, and whether that account may take over the guest.
pub(super) fn registration(inner: &Inner) -> Result<(bool, bool), Error> {
    let Some(store) = inner.accounts() else { return Ok((false, false)) };
    let others = store.read(|repositories| repositories.security()?.count_credentials())?;
    let open = match inner.settings.registration {
        Registration::Open => true,
        Registration::First => others == 0,
        Registration::Closed => false,
    };
    Ok((open, open && others == 0))
}
