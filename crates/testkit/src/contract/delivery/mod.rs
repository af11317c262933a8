//! Profiles, queries, and the documents of queries.

mod caches;
mod changelogs;
mod issues;
mod profiles;
mod project_data;
mod queries;
mod snapshots;
mod state;
mod tasks;
mod transactions;

pub use caches::*;
pub use changelogs::*;
pub use issues::*;
pub use profiles::*;
pub use project_data::*;
pub use queries::*;
pub use snapshots::*;
pub use state::*;
pub use tasks::*;
pub use transactions::*;

use super::support::{OWN_PREFIX, unique};
use landfast_domain::delivery::{DeliveryRepository, Profile, ProfileId, Query, QueryId, QueryKey};
use landfast_domain::store::Repositories;
use landfast_domain::{Error, Result, Store};

/// Settings of a profile whose issues have points.
const SETTINGS: &str =
    "{\"name\": \"Team\", \"jira_config\": {\"points_field\": \"customfield_1\"}, \"field_mappings\": {}}";

/// Does work on the delivery area in a transaction of its own.
fn write<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn DeliveryRepository) -> Result<T>) -> T {
    super::support::write(store, |r: &mut dyn Repositories| work(r.delivery()?))
}

/// The same in a read transaction.
fn read<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn DeliveryRepository) -> Result<T>) -> T {
    super::support::read(store, |r: &mut dyn Repositories| work(r.delivery()?))
}

/// Does work whose changes are taken back, for what is not only the rule's own.
fn in_vain<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn DeliveryRepository) -> Result<T>) -> T {
    let mut done = None;
    let outcome = store.write(|r| {
        done = Some(work(r.delivery()?)?);
        Err::<(), _>(Error::aborted("in vain"))
    });
    match (done, outcome) {
        (Some(done), _) => done,
        (None, outcome) => panic!("{outcome:?}"),
    }
}

/// Id of a profile of the rule's own.
fn profile_id() -> ProfileId {
    ProfileId::new(unique(OWN_PREFIX)).expect("a legal id")
}

/// A profile of the rule's own, without queries.
fn profile(store: &dyn Store) -> ProfileId {
    let id = profile_id();
    let profile = Profile::new(id.clone(), Some(SETTINGS.to_owned()), None).unwrap();
    write(store, |d| d.save_profile(&profile));
    id
}

/// Key of a query below a profile.
fn key(profile: &ProfileId, id: &str) -> QueryKey {
    QueryKey::new(profile.clone(), QueryId::new(id).expect("a legal id"))
}

/// A query, as its document says.
fn query(key: &QueryKey, document: &str) -> Query {
    Query::new(key.clone(), Some(document.to_owned()), None).unwrap()
}

/// A query in a profile of the rule's own.
fn saved_query(store: &dyn Store) -> QueryKey {
    let key = key(&profile(store), "q_1");
    write(store, |d| d.save_query(&query(&key, "{\"name\": \"All\", \"jql\": \"project = A\"}")));
    key
}

/// Whether a result is that something of this kind is not there.
fn is_missing<T>(result: &Result<T>, entity: &str) -> bool {
    matches!(result, Err(Error::NotFound { entity: found, .. }) if *found == entity)
}
