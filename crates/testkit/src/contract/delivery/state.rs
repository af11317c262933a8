//! The application's state.

use super::{in_vain, read, write};
use crate::contract::support::{OWN_PREFIX, unique};
use landfast_domain::Store;

/// A key has one value, the last that was set.
pub fn a_state_value_is_kept_and_replaced(store: &dyn Store) {
    let key = unique(OWN_PREFIX);
    assert_eq!(read(store, |d| d.app_state(&key)), None);
    for value in ["", "p_db5b5fab8f4d", "{\"a\": [1.50, \"ä\u{301}\\u0000\"]}\r\n"] {
        write(store, |d| d.set_app_state(&key, value));
        assert_eq!(read(store, |d| d.app_state(&key)).as_deref(), Some(value));
    }
    write(store, |d| d.delete_app_state(&key));
}

/// A removed key has no value; removing it again says so.
pub fn a_removed_state_key_is_gone(store: &dyn Store) {
    let key = unique(OWN_PREFIX);
    write(store, |d| d.set_app_state(&key, "1"));
    assert!(write(store, |d| d.delete_app_state(&key)));
    assert!(!write(store, |d| d.delete_app_state(&key)));
    assert_eq!(read(store, |d| d.app_state(&key)), None);
}

/// Keys are compared byte by byte, whatever they hold and however long they are.
pub fn state_keys_are_compared_byte_by_byte(store: &dyn Store) {
    let start = unique(OWN_PREFIX);
    let long = format!("{start}{}", "é".repeat(2_000));
    let keys = [start.to_uppercase(), format!("{start} "), format!("{start}\u{301}"), format!("{long}1"), long, start];
    write(store, |d| {
        keys.iter().zip(["1", "2", "3", "4", "5", "6"]).try_for_each(|(key, value)| d.set_app_state(key, value))
    });
    for (key, value) in keys.iter().zip(["1", "2", "3", "4", "5", "6"]) {
        assert_eq!(read(store, |d| d.app_state(key)).as_deref(), Some(value), "{key:.80}");
    }
    write(store, |d| keys.iter().try_for_each(|key| d.delete_app_state(key).map(drop)));
}

/// The state is listed by the bytes of the keys.
pub fn the_state_is_listed_by_key_bytes(store: &dyn Store) {
    let start = unique(OWN_PREFIX);
    let keys = ["b", "ä", "B", "_", "a", "a.b", ""].map(|end| format!("{start}{end}"));
    let listed = in_vain(store, |d| {
        keys.iter().try_for_each(|key| d.set_app_state(key, key))?;
        d.list_app_state()
    });
    assert!(listed.is_sorted());
    let ours: Vec<&String> = listed.iter().filter(|(key, value)| key == value).map(|(key, _)| key).collect();
    let mut sorted: Vec<&String> = keys.iter().collect();
    sorted.sort();
    assert_eq!(ours, sorted);
}
