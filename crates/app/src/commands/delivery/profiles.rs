//! Profiles: list, show, create, switch, rename, delete.

use super::settings;
use crate::cli::ProfileVerb;
use crate::clock::random_digits;
use crate::commands::session::{Session, counted, value_of};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::delivery::{
    Moment, Profile, ProfileId, ProfileLayout, ProfileSummary, nested_settings, profiles, state,
};
use serde_json::{Value, json};

/// Runs a verb of `landfast delivery profiles`.
pub(super) fn run(session: &Session, verb: ProfileVerb) -> Result<Exit, Failure> {
    match verb {
        ProfileVerb::List => list(session),
        ProfileVerb::Show { id, with_tokens } => show(session, &id, with_tokens),
        ProfileVerb::Create { name, description, id } => create(session, &name, &description, id.as_deref()),
        ProfileVerb::Switch { id } => {
            let profile = session.write(|repositories| {
                profiles::switch(repositories.delivery()?, &ProfileId::new(id.as_str())?, session.clock.utc)
            })?;
            session.done([("profile", to_json(&profile.summary(), true))], &format!("{id} is the active profile"))
        }
        ProfileVerb::Rename { id, name } => {
            let (profile, active) = session.write(|repositories| {
                let repository = repositories.delivery()?;
                let profile = profiles::rename(repository, &ProfileId::new(id.as_str())?, &name)?;
                let active = state::active_profile(repository)?.as_ref() == Some(profile.id());
                Ok((profile, active))
            })?;
            let line = format!("{id} is named {}", profile.facts().name);
            session.done([("profile", to_json(&profile.summary(), active))], &line)
        }
        ProfileVerb::Settings { verb } => settings::run(session, verb),
        ProfileVerb::Delete { id } => {
            session.write(|repositories| profiles::delete(repositories.delivery()?, &ProfileId::new(id.as_str())?))?;
            session.done([("deleted", id.as_str().into())], &format!("{id} deleted with its queries and their data"))
        }
    }
}

/// A profile as it stands in a list.
pub(super) fn to_json(profile: &ProfileSummary, active: bool) -> Value {
    json!({
        "id": profile.id.as_str(), "name": profile.name, "description": profile.description,
        "created_at": text_of(&profile.created_at), "last_used": text_of(&profile.last_used), "active": active,
    })
}

/// The text of a moment, null when there is none.
pub(super) fn text_of(moment: &Moment) -> Value {
    if moment.text.is_empty() { Value::Null } else { moment.text.as_str().into() }
}

/// The settings without secrets unless they are asked for, as JSON text.
pub(super) fn shown_settings(profile: &Profile, with_tokens: bool) -> landfast_domain::Result<String> {
    use landfast_domain::delivery::credentials::strip;
    let text = nested_settings(profile)?.dump_indented(2);
    if with_tokens {
        return Ok(text);
    }
    strip(&text).map_err(|error| landfast_domain::Error::Corrupt {
        entity: "profile",
        key: profile.id().to_string(),
        column: "document".to_owned(),
        value: error.to_string(),
    })
}

fn list(session: &Session) -> Result<Exit, Failure> {
    let (list, active) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        Ok((repository.list_profiles()?, state::active_profile(repository)?))
    })?;
    let is_active = |profile: &ProfileSummary| Some(&profile.id) == active.as_ref();
    let entries = || {
        let entries: Vec<Value> = list.iter().map(|profile| to_json(profile, is_active(profile))).collect();
        [("profiles", entries.into())]
    };
    let table = || {
        let columns = [("id", Align::Left), ("name", Align::Left), ("last used", Align::Left), ("active", Align::Left)];
        let mut table = Table::new(&columns);
        for profile in &list {
            let mark = if is_active(profile) { "active" } else { "" };
            table.row([profile.id.as_str(), &profile.name, &profile.last_used.text, mark]);
        }
        table
    };
    session.list(entries, &counted(&list, "profile"), table, None)
}

fn show(session: &Session, id: &str, with_tokens: bool) -> Result<Exit, Failure> {
    let (profile, settings, active, queries) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let profile = profiles::require(repository, &ProfileId::new(id)?)?;
        let active = state::active_profile(repository)?.as_ref() == Some(profile.id());
        let queries: Vec<String> =
            repository.list_queries(profile.id())?.iter().map(|query| query.key().query.to_string()).collect();
        let settings = shown_settings(&profile, with_tokens)?;
        Ok((profile, settings, active, queries))
    })?;
    let facts = profile.facts();
    if session.json {
        let mut value = to_json(&profile.summary(), active);
        if let Value::Object(map) = &mut value {
            map.insert("layout".to_owned(), layout(facts.layout).into());
            map.insert("points_field".to_owned(), facts.points_field.clone().into());
            map.insert("show_points".to_owned(), facts.show_points.into());
            map.insert("show_milestone".to_owned(), facts.show_milestone.into());
            map.insert("queries".to_owned(), queries.into());
            map.insert("settings".to_owned(), value_of(&settings));
            map.insert("settings_text".to_owned(), settings.into());
        }
        output::print_json(output::document([("profile", value)]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading(&output::safe(&facts.name));
    page.pairs(&[
        ("id", id),
        ("description", &facts.description),
        ("active", if active { "yes" } else { "no" }),
        ("made", &facts.created_at.text),
        ("last used", &facts.last_used.text),
        ("layout", layout(facts.layout)),
        ("points field", facts.points_field.as_deref().unwrap_or("none")),
        ("queries", &queries.join(", ")),
    ]);
    page.heading("Settings");
    for line in settings.lines() {
        page.line(&format!("  {}", output::safe(line)));
    }
    page.print()?;
    Ok(Exit::Done)
}

fn create(session: &Session, name: &str, description: &str, id: Option<&str>) -> Result<Exit, Failure> {
    let id = id.map_or_else(|| format!("p_{}", random_digits()), str::to_owned);
    let (profile, active) = session.write(|repositories| {
        let repository = repositories.delivery()?;
        let profile = profiles::create(repository, ProfileId::new(id.as_str())?, name, description, session.clock.utc)?;
        let active = state::active_profile(repository)?.as_ref() == Some(profile.id());
        Ok((profile, active))
    })?;
    let line = format!("{id} created ({})", profile.facts().name);
    session.done([("profile", to_json(&profile.summary(), active))], &line)
}

fn layout(layout: ProfileLayout) -> &'static str {
    layout.as_str()
}
