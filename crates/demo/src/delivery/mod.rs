//! The delivery area: a working folder as the program for delivery metrics keeps it.

mod fields;
mod issue;
mod profiles;
mod project_data;
mod sized;
mod snapshots;
mod tally;
mod team;
mod words;

use crate::clock::{aware, seconds};
use crate::csv::write_text;
use crate::json::{Json, JsonFile, Style, object};
use crate::{DemoOptions, Error, Summary};
use issue::Issue;
use profiles::Profile;
pub use sized::{DeliverySize, write_delivery_of};
use std::fs;
use std::path::Path;
use tally::Tally;
use team::{ALAND, TIDEWATER, Team, Weeks};

/// Writes a made-up legacy working folder of the delivery area: two profiles with three queries, their issues
/// with histories, forty weeks of statistics and metrics.
///
/// Makes the folder when it is missing and replaces files of the same names. The issues grow with the scale;
/// they are written one by one, and only a few numbers of each are kept for the sums.
///
/// # Errors
/// [`Error`] names the file or folder that could not be written.
pub fn write_delivery(folder: &Path, options: &DemoOptions) -> Result<Summary, Error> {
    fs::create_dir_all(folder).map_err(Error::at(folder))?;
    let mut writer =
        Writer { folder, options, weeks: Weeks::until(options.now, team::WEEKS), summary: Summary::default() };
    let made = writer.weeks.first + seconds(2 * 86_400 + 9 * 3600);
    let tide = Profile {
        id: team::id(options.seed, "p", 0),
        name: "Tidewater Delivery – Größe Ø",
        description: "Port software; speaks 日本語 and emoji 🚢",
        project: TIDEWATER.project.key,
        operations: TIDEWATER.operations.as_ref().map(|project| project.key),
        points: true,
        created: made,
        last_used: options.now - seconds(1_500),
        queries: vec![team::id(options.seed, "q", 0), team::id(options.seed, "q", 1)],
    };
    let aland = Profile {
        id: "aland".to_owned(),
        name: "Åland ferries",
        description: "",
        project: ALAND.project.key,
        operations: None,
        points: false,
        created: made - seconds(86_400 * 20),
        last_used: options.now - seconds(86_400 * 9),
        queries: vec!["main".to_owned()],
    };
    let profiles = [tide, aland];
    writer.text("profiles/profiles.json", &profiles::registry(&profiles), 2)?;
    for profile in &profiles {
        let document = profile.document(options.now);
        writer.text(&format!("profiles/{}/profile.json", profile.id), &document, 1)?;
        for (number, id) in profile.queries.iter().enumerate() {
            let plan = Plan::of(profile.points, number);
            writer.query(&format!("profiles/{}/queries/{id}/", profile.id), &plan, profile)?;
        }
    }
    let issues = writer.count(&TIDEWATER);
    writer.text("task_progress.json", &profiles::task_progress(options.now, issues, options.odd_cells), 1)?;
    writer.text("jira_query_profiles.json", &profiles::saved_queries(options.seed, made), 3)?;
    writer.text("metrics_cache.json", &profiles::metrics_cache(), 1)?;
    Ok(writer.summary)
}

/// Which files a query has, and of what.
struct Plan {
    name: &'static str,
    jql: &'static str,
    description: &'static str,
    team: &'static Team,
    only_bugs: bool,
    histories: Histories,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Histories {
    None,
    /// Entries by issue key.
    Map,
    /// Whole issues in a list.
    Wrapped,
}

impl Plan {
    fn of(points: bool, number: usize) -> Self {
        match (points, number) {
            (true, 0) => Self {
                name: "All work (40 weeks)",
                jql: "project in (TIDE, OPS) AND created >= -40w ORDER BY created ASC",
                description: "Everything the team does",
                team: &TIDEWATER,
                only_bugs: false,
                histories: Histories::Map,
            },
            (true, _) => Self {
                name: "バグのみ (bugs only)",
                jql: "project = TIDE AND issuetype = Bug",
                description: "edited later",
                team: &TIDEWATER,
                only_bugs: true,
                histories: Histories::None,
            },
            (false, _) => Self {
                name: "main",
                jql: "project = ALD",
                description: "",
                team: &ALAND,
                only_bugs: false,
                histories: Histories::Wrapped,
            },
        }
    }
}

struct Writer<'a> {
    folder: &'a Path,
    options: &'a DemoOptions,
    weeks: Weeks,
    summary: Summary,
}

impl Writer<'_> {
    fn count(&self, team: &Team) -> u64 {
        team.issues * u64::from(self.options.scale.max(1))
    }

    fn text(&mut self, name: &str, text: &str, records: u64) -> Result<(), Error> {
        write_text(self.folder, name, text, records, &mut self.summary)
    }

    fn issues(&self, plan: &Plan) -> impl Iterator<Item = Issue> + use<> {
        let (seed, weeks, count, only_bugs, team) =
            (self.options.seed, self.weeks, self.count(plan.team), plan.only_bugs, plan.team);
        (0..count)
            .map(move |number| Issue::nth(seed, team, &weeks, number, count))
            .filter(move |issue| !only_bugs || issue.is_bug())
    }

    fn query(&mut self, prefix: &str, plan: &Plan, profile: &Profile) -> Result<(), Error> {
        let edited = plan.only_bugs.then_some(profile.last_used);
        let document = profiles::query(plan.name, plan.jql, plan.description, profile.created, edited);
        self.text(&format!("{prefix}query.json"), &document, 1)?;
        self.cache(&format!("{prefix}jira_cache.json"), plan)?;
        let data = format!("{prefix}project_data.json");
        if plan.only_bugs {
            return self.text(&data, &project_data::initial(profile.last_used), 1);
        }
        let tally = Tally::of(&self.weeks, self.issues(plan));
        let odd = self.options.odd_cells && plan.team.points;
        let document = project_data::calculated(&tally, &self.weeks, plan.jql, plan.team.points, odd);
        self.text(&data, &document, self.weeks.count)?;
        let document = snapshots::document(&tally, &self.weeks, plan.team.project.key, odd);
        self.text(&format!("{prefix}metrics_snapshots.json"), &document, self.weeks.count)?;
        self.histories(&format!("{prefix}jira_changelog_cache.json"), plan)
    }

    /// `jira_cache.json`. That of the bugs is of the older version, which says less about itself.
    fn cache(&mut self, name: &str, plan: &Plan) -> Result<(), Error> {
        let odd = self.options.odd_cells;
        let is_old = plan.only_bugs && odd;
        let fetched = aware(self.options.now - seconds(1_500));
        let mut file = JsonFile::create(self.folder, name, Style::Escaped)?;
        file.object(None)?;
        file.member("cache_version", if is_old { "1.0" } else { "2.0" })?;
        file.member("timestamp", fetched.as_str())?;
        file.member("jql_query", plan.jql)?;
        file.member("fields_requested", FIELDS)?;
        file.list(Some("issues"))?;
        let mut count = 0;
        let mut earlier = None;
        for issue in self.issues(plan) {
            let json = match issue.number % 60 {
                19 if odd => fields::issue_of_delta(&issue, &self.weeks),
                41 if odd => nested(fields::issue(&issue, &self.weeks)),
                _ => fields::issue(&issue, &self.weeks),
            };
            file.element(&json)?;
            count += 1;
            if issue.number % 60 == 37 && !plan.only_bugs {
                earlier = Some(issue);
            }
        }
        if odd && let Some(issue) = earlier {
            // The same key again, and an entry that says nothing.
            file.element(&fields::issue_of_delta(&issue, &self.weeks))?;
            file.element(&object! { "id": "399999", "fields": Json::Null })?;
            count += 2;
        }
        file.close()?;
        file.member("total_issues", count)?;
        if !is_old {
            file.member("last_updated", fetched)?;
            file.member("jql_hash", team::jql_hash(plan.jql))?;
            file.list(Some("changed_keys"))?;
            for issue in self.issues(plan).filter(|issue| issue.number % 9 == 0) {
                file.element(&Json::from(issue.key()))?;
            }
        }
        file.finish(count, &mut self.summary)
    }

    fn histories(&mut self, name: &str, plan: &Plan) -> Result<(), Error> {
        let fetched = self.options.now - seconds(1_500);
        let mut file = JsonFile::create(self.folder, name, Style::Escaped)?;
        file.object(None)?;
        let mut count = 0;
        if plan.histories == Histories::Wrapped {
            file.member("cache_version", "2.0")?;
            file.member("timestamp", aware(fetched))?;
            file.member("jql_query", plan.jql)?;
            file.member("fields_requested", FIELDS)?;
            file.list(Some("issues"))?;
            for issue in self.issues(plan) {
                file.element(&fields::issue_with_history(&issue, &self.weeks, self.options.seed))?;
                count += 1;
            }
            file.close()?;
            file.member("total_issues", count)?;
        } else if plan.histories == Histories::Map {
            for issue in self.issues(plan) {
                file.member(&issue.key(), fields::history_entry(&issue, &self.weeks, fetched, 0))?;
                count += 1;
            }
        }
        file.finish(count, &mut self.summary)
    }
}

const FIELDS: &str = "key,created,resolutiondate,status,issuetype,customfield_10016,customfield_10020,customfield_10030,customfield_10031,customfield_10040,customfield_10050,fixVersions";

/// An issue with a custom field that a plug-in filled.
fn nested(mut issue: Json) -> Json {
    let mut deep = object! { "leaf": Json::list([1, 2]), "n": Json::Number("1.5e-07".to_owned()), "b": true };
    for level in 1..9 {
        deep = object! { "level": level, "text": "çß✓", "children": Json::list([deep]) };
    }
    if let Json::Object(members) = &mut issue
        && let Some((_, fields)) = members.iter_mut().find(|(key, _)| key == "fields")
    {
        fields.set("customfield_19999", deep);
    }
    issue
}
