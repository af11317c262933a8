//! Credentials, sessions, security events and saved answers. A folder of files keeps none.

use super::support::{read, time, unique, user, write};
use landfast_domain::accounts::{
    Credential, EventKind, Login, PasswordHash, SavedAnswer, SecurityEvent, Session, TokenHash, UserId,
};
use landfast_domain::{Error, Store};

/// Whether the store keeps accounts; if not, makes sure that it says so.
fn has_accounts(store: &dyn Store) -> bool {
    if !super::support::is_files(store) {
        return true;
    }
    let error = store.read(|r| r.security().map(|_| ())).unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error:?}");
    false
}

fn credential(user: &UserId, name: &str) -> Credential {
    Credential {
        user: user.clone(),
        login: Login::new(name).unwrap(),
        password_hash: PasswordHash::new("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"),
        changed_at: time("2026-03-07T09:05:07.000001"),
    }
}

fn session(user: &UserId, last_seen: &str) -> Session {
    let id = unique("contract-session-");
    Session {
        token_hash: TokenHash::new(format!("hash of {id}")),
        id,
        user: user.clone(),
        created_at: time("2026-03-07 09:00"),
        last_seen_at: time(last_seen),
        expires_at: time("2026-04-06 09:00"),
        user_agent: "Browser/1 \"<心>\"".to_owned(),
    }
}

fn event(user: Option<&UserId>, at: &str) -> SecurityEvent {
    SecurityEvent {
        id: unique("contract-event-"),
        at: time(at),
        kind: EventKind::LoggedIn,
        user: user.cloned(),
        address: "127.0.0.1".to_owned(),
        user_agent: "Browser/1".to_owned(),
        detail: "/login".to_owned(),
    }
}

fn answer(user: &UserId, key: &str, at: &str) -> SavedAnswer {
    SavedAnswer {
        user: user.clone(),
        key: key.to_owned(),
        request_hash: "00".repeat(32),
        status: 201,
        body: r#"{"a": "ü"}"#.to_owned(),
        created_at: time(at),
    }
}

/// A store keeps accounts, or says that it does not.
pub fn a_store_without_accounts_says_so(store: &dyn Store) {
    if has_accounts(store) {
        read(store, |r| r.security()?.count_credentials());
    }
}

/// A credential is found by its user and by its name in any case.
pub fn a_credential_is_found_by_user_and_by_name(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let user = user(store);
    let name = unique("Ünï");
    let credential = credential(&user, &name);
    let before = read(store, |r| r.security()?.count_credentials());
    write(store, |r| r.security()?.save_credential(&credential));
    assert_eq!(read(store, |r| r.security()?.credential(&user)), Some(credential.clone()));
    for spelling in [name.clone(), name.to_lowercase(), name.to_uppercase()] {
        let login = Login::new(&spelling).unwrap();
        assert_eq!(read(store, |r| r.security()?.find_credential(&login)), Some(credential.clone()), "{spelling}");
    }
    assert!(read(store, |r| r.security()?.count_credentials()) > before);
    let unknown = Login::new(&unique("nobody")).unwrap();
    assert_eq!(read(store, |r| r.security()?.find_credential(&unknown)), None);
}

/// Saving a credential again replaces it.
pub fn a_credential_is_replaced(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let user = user(store);
    let first = credential(&user, &unique("first"));
    let second = Credential { password_hash: PasswordHash::new("$2b$12$x"), ..credential(&user, &unique("second")) };
    write(store, |r| r.security()?.save_credential(&first));
    write(store, |r| r.security()?.save_credential(&second));
    assert_eq!(read(store, |r| r.security()?.credential(&user)), Some(second));
    assert_eq!(read(store, |r| r.security()?.find_credential(&first.login)), None);
}

/// A name belongs to one user, whatever its case; the transaction stays usable.
pub fn a_taken_login_conflicts(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let (first, second) = (user(store), user(store));
    let name = unique("Taken");
    write(store, |r| r.security()?.save_credential(&credential(&first, &name)));
    let other = credential(&second, &name.to_uppercase());
    let kept = session(&second, "2026-03-07 09:00");
    write(store, |r| {
        let error = r.security()?.save_credential(&other).unwrap_err();
        assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
        r.security()?.insert_session(&kept)
    });
    assert_eq!(read(store, |r| r.security()?.credential(&second)), None);
    assert_eq!(read(store, |r| r.security()?.list_sessions(&second)), [kept]);
}

/// Nothing can be kept for a user who is not there.
pub fn an_unknown_user_has_no_credential_and_no_session(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let nobody = UserId::new(unique("contract-nobody")).unwrap();
    write(store, |r| {
        let security = r.security()?;
        let errors = [
            security.save_credential(&credential(&nobody, &unique("n"))).unwrap_err(),
            security.insert_session(&session(&nobody, "2026-03-07 09:00")).unwrap_err(),
            security.save_answer(&answer(&nobody, "k", "2026-03-07 09:00")).unwrap_err(),
        ];
        assert!(errors.iter().all(|error| matches!(error, Error::NotFound { .. })), "{errors:?}");
        Ok(())
    });
}

/// A session is found by its token, and only there is the token's hash known.
pub fn a_session_is_found_by_its_token(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let user = user(store);
    let session = session(&user, "2026-03-07T09:00:00.000001");
    write(store, |r| r.security()?.insert_session(&session));
    assert_eq!(read(store, |r| r.security()?.find_session(&session.token_hash)), Some(session.clone()));
    assert_eq!(read(store, |r| r.security()?.find_session(&TokenHash::new(session.id.clone()))), None);
    write(store, |r| {
        let error = r.security()?.insert_session(&session).unwrap_err();
        assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
        Ok(())
    });
}

/// The session used last comes first, and using one is noted.
pub fn sessions_are_listed_by_their_last_use(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let user = user(store);
    let (older, newer) = (session(&user, "2026-03-07 09:00"), session(&user, "2026-03-07 10:00"));
    write(store, |r| r.security()?.insert_session(&older).and_then(|()| r.security()?.insert_session(&newer)));
    let ids = |store| -> Vec<String> {
        read(store, |r| r.security()?.list_sessions(&user)).into_iter().map(|session| session.id).collect()
    };
    assert_eq!(ids(store), [newer.id.clone(), older.id.clone()]);
    assert!(write(store, |r| r.security()?.touch_session(&older.id, time("2026-03-07 11:00"))));
    assert_eq!(ids(store), [older.id, newer.id]);
    assert!(!write(store, |r| r.security()?.touch_session("nothing", time("2026-03-07 11:00"))));
}

/// A session is ended by its owner only, one at a time or all but one.
pub fn sessions_are_ended_by_their_owner_only(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let (owner, other) = (user(store), user(store));
    let sessions: Vec<Session> = (0..3).map(|_| session(&owner, "2026-03-07 09:00")).collect();
    let foreign = session(&other, "2026-03-07 09:00");
    write(store, |r| sessions.iter().chain([&foreign]).try_for_each(|session| r.security()?.insert_session(session)));
    assert!(!write(store, |r| r.security()?.delete_session(&other, &sessions[0].id)));
    assert!(write(store, |r| r.security()?.delete_session(&owner, &sessions[0].id)));
    assert!(!write(store, |r| r.security()?.delete_session(&owner, &sessions[0].id)));
    assert_eq!(write(store, |r| r.security()?.delete_sessions(&owner, Some(&sessions[1].id))), 1);
    assert_eq!(read(store, |r| r.security()?.list_sessions(&owner)), [sessions[1].clone()]);
    assert_eq!(write(store, |r| r.security()?.delete_sessions(&owner, None)), 1);
    assert_eq!(read(store, |r| r.security()?.list_sessions(&other)), [foreign]);
}

/// Sessions that expired or were not used for too long can be removed; the limits themselves count as ended.
pub fn ended_sessions_are_removed(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let user = user(store);
    // Long ago, so that no session of a store in use is touched.
    let old = |last_seen: &str, expires: &str| Session {
        created_at: time("1990-01-01 00:00"),
        last_seen_at: time(last_seen),
        expires_at: time(expires),
        ..session(&user, "1990-01-01 00:00")
    };
    let live = old("1990-01-01T10:00:00.000001", "1990-01-01T12:00:00.000001");
    let idle = old("1990-01-01 10:00", "1990-01-02 00:00");
    let expired = old("1990-01-01 11:00", "1990-01-01 12:00");
    write(store, |r| [&live, &idle, &expired].into_iter().try_for_each(|one| r.security()?.insert_session(one)));
    let (now, idle_since) = (time("1990-01-01 12:00"), time("1990-01-01 10:00"));
    assert_eq!(write(store, |r| r.security()?.delete_ended_sessions(now, idle_since)), 2);
    assert_eq!(read(store, |r| r.security()?.list_sessions(&user)), [live]);
}

/// Deleting a user ends its sessions and frees its name; the log stays.
pub fn deleting_a_user_ends_its_sessions_and_keeps_the_log(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let user = user(store);
    let credential = credential(&user, &unique("gone"));
    let session = session(&user, "2026-03-07 09:00");
    let event = event(Some(&user), "2026-03-07 09:00");
    write(store, |r| {
        let security = r.security()?;
        security.save_credential(&credential)?;
        security.insert_session(&session)?;
        security.save_answer(&answer(&user, "k", "2026-03-07 09:00"))?;
        security.insert_event(&event)
    });
    write(store, |r| r.accounts().delete(&user));
    read(store, |r| {
        let security = r.security()?;
        assert_eq!(security.find_session(&session.token_hash)?, None);
        assert_eq!(security.find_credential(&credential.login)?, None);
        assert_eq!(security.saved_answer(&user, "k")?, None);
        assert_eq!(security.list_events(&user, None, 10)?, std::slice::from_ref(&event));
        Ok(())
    });
}

/// Events of a user come newest first, page by page, and no others.
pub fn events_are_listed_newest_first(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let (owner, other) = (user(store), user(store));
    let mut events: Vec<SecurityEvent> = (0..3).map(|_| event(Some(&owner), "2026-03-07 09:00")).collect();
    events.sort_by(|a, b| b.id.cmp(&a.id));
    write(store, |r| {
        let more = [event(Some(&other), "2026-03-07 09:00"), event(None, "2026-03-07 09:00")];
        events.iter().chain(&more).try_for_each(|event| r.security()?.insert_event(event))
    });
    let page = |before: Option<&str>| read(store, |r| r.security()?.list_events(&owner, before, 2));
    assert_eq!(page(None), events[..2]);
    assert_eq!(page(Some(&events[1].id)), events[2..]);
}

/// Old entries of the log can be removed.
pub fn old_events_are_removed(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let user = user(store);
    let (old, new) = (event(Some(&user), "1990-01-01 09:59"), event(Some(&user), "1990-01-01 10:00"));
    write(store, |r| r.security()?.insert_event(&old).and_then(|()| r.security()?.insert_event(&new)));
    assert_eq!(write(store, |r| r.security()?.delete_events_before(time("1990-01-01 10:00"))), 1);
    assert_eq!(read(store, |r| r.security()?.list_events(&user, None, 10)), [new]);
}

/// A saved answer is found by its user and key, once given stays, and goes away with its time.
pub fn answers_are_saved_once_per_user_and_key(store: &dyn Store) {
    if !has_accounts(store) {
        return;
    }
    let (owner, other) = (user(store), user(store));
    let long = "k".repeat(3000);
    for key in ["k", "", long.as_str(), "ü\u{0}"] {
        let saved = answer(&owner, key, "1990-01-01 09:00");
        write(store, |r| r.security()?.save_answer(&saved));
        assert_eq!(read(store, |r| r.security()?.saved_answer(&owner, key)), Some(saved.clone()));
        assert_eq!(read(store, |r| r.security()?.saved_answer(&other, key)), None);
        write(store, |r| {
            let error = r.security()?.save_answer(&saved).unwrap_err();
            assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
            Ok(())
        });
    }
    assert_eq!(write(store, |r| r.security()?.delete_answers_before(time("1990-01-01 09:00:00.5"))), 4);
}
