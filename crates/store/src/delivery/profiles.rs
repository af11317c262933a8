//! Profiles.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::delivery::{Moment, Profile, ProfileId, ProfileSummary};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::exact::{column_time, index_text};
use crate::records::storable;
use crate::schema::profiles;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

/// What a profile's documents say, beside the documents. None of these texts can hold U+0000.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = profiles)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct ProfileRow<'a> {
    id: &'a str,
    name: Cow<'a, str>,
    folded_name: Cow<'a, str>,
    description: Cow<'a, str>,
    created_at: Cow<'a, str>,
    created_utc: Option<StoredTime>,
    last_used: Cow<'a, str>,
    last_used_utc: Option<StoredTime>,
    layout: &'a str,
    jira_config: Cow<'a, str>,
    field_mappings: Cow<'a, str>,
    forecast_settings: Cow<'a, str>,
    project_classification: Cow<'a, str>,
    flow_type_mappings: Cow<'a, str>,
    show_milestone: bool,
    show_points: bool,
    document: Option<Cow<'a, str>>,
    registry_entry: Option<Cow<'a, str>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = profiles)]
struct SummaryRow {
    id: String,
    name: String,
    description: String,
    created_at: String,
    last_used: String,
}

impl<'a> ProfileRow<'a> {
    fn new(profile: &'a Profile) -> Self {
        let facts = profile.facts();
        Self {
            id: profile.id().as_str(),
            name: storable(&facts.name),
            folded_name: index_text(&facts.folded_name),
            description: storable(&facts.description),
            created_at: storable(&facts.created_at.text),
            created_utc: facts.created_at.instant.map(column_time),
            last_used: storable(&facts.last_used.text),
            last_used_utc: facts.last_used.instant.map(column_time),
            layout: facts.layout.as_str(),
            jira_config: storable(&facts.jira_config),
            field_mappings: storable(&facts.field_mappings),
            forecast_settings: storable(&facts.forecast_settings),
            project_classification: storable(&facts.project_classification),
            flow_type_mappings: storable(&facts.flow_type_mappings),
            show_milestone: facts.show_milestone,
            show_points: facts.show_points,
            document: profile.document().map(storable),
            registry_entry: profile.registry_entry().map(storable),
        }
    }
}

impl SummaryRow {
    fn into_summary(self) -> DomainResult<ProfileSummary> {
        Ok(ProfileSummary {
            id: ProfileId::new(self.id.as_str()).map_err(|_| DomainError::Corrupt {
                entity: "profile",
                key: self.id.clone(),
                column: "id".to_owned(),
                value: self.id,
            })?,
            name: self.name,
            description: self.description,
            created_at: Moment::read(self.created_at),
            last_used: Moment::read(self.last_used),
        })
    }
}

pub(super) fn get(transaction: &mut Transaction<'_>, id: &ProfileId) -> DomainResult<Option<Profile>> {
    let row: Option<(Option<String>, Option<String>)> = query!(transaction, |conn| profiles::table
        .find(id.as_str())
        .select((profiles::document, profiles::registry_entry))
        .get_result(conn)
        .optional())?;
    row.map(|(document, registry_entry)| Profile::new(id.clone(), document, registry_entry)).transpose()
}

pub(super) fn save(transaction: &mut Transaction<'_>, profile: &Profile) -> DomainResult<()> {
    transaction.require_write()?;
    let row = ProfileRow::new(profile);
    query!(transaction, |conn| diesel::insert_into(profiles::table)
        .values(&row)
        .on_conflict(profiles::id)
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}

pub(super) fn list(transaction: &mut Transaction<'_>) -> DomainResult<Vec<ProfileSummary>> {
    let rows = query!(transaction, |conn| profiles::table
        .order((profiles::last_used_utc.is_null().asc(), profiles::last_used_utc.desc(), profiles::id.asc()))
        .select(SummaryRow::as_select())
        .load(conn))?;
    rows.into_iter().map(SummaryRow::into_summary).collect()
}

pub(super) fn delete(transaction: &mut Transaction<'_>, id: &ProfileId) -> DomainResult<()> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(profiles::table.find(id.as_str())).execute(conn))?;
    if deleted > 0 { Ok(()) } else { Err(id.not_found()) }
}

/// Refuses an unknown profile, before a foreign key does and ends the transaction on PostgreSQL.
pub(super) fn need(transaction: &mut Transaction<'_>, id: &ProfileId) -> DomainResult<()> {
    let found = query!(transaction, |conn| profiles::table
        .find(id.as_str())
        .select(profiles::show_points)
        .get_result::<bool>(conn)
        .optional())?;
    found.map(drop).ok_or_else(|| id.not_found())
}
