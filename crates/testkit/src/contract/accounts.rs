//! Users and the guest.

use super::support::{
    Sample, for_every_kind, insert, instance, keys, list, moment, read, refusal, task, time, unique, user, write,
};
use landfast_domain::accounts::{User, UserId};
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_domain::{Error, Store};

fn person(prefix: &str) -> User {
    let id = UserId::new(unique(prefix)).unwrap();
    User { name: format!("name of {id}"), id, created_at: moment() }
}

fn add(store: &dyn Store, user: &User) {
    write(store, |r| r.accounts().insert(user));
}

/// The guest exists in a store nobody has used yet.
pub fn the_guest_exists_from_the_start(store: &dyn Store) {
    let guest = read(store, |r| r.accounts().get(&UserId::guest())).unwrap();
    assert_eq!(guest.id, UserId::guest());
    let all = read(store, |r| r.accounts().list());
    assert_eq!(all.iter().filter(|user| user.id == UserId::guest()).count(), 1);
}

/// The guest cannot be added again.
pub fn the_guest_cannot_be_inserted(store: &dyn Store) {
    let guest = User { id: UserId::guest(), name: unique("guest-"), created_at: moment() };
    let error = store.write(|r| r.accounts().insert(&guest)).unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
}

/// The guest cannot be deleted, nor what the guest owns.
pub fn the_guest_cannot_be_deleted(store: &dyn Store) {
    let error = store.write(|r| r.accounts().delete(&UserId::guest())).unwrap_err();
    assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
    assert!(read(store, |r| r.accounts().get(&UserId::guest())).is_some());
}

/// The guest owns records like anybody else.
pub fn the_guest_can_own_records(store: &dyn Store) {
    let (guest, id) = (UserId::guest(), unique("contract-task-"));
    insert(store, &guest, &task(&id));
    assert!(keys::<Task>(store, &guest).contains(&id));
    assert!(write(store, |r| r.tasks().delete(&guest, &id.as_str().into())));
}

/// A user is found by id and by name, equal in every field.
pub fn an_inserted_user_is_found_by_id_and_by_name(store: &dyn Store) {
    let person = person("contract-");
    add(store, &person);
    assert_eq!(read(store, |r| r.accounts().get(&person.id)).as_ref(), Some(&person));
    assert_eq!(read(store, |r| r.accounts().find_by_name(&person.name)).as_ref(), Some(&person));
}

/// Looking for nobody is no error.
pub fn an_unknown_user_is_none(store: &dyn Store) {
    let id = UserId::new(unique("contract-nobody-")).unwrap();
    assert_eq!(read(store, |r| r.accounts().get(&id)), None);
    assert_eq!(read(store, |r| r.accounts().find_by_name(id.as_str())), None);
    assert!(!write(store, |r| r.accounts().delete(&id)));
}

/// A taken id is refused, and its owner stays as it was.
pub fn a_taken_user_id_conflicts(store: &dyn Store) {
    let person = person("contract-");
    add(store, &person);
    let other = User { name: unique("another name "), ..person.clone() };
    let error = store.write(|r| r.accounts().insert(&other)).unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
    assert_eq!(read(store, |r| r.accounts().get(&person.id)), Some(person));
}

/// A taken name is refused, and the transaction stays usable.
pub fn a_taken_user_name_conflicts(store: &dyn Store) {
    let (first, mut second) = (person("contract-"), person("contract-"));
    second.name.clone_from(&first.name);
    add(store, &first);
    let mut third = second.clone();
    third.name = unique("free name ");
    write(store, |r| {
        let error = refusal(r.accounts().insert(&second))?;
        assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
        r.accounts().insert(&third)
    });
    assert_eq!(read(store, |r| r.accounts().get(&second.id)), Some(third));
}

/// Names are compared exactly: case, accents and blanks tell them apart.
pub fn user_names_are_compared_exactly(store: &dyn Store) {
    let name = unique("Zoë ");
    let mut people = Vec::new();
    for name in
        [name.clone(), name.to_uppercase(), name.replace('ë', "e\u{308}"), format!("{name} "), name.replace('Z', "%")]
    {
        let person = User { name, ..person("contract-") };
        add(store, &person);
        people.push(person);
    }
    for person in people {
        assert_eq!(read(store, |r| r.accounts().find_by_name(&person.name)), Some(person));
    }
}

/// Users are listed by the bytes of their ids.
pub fn users_are_listed_by_id_bytes(store: &dyn Store) {
    let start = unique("contract-");
    let ids: Vec<String> = ["_b", "-b", "B", "a", "9", "10"].iter().map(|end| format!("{start}{end}")).collect();
    for id in &ids {
        add(store, &User { id: UserId::new(id.as_str()).unwrap(), name: id.clone(), created_at: moment() });
    }
    let listed = read(store, |r| r.accounts().list());
    assert!(listed.is_sorted_by(|a, b| a.id.as_str().as_bytes() < b.id.as_str().as_bytes()));
    let mut sorted = ids;
    sorted.sort();
    let ours: Vec<&str> = listed.iter().map(|user| user.id.as_str()).filter(|id| id.starts_with(&start)).collect();
    assert_eq!(ours, sorted);
}

/// A deleted user is gone, and both id and name are free again.
pub fn a_deleted_user_is_gone_and_its_name_free(store: &dyn Store) {
    let person = person("contract-");
    add(store, &person);
    assert!(write(store, |r| r.accounts().delete(&person.id)));
    assert_eq!(read(store, |r| r.accounts().get(&person.id)), None);
    assert_eq!(read(store, |r| r.accounts().find_by_name(&person.name)), None);
    assert!(!write(store, |r| r.accounts().delete(&person.id)));
    add(store, &person);
    assert!(read(store, |r| r.accounts().get(&person.id)).is_some());
}

/// Deleting a user removes every record of that user.
pub fn deleting_a_user_removes_everything_it_owns(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let person = person("contract-");
        add(store, &person);
        insert(store, &person.id, &R::with_id("k1"));
        write(store, |r| r.accounts().delete(&person.id));
        add(store, &person);
        assert_eq!(list::<R>(store, &person.id), [], "{}", R::ENTITY);
    }
    for_every_kind!(check(store));
}

/// Deleting a user leaves the records of everybody else.
pub fn deleting_a_user_leaves_the_records_of_others(store: &dyn Store) {
    let (gone, stays) = (user(store), user(store));
    for user in [&gone, &stays] {
        insert(store, user, &task("t1"));
        insert(store, user, &instance("i1", "t1"));
    }
    write(store, |r| r.accounts().delete(&gone));
    assert_eq!(keys::<Task>(store, &stays), ["t1"]);
    assert_eq!(keys::<TaskInstance>(store, &stays), ["i1"]);
}

/// When an account was made is kept to the microsecond.
pub fn account_times_are_kept_to_the_microsecond(store: &dyn Store) {
    for text in ["1970-01-01T00:00:00", "2026-03-07T09:05:07.000001", "9999-12-31T23:59:59.999999"] {
        let person = User { created_at: time(text), ..person("contract-") };
        add(store, &person);
        assert_eq!(read(store, |r| r.accounts().get(&person.id)).unwrap().created_at.to_iso_text(), text);
    }
}

/// Names in any script and with any punctuation are kept as they are.
pub fn user_names_in_any_script_are_kept(store: &dyn Store) {
    for start in ["心配", "O'Brien \"Bo\"", "ünïcödé", "a;b--c", "🌱", "<b>&amp;"] {
        let person = User { name: unique(start), ..person("contract-") };
        add(store, &person);
        assert_eq!(read(store, |r| r.accounts().find_by_name(&person.name)), Some(person));
    }
}
