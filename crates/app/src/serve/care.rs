//! What the server does by itself, now and then.

use crate::clock::Clock;
use crate::web::App;
use chrono::TimeDelta;
use landfast_domain::time::Timestamp;
use std::time::Duration;

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(600);
/// How long answers of repeatable calls are kept.
const ANSWERS: TimeDelta = TimeDelta::days(1);
/// How long entries of the security log are kept.
const EVENTS: TimeDelta = TimeDelta::days(365);

/// Removes ended sessions, old answers and old entries of the security log, until the task is aborted.
///
/// Several servers on one database may do it at the same time: deleting twice deletes nothing more.
pub(super) async fn forever(app: App) {
    if !app.has_accounts() {
        return;
    }
    let mut rounds = tokio::time::interval(EVERY);
    loop {
        rounds.tick().await;
        let now = Clock::now().utc;
        let idle_since = app.lifetime().idle_since(now);
        let done = app
            .accounts_write(move |repositories| {
                let security = repositories.security()?;
                let sessions = security.delete_ended_sessions(now, idle_since)?;
                security.delete_answers_before(before(now, ANSWERS))?;
                security.delete_events_before(before(now, EVENTS))?;
                Ok(sessions)
            })
            .await;
        match done {
            Ok(0) => {}
            Ok(sessions) => tracing::info!(sessions, "ended sessions removed"),
            Err(error) => tracing::warn!(%error, "cleaning up failed; the next round tries again"),
        }
    }
}

fn before(now: Timestamp, span: TimeDelta) -> Timestamp {
    now.naive().checked_sub_signed(span).map_or(now, Timestamp::new)
}
