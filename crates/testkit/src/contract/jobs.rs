//! Jobs and what belongs to them.

use super::support::{insert, keys, list, read, task, time, user, write};
use landfast_domain::accounts::UserId;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::jobs::{self, JobChange, NewJob};
use landfast_domain::tasks::{Job, JobTask, Task, templates};
use landfast_domain::{Error, Store};

const NOW: &str = "2026-01-15 10:00:30";

fn job(store: &dyn Store, user: &UserId, id: &str, name: &str, task_type: &str) {
    let new = NewJob { name: name.to_owned(), task_type: task_type.to_owned(), description: String::new() };
    write(store, |r| jobs::create(r, user, new.clone(), id.into(), time(NOW)));
}

/// A user with jobs `j1`, `j2` and templates `t1`, `t2`.
fn two_and_two(store: &dyn Store) -> UserId {
    let user = user(store);
    job(store, &user, "j1", "Upkeep", "Self care");
    job(store, &user, "j2", "Development, deep", "Work");
    insert(store, &user, &task("t1"));
    insert(store, &user, &task("t2"));
    user
}

fn assign(store: &dyn Store, user: &UserId, job: &str, task: &str) -> bool {
    write(store, |r| jobs::assign_task(r, user, &job.into(), &task.into(), time(NOW)))
}

fn job_ids(jobs: &[Job]) -> Vec<&str> {
    jobs.iter().map(|job| job.job_id.raw()).collect()
}

/// A new job is stored with both times.
pub fn a_new_job_is_stored(store: &dyn Store) {
    let user = user(store);
    job(store, &user, "j1", " Development, \"deep\" ", "Work");
    let kept = read(store, |r| jobs::get(r, &user, &"j1".into())).unwrap();
    assert_eq!((kept.name.raw(), kept.task_type.raw()), ("Development, \"deep\"", "Work"));
    assert_eq!((kept.created_at.raw(), kept.updated_at.raw()), ("2026-01-15T10:00:30", "2026-01-15T10:00:30"));
}

/// Jobs are listed by name, byte by byte, and by type in any case.
pub fn jobs_are_listed_by_name(store: &dyn Store) {
    let user = user(store);
    for (id, name, task_type) in
        [("j1", "b", "Work"), ("j2", "Ä", "work"), ("j3", "B", "Play"), ("j4", "a", "WORK"), ("j5", "b", "Play")]
    {
        job(store, &user, id, name, task_type);
    }
    assert_eq!(job_ids(&read(store, |r| jobs::list(r, &user, None))), ["j3", "j4", "j1", "j5", "j2"]);
    assert_eq!(job_ids(&read(store, |r| jobs::list(r, &user, Some("work")))), ["j4", "j1", "j2"]);
    assert_eq!(job_ids(&read(store, |r| jobs::list(r, &user, Some("w%")))), [""; 0]);
}

/// An update changes what it names and the time of the last change.
pub fn a_job_can_be_updated(store: &dyn Store) {
    let user = two_and_two(store);
    let change = JobChange { description: Some("house".to_owned()), ..JobChange::default() };
    write(store, |r| jobs::update(r, &user, &"j1".into(), change.clone(), time("2026-02-01 00:00")));
    let kept = read(store, |r| jobs::get(r, &user, &"j1".into())).unwrap();
    assert_eq!((kept.name.raw(), kept.description.raw()), ("Upkeep", "house"));
    assert_eq!((kept.created_at.raw(), kept.updated_at.raw()), ("2026-01-15T10:00:30", "2026-02-01T00:00:00"));
}

/// A template is in a job once, however often it is assigned, and may be in several jobs.
pub fn a_template_is_in_a_job_once(store: &dyn Store) {
    let user = two_and_two(store);
    assert!(assign(store, &user, "j1", "t1"));
    assert!(!assign(store, &user, "j1", "t1"));
    assert!(assign(store, &user, "j2", "t1"));
    assert_eq!(job_ids(&read(store, |r| jobs::jobs_for_task(r, &user, "t1"))), ["j1", "j2"]);
    assert_eq!(read(store, |r| jobs::jobs_for_task(r, &user, "t2")), []);
    assert_eq!(list::<JobTask>(store, &user).len(), 2);
}

/// Templates of a job come in the order of the template list.
pub fn templates_of_a_job_come_in_list_order(store: &dyn Store) {
    let user = two_and_two(store);
    assign(store, &user, "j1", "t2");
    assign(store, &user, "j1", "t1");
    let tasks = read(store, |r| jobs::tasks_for_job(r, &user, &"j1".into()));
    assert_eq!(tasks.iter().map(|task| task.key.as_str()).collect::<Vec<_>>(), ["t1", "t2"]);
}

/// Assigning to an unknown job, or an unknown template, is an error.
pub fn unknown_jobs_and_templates_cannot_be_joined(store: &dyn Store) {
    let user = two_and_two(store);
    for (job, task) in [("j9", "t1"), ("j1", "t9")] {
        let error = store.write(|r| jobs::assign_task(r, &user, &job.into(), &task.into(), time(NOW))).unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    }
    assert_eq!(list::<JobTask>(store, &user), []);
}

/// A template can be taken out of a job, once.
pub fn a_template_can_be_taken_out_of_a_job(store: &dyn Store) {
    let user = two_and_two(store);
    assign(store, &user, "j1", "t1");
    assign(store, &user, "j2", "t1");
    let remove = || write(store, |r| jobs::remove_task(r, &user, &"j1".into(), &"t1".into()));
    assert!(remove());
    assert!(!remove());
    assert_eq!(job_ids(&read(store, |r| jobs::jobs_for_task(r, &user, "t1"))), ["j2"]);
}

/// Deleting a job deletes its memberships and no template.
pub fn deleting_a_job_keeps_its_templates(store: &dyn Store) {
    let user = two_and_two(store);
    assign(store, &user, "j1", "t1");
    assign(store, &user, "j2", "t1");
    write(store, |r| jobs::delete(r, &user, &"j1".into()));
    assert_eq!(keys::<Job>(store, &user), ["j2"]);
    assert_eq!(list::<JobTask>(store, &user).len(), 1);
    assert_eq!(keys::<Task>(store, &user), ["t1", "t2"]);
}

/// Deleting a template takes it out of its jobs.
pub fn deleting_a_template_takes_it_out_of_its_jobs(store: &dyn Store) {
    let user = two_and_two(store);
    assign(store, &user, "j1", "t1");
    assign(store, &user, "j1", "t2");
    write(store, |r| templates::delete(r, &user, &"t1".into()));
    assert_eq!(list::<JobTask>(store, &user).len(), 1);
    assert_eq!(read(store, |r| jobs::tasks_for_job(r, &user, &"j1".into())).len(), 1);
}

/// A template can be put into exactly a given set of jobs.
pub fn a_template_can_be_put_into_exactly_these_jobs(store: &dyn Store) {
    let user = two_and_two(store);
    assign(store, &user, "j1", "t1");
    let put = |jobs: &[RecordKey]| store.write(|r| templates::assign_to_jobs(r, &user, &"t1".into(), jobs, time(NOW)));
    put(&["j2".into()]).unwrap();
    assert_eq!(job_ids(&read(store, |r| jobs::jobs_for_task(r, &user, "t1"))), ["j2"]);
    assert!(matches!(put(&["j1".into(), "j1".into()]), Err(Error::Invalid { .. })));
    assert!(matches!(put(&["j1".into(), "j9".into()]), Err(Error::NotFound { .. })));
    assert_eq!(job_ids(&read(store, |r| jobs::jobs_for_task(r, &user, "t1"))), ["j2"]);
    put(&[]).unwrap();
    assert_eq!(read(store, |r| jobs::jobs_for_task(r, &user, "t1")), []);
}

/// Jobs are the user's own, unlike in the legacy program.
pub fn jobs_are_the_users_own(store: &dyn Store) {
    let (owner, stranger) = (two_and_two(store), user(store));
    assign(store, &owner, "j1", "t1");
    assert_eq!(read(store, |r| jobs::list(r, &stranger, None)), []);
    assert_eq!(read(store, |r| jobs::jobs_for_task(r, &stranger, "t1")), []);
    assert!(store.write(|r| jobs::delete(r, &stranger, &"j1".into())).is_err());
    assert_eq!(keys::<Job>(store, &owner), ["j1", "j2"]);
}
