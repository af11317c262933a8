//! Rules for Rust files.

use super::Finding;
use super::repository::TextFile;

/// Past this a file probably has a second topic.
const LONG: usize = 400;

/// Past this it is split.
const TOO_LONG: usize = 500;

/// Written by `diesel print-schema`, as long as the schema is.
const GENERATED: [&str; 1] = ["crates/store/src/schema.rs"];

/// Macros that stand for code which is not there yet.
const MACROS: [&str; 3] = [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("db", "g!")];

/// Words that begin a comment about work left undone.
const PROMISES: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Files stay short enough to be read in one go.
pub(crate) fn length(files: &[TextFile]) -> Vec<Finding> {
    let written = rust_files(files).filter(|file| !GENERATED.contains(&file.path.as_str()));
    written
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let message = format!("{lines} lines; {TOO_LONG} at most, {LONG} is long already");
            let finding = Finding::error(file.path.clone(), message);
            (lines > LONG).then_some(Finding { warning: lines <= TOO_LONG, ..finding })
        })
        .collect()
}

/// No test that does not run, no code that is not there, no promise in a comment.
pub(crate) fn unfinished_code(files: &[TextFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in rust_files(files) {
        for (number, line) in file.numbered_lines() {
            for found in unfinished(line) {
                findings.push(Finding::at_line(file, number, format!("`{found}` in the code")));
            }
        }
    }
    findings
}

fn rust_files(files: &[TextFile]) -> impl Iterator<Item = &TextFile> {
    files.iter().filter(|file| file.has_extension("rs") && !file.is_recorded())
}

fn unfinished(line: &str) -> Vec<&'static str> {
    let attribute = concat!("#[", "ignore");
    let conditional = line.contains("#[cfg_attr(") && line.contains(concat!(", ", "ignore"));
    let mut found = Vec::new();
    if line.contains(attribute) || conditional {
        found.push(attribute);
    }
    found.extend(MACROS.iter().filter(|name| contains_word_start(line, name)));
    if let Some((_, comment)) = line.split_once("//") {
        let comment = comment.trim_start_matches(['/', '!']).trim_start();
        let is_promise = |word: &&&str| {
            let rest = comment.strip_prefix(**word);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        found.extend(PROMISES.iter().filter(is_promise));
    }
    found
}

/// Whether the pattern occurs and is not the end of a longer name.
fn contains_word_start(line: &str, pattern: &str) -> bool {
    line.match_indices(pattern).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: String) -> TextFile {
        TextFile { path: path.to_owned(), text }
    }

    #[test]
    fn a_long_file_is_a_warning_and_a_longer_one_an_error() {
        let files = [
            file("a.rs", "x\n".repeat(400)),
            file("b.rs", "x\n".repeat(401)),
            file("c.rs", "x\n".repeat(501)),
            file("c.md", "x\n".repeat(501)),
            file("crates/store/src/schema.rs", "x\n".repeat(900)),
        ];
        let found: Vec<_> = length(&files).into_iter().map(|f| (f.place, f.warning)).collect();
        assert_eq!(found, [("b.rs".to_owned(), true), ("c.rs".to_owned(), false)]);
    }

    #[test]
    fn unfinished_code_is_found() {
        for line in [
            "    #[".to_owned() + "ignore]",
            "#[".to_owned() + "ignore = \"slow\"]",
            "#[cfg_attr(unix, ".to_owned() + "ignore)]",
            "    to".to_owned() + "do!()",
            "x => unimple".to_owned() + "mented!(\"y\"),",
            "db".to_owned() + "g!(x);",
            "let x = 1; // TO".to_owned() + "DO later",
            "/// FIX".to_owned() + "ME: wrong",
        ] {
            let found = unfinished_code(&[file("a.rs", format!("\n{line}\n"))]);
            assert_eq!(found.len(), 1, "{line}");
            assert_eq!(found.first().unwrap().place, "a.rs:2");
        }
    }

    #[test]
    fn similar_words_are_not_found() {
        for line in [
            "not_to".to_owned() + "do!()",
            "// the status TO".to_owned() + "DO of an issue",
            "let s = \"TO".to_owned() + "DO\";",
            "// TO".to_owned() + "DOS is no word",
            "// lines to ignore".to_owned(),
        ] {
            assert_eq!(unfinished_code(&[file("a.rs", line.clone())]), [], "{line}");
        }
    }
}
