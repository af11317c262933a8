//! Short confirmations shown on the page after a change: `?said=KEY`.
//!
//! Only these texts can be shown, so an address cannot put words into a page.

/// Confirmation texts by key, sorted.
const SAID: &[(&str, &str)] = &[
    ("added", "Added."),
    ("cancelled", "Cancelled."),
    ("completed", "Completed. Well done."),
    ("created", "Created."),
    ("deleted", "Deleted."),
    ("logged-in", "You are logged in."),
    ("logged-out", "You are logged out."),
    ("password-changed", "The password is changed; all other sessions are ended."),
    ("paused", "Paused."),
    ("predicted", "Predictions saved."),
    ("registered", "Your account is made."),
    ("resumed", "Going on."),
    ("saved", "Saved."),
    ("session-ended", "The session is ended."),
    ("started", "Started."),
];

/// The text for a key.
pub(super) fn text(key: &str) -> Option<&'static str> {
    SAID.binary_search_by_key(&key, |(known, _)| known).ok().and_then(|at| SAID.get(at)).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_found_and_nothing_else() {
        assert!(SAID.is_sorted() && SAID.iter().all(|(key, _)| text(key).is_some()));
        assert_eq!(text("<b>"), None);
    }
}
