//! Search for templates.

use crate::tasks::rows::{TaskData, TaskInfo};
use landfast_domain::text::{python_lower, python_strip};

/// Templates whose name, description or task type contains a text, in the order of the store.
///
/// The text is trimmed and compared without regard to case; an empty text finds all templates.
#[must_use]
pub fn search_templates<'a>(data: &'a TaskData, text: &str) -> Vec<&'a TaskInfo> {
    let text = python_lower(python_strip(text));
    let contains = |cell: &str| python_lower(cell).contains(&text);
    data.tasks()
        .iter()
        .filter(|task| {
            let record = &task.record;
            contains(record.name.legacy()) || contains(record.description.legacy()) || contains(&task.task_type)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sample;
    use super::*;

    #[test]
    fn names_descriptions_and_types_are_searched() {
        let mut sample = Sample::default();
        sample.task("a", "Write report", 30);
        sample.task("b", "Walk", 30).description.set_raw("Around the LAKE");
        sample.task("c", "Read", 30).task_type.set_raw("Play");
        let data = sample.data();
        let found =
            |text: &str| search_templates(&data, text).iter().map(|task| task.id.to_string()).collect::<Vec<_>>();
        assert_eq!(found(" REPORT "), ["a"]);
        assert_eq!(found("lake"), ["b"]);
        assert_eq!(found("play"), ["c"]);
        assert_eq!(found("").len(), 3);
        assert_eq!(found("nothing"), Vec::<String>::new());
    }
}
