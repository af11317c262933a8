//! The delivery area.

use super::{Context, Session, answer, periods};
use crate::cli::DeliveryWhenArgs;
use crate::failure::{Exit, Failure};
use crate::output;
use landfast_analytics::delivery::{QueryData, QueryRecords, answer_tables, compare_periods, document};
use landfast_analytics::periods::PeriodComparison;
use landfast_domain::Repositories;
use landfast_domain::delivery::{Profile, ProfileId, Query, QueryKey, parse_instant};
use landfast_domain::time::Timestamp;
use landfast_legacy::delivery::DIGESTS;
use serde_json::{Value, json};

/// `landfast analytics delivery`.
pub(super) fn run(context: &Context, args: &DeliveryWhenArgs) -> Result<Exit, Failure> {
    if args.periods.compare.is_some() {
        return compare(context, args);
    }
    let (session, whole, first) = whole(context, args)?;
    let at = |path: &str| format!("/queries/{first}/{path}");
    let pointers = [
        ("remaining items", at("metrics/scope/remaining_items")),
        ("items a week", at("metrics/velocity/items")),
        ("days to go, most likely", at("metrics/pert/items/days")),
        ("health", at("metrics/health/score")),
    ];
    let headlines: Vec<(&str, &str)> = pointers.iter().map(|(name, pointer)| (*name, pointer.as_str())).collect();
    answer(&session, whole, "Delivery", &headlines)
}

/// The document of the area, and the name of the first query in it.
pub(super) fn whole(context: &Context, args: &DeliveryWhenArgs) -> Result<(Session, Value, String), Failure> {
    let tables = args.tables.as_deref().map(read_tables).transpose()?;
    let Prepared { session, now, profiles, queries } = prepare(context, args, tables.as_ref())?;
    let mut whole = document(&profiles, &queries, now);
    if let Value::Object(members) = &mut whole {
        let points_field = queries.first().and_then(|query| query.settings.points_field.clone()).unwrap_or_default();
        let answers = answer_tables(tables.as_ref(), &queries, &DIGESTS, &points_field, now)
            .map_err(|error| Failure::failed(format!("the built-in examples cannot be read: {error}")))?;
        members.extend(answers);
    }
    let first = queries.first().map_or_else(|| "q1".to_owned(), |query| query.alias.clone());
    Ok((session, whole, first))
}

/// The chosen queries, read and prepared.
struct Prepared {
    session: Session,
    now: Timestamp,
    profiles: Vec<(String, ProfileId)>,
    queries: Vec<QueryData>,
}

fn prepare(context: &Context, args: &DeliveryWhenArgs, tables: Option<&Value>) -> Result<Prepared, Failure> {
    let session = Session::open(context, None, args.when.json)?;
    let now = match &args.when.now {
        None => session.clock.utc,
        Some(text) => time(text)?,
    };
    let wanted = |profile: &ProfileId, query: Option<&QueryKey>| {
        args.profile.as_deref().is_none_or(|id| id == profile.as_str())
            && query.is_none_or(|key| args.query.as_deref().is_none_or(|id| id == key.query.as_str()))
    };
    let names = Names { given: tables.and_then(|tables| tables.get("aliases")) };
    let (profiles, queries) = session.read(|repositories| {
        let mut profiles = Vec::new();
        let mut queries = Vec::new();
        for profile in all_profiles(repositories)?.iter().filter(|profile| wanted(profile.id(), None)) {
            let alias = names.of("profiles", "p", profiles.len(), profile.id().as_str());
            for query in queries_of(repositories, profile)? {
                if wanted(profile.id(), Some(query.key())) {
                    let alias = names.of("queries", "q", queries.len(), query.key().query.as_str());
                    queries.push(QueryRecords::read(repositories, profile, query.key())?.prepare(alias));
                }
            }
            profiles.push((alias, profile.id().clone()));
        }
        Ok((profiles, queries))
    })?;
    Ok(Prepared { session, now, profiles, queries })
}

/// `landfast analytics delivery --compare`.
fn compare(context: &Context, args: &DeliveryWhenArgs) -> Result<Exit, Failure> {
    let Prepared { session, now, queries, .. } = prepare(context, args, None)?;
    let (first, second) = periods::read(&args.periods, now)?;
    let found: Vec<(&QueryData, PeriodComparison)> =
        queries.iter().map(|query| (query, compare_periods(query, first, second))).collect();
    if session.json {
        let comparisons: Vec<Value> = found
            .iter()
            .map(|(query, comparison)| {
                json!({"profile": query.key.profile.as_str(), "query": query.key.query.as_str(), "comparison": comparison})
            })
            .collect();
        output::print_json(output::document([("comparisons", Value::from(comparisons))]))?;
        return Ok(Exit::Done);
    }
    if found.is_empty() {
        output::print("no query was found\n")?;
        return Ok(Exit::Done);
    }
    let shown: Vec<(&str, &PeriodComparison)> =
        found.iter().map(|(query, comparison)| (query.key.query.as_str(), comparison)).collect();
    periods::print(&shown)?;
    Ok(Exit::Done)
}

fn time(text: &str) -> Result<Timestamp, Failure> {
    match parse_instant(text) {
        Some((instant, _)) => Ok(instant),
        None => crate::clock::parse_time("--now", text),
    }
}

fn read_tables(path: &std::path::Path) -> Result<Value, Failure> {
    let failed = |reason: String| Failure::failed(format!("--tables {}: {reason}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| failed(error.to_string()))
}

/// Names of profiles and queries in the document: those that were given, else `p1`, `q1` and so on by creation.
struct Names<'a> {
    given: Option<&'a Value>,
}

impl Names<'_> {
    fn of(&self, kind: &str, letter: &str, place: usize, id: &str) -> String {
        let given = self.given.and_then(|given| given.get(kind)).and_then(Value::as_object);
        let name = given.and_then(|names| names.iter().find(|(_, named)| named.as_str() == Some(id)));
        name.map_or_else(|| format!("{letter}{}", place + 1), |(name, _)| name.clone())
    }
}

/// Profiles by creation, those without a readable time last, ties by id.
fn all_profiles(repositories: &mut dyn Repositories) -> landfast_domain::Result<Vec<Profile>> {
    let mut profiles = Vec::new();
    for summary in repositories.delivery()?.list_profiles()? {
        profiles.extend(repositories.delivery()?.get_profile(&summary.id)?);
    }
    profiles.sort_by(|a, b| {
        let key = |profile: &Profile| {
            let created = profile.facts().created_at.instant;
            (created.is_none(), created, profile.id().clone())
        };
        key(a).cmp(&key(b))
    });
    Ok(profiles)
}

fn queries_of(repositories: &mut dyn Repositories, profile: &Profile) -> landfast_domain::Result<Vec<Query>> {
    let mut queries = repositories.delivery()?.list_queries(profile.id())?;
    queries.sort_by(|a, b| {
        let key = |query: &Query| {
            let created = query.facts().created_at.instant;
            (created.is_none(), created, query.key().clone())
        };
        key(a).cmp(&key(b))
    });
    Ok(queries)
}
