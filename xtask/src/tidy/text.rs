//! Rules for every text file.

use super::Finding;
use super::repository::TextFile;

/// Files people write; other text, such as recorded data, keeps the bytes it has.
const WRITTEN: [&str; 13] = ["css", "html", "js", "json", "md", "rs", "sh", "sql", "svg", "toml", "txt", "yaml", "yml"];

/// Folders that exist on one machine only.
const MACHINE_PATHS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/")];

/// Hosts packages come from. Which one is used is a setting of the machine, not of the project.
const REGISTRY_HOSTS: [&str; 8] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("crates.io", "-index"),
    concat!("proxy.golang", ".org"),
    concat!("registry.npmjs", ".org"),
    concat!("pypi.org", "/simple"),
    concat!("files.pythonhosted", ".org"),
    concat!("deb.debian", ".org"),
];

/// No trailing white space, no carriage returns, a newline at the end.
pub(crate) fn whitespace(files: &[TextFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_written(file)) {
        // `split`, since `lines` hides a carriage return.
        for (number, line) in (1..).zip(file.text.split('\n')) {
            if line.trim_end() != line {
                findings.push(Finding::at_line(file, number, "white space at the end of the line"));
            }
        }
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            let message = "no newline at the end of the file";
            findings.push(Finding::at_line(file, file.text.lines().count(), message));
        }
    }
    findings
}

/// The files that break [`whitespace`], repaired.
pub(crate) fn repaired(files: &[TextFile]) -> Vec<TextFile> {
    let mut changed = Vec::new();
    for file in files.iter().filter(|file| is_written(file)) {
        let mut text: String = file.text.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        if file.text.is_empty() {
            text.clear();
        }
        if text != file.text {
            changed.push(TextFile { path: file.path.clone(), text });
        }
    }
    changed
}

/// Nothing refers to a folder of the machine it was written on.
pub(crate) fn machine_paths(files: &[TextFile]) -> Vec<Finding> {
    each_line(files, |line| {
        MACHINE_PATHS
            .iter()
            .copied()
            .find(|pattern| begins_a_path(line, pattern))
            .map(|pattern| format!("`{pattern}…` exists on one machine only"))
    })
}

/// Nothing names the host packages come from, except the lock file, which has a rule of its own.
pub(crate) fn registry_hosts(files: &[TextFile]) -> Vec<Finding> {
    let others: Vec<TextFile> = files.iter().filter(|file| file.path != "Cargo.lock").cloned().collect();
    each_line(&others, |line| {
        let host = REGISTRY_HOSTS.iter().find(|host| line.contains(**host))?;
        Some(format!("`{host}` is a setting of the machine"))
    })
}

fn is_written(file: &TextFile) -> bool {
    let known = WRITTEN.iter().any(|extension| file.has_extension(extension));
    (known || file.path == ".ci/run") && !file.is_recorded()
}

fn each_line(files: &[TextFile], rule: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for (number, line) in file.numbered_lines() {
            findings.extend(rule(line).map(|message| Finding::at_line(file, number, message)));
        }
    }
    findings
}

/// Whether the folder stands at the beginning of a path, not inside a longer one or a URL.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "._-~*})>]".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn white_space_is_found_and_repaired() {
        let files = [
            file("a.md", "one \ntwo\r\nthree\t\nfour"),
            file("b.rs", "fine\n"),
            file("empty.rs", ""),
            file("tests/fixtures/a.json", "{} "),
            file("data.csv", "a,b \r\n"),
        ];
        let places: Vec<_> = whitespace(&files).into_iter().map(|f| f.place).collect();
        assert_eq!(places, ["a.md:1", "a.md:2", "a.md:3", "a.md:4"]);
        let fixed = repaired(&files);
        assert_eq!(fixed, [file("a.md", "one\ntwo\nthree\nfour\n")]);
        assert_eq!(whitespace(&fixed), []);
    }

    #[test]
    fn a_folder_of_one_machine_is_found() {
        for name in ["work", "home", "root", "Users"] {
            for line in [format!("see /{name}/me/x"), format!("path = \"/{name}/x\"")] {
                let found = machine_paths(&[file("a.md", &format!("\n{line}\n"))]);
                assert_eq!(found.len(), 1, "{line}");
                assert_eq!(found.first().unwrap().place, "a.md:2");
            }
        }
    }

    #[test]
    fn a_longer_path_and_a_url_are_not_found() {
        for line in ["../work/x", "https://example.org/home/x", "{base}/root/x", "target/work/x"] {
            assert_eq!(machine_paths(&[file("a.md", line)]), [], "{line}");
        }
    }

    #[test]
    fn a_registry_host_is_found_outside_the_lock_file() {
        for host in REGISTRY_HOSTS {
            let line = format!("url = \"https://{host}/x\"\n");
            assert_eq!(registry_hosts(&[file("config.toml", &line)]).len(), 1, "{host}");
            assert_eq!(registry_hosts(&[file("Cargo.lock", &line)]), []);
        }
        let link = file("README.md", "https://crates.io/crates/landfast\n");
        assert_eq!(registry_hosts(&[link]), []);
    }
}
