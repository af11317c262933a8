//! Which tasks may be recommended at all.

use crate::tasks::rows::TaskInfo;
use landfast_domain::json::Json;
use landfast_domain::text::{python_float, python_lower, python_strip};
use serde_json::Value;

/// Conditions for a recommendation; `None` is no condition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filters {
    /// Task type, equal after trimming both; case counts.
    pub task_type: Option<String>,
    /// Only recurring tasks, or only others.
    pub is_recurring: Option<bool>,
    /// Text that at least one category contains, without regard to case. A task whose categories are no JSON
    /// list passes.
    pub category: Option<String>,
    /// Fewest minutes.
    pub min_duration: Option<f64>,
    /// Most minutes.
    pub max_duration: Option<f64>,
}

impl Filters {
    /// Reads the members `task_type`, `is_recurring`, `categories`, `min_duration` and `max_duration` of a JSON
    /// object. What is absent, empty, 0, false or not understood is no condition.
    ///
    /// ```
    /// use landfast_analytics::recommend::Filters;
    /// use serde_json::json;
    ///
    /// let filters = Filters::from_json(&json!({"is_recurring": "false", "max_duration": "45", "min_duration": 0}));
    /// assert_eq!((filters.is_recurring, filters.max_duration, filters.min_duration), (Some(false), Some(45.0), None));
    /// ```
    #[must_use]
    pub fn from_json(value: &Value) -> Self {
        let text = |name: &str| {
            let text = python_strip(value.get(name)?.as_str()?);
            (!text.is_empty()).then(|| text.to_owned())
        };
        let number = |name: &str| {
            let value = value.get(name)?;
            let number = value.as_f64().or_else(|| python_float(value.as_str()?))?;
            (number.is_finite() && number != 0.0).then_some(number)
        };
        let is_recurring = match value.get("is_recurring") {
            Some(Value::Bool(true)) => Some(true),
            Some(Value::String(text)) => match python_lower(python_strip(text)).as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        };
        Self {
            task_type: text("task_type"),
            is_recurring,
            category: text("categories"),
            min_duration: number("min_duration"),
            max_duration: number("max_duration"),
        }
    }

    /// Whether a task of this template passes all conditions but those on the duration.
    #[must_use]
    pub fn accept_task(&self, task: &TaskInfo) -> bool {
        let is_recurring = task.record.is_recurring.value() == Some(true);
        self.task_type.as_deref().is_none_or(|wanted| python_strip(&task.task_type) == python_strip(wanted))
            && self.is_recurring.is_none_or(|wanted| wanted == is_recurring)
            && self.category.as_deref().is_none_or(|wanted| has_category(task, wanted))
    }

    /// Whether a duration in minutes passes.
    #[must_use]
    pub fn accept_duration(&self, minutes: f64) -> bool {
        self.min_duration.is_none_or(|least| minutes >= least) && self.max_duration.is_none_or(|most| minutes <= most)
    }
}

fn has_category(task: &TaskInfo, wanted: &str) -> bool {
    let cell = python_strip(task.record.categories.legacy());
    if cell.is_empty() {
        return false;
    }
    let wanted = python_lower(python_strip(wanted));
    match Json::parse(cell) {
        Ok(Json::Array(categories)) => categories
            .iter()
            .any(|category| category.as_str().is_some_and(|category| python_lower(category).contains(&wanted))),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::rows::{TaskData, TaskInput};
    use landfast_domain::record::Record as _;
    use landfast_domain::tasks::Task;
    use serde_json::json;

    fn task(change: impl Fn(&mut Task)) -> TaskInfo {
        let mut task = Task::blank("t".into());
        change(&mut task);
        let input = TaskInput { tasks: &[task], ..TaskInput::default() };
        TaskData::new(&input).tasks()[0].clone()
    }

    fn accepts(filter: Value, task: &TaskInfo) -> bool {
        Filters::from_json(&filter).accept_task(task)
    }

    #[test]
    fn the_type_is_compared_with_its_case() {
        let care = task(|task| task.task_type.set_raw(" Self care "));
        assert!(accepts(json!({"task_type": "Self care "}), &care));
        assert!(!accepts(json!({"task_type": "self care"}), &care));
        assert!(accepts(json!({"task_type": ""}), &care));
        assert!(accepts(json!({"task_type": "Work"}), &task(|task| task.task_type.clear())));
    }

    #[test]
    fn recurrence_is_three_valued() {
        let recurring = task(|task| task.is_recurring.set_raw("True"));
        let single = task(|task| task.is_recurring.set_raw("False"));
        for (filter, expected) in [
            (json!({"is_recurring": "True"}), (true, false)),
            (json!({"is_recurring": "false"}), (false, true)),
            (json!({"is_recurring": false}), (true, true)),
            (json!({"is_recurring": "any"}), (true, true)),
        ] {
            assert_eq!((accepts(filter.clone(), &recurring), accepts(filter, &single)), expected);
        }
    }

    #[test]
    fn a_category_has_to_contain_the_text() {
        let filter = json!({"categories": "ADM"});
        assert!(accepts(filter.clone(), &task(|task| task.categories.set_raw(r#"["work", "Admin"]"#))));
        assert!(!accepts(filter.clone(), &task(|task| task.categories.set_raw(r#"["work", 7]"#))));
        assert!(!accepts(filter.clone(), &task(|task| task.categories.clear())));
        assert!(accepts(filter, &task(|task| task.categories.set_raw("admin; work"))));
    }

    #[test]
    fn limits_of_the_duration_belong_to_it() {
        let filters = Filters::from_json(&json!({"min_duration": 30, "max_duration": "60"}));
        let accepted: Vec<bool> = [29.9, 30.0, 60.0, 60.1].map(|minutes| filters.accept_duration(minutes)).into();
        assert_eq!(accepted, [false, true, true, false]);
        assert!(Filters::from_json(&json!({"max_duration": "soon"})).accept_duration(1e9));
    }
}
