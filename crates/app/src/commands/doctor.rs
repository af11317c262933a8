//! `landfast doctor`: is everything there that work needs?

use super::Context;
use crate::backend;
use crate::failure::{Exit, Failure, with_causes};
use crate::output::{self, Page};
use landfast_store::{Database, DatabaseUrl, PoolOptions};
use serde_json::{Value, json};
use std::path::Path;

/// Less free space than this is worth a warning.
const LITTLE_SPACE: u64 = 1_000_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    Warning,
    Bad,
}

struct Finding {
    topic: &'static str,
    verdict: Verdict,
    text: String,
    exit: Exit,
}

impl Finding {
    fn good(topic: &'static str, text: String) -> Self {
        Self { topic, verdict: Verdict::Good, text, exit: Exit::Done }
    }

    fn warning(topic: &'static str, text: String) -> Self {
        Self { topic, verdict: Verdict::Warning, text, exit: Exit::Done }
    }

    fn bad(topic: &'static str, text: String, exit: Exit) -> Self {
        Self { topic, verdict: Verdict::Bad, text, exit }
    }
}

/// Checks everything and reports each finding; ends with 0 unless one of them is bad.
pub(super) fn run(context: &Context, json: bool) -> Result<Exit, Failure> {
    let folder = context.config.data_dir();
    let mut findings = vec![data_directory(&folder)];
    findings.extend(free_space(&folder));
    findings.extend(database(context)?);
    findings.extend(context.config.legacy_dir().map(|folder| legacy_folder(&folder)));
    let exit = findings.iter().map(|finding| finding.exit).find(|exit| *exit != Exit::Done).unwrap_or(Exit::Done);
    if json {
        let entries: Vec<Value> = findings
            .iter()
            .map(|finding| json!({ "topic": finding.topic, "verdict": word(finding.verdict), "text": finding.text }))
            .collect();
        output::print_json(output::document([("ok", (exit == Exit::Done).into()), ("findings", entries.into())]))?;
        return Ok(exit);
    }
    let mut page = Page::new();
    let style = page.style();
    for finding in &findings {
        let mark = format!("{:<7}", word(finding.verdict));
        let mark = match finding.verdict {
            Verdict::Good => style.good(&mark),
            Verdict::Warning => style.warn(&mark),
            Verdict::Bad => style.bad(&mark),
        };
        page.line(&format!("{mark} {:<15} {}", finding.topic, output::safe(&finding.text)));
    }
    page.print()?;
    Ok(exit)
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "ok",
        Verdict::Warning => "warning",
        Verdict::Bad => "bad",
    }
}

fn data_directory(folder: &Path) -> Finding {
    const TOPIC: &str = "data directory";
    if !folder.exists() {
        return Finding::good(TOPIC, format!("{} does not exist yet and is made when needed", folder.display()));
    }
    // Only a real file shows whether one can be written: rights, quotas and read-only mounts all count.
    match tempfile::NamedTempFile::new_in(folder) {
        Ok(_) => Finding::good(TOPIC, format!("{} can be written", folder.display())),
        Err(error) => {
            let text = format!(
                "{} cannot be written: {error}; change its rights or choose another with --data-dir",
                folder.display()
            );
            Finding::bad(TOPIC, text, Exit::Failed)
        }
    }
}

#[cfg(unix)]
fn free_space(folder: &Path) -> Option<Finding> {
    const TOPIC: &str = "free space";
    let existing = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let finding = match rustix::fs::statvfs(existing) {
        Ok(space) => {
            let free = space.f_bavail.saturating_mul(space.f_frsize);
            let text = format!("{} for {}", output::bytes(free), folder.display());
            if free < LITTLE_SPACE {
                Finding::warning(TOPIC, format!("only {text}"))
            } else {
                Finding::good(TOPIC, text)
            }
        }
        Err(error) => Finding::warning(TOPIC, format!("{}: {error}", existing.display())),
    };
    Some(finding)
}

#[cfg(not(unix))]
fn free_space(_: &Path) -> Option<Finding> {
    None
}

fn database(context: &Context) -> Result<Vec<Finding>, Failure> {
    let url = backend::url(&context.config)?;
    match &url {
        DatabaseUrl::Files(folder) => return Ok(vec![legacy_folder(folder)]),
        DatabaseUrl::Sqlite(path) if !path.exists() => {
            let text = format!("{url} does not exist yet; `landfast import PATH` or `landfast db migrate` makes it");
            return Ok(vec![Finding::warning("database", text)]);
        }
        _ => {}
    }
    let options = PoolOptions {
        size: 1,
        connect_timeout: context.config.seconds("connect_seconds")?,
        create: false,
        ..PoolOptions::default()
    };
    let database = match Database::open(&url, options) {
        Ok(database) => database,
        Err(error) => {
            let exit = backend::store_failure(&error).exit;
            return Ok(vec![Finding::bad(
                "database",
                format!("{}; start it or correct DATABASE_URL", with_causes(&error)),
                exit,
            )]);
        }
    };
    let reached = match database.size_bytes() {
        Ok(size) => Finding::good("database", format!("{url} answers, {}", output::bytes(size))),
        Err(error) => Finding::bad("database", format!("{url}: {}", with_causes(&error)), Exit::Failed),
    };
    let schema = match database.migrations().require_current() {
        Ok(()) => Finding::good("schema", "current".to_owned()),
        Err(error) => Finding::bad(
            "schema",
            format!("{}; see `landfast db check`", with_causes(&error)),
            backend::store_failure(&error).exit,
        ),
    };
    Ok(vec![reached, schema])
}

fn legacy_folder(folder: &Path) -> Finding {
    const TOPIC: &str = "legacy folder";
    match landfast_legacy::tasks::is_tasks_folder(folder) {
        Ok(true) => Finding::good(TOPIC, format!("{} holds tasks data", folder.display())),
        Ok(false) => Finding::warning(TOPIC, format!("{} holds no file of a legacy program", folder.display())),
        Err(error) => Finding::bad(TOPIC, with_causes(&error), Exit::Failed),
    }
}
