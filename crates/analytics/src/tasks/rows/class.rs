//! Classes of task types.

use landfast_domain::text::{python_lower, python_strip};

/// What kind of activity a task is, by its task type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeClass {
    /// `work`; also instances whose task is unknown or has no type.
    Work,
    /// `self care`, `selfcare` or `self-care`.
    SelfCare,
    /// `play`.
    Play,
    /// `sleep`.
    Sleep,
    /// Any other text.
    Other,
}

impl TypeClass {
    /// Class of a task type; surrounding white space and case do not count. Empty text is [`TypeClass::Other`].
    ///
    /// ```
    /// use landfast_analytics::tasks::rows::TypeClass;
    ///
    /// assert_eq!(TypeClass::of(" Self-Care "), TypeClass::SelfCare);
    /// assert_eq!(TypeClass::of("Errand"), TypeClass::Other);
    /// ```
    #[must_use]
    pub fn of(task_type: &str) -> Self {
        match python_lower(python_strip(task_type)).as_str() {
            "work" => Self::Work,
            "self care" | "selfcare" | "self-care" => Self::SelfCare,
            "play" => Self::Play,
            "sleep" => Self::Sleep,
            _ => Self::Other,
        }
    }

    /// `work`, `self_care`, `play`, `sleep` or `other`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::SelfCare => "self_care",
            Self::Play => "play",
            Self::Sleep => "sleep",
            Self::Other => "other",
        }
    }

    /// Weight of relief by class: work 1, self care 3, play 0.5, sleep and other 1.
    #[must_use]
    pub fn relief_weight(self) -> f64 {
        match self {
            Self::SelfCare => 3.0,
            Self::Play => 0.5,
            Self::Work | Self::Sleep | Self::Other => 1.0,
        }
    }

    /// Whether the class counts as productive time: work and self care.
    #[must_use]
    pub fn is_productive(self) -> bool {
        matches!(self, Self::Work | Self::SelfCare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_self_care_are_one_class() {
        for text in ["Self care", "selfcare", "SELF-CARE", "\tself care "] {
            assert_eq!(TypeClass::of(text), TypeClass::SelfCare, "{text}");
        }
        assert_eq!(TypeClass::of("self  care"), TypeClass::Other);
        assert_eq!(TypeClass::of(""), TypeClass::Other);
    }
}
