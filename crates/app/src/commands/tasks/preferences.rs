//! Settings of profiles.

use super::{Session, records};
use crate::cli::PreferenceVerb;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::Error;
use landfast_domain::json::Json;
use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Preference, preferences};
use serde_json::Value;

/// Runs a verb of `landfast tasks preferences`.
pub(super) fn run(session: &Session, verb: PreferenceVerb) -> Result<Exit, Failure> {
    match verb {
        PreferenceVerb::List => list(session),
        PreferenceVerb::Get { profile, key } => get(session, &profile, key.as_deref()),
        PreferenceVerb::Set { profile, key, value } => {
            let now = session.clock.utc;
            let value = Json::from(value);
            let preference = session
                .write(|repositories, user| preferences::update(repositories, user, &profile, &key, &value, now))?;
            let line = format!("{profile}: {key} = {}", preference.cell_named(&key).unwrap_or_default());
            session.done([("preference", records::to_json(&preference))], &line)
        }
    }
}

fn list(session: &Session) -> Result<Exit, Failure> {
    let profiles: Vec<Preference> = session.read(|repositories, user| repositories.preferences().list(user))?;
    if session.json {
        let entries: Vec<Value> = profiles.iter().map(records::to_json).collect();
        output::print_json(output::document([("preferences", entries.into())]))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[
        ("profile", Align::Left),
        ("made (UTC)", Align::Left),
        ("last active (UTC)", Align::Left),
        ("further settings", Align::Right),
    ]);
    for profile in &profiles {
        let further = profile.extra.iter().filter(|(_, text)| !text.is_empty()).count();
        table.row([profile.user_id.raw(), profile.created_at.raw(), profile.last_active.raw(), &further.to_string()]);
    }
    let mut page = Page::new();
    page.heading(&output::counted(u64::try_from(profiles.len()).unwrap_or(u64::MAX), "profile"));
    if !table.is_empty() {
        page.table(&table);
    }
    page.print()?;
    Ok(Exit::Done)
}

fn get(session: &Session, profile: &str, key: Option<&str>) -> Result<Exit, Failure> {
    let preference = session.read(|repositories, user| {
        preferences::get(repositories, user, profile)?
            .ok_or_else(|| Error::NotFound { entity: "preference", key: profile.to_owned() })
    })?;
    let Some(key) = key else {
        return records::show(session, "preference", records::to_json(&preference), &preference, profile);
    };
    let Some(text) = preference.cell_named(key) else {
        return Err(Failure::failed(format!("profile {profile} has no setting {key}"))
            .hint(format!("`landfast tasks preferences get {profile}` shows its settings")));
    };
    session.done([("value", text.into())], text)
}
