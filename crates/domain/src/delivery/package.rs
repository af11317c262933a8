//! A profile as one JSON package, to be carried to another installation.
//!
//! Everything here works on texts; [`super::exchange`] takes them from a repository and brings them back.

use super::credentials::{has_secrets, secrets_of, strip};
use super::edit::{BLANKS, invalid, member_text, require_object, set_at};
use super::ids::{ProfileId, QueryId};
use super::moment::utc_text;
use super::read::{at, label_at};
use crate::Result;
use crate::json::{Json, JsonError, Object, members, parse_lossy};
use crate::time::Timestamp;

/// Version of the package's form.
pub const PACKAGE_VERSION: &str = "2.0";

/// All texts of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileBundle {
    /// Identifies the profile.
    pub id: ProfileId,
    /// Text of its settings; `None` for a profile without a document.
    pub document: Option<String>,
    /// Text of its entry in the registry.
    pub registry_entry: Option<String>,
    /// Its queries.
    pub queries: Vec<QueryBundle>,
}

/// All texts of a query. `None`: there is no such document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryBundle {
    /// Identifies the query.
    pub id: QueryId,
    /// Text of `query.json`.
    pub document: Option<String>,
    /// Text of `project_data.json`.
    pub project_data: Option<String>,
    /// Cached responses.
    pub caches: Vec<CacheBundle>,
    /// Text of `jira_changelog_cache.json`.
    pub changelog: Option<String>,
    /// Text of `metrics_snapshots.json`.
    pub snapshots: Option<String>,
    /// Parts this version does not know, with their JSON texts.
    pub other: Vec<(String, String)>,
}

/// A cached response in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheBundle {
    /// Its key; `None` for the key its JQL makes.
    pub key: Option<String>,
    /// Its moment of expiry; `None` for 24 hours after its own time.
    pub expires_at: Option<Timestamp>,
    /// Its document.
    pub document: String,
}

/// How much of a profile a package holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportMode {
    /// Settings and queries. Legacy name: `CONFIG_ONLY`.
    ConfigOnly,
    /// Everything, caches and change logs included. Legacy name: `FULL_DATA`.
    FullData,
}

/// What an export is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportOptions {
    /// How much.
    pub mode: ExportMode,
    /// Whether secrets go along; see [`super::credentials`]. Without them the importer asks for a token.
    pub include_token: bool,
    /// Time of the export, UTC.
    pub created_at: Timestamp,
}

/// A package that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The profile.
    pub profile: ProfileBundle,
    /// How much it holds, as far as the manifest tells.
    pub mode: Option<ExportMode>,
    /// Whether a token for Jira is missing and has to be asked for.
    pub needs_token: bool,
}

/// What to do when an imported profile meets one with the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// Imported settings, but local secrets; queries of both, where both have one the imported.
    Merge,
    /// The imported profile takes the place of the local one, which is gone.
    Overwrite,
    /// The imported profile gets an id and a name of its own, made of this time.
    Rename(Timestamp),
}

impl ExportMode {
    /// Text in the manifest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigOnly => "CONFIG_ONLY",
            Self::FullData => "FULL_DATA",
        }
    }

    /// Reads [`ExportMode::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::ConfigOnly, Self::FullData].into_iter().find(|mode| mode.as_str() == text)
    }
}

/// Name of the file of a package: time, profile and query, what it holds, and whether a token is inside.
///
/// Characters other than letters, digits, `-` and `_` become `_`.
#[must_use]
pub fn file_name(profile: &ProfileId, query: Option<&QueryId>, options: &ExportOptions) -> String {
    let safe = |text: &str| text.replace(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'), "_");
    let mode = match options.mode {
        ExportMode::ConfigOnly => "config_only",
        ExportMode::FullData => "full_data",
    };
    let token = if options.include_token { "_with_token" } else { "" };
    let query = query.map(|query| format!("_{}", safe(query.as_str()))).unwrap_or_default();
    let time = options.created_at.naive().format("%Y%m%d_%H%M%S");
    format!("{time}_{}{query}_export_{mode}{token}.json", safe(profile.as_str()))
}

/// Text of a package. Documents are taken over byte for byte, but for secrets.
///
/// # Errors
/// [`crate::Error::Invalid`] when a document is not JSON.
pub fn export(profile: &ProfileBundle, options: &ExportOptions) -> Result<String> {
    let text = |document: &str| -> Result<String> {
        let kept =
            if options.include_token { parse_lossy(document).map(|_| document.to_owned()) } else { strip(document) };
        kept.map_err(|_| invalid("package", "document", document, "must be JSON"))
    };
    let is_full = options.mode == ExportMode::FullData;
    let mut parts = vec![("manifest".to_owned(), manifest(profile, options).dump())];
    if let Some(document) = &profile.document {
        parts.push(("profile_data".to_owned(), text(document)?));
    }
    if let Some(entry) = &profile.registry_entry {
        parts.push(("registry_entry".to_owned(), text(entry)?));
    }
    let mut queries = Vec::new();
    for query in &profile.queries {
        let mut own = Vec::new();
        let known = [
            ("query_metadata", query.document.as_ref(), true),
            ("project_data", query.project_data.as_ref(), is_full),
            ("jira_changelog_cache", query.changelog.as_ref(), is_full),
            ("metrics_snapshots", query.snapshots.as_ref(), is_full),
        ];
        for (name, document, _) in known.into_iter().filter(|(_, _, wanted)| *wanted) {
            if let Some(document) = document {
                own.push((name.to_owned(), text(document)?));
            }
        }
        if is_full {
            own.extend(cache_parts(&query.caches, &text)?);
            for (name, value) in &query.other {
                own.push((name.clone(), text(value)?));
            }
        }
        queries.push((query.id.to_string(), object_text(&own)));
    }
    let queries = if queries.is_empty() { "null".to_owned() } else { object_text(&queries) };
    parts.push(("query_data".to_owned(), queries));
    Ok(object_text(&parts))
}

/// The first response keeps the place older programs know; keys and moments of expiry, which have none
/// there, stand in a list beside it.
fn cache_parts(caches: &[CacheBundle], text: &dyn Fn(&str) -> Result<String>) -> Result<Vec<(String, String)>> {
    let mut parts = Vec::new();
    if let [only] = caches
        && only.key.is_none()
        && only.expires_at.is_none()
    {
        parts.push(("jira_cache".to_owned(), text(&only.document)?));
    } else if !caches.is_empty() {
        let mut entries = Vec::new();
        for cache in caches {
            let key = Json::from(cache.key.as_deref()).dump();
            let expires = Json::from(cache.expires_at.map(utc_text)).dump();
            entries.push(object_text(&[
                ("cache_key".to_owned(), key),
                ("expires_at".to_owned(), expires),
                ("response".to_owned(), text(&cache.document)?),
            ]));
        }
        parts.push(("jira_caches".to_owned(), format!("[{}]", entries.join(", "))));
    }
    Ok(parts)
}

fn manifest(profile: &ProfileBundle, options: &ExportOptions) -> Json {
    let is_full = options.mode == ExportMode::FullData;
    Json::Object(Object::from_iter([
        ("version", Json::from(PACKAGE_VERSION)),
        ("created_at", Json::from(utc_text(options.created_at))),
        ("created_by", Json::from("landfast")),
        ("export_type", Json::from("sharing")),
        ("profiles", Json::from(vec![profile.id.as_str()])),
        ("includes_cache", Json::from(is_full)),
        ("includes_queries", Json::from(!profile.queries.is_empty())),
        (
            "includes_setup_status",
            Json::from(profile.document.as_deref().is_some_and(|text| text.contains("\"setup_status\""))),
        ),
        ("export_mode", Json::from(options.mode.as_str())),
        ("includes_token", Json::from(options.include_token)),
        ("includes_changelog", Json::from(is_full)),
    ]))
}

/// Reads a package of version 1 or 2.
///
/// The profile's id is that of the manifest, else the one in its settings.
///
/// # Errors
/// [`crate::Error::Invalid`] when the text is no JSON object, when manifest or profile are missing, when
/// the version is another one, and when an id cannot be one (`../x`).
pub fn read(package: &str) -> Result<Package> {
    require_object("package", "document", package)?;
    let not_json = |_: JsonError| invalid("package", "document", package, "must be JSON");
    let part = |name: &str| {
        member_text(package, name).map(|text| text.filter(|text| *text != "null").map(str::to_owned)).map_err(not_json)
    };
    let manifest = part("manifest")?.ok_or_else(|| invalid("package", "manifest", "", "must not be missing"))?;
    let manifest = parse_lossy(&manifest).map_err(not_json)?.0;
    let version = label_at(&manifest, &["version"]).unwrap_or_default();
    if !matches!(version.split('.').next(), Some("1" | "2")) {
        return Err(invalid("package", "version", &version, "must be 1 or 2"));
    }
    let (document, registry_entry) = (part("profile_data")?, part("registry_entry")?);
    if document.is_none() && registry_entry.is_none() {
        return Err(invalid("package", "profile_data", "", "must not be missing"));
    }
    for text in [&document, &registry_entry].into_iter().flatten() {
        require_object("package", "profile_data", text)?;
    }
    let settings = document
        .as_deref()
        .map_or(Ok(Json::Null), |text| parse_lossy(text).map(|(value, _)| value))
        .map_err(not_json)?;
    let named = at(&manifest, &["profiles"]).and_then(Json::as_array).and_then(<[Json]>::first).and_then(Json::as_str);
    let id = named.map(str::to_owned).or_else(|| label_at(&settings, &["id"])).unwrap_or_default();
    let mut queries = Vec::new();
    for query in
        part("query_data")?.as_deref().map(members).transpose().map_err(not_json)?.flatten().unwrap_or_default()
    {
        queries.push(read_query(&query.key, query.text)?);
    }
    let needs_token = secrets_of(&settings).is_empty();
    let mode = label_at(&manifest, &["export_mode"]).and_then(|text| ExportMode::parse(&text));
    let profile = ProfileBundle { id: ProfileId::new(id)?, document, registry_entry, queries };
    Ok(Package { profile, mode, needs_token })
}

fn read_query(id: &str, text: &str) -> Result<QueryBundle> {
    let not_json = |_: JsonError| invalid("package", "query_data", text, "must be JSON");
    let mut query = QueryBundle {
        id: QueryId::new(id)?,
        document: None,
        project_data: None,
        caches: Vec::new(),
        changelog: None,
        snapshots: None,
        other: Vec::new(),
    };
    for part in members(text).map_err(not_json)?.unwrap_or_default() {
        let value = (part.text != "null").then(|| part.text.to_owned());
        match (part.key.as_str(), value) {
            ("query_metadata", value) => query.document = value,
            ("project_data", value) => query.project_data = value,
            ("jira_changelog_cache", value) => query.changelog = value,
            ("metrics_snapshots", value) => query.snapshots = value,
            ("jira_cache", Some(document)) => query.caches.push(CacheBundle { key: None, expires_at: None, document }),
            ("jira_caches", Some(list)) => query.caches.extend(read_caches(&list).map_err(not_json)?),
            (_, Some(value)) => query.other.push((part.key, value)),
            (_, None) => query.other.push((part.key, "null".to_owned())),
        }
    }
    for document in [&query.document, &query.project_data, &query.changelog, &query.snapshots].into_iter().flatten() {
        require_object("package", "query_data", document)?;
    }
    Ok(query)
}

fn read_caches(list: &str) -> Result<Vec<CacheBundle>, JsonError> {
    let mut caches = Vec::new();
    for entry in crate::json::elements(list)?.unwrap_or_default() {
        let Some(document) = member_text(entry.text, "response")? else { continue };
        let (facts, _) = parse_lossy(entry.text)?;
        let expires = label_at(&facts, &["expires_at"]).and_then(|text| super::moment::parse_instant(&text));
        caches.push(CacheBundle {
            key: label_at(&facts, &["cache_key"]),
            expires_at: expires.map(|(instant, _)| instant),
            document: document.to_owned(),
        });
    }
    Ok(caches)
}

/// What an imported profile becomes beside a local one with the same id, or alone.
///
/// # Errors
/// [`crate::Error::Invalid`] when a document is not JSON or the new id is too long.
pub fn resolve(imported: ProfileBundle, local: Option<&ProfileBundle>, conflict: &Conflict) -> Result<ProfileBundle> {
    match (local, conflict) {
        (None, _) | (Some(_), Conflict::Overwrite) => Ok(imported),
        (Some(local), Conflict::Merge) => merge(imported, local),
        (Some(_), Conflict::Rename(time)) => rename(imported, *time),
    }
}

fn merge(imported: ProfileBundle, local: &ProfileBundle) -> Result<ProfileBundle> {
    let not_json = |_: JsonError| invalid("package", "profile_data", "", "must be JSON");
    let mut merged = imported;
    if let (Some(document), Some(old)) = (&merged.document, &local.document) {
        let mut text = document.clone();
        for (path, secret) in secrets_of(&parse_lossy(old).map_err(not_json)?.0) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            text = set_at(&text, &path, &secret).map_err(not_json)?;
        }
        merged.document = Some(text);
    }
    merged.document = merged.document.or_else(|| local.document.clone());
    merged.registry_entry = merged.registry_entry.or_else(|| local.registry_entry.clone());
    let mut queries = local.queries.clone();
    for query in merged.queries {
        match queries.iter_mut().find(|present| present.id == query.id) {
            Some(present) => merge_query(present, query),
            None => queries.push(query),
        }
    }
    merged.queries = queries;
    Ok(merged)
}

/// What the package holds counts; what it does not hold stays.
fn merge_query(present: &mut QueryBundle, imported: QueryBundle) {
    let replace = |old: &mut Option<String>, new: Option<String>| {
        if new.is_some() {
            *old = new;
        }
    };
    replace(&mut present.document, imported.document);
    replace(&mut present.project_data, imported.project_data);
    replace(&mut present.changelog, imported.changelog);
    replace(&mut present.snapshots, imported.snapshots);
    if !imported.caches.is_empty() {
        present.caches = imported.caches;
    }
    for (name, value) in imported.other {
        present.other.retain(|(other, _)| *other != name);
        present.other.push((name, value));
    }
}

fn rename(mut imported: ProfileBundle, time: Timestamp) -> Result<ProfileBundle> {
    let time = time.naive();
    imported.id = ProfileId::new(format!("{}_{}", imported.id, time.format("%Y%m%d_%H%M%S")))?;
    let id = Json::from(imported.id.as_str());
    let renamed = |text: &str| -> Result<String, JsonError> {
        let name = label_at(&parse_lossy(text)?.0, &["name"]).unwrap_or_else(|| imported.id.to_string());
        let name = Json::from(format!("{name} (imported {})", time.format("%Y-%m-%d %H:%M:%S")));
        set_at(&set_at(text, &["id"], &id)?, &["name"], &name)
    };
    let not_json = |_: JsonError| invalid("package", "profile_data", "", "must be JSON");
    imported.document = imported.document.as_deref().map(renamed).transpose().map_err(not_json)?;
    imported.registry_entry = imported.registry_entry.as_deref().map(renamed).transpose().map_err(not_json)?;
    Ok(imported)
}

/// Whether a package holds secrets although its manifest says otherwise; for checks after an export.
///
/// # Errors
/// [`crate::Error::Invalid`] when the text is not JSON.
pub fn holds_secrets(package: &str) -> Result<bool> {
    has_secrets(package).map_err(|_| invalid("package", "document", package, "must be JSON"))
}

fn object_text(members: &[(String, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("{}: {}", Json::from(key.as_str()).dump(), value.trim_matches(BLANKS)))
        .collect();
    format!("{{{}}}", members.join(", "))
}

#[cfg(test)]
mod tests;
