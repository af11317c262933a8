//! Registering, logging in and out, sessions.

use super::support::{Browser, PASSWORD, Site, on_both, on_sqlite};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use landfast_domain::Store;
use landfast_domain::accounts::{Credential, EventKind, Login, PasswordHash, User, UserId};
use landfast_domain::time::Timestamp;

fn store(site: &Site) -> &dyn Store {
    &*site.app.inner.opened.store
}

#[test]
fn an_account_is_made_used_and_left() {
    on_both(&[("LANDFAST_GUEST", "off")], async |site| {
        let mut browser = site.browser();
        let reply = browser.get("/tasks?x=1").await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/login?next=%2Ftasks%3Fx%3D1"));
        let reply = browser.register("Ada <b>").await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
        let page = browser.get("/account").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Ada &#60;b&#62;") && page.body.contains("this one"), "{}", page.body);

        let reply = browser.post("/logout", &[]).await;
        assert_eq!(reply.header("location"), "/login?said=logged-out");
        assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);

        let wrong = browser.log_in("ada <B>", "something else").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("name or password is wrong") && !wrong.body.contains("something else"));
        let right = browser.log_in(" ada <B> ", PASSWORD).await;
        assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.body);
        assert!(browser.get("/account").await.body.contains("Wrong password"));
    });
}

#[test]
fn tokens_are_stored_hashed_rotated_and_worthless_afterwards() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        browser.get("/").await;
        let visit = browser.cookies["landfast"].clone();
        browser.register("ada").await;
        let first = browser.clone();
        let cookie = browser.cookies["landfast"].clone();
        assert!(cookie.starts_with("s.") && cookie.len() == 66 && cookie != visit);
        let sessions = store(&site)
            .read(|r| {
                let user = r.security()?.find_credential(&Login::new("ada")?)?.unwrap().user;
                r.security()?.list_sessions(&user)
            })
            .unwrap();
        assert!(sessions.iter().all(|session| !cookie.contains(session.token_hash.reveal()) && session.id != cookie));

        browser.log_in("ada", PASSWORD).await;
        assert_ne!(browser.cookies["landfast"], cookie);
        let mut stale = first;
        assert_eq!(stale.get("/account").await.status, StatusCode::SEE_OTHER, "the session before has ended");
        let mut copy = browser.clone();
        browser.post("/logout", &[]).await;
        assert_eq!(copy.get("/account").await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn sessions_end_by_idleness_and_by_age() {
    for (pair, back) in [(("LANDFAST_SESSION_IDLE_MINUTES", "10"), 11), (("SESSION_EXPIRY_DAYS", "1"), 1441)] {
        on_sqlite(&[pair], async |site| {
            let mut browser = site.account("ada").await;
            assert_eq!(browser.get("/account").await.status, StatusCode::OK);
            let now = crate::clock::Clock::now().utc.naive();
            let earlier = |minutes| Timestamp::new(now - chrono::TimeDelta::minutes(minutes));
            store(&site)
                .write(|r| {
                    let user = r.security()?.find_credential(&Login::new("ada")?)?.unwrap().user;
                    let mut session = r.security()?.list_sessions(&user)?.remove(0);
                    r.security()?.delete_session(&user, &session.id)?;
                    session.created_at = earlier(back);
                    session.last_seen_at = earlier(if back > 1000 { 1 } else { back });
                    session.expires_at = site.app.lifetime().expires_at(session.created_at);
                    r.security()?.insert_session(&session)
                })
                .unwrap();
            assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER, "{pair:?}");
        });
    }
}

#[test]
fn the_first_account_can_take_over_the_guest() {
    on_both(&[], async |site| {
        let mut guest = site.browser();
        assert!(guest.get("/").await.body.contains("Guest"));
        let mut browser = site.browser();
        assert!(browser.get("/register").await.body.contains("name=\"claim\""));
        let fields = [("name", "Ada"), ("password", PASSWORD), ("repeat", PASSWORD), ("claim", "yes")];
        assert_eq!(browser.post("/register", &fields).await.status, StatusCode::SEE_OTHER);
        let session = browser.get("/api/v1/session").await.json();
        assert_eq!((&session["kind"], &session["user"]), (&"user".into(), &"guest".into()));
        // From now on nobody works without logging in.
        assert_eq!(guest.get("/").await.status, StatusCode::SEE_OTHER);
        let mut second = site.browser();
        assert!(!second.get("/register").await.body.contains("name=\"claim\""));
        let fields = [("name", "Bob"), ("password", PASSWORD), ("repeat", PASSWORD), ("claim", "yes")];
        assert_eq!(second.post("/register", &fields).await.status, StatusCode::SEE_OTHER);
        assert_ne!(second.get("/api/v1/session").await.json()["user"], "guest");
    });
}

#[test]
fn registering_can_be_closed_and_names_are_taken_once() {
    on_sqlite(&[("LANDFAST_REGISTRATION", "first")], async |site| {
        site.account("ada").await;
        assert_eq!(site.browser().get("/register").await.status, StatusCode::FORBIDDEN);
        assert_eq!(site.browser().register("bob").await.status, StatusCode::FORBIDDEN);
    });
    on_sqlite(&[], async |site| {
        site.account("ada").await;
        for name in ["ADA", "guest", "Guest", ""] {
            let reply = site.browser().register(name).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", reply.body);
        }
        for (password, repeat) in [("short", "short"), (PASSWORD, "another one here")] {
            let fields = [("name", "bob"), ("password", password), ("repeat", repeat)];
            let reply = site.browser().post("/register", &fields).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(!reply.body.contains(repeat), "passwords are not sent back");
        }
    });
}

#[test]
fn too_many_wrong_passwords_are_refused() {
    on_sqlite(&[], async |site| {
        site.account("ada").await;
        let mut browser = site.browser();
        for _ in 0..5 {
            assert_eq!(browser.log_in("ada", "wrong password").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let reply = browser.log_in("ada", PASSWORD).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        let unknown = site.browser().log_in("nobody", "wrong password").await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn imported_bcrypt_hashes_are_verified_and_upgraded() {
    on_both(&[], async |site| {
        let user = UserId::new("imported").unwrap();
        let now = Timestamp::parse("2026-03-07 09:00").unwrap();
        store(&site)
            .write(|r| {
                r.accounts().insert(&User { id: user.clone(), name: "Imported".to_owned(), created_at: now })?;
                r.security()?.save_credential(&Credential {
                    user: user.clone(),
                    login: Login::new("imported")?,
                    password_hash: PasswordHash::new("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
                    changed_at: now,
                })
            })
            .unwrap();
        let mut browser = site.browser();
        assert_eq!(browser.log_in("imported", "U*V").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.log_in("imported", "U*U").await.status, StatusCode::SEE_OTHER);
        let stored = store(&site).read(|r| r.security()?.credential(&user)).unwrap().unwrap();
        assert!(stored.password_hash.reveal().starts_with("$argon2id$"));
        assert_eq!(site.browser().log_in("imported", "U*U").await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn changing_the_password_ends_the_other_sessions() {
    on_sqlite(&[], async |site| {
        let mut browser = site.account("ada").await;
        let mut other = site.browser();
        other.log_in("ada", PASSWORD).await;
        let new = "another few words";
        let wrong = [("old", "not this one"), ("password", new), ("repeat", new)];
        assert_eq!(browser.post("/account/password", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = [("old", PASSWORD), ("password", new), ("repeat", new)];
        assert_eq!(browser.post("/account/password", &right).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.get("/account").await.status, StatusCode::OK);
        assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER);
        assert_eq!(site.browser().log_in("ada", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(site.browser().log_in("ada", new).await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn only_own_sessions_can_be_ended() {
    on_sqlite(&[], async |site| {
        let mut ada = site.account("ada").await;
        let mut phone = site.browser();
        phone.log_in("ada", PASSWORD).await;
        let mut bob = site.account("bob").await;
        let id = |name: &str, of: usize| {
            store(&site)
                .read(|r| {
                    let user = r.security()?.find_credential(&Login::new(name)?)?.unwrap().user;
                    Ok(r.security()?.list_sessions(&user)?.get(of).unwrap().id.clone())
                })
                .unwrap()
        };
        let reply = bob.post("/account/sessions/end", &[("session", &id("ada", 0))]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        assert_eq!(phone.get("/account").await.status, StatusCode::OK);
        assert_eq!(ada.post("/account/sessions/end-others", &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(phone.get("/account").await.status, StatusCode::SEE_OTHER);
        assert_eq!(ada.get("/account").await.status, StatusCode::OK);
    });
}

async fn bearer(browser: &Browser<'_>, method: Method, path: &str, token: &str) -> StatusCode {
    let request = browser.request(method, path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    browser.site.send(request.body(Body::empty()).unwrap()).await.status
}

#[test]
fn programs_log_in_for_a_bearer_token() {
    on_sqlite(&[], async |site| {
        site.account("ada").await;
        let body = format!(r#"{{"name": "ada", "password": "{PASSWORD}"}}"#);
        let request = site.browser().request(Method::POST, "/api/v1/session");
        let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap();
        let reply = site.send(request).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert!(!reply.headers.contains_key(header::SET_COOKIE));
        let token = reply.json()["token"].as_str().unwrap().to_owned();
        let bare = site.browser();
        assert_eq!(bearer(&bare, Method::GET, "/api/v1/session", &token).await, StatusCode::OK);
        assert_eq!(bearer(&bare, Method::GET, "/api/v1/session", "wrong").await, StatusCode::UNAUTHORIZED);
        let make = bare
            .request(Method::POST, "/api/v1/tasks/notes")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        let made = site.send(make.body(Body::from(r#"{"content": "by a program"}"#)).unwrap()).await;
        assert_eq!(made.status, StatusCode::CREATED, "a bearer token needs no other: {}", made.body);
        assert_eq!(bearer(&bare, Method::DELETE, "/api/v1/session", &token).await, StatusCode::NO_CONTENT);
        assert_eq!(bearer(&bare, Method::GET, "/api/v1/session", &token).await, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn what_concerns_safety_is_noted() {
    on_both(&[], async |site| {
        let mut browser = site.account("ada").await;
        browser.log_in("ada", "wrong password").await;
        browser.log_in("ada", PASSWORD).await;
        let request = browser.request(Method::POST, "/account/sessions/end-others").body(Body::empty()).unwrap();
        assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN);
        browser.post("/logout", &[]).await;
        let kinds: Vec<EventKind> = store(&site)
            .read(|r| {
                let user = r.security()?.find_credential(&Login::new("ada")?)?.unwrap().user;
                r.security()?.list_events(&user, None, 10)
            })
            .unwrap()
            .into_iter()
            .map(|event| event.kind)
            .collect();
        let expected = [
            EventKind::LoggedOut,
            EventKind::Refused,
            EventKind::LoggedIn,
            EventKind::LoginFailed,
            EventKind::Registered,
        ];
        assert_eq!(kinds, expected);
    });
}
