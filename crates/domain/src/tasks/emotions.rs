//! The user's vocabulary of emotions.
//!
//! Words are compared trimmed and without regard to case (Unicode). Reading never changes the stored
//! list; the legacy program dropped duplicates whenever it listed the words.

use super::Emotion;
use super::access::{delete, invalid, required_text};
use crate::accounts::UserId;
use crate::record::{Record, RecordKey};
use crate::text::{is_missing_word, python_lower, python_strip};
use crate::{Repositories, Result};

/// Most characters of an emotion.
pub const MAX_EMOTION_CHARS: usize = 500;

/// The words in order, trimmed, without empty ones and without later repetitions.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn list(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<String>> {
    let mut seen = Vec::new();
    let mut words = Vec::new();
    for word in stored(repositories, user)?.iter().map(word) {
        let lower = python_lower(word);
        if !word.is_empty() && !seen.contains(&lower) {
            seen.push(lower);
            words.push(word.to_owned());
        }
    }
    Ok(words)
}

/// Adds a word, trimmed, at the end; `false` when it is there already in any case.
///
/// # Errors
/// [`crate::Error::Invalid`] for a blank word, one of more than [`MAX_EMOTION_CHARS`] characters, and a
/// missing-value word such as `NA`, which would read as empty.
pub fn add(repositories: &mut dyn Repositories, user: &UserId, text: &str) -> Result<bool> {
    let text = required_text::<Emotion>("emotion", text, MAX_EMOTION_CHARS)?;
    if is_missing_word(&text) {
        return Err(invalid::<Emotion>("emotion", text, "reads as an empty cell"));
    }
    let lower = python_lower(&text);
    if stored(repositories, user)?.iter().any(|emotion| python_lower(word(emotion)) == lower) {
        return Ok(false);
    }
    let mut emotion = Emotion::blank(RecordKey::new(text.as_str()));
    emotion.emotion.set_raw(text);
    repositories.emotions().insert(user, &emotion)?;
    Ok(true)
}

/// Removes every spelling of a word; `false` when there is none.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn remove(repositories: &mut dyn Repositories, user: &UserId, text: &str) -> Result<bool> {
    let lower = python_lower(python_strip(text));
    let mut matches = stored(repositories, user)?;
    matches.retain(|emotion| python_lower(word(emotion)) == lower);
    for emotion in &matches {
        delete::<Emotion>(repositories, user, &emotion.key)?;
    }
    Ok(!matches.is_empty())
}

/// Words of [`list`] that contain the text in any case; all of them for a blank text.
///
/// The text is taken as it stands: `%` and `_` are ordinary characters.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn search(repositories: &mut dyn Repositories, user: &UserId, text: &str) -> Result<Vec<String>> {
    let wanted = python_lower(python_strip(text));
    let mut words = list(repositories, user)?;
    words.retain(|word| python_lower(word).contains(&wanted));
    Ok(words)
}

/// Groups of words that differ at most in case, in the order of their first occurrence: the lower-case
/// word and the stored ones. Empty words form a group too.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn find_duplicates(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<(String, Vec<String>)>> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for word in stored(repositories, user)?.iter().map(word) {
        let lower = python_lower(word);
        match groups.iter_mut().find(|(known, _)| *known == lower) {
            Some((_, words)) => words.push(word.to_owned()),
            None => groups.push((lower, vec![word.to_owned()])),
        }
    }
    groups.retain(|(_, words)| words.len() > 1);
    Ok(groups)
}

/// Removes all but the first spelling of every word and gives back what was removed.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn deduplicate(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<String>> {
    let mut seen = Vec::new();
    let mut removed = Vec::new();
    for emotion in stored(repositories, user)? {
        let lower = python_lower(word(&emotion));
        if seen.contains(&lower) {
            delete::<Emotion>(repositories, user, &emotion.key)?;
            removed.push(word(&emotion).to_owned());
        } else {
            seen.push(lower);
        }
    }
    Ok(removed)
}

fn stored(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<Emotion>> {
    repositories.emotions().list(user)
}

/// The word as the legacy program loaded it: trimmed, a missing-value word empty.
fn word(emotion: &Emotion) -> &str {
    python_strip(emotion.emotion.legacy())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::testing::{Memory, user};

    fn memory(words: &[&str]) -> Memory {
        let mut memory = Memory::default();
        for (index, word) in words.iter().enumerate() {
            let mut emotion = Emotion::blank(RecordKey::new(format!("{word}~{index}")));
            emotion.emotion.set_raw(*word);
            memory.emotions().insert(&user(), &emotion).unwrap();
        }
        memory
    }

    #[test]
    fn listing_hides_duplicates_and_changes_nothing() {
        let mut memory = memory(&["Wut", "calm", "Calm ", "null", "", "ÄRGER", "ärger"]);
        assert_eq!(list(&mut memory, &user()).unwrap(), ["Wut", "calm", "ÄRGER"]);
        assert_eq!(memory.emotions().count(&user()).unwrap(), 7);
        assert_eq!(
            find_duplicates(&mut memory, &user()).unwrap(),
            [
                ("calm".to_owned(), vec!["calm".to_owned(), "Calm".to_owned()]),
                (String::new(), vec![String::new(), String::new()]),
                ("ärger".to_owned(), vec!["ÄRGER".to_owned(), "ärger".to_owned()]),
            ]
        );
        assert_eq!(deduplicate(&mut memory, &user()).unwrap(), ["Calm", "", "ärger"]);
        assert_eq!(find_duplicates(&mut memory, &user()).unwrap(), []);
    }

    #[test]
    fn adding_compares_without_case_and_patterns() {
        let mut memory = memory(&["Calm"]);
        assert!(!add(&mut memory, &user(), " cALM ").unwrap());
        assert!(add(&mut memory, &user(), " C_lm ").unwrap());
        assert!(add(&mut memory, &user(), "A & B").unwrap());
        assert!(add(&mut memory, &user(), " ").is_err());
        assert!(add(&mut memory, &user(), "NA").is_err());
        assert_eq!(list(&mut memory, &user()).unwrap(), ["Calm", "C_lm", "A & B"]);
        assert_eq!(search(&mut memory, &user(), "_").unwrap(), ["C_lm"]);
        assert_eq!(search(&mut memory, &user(), " LM").unwrap(), ["Calm", "C_lm"]);
        assert_eq!(search(&mut memory, &user(), " ").unwrap().len(), 3);
    }

    #[test]
    fn removing_takes_all_spellings_of_one_user() {
        let mut memory = memory(&["calm", "%", "CALM "]);
        let other = UserId::new("other").unwrap();
        assert!(add(&mut memory, &other, "calm").unwrap());
        assert!(remove(&mut memory, &user(), "Calm").unwrap());
        assert!(!remove(&mut memory, &user(), "Calm").unwrap());
        assert_eq!(list(&mut memory, &user()).unwrap(), ["%"]);
        assert_eq!(list(&mut memory, &other).unwrap(), ["calm"]);
    }
}
