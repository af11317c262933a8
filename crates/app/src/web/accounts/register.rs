//! The page to register.

use super::passwords;
use super::service::{NewAccount, begin, hash, registration};
use crate::clock;
use crate::web::frame::{Area, Fields, Frame, Visitor, page, page_with, remember_session, see_other};
use crate::web::{Answer, Error};
use askama::Template;
use landfast_domain::accounts::{EventKind, Login, UserId};

#[derive(Template)]
#[template(path = "accounts/register.html")]
struct RegisterPage {
    frame: Frame,
    name: String,
    mistake: Option<String>,
    /// Whether this account can take over the guest's data.
    can_claim: bool,
    claims: bool,
    shortest: usize,
}

fn register_page(
    visitor: &Visitor,
    name: &str,
    mistake: Option<String>,
    can_claim: bool,
    claims: bool,
) -> RegisterPage {
    RegisterPage {
        frame: visitor.frame("Register", Area::Account),
        name: name.to_owned(),
        mistake,
        can_claim,
        claims,
        shortest: passwords::SHORTEST,
    }
}

const CLOSED: Error = Error::Forbidden("registering is closed; ask who runs this server for an account");

/// `GET /register`.
pub(super) async fn show(visitor: Visitor) -> Answer {
    let (open, can_claim) = visitor.app.blocking(registration).await?;
    if !open {
        return Err(CLOSED);
    }
    page(&register_page(&visitor, "", None, can_claim, can_claim))
}

/// `POST /register`.
pub(super) async fn submit(visitor: Visitor, fields: Fields) -> Answer {
    let (open, can_claim) = visitor.app.blocking(registration).await?;
    if !open {
        return Err(CLOSED);
    }
    let (name, claims) = (fields.text("name")?, fields.is_ticked("claim") && can_claim);
    match try_register(&visitor, &fields, name, claims).await {
        Ok(answer) => Ok(answer),
        Err(error @ (Error::Invalid { .. } | Error::TooMany { .. })) => {
            let template = register_page(&visitor, name, Some(error.to_string()), can_claim, claims);
            page_with(error.status(), &template)
        }
        Err(error) => Err(error),
    }
}

async fn try_register(visitor: &Visitor, fields: &Fields, name: &str, claims_guest: bool) -> Answer {
    let login = Login::new(name).map_err(|_| Error::invalid("name", "the name must have 1 to 64 characters"))?;
    let password = fields.secret("password")?;
    passwords::check(password, login.as_str())?;
    if fields.secret("repeat")? != password {
        return Err(Error::invalid("repeat", "the two passwords differ"));
    }
    let app = &visitor.app;
    app.inner.limiter.register(&visitor.client.address)?;
    let user = if claims_guest { app.inner.guest.clone() } else { UserId::new(format!("u-{}", clock::new_id()))? };
    let kind = if claims_guest { EventKind::GuestClaimed } else { EventKind::Registered };
    let account = NewAccount {
        user: user.clone(),
        login,
        password_hash: hash(app, password).await?,
        claims_guest,
        registration: app.inner.settings.registration,
    };
    let logged_in = begin(visitor, &user, kind, Some(account)).await?;
    let mut answer = see_other("/?said=registered")?;
    remember_session(answer.headers_mut(), &app.inner.settings, &logged_in.token);
    Ok(answer)
}
