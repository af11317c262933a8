//! Emotions.

use super::support::{Sample as _, insert_all, keys, list, read, user, write};
use landfast_domain::accounts::UserId;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::{Emotion, emotions};
use landfast_domain::{Error, Store};

/// A user with these words, repeated ones under keys of their own.
fn with_words(store: &dyn Store, words: &[&str]) -> UserId {
    let user = user(store);
    let mut seen: Vec<&str> = Vec::new();
    let records: Vec<Emotion> = words
        .iter()
        .map(|word| {
            seen.push(word);
            let mut record = Emotion::with_id(word);
            record.key =
                RecordKey::nth(word, u64::try_from(seen.iter().filter(|other| *other == word).count()).unwrap());
            record
        })
        .collect();
    insert_all(store, &user, &records);
    user
}

fn words(store: &dyn Store, user: &UserId) -> Vec<String> {
    read(store, |r| emotions::list(r, user))
}

/// Words are listed trimmed, without empty ones and later repetitions.
pub fn emotions_are_listed_once(store: &dyn Store) {
    let user = with_words(store, &["Wut", "calm", "", "Calm ", "null", "CALM", " bored", "心配", ""]);
    assert_eq!(words(store, &user), ["Wut", "calm", "bored", "心配"]);
}

/// Listing changes nothing in the store.
pub fn listing_emotions_changes_nothing(store: &dyn Store) {
    let user = with_words(store, &["calm", "Calm", "", "bored"]);
    let before = list::<Emotion>(store, &user);
    words(store, &user);
    assert_eq!(list::<Emotion>(store, &user), before);
}

/// A new word is added at the end, trimmed; a known one is not, in whatever case.
pub fn a_new_emotion_is_added_at_the_end(store: &dyn Store) {
    let user = with_words(store, &["calm", "Äußerst froh"]);
    let add = |text: &str| write(store, |r| emotions::add(r, &user, text));
    assert!(add("  dread, mild "));
    for known in ["calm", " CALM ", "äusserst FROH".replace("ss", "ß").as_str(), "Dread, Mild"] {
        assert!(!add(known), "{known}");
    }
    assert_eq!(words(store, &user), ["calm", "Äußerst froh", "dread, mild"]);
}

/// Blank words, too long ones and missing-value words are refused.
pub fn unusable_emotions_are_refused(store: &dyn Store) {
    let user = user(store);
    for text in ["", " \t", "NA", "null", &"x".repeat(501)] {
        let error = store.write(|r| emotions::add(r, &user, text)).unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
    }
    assert_eq!(list::<Emotion>(store, &user), []);
}

/// Removing takes every spelling of a word and no other; pattern characters mean themselves.
pub fn removing_an_emotion_takes_every_spelling(store: &dyn Store) {
    let user = with_words(store, &["calm", "C_lm", "Calm", "%", "bored", "calmer"]);
    let remove = |text: &str| write(store, |r| emotions::remove(r, &user, text));
    assert!(remove(" CALM"));
    assert!(remove("%"));
    assert!(!remove("c%"));
    assert_eq!(keys::<Emotion>(store, &user), ["C_lm", "bored", "calmer"]);
}

/// Removing a word leaves other users' words.
pub fn removing_an_emotion_leaves_other_users_words(store: &dyn Store) {
    let (one, two) = (with_words(store, &["calm", "bored"]), with_words(store, &["calm", "Calm"]));
    assert!(write(store, |r| emotions::remove(r, &one, "calm")));
    assert_eq!(keys::<Emotion>(store, &two), ["calm", "Calm"]);
    assert!(write(store, |r| emotions::add(r, &one, "calm")));
}

/// Searching finds parts of words in any case, and everything for a blank text.
pub fn emotions_are_found_by_a_part(store: &dyn Store) {
    let user = with_words(store, &["calm", "ANXIOUS", "50% sure", "dread", "Été"]);
    let search = |text: &str| read(store, |r| emotions::search(r, &user, text));
    assert_eq!(search("a"), ["calm", "ANXIOUS", "dread"]);
    assert_eq!(search("%"), ["50% sure"]);
    assert_eq!(search("É"), ["Été"]);
    assert_eq!(search("_"), [""; 0]);
    assert_eq!(search(" ").len(), 5);
}

/// Words that differ in case only are found as duplicates and can be merged.
pub fn duplicate_emotions_are_found_and_merged(store: &dyn Store) {
    let user = with_words(store, &["calm", "Wut", "Calm", "", "CALM", ""]);
    let groups = read(store, |r| emotions::find_duplicates(r, &user));
    assert_eq!(groups.len(), 2);
    assert_eq!((groups[0].0.as_str(), groups[0].1.join(" ")), ("calm", "calm Calm CALM".to_owned()));
    let removed = write(store, |r| emotions::deduplicate(r, &user));
    assert_eq!(removed, ["Calm", "CALM", ""]);
    assert_eq!(read(store, |r| emotions::find_duplicates(r, &user)), []);
    assert_eq!(words(store, &user), ["calm", "Wut"]);
}
