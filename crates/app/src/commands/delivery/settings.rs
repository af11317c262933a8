//! Settings of a profile.

use super::profiles::shown_settings;
use crate::cli::SettingVerb;
use crate::commands::session::{Session, value_of};
use crate::failure::{Exit, Failure};
use crate::payload;
use landfast_domain::Error;
use landfast_domain::delivery::credentials::{is_secret_key, strip};
use landfast_domain::delivery::{ProfileId, edit, profiles};
use landfast_domain::json::{Json, JsonError};

/// Runs a verb of `landfast delivery profiles settings`.
pub(super) fn run(session: &Session, verb: SettingVerb) -> Result<Exit, Failure> {
    match verb {
        SettingVerb::Get { id, path, with_tokens } => get(session, &id, path.as_deref(), with_tokens),
        SettingVerb::Set { id, path, value } => set(session, &id, &path, &value),
    }
}

fn get(session: &Session, id: &str, path: Option<&str>, with_tokens: bool) -> Result<Exit, Failure> {
    let steps = path.map(steps).transpose()?.unwrap_or_default();
    if !with_tokens && steps.iter().any(|step| is_secret_key(step)) {
        return Err(Failure::usage(format!("{} is a secret", path.unwrap_or_default()))
            .hint("repeat with --with-tokens to show it"));
    }
    let text = session.read(|repositories| {
        let profile = profiles::require(repositories.delivery()?, &ProfileId::new(id)?)?;
        let settings = shown_settings(&profile, with_tokens)?;
        Ok(edit::text_at(&settings, &steps).map_err(|error| broken(id, &error))?.map(str::to_owned))
    })?;
    let Some(text) = text else {
        return Err(Failure::failed(format!("profile {id} has no setting {}", path.unwrap_or_default()))
            .hint(format!("`landfast delivery profiles settings get {id}` shows its settings")));
    };
    let entries =
        || [("profile", id.into()), ("path", path.into()), ("value", value_of(&text)), ("text", text.as_str().into())];
    if session.json {
        return session.done(entries(), "");
    }
    // A document has lines of its own, each of which is made safe.
    let lines: String = text.lines().map(|line| crate::output::safe(line) + "\n").collect();
    crate::output::print(&lines)?;
    Ok(Exit::Done)
}

fn set(session: &Session, id: &str, path: &str, value: &str) -> Result<Exit, Failure> {
    let steps = steps(path)?;
    let given = payload::text_or_file("VALUE", value)?;
    let given = if value.starts_with('@') { given.trim_end_matches(['\n', '\r']) } else { &given };
    let value = Json::parse(given).unwrap_or_else(|_| Json::from(given));
    session.write(|repositories| {
        profiles::set_setting(repositories.delivery()?, &ProfileId::new(id)?, &steps, &value).map(drop)
    })?;
    let is_secret = steps.iter().any(|step| is_secret_key(step));
    let shown =
        if is_secret { None } else { Some(strip(&value.dump()).map_err(|error| session.failure(broken(id, &error)))?) };
    let line = format!("{id}: {path} = {}", shown.as_deref().unwrap_or("(a secret)"));
    session.done(
        [
            ("profile", id.into()),
            ("path", path.into()),
            ("value", shown.as_deref().map(value_of).into()),
            ("secret", is_secret.into()),
        ],
        &line,
    )
}

fn steps(path: &str) -> Result<Vec<&str>, Failure> {
    let steps: Vec<&str> = path.split('.').collect();
    if steps.iter().any(|step| step.is_empty()) {
        return Err(Failure::usage(format!("{path:?} is no path of a setting"))
            .hint("write names with points between them, for instance forecast_settings.pert_factor"));
    }
    Ok(steps)
}

fn broken(id: &str, error: &JsonError) -> Error {
    Error::Corrupt { entity: "profile", key: id.to_owned(), column: "document".to_owned(), value: error.to_string() }
}
