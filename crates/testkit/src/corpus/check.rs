//! Imports a case and looks at what became of every byte, without the importer's help.

use super::Case;
use crate::databases::{self, ThrowAway};
use crate::folder::{self, Tree};
use crate::imports::import_folder;
use landfast_cutover::{ExportRequest, Quiet, Report, export};
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Document, QuarantineEntry};
use landfast_store::DatabaseUrl;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// What became of a case.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Exit code of the import: 0, 3 or 4; 1 when it was refused.
    pub exit_code: u8,
    /// Why the import was refused.
    pub refused: Option<String>,
    /// Codes of what was set aside.
    pub set_aside: BTreeSet<String>,
    /// Codes of what was loaded with a finding.
    pub findings: BTreeSet<String>,
    /// Records nobody accounts for, and promises that were not kept. Empty when all is well.
    pub problems: Vec<String>,
}

/// An import that takes longer waits for something that never comes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Checks a case on SQLite.
///
/// # Panics
/// When no throw-away database can be made.
#[must_use]
pub fn check(case: Case) -> Verdict {
    within_patience(move || check_on(&case, &databases::sqlite()))
}

fn within_patience(work: impl FnOnce() -> Verdict + Send + 'static) -> Verdict {
    let (done, verdict) = channel();
    let thread = std::thread::spawn(move || {
        // Nobody listens any more when it took too long.
        let _ = done.send(work());
    });
    match verdict.recv_timeout(PATIENCE) {
        Ok(verdict) => verdict,
        Err(RecvTimeoutError::Timeout) => {
            Verdict { problems: vec!["the import does not end".to_owned()], ..Verdict::default() }
        }
        Err(RecvTimeoutError::Disconnected) => {
            let said = thread.join().err().map_or_else(String::new, |panic| words(&*panic));
            Verdict { problems: vec![format!("the check itself failed: {said}")], ..Verdict::default() }
        }
    }
}

/// Checks a case on a fresh database.
///
/// # Panics
/// When files or the database cannot be read.
#[must_use]
pub fn check_on(case: &Case, database: &ThrowAway) -> Verdict {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (source, backups) = (home.path().join("source"), home.path().join("backups"));
    case.write(&source);
    let before = folder::read(&source);
    let read = folder::read_through_links(&source);
    let mut verdict = Verdict::default();
    let import = || catch_unwind(AssertUnwindSafe(|| import_folder(database.store(), &source, &backups)));
    match import() {
        Err(panic) => verdict.problems.push(format!("it panicked: {}", words(&*panic))),
        Ok(Err(error)) => {
            verdict.exit_code = error.exit_code();
            verdict.refused = Some(error.to_string());
            nothing_changed(database, &mut verdict.problems);
        }
        Ok(Ok(report)) => {
            verdict.exit_code = report.exit_code;
            let look = Look { case, before: &read, report: &report, database, home: home.path() };
            verdict.findings = report.finding_totals.keys().cloned().collect();
            let problems = &mut verdict.problems;
            let (documents, entries) = look.ledger();
            verdict.set_aside = entries.iter().map(|entry| entry.code.clone()).collect();
            look.accounts(&documents, &entries, problems);
            look.places(&documents, &entries, problems);
            look.files(&documents, problems);
            look.words(problems);
            look.promise(&entries, problems);
            look.export(&documents, problems);
            match import() {
                Ok(Ok(again)) if again.totals.changes() == 0 && again.exit_code == report.exit_code => {}
                Ok(Ok(again)) => problems.push(format!(
                    "a second import makes {} changes and ends with {}",
                    again.totals.changes(),
                    again.exit_code
                )),
                Ok(Err(error)) => problems.push(format!("a second import fails: {error}")),
                Err(panic) => problems.push(format!("a second import panicked: {}", words(&*panic))),
            }
        }
    }
    if folder::read(&source) != before {
        verdict.problems.push("the source was changed".to_owned());
    }
    verdict
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn nothing_changed(database: &ThrowAway, problems: &mut Vec<String>) {
    let documents = database.store().read(|r| r.imports()?.list_documents(&UserId::guest())).expect("documents");
    if !documents.is_empty() {
        problems.push(format!("it was refused, but {} documents are in the database", documents.len()));
    }
}

struct Look<'a> {
    case: &'a Case,
    before: &'a Tree,
    report: &'a Report,
    database: &'a ThrowAway,
    home: &'a Path,
}

impl Look<'_> {
    fn ledger(&self) -> (Vec<Document>, Vec<QuarantineEntry>) {
        self.database
            .store()
            .read(|r| {
                let documents = r.imports()?.list_documents(&UserId::guest())?;
                let mut entries = Vec::new();
                for document in &documents {
                    entries.extend(r.imports()?.list_quarantine(document.id, None, usize::MAX)?);
                }
                Ok((documents, entries))
            })
            .expect("the ledger is read")
    }

    /// Path below the source folder of a document.
    fn path(&self, document: &Document) -> String {
        let root = self.home.join("source").canonicalize().expect("the source is there");
        let folder = Path::new(&document.source).strip_prefix(&root).unwrap_or(Path::new(""));
        folder.join(&document.path).to_string_lossy().into_owned()
    }

    /// Sums of each file add up, and agree with a count of its own.
    fn accounts(&self, documents: &[Document], entries: &[QuarantineEntry], problems: &mut Vec<String>) {
        for file in self.report.sources.iter().flat_map(|source| &source.files) {
            let counts = &file.counts;
            if counts.records != counts.loaded + counts.duplicate + counts.quarantined + counts.joined {
                problems.push(format!("{}: the accounts do not add up: {counts:?}", file.path));
            }
        }
        for document in documents {
            let path = self.path(document);
            let own = self.report.sources.iter().filter(|source| source.path == document.source);
            let Some(file) = own.flat_map(|source| &source.files).find(|file| file.path == document.path) else {
                problems.push(format!("{path}: not in the report"));
                continue;
            };
            let aside = entries.iter().filter(|entry| entry.document == document.id).count();
            let expected = file.counts.duplicate + file.counts.quarantined;
            if u64::try_from(aside).ok() != Some(expected) {
                problems.push(format!("{path}: {expected} records set aside, {aside} kept"));
            }
            let Some(bytes) = self.before.get(&path) else { continue };
            if let Some(count) = own_count(&path, bytes) {
                let is_refused_whole = file.counts.quarantined == 1 && file.counts.records == 1;
                if count != file.counts.records && !is_refused_whole {
                    problems.push(format!("{path}: {} records, but {count} were counted", file.counts.records));
                }
            }
        }
    }

    /// What was set aside has its reason, and lies in the file where the entry says.
    fn places(&self, documents: &[Document], entries: &[QuarantineEntry], problems: &mut Vec<String>) {
        for entry in entries {
            let document = documents.iter().find(|document| document.id == entry.document);
            let Some(path) = document.map(|document| self.path(document)) else { continue };
            let Some(bytes) = self.before.get(&path) else { continue };
            let begin = usize::try_from(entry.offset).unwrap_or(usize::MAX);
            let is_repeated = entry.code == "same-in-other-source" || entry.code == "id-in-other-source";
            if is_repeated && !entry.raw.is_empty() {
                // Of what another folder has as well, the place in the order is known, not always the offset.
                continue;
            }
            if bytes.get(begin..).is_none_or(|rest| !rest.starts_with(&entry.raw)) {
                problems.push(format!("{path}: the bytes set aside are not those at {}", entry.offset));
                continue;
            }
            let breaks = bytes[..begin].iter().filter(|byte| **byte == b'\n').count();
            let carriage_returns = bytes[..begin].iter().filter(|byte| **byte == b'\r').count();
            let line = usize::try_from(entry.line).unwrap_or(usize::MAX);
            if line < 1 + breaks.min(carriage_returns) || line > 1 + breaks + carriage_returns {
                problems.push(format!("{path}: offset {} is not in line {line}", entry.offset));
            }
            if entry.code.is_empty() || entry.message.is_empty() {
                problems.push(format!("{path}: set aside without a reason"));
            }
        }
    }

    /// Every file is a document, lies in the backup, or is named as not read.
    fn files(&self, documents: &[Document], problems: &mut Vec<String>) {
        let known: BTreeSet<String> = documents.iter().map(|document| self.path(document)).collect();
        let copied: BTreeSet<Vec<u8>> = folder::read(&self.home.join("backups")).into_values().collect();
        let root = self.home.join("source").canonicalize().expect("the source is there");
        let dump = Dump::of(self.database);
        for (path, content) in self.before {
            let full = root.join(path);
            let named = |reported: &str| full == Path::new(reported) || full.parent() == Some(Path::new(reported));
            let is_named = self.report.unrecognised.iter().any(|entry| named(&entry.path))
                || self.report.unrecognised.iter().any(|entry| full.starts_with(&entry.path));
            let name = path.rsplit('/').next().unwrap_or(path);
            let is_named = is_named
                || self.report.findings.iter().any(|finding| {
                    finding.message.contains(name) || finding.column.ends_with(name) || finding.path.ends_with(name)
                });
            let is_hidden = path.split('/').any(|part| part.starts_with('.'));
            let in_inventory = path.split('/').next_back().is_some_and(|name| dump.holds(name.as_bytes()));
            if !known.contains(path) && !copied.contains(content) && !is_named && !in_inventory && !is_hidden {
                problems.push(format!("{path}: nobody says what became of it"));
            }
        }
    }

    /// Every long word with digits in it, such as an id or a time, is in a row or in quarantine.
    fn words(&self, problems: &mut Vec<String>) {
        let dump = Dump::of(self.database);
        for file in self.report.sources.iter().flat_map(|source| source.files.iter().map(move |file| (source, file))) {
            let (source, file) = file;
            let full = Path::new(&source.path).join(&file.path);
            let root = self.home.join("source").canonicalize().expect("the source is there");
            let path = full.strip_prefix(&root).unwrap_or(&full).to_string_lossy().into_owned();
            let Some(bytes) = self.before.get(&path) else { continue };
            // Column names are kept with the document.
            let body = if path.ends_with(".csv") { after_first_line(bytes) } else { bytes.as_slice() };
            let lost: Vec<String> = long_words(body)
                .filter(|word| !dump.holds(word))
                .map(|word| String::from_utf8_lossy(word).into_owned())
                .take(3)
                .collect();
            if !lost.is_empty() {
                problems.push(format!("{path}: {lost:?} are neither in a row nor in quarantine"));
            }
        }
    }

    /// Exit code 0 is said only when nothing was left out, 3 only when something was set aside.
    fn promise(&self, entries: &[QuarantineEntry], problems: &mut Vec<String>) {
        let quarantined = entries.iter().filter(|entry| entry.outcome.as_str() == "quarantined").count();
        let differences = self.report.verification.as_ref().map_or(0, |verification| verification.differences_total);
        let expected = if differences > 0 {
            4
        } else if quarantined > 0 {
            3
        } else {
            0
        };
        if self.report.exit_code != expected {
            problems.push(format!("exit code {}, but {quarantined} records in quarantine", self.report.exit_code));
        }
        if differences > 0 {
            let first = self.report.verification.iter().flat_map(|verification| &verification.differences).next();
            problems.push(format!("{differences} differences after the import, the first: {first:?}"));
        }
    }

    /// Every document comes out as it went in.
    fn export(&self, documents: &[Document], problems: &mut Vec<String>) {
        let target = self.home.join("exported");
        let request = ExportRequest { user: UserId::guest(), target: &target, overwrite: false };
        let done =
            catch_unwind(AssertUnwindSafe(|| export(self.database.store(), &request, &Quiet, &AtomicBool::new(false))));
        let report = match done {
            Ok(Ok(report)) => report,
            Ok(Err(error)) => return problems.push(format!("the export fails: {error}")),
            Err(panic) => return problems.push(format!("the export panicked: {}", words(&*panic))),
        };
        let mut wanted: BTreeMap<&[u8], usize> = BTreeMap::new();
        for document in documents {
            match self.before.get(&self.path(document)) {
                Some(bytes) => *wanted.entry(bytes).or_default() += 1,
                None => problems.push(format!("{} is no file of the case", self.path(document))),
            }
        }
        let written = folder::read(&target);
        for content in written.values() {
            if let Some(left) = wanted.get_mut(content.as_slice()) {
                *left = left.saturating_sub(1);
            }
        }
        if wanted.values().any(|left| *left > 0) || written.len() != documents.len() {
            let changed: Vec<&str> = report
                .files
                .iter()
                .filter(|file| file.source_sha256.as_ref() != Some(&file.sha256))
                .map(|file| file.path.as_str())
                .collect();
            problems.push(format!("the export gives other bytes: {changed:?} of {}", self.case.name));
        }
    }
}

/// How many records a file has, where that can be said without any doubt.
fn own_count(path: &str, bytes: &[u8]) -> Option<u64> {
    if path.ends_with(".csv") {
        let text = std::str::from_utf8(bytes).ok()?;
        // Of other tables the first line is a record as well.
        let is_known = ["tasks.csv", "task_instances.csv", "emotions.csv", "notes.csv", "jobs.csv"];
        let is_plain = is_known.contains(&path) && !text.contains(['"', '\r', '\0', '\u{b}', '\u{c}', '\u{feff}']);
        let lines = text.split('\n').filter(|line| !line.trim_matches([' ', '\t']).is_empty()).count();
        return is_plain.then(|| u64::try_from(lines).unwrap_or(0).saturating_sub(1));
    }
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let members = |name: &str| Some(value.get(name)?.as_array()?.len());
    let count = match name {
        "jira_cache.json" => members("issues")?,
        "presentation_jobs.snapshot.json" => members("jobs")?,
        _ => return None,
    };
    // A name that occurs twice has no count without doubt.
    let text = String::from_utf8_lossy(bytes);
    let is_single = text.matches("\"issues\"").count() + text.matches("\"jobs\"").count() == 1;
    is_single.then(|| u64::try_from(count).unwrap_or(0))
}

fn after_first_line(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |at| at + 1);
    bytes.get(end..).unwrap_or_default()
}

/// Runs of letters and digits, at least eight long and with four digits.
fn long_words(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|word| word.len() >= 8 && word.len() < 200)
        .filter(|word| word.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4)
}

/// All texts and bytes of a SQLite database but for the kept source bytes, read without the store.
struct Dump(Vec<u8>);

impl Dump {
    fn of(database: &ThrowAway) -> Self {
        let Some(DatabaseUrl::Sqlite(path)) = database.url() else { return Self(Vec::new()) };
        let connection = rusqlite::Connection::open(path).expect("the database is opened");
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                     AND name NOT IN ('source_chunks', 'source_documents', 'import_runs', 'leases', 'counters')";
        let tables: Vec<String> = connection
            .prepare(names)
            .and_then(|mut found| found.query_map([], |row| row.get(0))?.collect())
            .expect("the tables are listed");
        let mut bytes = Vec::new();
        for table in tables {
            let mut found = connection.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
            let columns = found.column_count();
            let mut rows = found.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                for column in 0..columns {
                    match row.get_ref(column).expect("a value") {
                        rusqlite::types::ValueRef::Text(text) | rusqlite::types::ValueRef::Blob(text) => {
                            bytes.extend_from_slice(text);
                        }
                        rusqlite::types::ValueRef::Integer(number) => bytes.extend(number.to_string().into_bytes()),
                        _ => {}
                    }
                    bytes.push(0);
                }
            }
        }
        Self(bytes)
    }

    fn holds(&self, word: &[u8]) -> bool {
        self.0.is_empty() || word.is_empty() || self.0.windows(word.len()).any(|window| window == word)
    }
}
