//! Steps of the life cycle that need no form of their own.

use super::shown::segment;
use crate::clock::Clock;
use crate::web::frame::{Fields, Visit, see_other};
use crate::web::{Answer, Error};
use axum::extract::Path;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::keys::unused_key;
use landfast_domain::tasks::lifecycle::{self, Pause};
use landfast_domain::tasks::{Status, TaskInstance, lists};

/// `POST /tasks/templates/{key}/initialise`: makes an attempt and leads to its predictions. An attempt nobody has
/// begun yet is taken up again.
pub(super) async fn create(visit: Visit, Path(key): Path<String>) -> Answer {
    let key = RecordKey::new(key);
    let now = Clock::now().local;
    let made = visit
        .write(move |r, user| {
            let new = unused_key::<TaskInstance>(r, user, "i", now)?;
            lifecycle::ensure_for_task(r, user, &key, new, now)
        })
        .await?;
    see_other(&format!("/tasks/instances/{}/predict", segment(&made.key)))
}

/// `POST /tasks/instances/{key}/start`. Only one attempt runs at a time.
pub(super) async fn start(visit: Visit, Path(key): Path<String>) -> Answer {
    let now = Clock::now().local;
    step(&visit, key, "started", move |r, user, key| {
        nothing_else_runs(r, user, key)?;
        lifecycle::start(r, user, key, now)
    })
    .await
}

/// `POST /tasks/instances/{key}/resume`.
pub(super) async fn resume(visit: Visit, Path(key): Path<String>) -> Answer {
    let now = Clock::now().local;
    step(&visit, key, "resumed", move |r, user, key| {
        nothing_else_runs(r, user, key)?;
        lifecycle::resume(r, user, key, now)
    })
    .await
}

fn nothing_else_runs(r: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> landfast_domain::Result<()> {
    let active = lists::active(r, user)?;
    let running = active.iter().find(|other| other.key != *key && other.state() == Status::Started);
    match running {
        None => Ok(()),
        Some(other) => {
            let text = format!("`{}` is running; pause or complete it first", other.task_name.raw());
            Err(Error::Conflict(text).into())
        }
    }
}

/// `POST /tasks/instances/{key}/pause`.
pub(super) async fn pause(visit: Visit, Path(key): Path<String>, fields: Fields) -> Answer {
    let now = Clock::now().local;
    let percent = fields.number::<f64>("percent")?.unwrap_or(0.0);
    if !(0.0..=100.0).contains(&percent) {
        return Err(Error::invalid("percent", "percent must be 0 to 100"));
    }
    let pause = Pause { reason: fields.given("reason").map(str::to_owned), completion_percentage: percent };
    step(&visit, key, "paused", move |r, user, key| lifecycle::pause(r, user, key, &pause, now)).await
}

/// `POST /tasks/instances/{key}/delete`.
pub(super) async fn delete(visit: Visit, Path(key): Path<String>) -> Answer {
    let key = RecordKey::new(key);
    visit.write(move |r, user| lifecycle::delete(r, user, &key)).await?;
    see_other("/tasks?said=deleted")
}

async fn step(
    visit: &Visit,
    key: String,
    said: &str,
    work: impl Fn(&mut dyn Repositories, &UserId, &RecordKey) -> landfast_domain::Result<TaskInstance> + Send + 'static,
) -> Answer {
    let key = RecordKey::new(key);
    visit.write(move |r, user| work(r, user, &key)).await?;
    see_other(&format!("/tasks?said={said}"))
}
