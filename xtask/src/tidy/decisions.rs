//! Decision records say why, and how the decision is kept.

use std::collections::BTreeMap;

use super::Finding;
use super::repository::TextFile;

const FOLDER: &str = "docs/adr/";

/// The sections of a record, in this order.
const SECTIONS: [&str; 5] = ["Context", "Decision", "Consequences", "Rejected", "Checked by"];

/// Every record `docs/adr/NNNN-name.md` has the five sections in order, none of them empty, and a
/// number of its own.
pub(crate) fn complete(files: &[TextFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    for record in files {
        let Some(number) = number(&record.path) else {
            continue;
        };
        if let Some(other) = numbers.insert(number, &record.path) {
            let message = format!("has the same number as `{other}`");
            findings.push(Finding::error(record.path.clone(), message));
        }
        findings.extend(missing_sections(record));
    }
    findings
}

/// The four digits of a record's file name; the index and the template have none.
fn number(path: &str) -> Option<&str> {
    let (number, _) = path.strip_prefix(FOLDER)?.strip_suffix(".md")?.split_once('-')?;
    (number.len() == 4 && number.chars().all(|c| c.is_ascii_digit())).then_some(number)
}

fn missing_sections(record: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let found = sections(record);
    let titles: Vec<&str> = found.iter().map(|(title, _)| *title).collect();
    for wanted in SECTIONS {
        match found.iter().find(|(title, _)| *title == wanted) {
            None => findings.push(Finding::error(record.path.clone(), format!("has no section `{wanted}`"))),
            Some((_, false)) => {
                findings.push(Finding::error(record.path.clone(), format!("its section `{wanted}` is empty")))
            }
            Some((_, true)) => {}
        }
    }
    let known: Vec<&str> = titles.into_iter().filter(|title| SECTIONS.contains(title)).collect();
    if findings.is_empty() && known != SECTIONS {
        let message = format!("its sections are not in the order {}", SECTIONS.join(", "));
        findings.push(Finding::error(record.path.clone(), message));
    }
    findings
}

/// Titles of the headings, and whether text follows each before the next one.
fn sections(record: &TextFile) -> Vec<(&str, bool)> {
    let mut sections: Vec<(&str, bool)> = Vec::new();
    for line in record.text.lines() {
        if line.starts_with('#') {
            sections.push((line.trim_start_matches('#').trim(), false));
        } else if let Some((_, has_text)) = sections.last_mut() {
            *has_text |= !line.trim().is_empty();
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str, titles: &[&str]) -> TextFile {
        let sections = titles.iter().map(|title| format!("## {title}\n\nText.\n\n"));
        let text = format!("# 0001: a title\n\n{}", sections.collect::<String>());
        TextFile { path: path.to_owned(), text }
    }

    fn messages(files: &[TextFile]) -> Vec<String> {
        complete(files).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_complete_record_is_fine_and_the_index_is_no_record() {
        let files = [record("docs/adr/0001-a.md", &SECTIONS), record("docs/adr/README.md", &[])];
        assert_eq!(messages(&files), [""; 0]);
    }

    #[test]
    fn a_missing_and_an_empty_section_are_found() {
        let mut file = record("docs/adr/0001-a.md", &["Context", "Decision", "Consequences"]);
        file.text.push_str("## Rejected\n\n");
        assert_eq!(messages(&[file]), ["its section `Rejected` is empty", "has no section `Checked by`"]);
    }

    #[test]
    fn another_order_is_found() {
        let titles = ["Decision", "Context", "Consequences", "Rejected", "Checked by"];
        let found = messages(&[record("docs/adr/0001-a.md", &titles)]);
        assert!(found.first().unwrap().contains("order"), "{found:?}");
    }

    #[test]
    fn a_number_used_twice_is_found() {
        let files = ["docs/adr/0001-a.md", "docs/adr/0001-b.md"].map(|path| record(path, &SECTIONS));
        assert_eq!(messages(&files), ["has the same number as `docs/adr/0001-a.md`"]);
    }
}
