//! The vocabulary of emotions.

use super::{Session, print_words};
use crate::cli::EmotionVerb;
use crate::failure::{Exit, Failure};
use landfast_domain::tasks::emotions;

/// Runs a verb of `landfast tasks emotions`.
pub(super) fn run(session: &Session, verb: EmotionVerb) -> Result<Exit, Failure> {
    match verb {
        EmotionVerb::List => print_words(session, "emotions", &session.read(emotions::list)?),
        EmotionVerb::Search { text } => {
            let words = session.read(|repositories, user| emotions::search(repositories, user, &text))?;
            print_words(session, "emotions", &words)
        }
        EmotionVerb::Add { word } => {
            let added = session.write(|repositories, user| emotions::add(repositories, user, &word))?;
            let line = if added { format!("{word} added") } else { format!("{word} is there already") };
            session.done([("added", added.into())], &line)
        }
        EmotionVerb::Remove { word } => {
            let removed = session.write(|repositories, user| emotions::remove(repositories, user, &word))?;
            let line = if removed { format!("{word} removed") } else { format!("{word} is not there") };
            session.done([("removed", removed.into())], &line)
        }
        EmotionVerb::Deduplicate => {
            let removed = session.write(emotions::deduplicate)?;
            let line = match removed.as_slice() {
                [] => "nothing is repeated".to_owned(),
                words => format!("removed {}", words.join(", ")),
            };
            session.done([("removed", removed.into())], &line)
        }
    }
}
