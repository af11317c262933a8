//! Links between the pages of this repository lead somewhere.

use std::collections::BTreeSet;

use super::Finding;
use super::repository::{Repository, TextFile};

/// Every relative link of every Markdown page names an existing file or folder, and a `#part`
/// names a heading of the page it leads to. Links to the web are not followed.
pub(crate) fn resolve(repository: &Repository) -> Vec<Finding> {
    let pages = repository.files.iter().filter(|file| file.has_extension("md"));
    let mut findings = Vec::new();
    for page in pages.filter(|page| !page.is_recorded()) {
        for (number, line) in prose(page) {
            for target in targets(&line) {
                if let Some(problem) = problem(repository, page, &target) {
                    findings.push(Finding::at_line(page, number, problem));
                }
            }
        }
    }
    findings
}

/// Numbered lines outside fenced code, with inline code blanked out.
fn prose(page: &TextFile) -> Vec<(usize, String)> {
    outside_fences(page)
        .map(|(number, line)| {
            let text: Vec<&str> = line.split('`').step_by(2).collect();
            (number, text.join(" "))
        })
        .collect()
}

fn outside_fences(page: &TextFile) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    page.numbered_lines().filter(move |(_, line)| {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => return true,
            (Some(_), _) => {}
        }
        false
    })
}

/// Targets of `[text](target)`, `[text](<target> "title")` and `[name]: target`.
fn targets(line: &str) -> Vec<String> {
    let inline = line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    let definition = line.trim_start().strip_prefix('[').filter(|rest| !rest.starts_with('^'));
    let definition = definition.and_then(|rest| Some(rest.split_once("]: ")?.1));
    let words = inline.chain(definition).filter_map(|target| target.split_whitespace().next());
    words.map(|word| word.trim_start_matches('<').trim_end_matches('>').to_owned()).collect()
}

fn problem(repository: &Repository, page: &TextFile, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, part) = target.split_once('#').map_or((target, None), |(p, part)| (p, Some(part)));
    let Some(path) = resolved(&page.path, path) else {
        return Some(format!("the link `{target}` leads out of the repository"));
    };
    if !repository.contains(&path) {
        return Some(format!("the link `{target}` leads nowhere: there is no `{path}`"));
    }
    let part = part.filter(|part| !part.is_empty())?;
    let file = repository.file(&path).filter(|file| file.has_extension("md"))?;
    (!anchors(file).contains(part)).then(|| format!("`{path}` has no heading `#{part}`"))
}

/// Path of a link, from the root of the repository; `None` when it leads above the root.
fn resolved(page: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(page.to_owned());
    }
    let mut parts: Vec<&str> = match (link.starts_with('/'), page.rsplit_once('/')) {
        (false, Some((folder, _))) => folder.split('/').collect(),
        (true, _) | (false, None) => Vec::new(),
    };
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Names of the headings as GitHub makes them, and of explicit `<a id="…">` marks.
fn anchors(page: &TextFile) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (_, line) in outside_fences(page) {
        let title = line.trim_start_matches('#');
        if title.len() < line.len() && title.starts_with(' ') {
            let name = anchor(title);
            let mut unique = name.clone();
            let mut repeated = 0;
            while !anchors.insert(unique) {
                repeated += 1;
                unique = format!("{name}-{repeated}");
            }
        }
        for mark in ["id=\"", "name=\""] {
            let values = line.split(mark).skip(1).filter_map(|rest| rest.split_once('"'));
            anchors.extend(values.map(|(value, _)| value.to_owned()));
        }
    }
    anchors
}

fn anchor(title: &str) -> String {
    let kept = title.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(page: &str) -> Vec<String> {
        let repository = Repository::of(&[
            ("docs/page.md", page),
            ("docs/other.md", "# Other page\n## One `code`, two!\n## Twice\n## Twice\n"),
            ("docs/adr/0001-a.md", ""),
            ("README.md", ""),
            ("src/main.rs", ""),
        ]);
        resolve(&repository).into_iter().map(|f| format!("{} {}", f.place, f.message)).collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let page = "# Here\n\
            [a](other.md) [b](../README.md) ![c](adr/) [d](/src/main.rs) [e](#here)\n\
            [f](other.md#one-code-two) [g](other.md#twice-1 \"title\") [h](https://x.org/y)\n\
            [i][ref] [j](mailto:a@x.org)\n\n[ref]: adr/0001-a.md\n";
        assert_eq!(problems(page), [""; 0]);
    }

    #[test]
    fn broken_links_are_found_with_their_line() {
        let page = "\n[a](missing.md)\n[b](../../x.md)\n[c](other.md#three)\n[d](#there)\n\n[r]: no.md\n";
        let found = problems(page);
        assert_eq!(found.len(), 5, "{found:?}");
        for (line, text) in [
            (2, "no `docs/missing.md`"),
            (3, "out of the repository"),
            (4, "no heading `#three`"),
            (5, "no heading `#there`"),
            (7, "no `docs/no.md`"),
        ] {
            let at = format!("docs/page.md:{line} ");
            assert!(found.iter().any(|f| f.starts_with(&at) && f.contains(text)), "{found:?}");
        }
    }

    #[test]
    fn code_is_not_searched_for_links() {
        let page = "```\n[a](missing.md)\n```\nand `[b](missing.md)` but [`c`](other.md)\n";
        assert_eq!(problems(page), [""; 0]);
    }
}
