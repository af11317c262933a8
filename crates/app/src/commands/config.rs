//! `landfast config`.

use super::Context;
use crate::config::SETTINGS;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_store::DatabaseUrl;
use serde_json::{Map, Value, json};

/// Shows every setting, its value and where it came from. Secrets are not shown.
pub(super) fn run(context: &Context, json: bool) -> Result<Exit, Failure> {
    let mut table = Table::new(&[
        ("setting", Align::Left),
        ("value", Align::Left),
        ("from", Align::Left),
        ("environment", Align::Left),
    ]);
    let mut entries = Map::new();
    for known in SETTINGS {
        let Some(setting) = context.config.setting(known.key) else { continue };
        let value = if known.secret { without_secret(known.key, &setting.value) } else { setting.value.clone() };
        let origin = setting.origin.to_string();
        entries.insert(
            known.key.to_owned(),
            json!({ "value": value, "from": origin, "variable": known.variable, "meaning": known.meaning }),
        );
        table.row([known.key.to_owned(), value, origin, known.variable.to_owned()]);
    }
    if json {
        output::print_json(output::document([("settings", Value::Object(entries))]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading("Settings");
    page.table(&table);
    page.gap();
    page.line(
        &page.style().dim("  a flag wins over the environment, the environment over .env, .env over landfast.toml"),
    );
    page.print()?;
    Ok(Exit::Done)
}

/// What may be shown of a secret: a URL without its password, nothing of a key.
fn without_secret(key: &str, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    let shown = if key == "database_url" { DatabaseUrl::parse(value).ok().map(|url| url.to_string()) } else { None };
    shown.unwrap_or_else(|| "***".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(without_secret("database_url", "postgres://me:hunter2@host/db"), "postgres://me:***@host/db");
        assert_eq!(without_secret("database_url", "mysql://me:hunter2@host/db"), "***");
        assert_eq!(without_secret("secret_key", "hunter2"), "***");
        assert_eq!(without_secret("secret_key", ""), "");
    }
}
