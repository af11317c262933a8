//! Answers to the onboarding survey.

use super::SurveyResponse;
use super::access::{limited_text, required_text};
use super::keys::unused_millis_key;
use crate::accounts::UserId;
use crate::record::{Record, RecordKey};
use crate::text::python_str_repr;
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// Most characters of an answer's free text.
pub const MAX_ANSWER_CHARS: usize = 2000;

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Nothing; the answer is free text.
    None,
    /// A point of a scale; 0 is a value.
    Number(i64),
    /// One option.
    One(String),
    /// Ticked boxes.
    Many(Vec<String>),
}

impl Choice {
    /// Cell text. Ticked boxes are a Python list (`['a', 'b']`), from which they can be read back even when
    /// an option holds a comma.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Number(number) => number.to_string(),
            Self::One(option) => option.clone(),
            Self::Many(options) => {
                let options: Vec<String> = options.iter().map(|option| python_str_repr(option)).collect();
                format!("[{}]", options.join(", "))
            }
        }
    }
}

/// An answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who answers; see [`super::preferences`].
    pub profile: String,
    /// Category of the question.
    pub category: String,
    /// Id of the question.
    pub question_id: String,
    /// What was chosen.
    pub choice: Choice,
    /// Free text; surrounding white space is dropped.
    pub text: String,
}

/// Records an answer. The key becomes its `response_id`. Earlier answers to the question stay. `now` is UTC.
///
/// # Errors
/// [`crate::Error::Invalid`] for an empty profile or question and for a text of more than [`MAX_ANSWER_CHARS`];
/// [`crate::Error::Conflict`] when the key is taken.
pub fn record(
    repositories: &mut dyn Repositories,
    user: &UserId,
    answer: &Answer,
    key: RecordKey,
    now: Timestamp,
) -> Result<SurveyResponse> {
    let mut response = SurveyResponse::blank(key);
    response.response_id.set_raw(response.key.as_str());
    response.user_id.set_raw(required_text::<SurveyResponse>("user_id", &answer.profile, MAX_ANSWER_CHARS)?);
    response.question_category.set_raw(answer.category.as_str());
    response.question_id.set_raw(required_text::<SurveyResponse>(
        "question_id",
        &answer.question_id,
        MAX_ANSWER_CHARS,
    )?);
    response.response_value.set_raw(answer.choice.to_text());
    response.response_text.set_raw(limited_text::<SurveyResponse>("response_text", &answer.text, MAX_ANSWER_CHARS)?);
    response.timestamp.set(Some(&now));
    repositories.survey_responses().insert(user, &response)?;
    Ok(response)
}

/// Records many answers under keys of the form `srv-` + milliseconds, each its own.
///
/// # Errors
/// As [`record`]; the transaction must then be given up to record none of them.
pub fn record_bulk(
    repositories: &mut dyn Repositories,
    user: &UserId,
    answers: &[Answer],
    now: Timestamp,
) -> Result<Vec<SurveyResponse>> {
    let mut responses = Vec::with_capacity(answers.len());
    for answer in answers {
        let key = unused_millis_key::<SurveyResponse>(repositories, user, "srv-", now)?;
        responses.push(record(repositories, user, answer, key, now)?);
    }
    Ok(responses)
}

/// Answers of a profile in the order they were given.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn list(repositories: &mut dyn Repositories, user: &UserId, profile: &str) -> Result<Vec<SurveyResponse>> {
    let mut responses = repositories.survey_responses().list(user)?;
    responses.retain(|response| response.user_id.raw() == profile);
    Ok(responses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::testing::{Memory, at, user};

    fn answer(profile: &str, choice: Choice) -> Answer {
        let (category, question_id) = ("struggles".to_owned(), "struggles_main".to_owned());
        Answer { profile: profile.to_owned(), category, question_id, choice, text: " a < b ".to_owned() }
    }

    #[test]
    fn answers_of_one_millisecond_have_their_own_ids_and_all_stay() {
        let mut memory = Memory::default();
        let answers =
            [answer("default", Choice::Number(0)), answer("default", Choice::Number(7)), answer("1", Choice::None)];
        let now = at("2025-12-22 02:40:22.001234");
        let recorded = record_bulk(&mut memory, &user(), &answers, now).unwrap();
        let ids: Vec<&str> = recorded.iter().map(|r| r.response_id.raw()).collect();
        assert_eq!(ids, ["srv-1766371222001", "srv-1766371222002", "srv-1766371222003"]);
        let kept = list(&mut memory, &user(), "default").unwrap();
        assert_eq!(kept.iter().map(|r| r.response_value.raw()).collect::<Vec<_>>(), ["0", "7"]);
        assert_eq!(kept[0].response_text.raw(), "a < b");
        assert_eq!(kept[0].timestamp.raw(), "2025-12-22T02:40:22.001234");
    }

    #[test]
    fn ticked_boxes_are_a_python_list() {
        let choice = Choice::Many(vec!["Anxiety".into(), "\"Other\", really".into(), "it's".into()]);
        assert_eq!(choice.to_text(), r#"['Anxiety', '"Other", really', "it's"]"#);
        assert_eq!(Choice::Many(vec![]).to_text(), "[]");
    }

    #[test]
    fn incomplete_answers_are_refused() {
        let mut memory = Memory::default();
        let now = at("2025-12-22 02:40");
        assert!(record(&mut memory, &user(), &answer(" ", Choice::None), "srv-1".into(), now).is_err());
        let long = Answer { text: "x".repeat(2001), ..answer("1", Choice::None) };
        assert!(record(&mut memory, &user(), &long, "srv-1".into(), now).is_err());
        assert_eq!(list(&mut memory, &user(), "1").unwrap(), []);
    }
}
