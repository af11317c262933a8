//! Numbers over all records of a user, kept for a minute: they look at every instance.

use crate::clock::Clock;
use landfast_analytics::tasks::rows::{TaskData, TaskInput};
use landfast_analytics::tasks::{self, Scores};
use landfast_domain::accounts::UserId;
use landfast_domain::{Repositories, Store};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long numbers are kept when nothing was changed through this server.
const KEEP: Duration = Duration::from_secs(60);
/// Users whose numbers are kept at the same time.
const MOST: usize = 16;

/// Prepared records of users, by user.
#[derive(Default)]
pub(in crate::web) struct Numbers {
    kept: Mutex<HashMap<UserId, (Instant, Arc<Prepared>)>>,
}

/// Records of a user, prepared for the analytics, with their scores.
pub(super) struct Prepared {
    pub(super) data: TaskData,
    pub(super) scores: Scores,
    pub(super) clock: tasks::Clock,
}

impl Numbers {
    /// Forgets the numbers of a user, after a change.
    pub(in crate::web) fn forget(&self, user: &UserId) {
        self.lock().remove(user);
    }

    /// The numbers of a user, at most a minute old. Blocking.
    pub(super) fn of(&self, store: &dyn Store, user: &UserId) -> landfast_domain::Result<Arc<Prepared>> {
        if let Some((since, kept)) = self.lock().get(user)
            && since.elapsed() < KEEP
        {
            return Ok(Arc::clone(kept));
        }
        let began = Instant::now();
        let prepared = Arc::new(store.read(|repositories| prepare(repositories, user))?);
        let mut kept = self.lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(user.clone(), (began, Arc::clone(&prepared)));
        Ok(prepared)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<UserId, (Instant, Arc<Prepared>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn prepare(repositories: &mut dyn Repositories, user: &UserId) -> landfast_domain::Result<Prepared> {
    let (templates, instances) = (repositories.tasks().list(user)?, repositories.instances().list(user)?);
    let preferences = repositories.preferences().list(user)?;
    let popup_responses = repositories.popup_responses().list(user)?;
    let input = TaskInput {
        tasks: &templates,
        instances: &instances,
        preferences: &preferences,
        popup_responses: &popup_responses,
    };
    let now = Clock::now();
    let clock = tasks::Clock { local: now.local, utc: now.utc };
    let data = TaskData::new(&input);
    let scores = Scores::new(&data, clock);
    Ok(Prepared { data, scores, clock })
}
