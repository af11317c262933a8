//! Queries: list, show, create, switch, update, delete.

use super::pick;
use super::profiles::text_of;
use crate::cli::{QueryPick, QueryVerb};
use crate::clock::random_digits;
use crate::commands::session::{Session, counted};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::delivery::queries::{self, LONG_JQL_CHARS, QueryChange};
use landfast_domain::delivery::{DeliveryRepository, Query, state};
use serde_json::{Value, json};

/// Runs a verb of `landfast delivery queries`.
pub(super) fn run(session: &Session, verb: QueryVerb) -> Result<Exit, Failure> {
    let now = session.clock.utc;
    match verb {
        QueryVerb::List { profile } => list(session, profile.as_deref()),
        QueryVerb::Show(pick) => show(session, &pick),
        QueryVerb::Create { name, jql, description, profile, id } => {
            let id = id.unwrap_or_else(|| format!("q_{}", random_digits()));
            warn_of_length(&jql);
            changed(session, "created", |repository| {
                let key = pick::key(repository, profile.as_deref(), &id)?;
                queries::create(repository, key, &name, &jql, &description, now)
            })
        }
        QueryVerb::Switch { id, profile } => changed(session, "is the active query", |repository| {
            let key = pick::key(repository, profile.as_deref(), &id)?;
            queries::switch(repository, &key, now)
        }),
        QueryVerb::Update { id, profile, name, jql, description } => {
            let change = QueryChange { name, jql, description };
            if change == QueryChange::default() {
                return Err(Failure::usage("nothing to change").hint("give --name, --jql or --description"));
            }
            warn_of_length(change.jql.as_deref().unwrap_or_default());
            changed(session, "changed", |repository| {
                let key = pick::key(repository, profile.as_deref(), &id)?;
                queries::update(repository, &key, &change, now)
            })
        }
        QueryVerb::Delete { id, profile } => {
            session.write(|repositories| {
                let repository = repositories.delivery()?;
                let key = pick::key(repository, profile.as_deref(), &id)?;
                queries::delete(repository, &key)
            })?;
            session.done([("deleted", id.as_str().into())], &format!("{id} deleted with its data"))
        }
    }
}

fn to_json(query: &Query, active: bool) -> Value {
    let facts = query.facts();
    json!({
        "id": query.key().query.as_str(), "profile": query.key().profile.as_str(), "name": facts.name, "jql": facts.jql,
        "description": facts.description, "created_at": text_of(&facts.created_at), "last_used": text_of(&facts.last_used),
        "active": active,
    })
}

fn list(session: &Session, profile: Option<&str>) -> Result<Exit, Failure> {
    let (profile, list, active) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let profile = pick::profile(repository, profile)?;
        Ok((profile.clone(), repository.list_queries(&profile)?, state::active_query(repository)?))
    })?;
    let is_active = |query: &Query| Some(query.key()) == active.as_ref();
    let entries = || {
        let entries: Vec<Value> = list.iter().map(|query| to_json(query, is_active(query))).collect();
        [("profile", profile.as_str().into()), ("queries", entries.into())]
    };
    let table = || {
        let columns = [
            ("id", Align::Left),
            ("name", Align::Left),
            ("jql", Align::Left),
            ("last used", Align::Left),
            ("active", Align::Left),
        ];
        let mut table = Table::new(&columns);
        for query in &list {
            let facts = query.facts();
            let mark = if is_active(query) { "active" } else { "" };
            table.row([query.key().query.as_str(), &facts.name, &facts.jql, &facts.last_used.text, mark]);
        }
        table
    };
    session.list(entries, &format!("{} of profile {profile}", counted_queries(&list)), table, None)
}

fn counted_queries(list: &[Query]) -> String {
    if list.len() == 1 { "1 query".to_owned() } else { counted(list, "querie") }
}

fn show(session: &Session, pick: &QueryPick) -> Result<Exit, Failure> {
    let (query, active) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let key = pick::query(repository, pick)?;
        let active = state::active_query(repository)?.as_ref() == Some(&key);
        Ok((queries::require(repository, &key)?, active))
    })?;
    if session.json {
        let mut value = to_json(&query, active);
        if let Value::Object(map) = &mut value {
            map.insert("text".to_owned(), query.document().into());
        }
        output::print_json(output::document([("query", value)]))?;
        return Ok(Exit::Done);
    }
    let facts = query.facts();
    let mut page = Page::new();
    page.heading(&output::safe(&facts.name));
    page.pairs(&[
        ("id", query.key().query.as_str()),
        ("profile", query.key().profile.as_str()),
        ("active", if active { "yes" } else { "no" }),
        ("jql", &facts.jql),
        ("description", &facts.description),
        ("made", &facts.created_at.text),
        ("last used", &facts.last_used.text),
    ]);
    page.print()?;
    Ok(Exit::Done)
}

type Step<'a> = dyn Fn(&mut dyn DeliveryRepository) -> landfast_domain::Result<Query> + 'a;

fn changed(
    session: &Session,
    what: &str,
    step: impl Fn(&mut dyn DeliveryRepository) -> landfast_domain::Result<Query>,
) -> Result<Exit, Failure> {
    let step: &Step<'_> = &step;
    let (query, active) = session.write(|repositories| {
        let repository = repositories.delivery()?;
        let query = step(repository)?;
        let active = state::active_query(repository)?.as_ref() == Some(query.key());
        Ok((query, active))
    })?;
    let line = format!("{} {what} ({})", query.key().query, query.facts().name);
    session.done([("query", to_json(&query, active))], &line)
}

fn warn_of_length(jql: &str) {
    let length = jql.chars().count();
    if length >= LONG_JQL_CHARS {
        let style = output::Style::stderr();
        output::say(&format!("{} the JQL has {length} characters of at most 2000", style.warn("attention:")));
    }
}
