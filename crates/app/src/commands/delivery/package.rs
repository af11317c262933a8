//! `landfast delivery package`: profiles from and to files.

use crate::cli::{PackageExportArgs, PackageImportArgs};
use crate::commands::Context;
use crate::commands::session::Session;
use crate::failure::{Exit, Failure};
use crate::output;
use crate::payload;
use landfast_domain::Error;
use landfast_domain::delivery::package::{self, Conflict, ExportMode, ExportOptions};
use landfast_domain::delivery::{ProfileId, QueryId, QueryKey, exchange, profiles};
use landfast_legacy::delivery::DIGESTS;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// `landfast delivery package export`.
pub(super) fn export(context: &Context, session: &Session, args: &PackageExportArgs) -> Result<Exit, Failure> {
    let options = ExportOptions {
        mode: if args.full { ExportMode::FullData } else { ExportMode::ConfigOnly },
        include_token: args.with_tokens,
        created_at: session.clock.utc,
    };
    let invalid = |error| session.failure(error);
    let profile = ProfileId::new(args.profile.as_str()).map_err(invalid)?;
    let query = args.query.as_deref().map(QueryId::new).transpose().map_err(invalid)?;
    let only = query.clone().map(|query| QueryKey::new(profile.clone(), query));
    let bundle =
        session.read(|repositories| exchange::take(repositories.delivery()?, &profile, only.as_ref(), &DIGESTS))?;
    let text = package::export(&bundle, &options).map_err(invalid)?;
    let secret = package::holds_secrets(&text).map_err(invalid)?;
    if secret && !args.with_tokens {
        return Err(Failure::failed("the package would still hold a secret; it was not written"));
    }
    let file =
        args.output.clone().unwrap_or_else(|| PathBuf::from(package::file_name(&profile, query.as_ref(), &options)));
    if file == Path::new("-") {
        output::print(&text)?;
        return Ok(Exit::Done);
    }
    write_file(&file, &text, args.overwrite)?;
    if secret {
        context.say("the file holds tokens; keep it secret");
    }
    let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let line = format!(
        "{profile} with {} in {} ({}, {} tokens)",
        output::counted(u64::try_from(bundle.queries.len()).unwrap_or(u64::MAX), "saved JQL"),
        file.display(),
        output::bytes(size),
        if secret { "with" } else { "without" }
    );
    session.done(
        [
            ("profile", profile.as_str().into()),
            ("file", file.display().to_string().into()),
            ("size_bytes", size.into()),
            ("mode", options.mode.as_str().into()),
            ("queries", bundle.queries.len().into()),
            ("holds_secrets", secret.into()),
        ],
        &line,
    )
}

/// Writes the file as a whole or not at all, readable by its owner only.
fn write_file(path: &Path, text: &str, overwrite: bool) -> Result<(), Failure> {
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::failed(format!("cannot write {}: {error}", path.display()))
            .hint("name another file with -o, or replace this one with --overwrite")
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| cannot(&error))?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|error| cannot(&error))?;
    let persisted = if overwrite { file.persist(path) } else { file.persist_noclobber(path) };
    persisted.map(drop).map_err(|error| cannot(&error.error))
}

/// `landfast delivery package import`.
pub(super) fn import(session: &Session, args: &PackageImportArgs) -> Result<Exit, Failure> {
    let text = payload::read_file("the package", &args.file)?;
    let package = package::read(&text).map_err(|error| session.failure(error))?;
    let conflict = match (&args.rename, args.merge) {
        (Some(_), _) => Conflict::Rename(session.clock.utc),
        (None, true) => Conflict::Merge,
        (None, false) => Conflict::Overwrite,
    };
    let replaces = args.merge || args.overwrite || args.rename.is_some();
    let (id, name, existed, queries) = session.rehearse(args.dry_run, |repositories| {
        let repository = repositories.delivery()?;
        let imported = package.profile.clone();
        let existed = repository.get_profile(&imported.id)?.is_some();
        if existed && !replaces {
            return Err(Error::Conflict { entity: "profile", key: imported.id.to_string() });
        }
        let id = exchange::bring(repository, imported, &conflict, &DIGESTS, session.clock.utc)?;
        if let Some(name) = args.rename.as_deref().filter(|name| !name.is_empty()) {
            profiles::rename(repository, &id, name)?;
        }
        let name = profiles::require(repository, &id)?.facts().name.clone();
        Ok((id.clone(), name, existed, repository.list_queries(&id)?.len()))
    })?;
    let what = match (existed, args.merge, args.rename.is_some()) {
        (true, true, _) => "merged",
        (true, _, false) => "overwritten",
        _ => "added",
    };
    let mut line = format!("{id} {what} ({name})");
    if args.dry_run {
        line = format!("{id} would be {what} ({name}); nothing was changed");
    } else if package.needs_token && what != "merged" {
        line.push_str(&format!(
            "; it has no token: landfast delivery profiles settings set {id} jira_config.token @token.txt"
        ));
    }
    session.done(
        [
            ("profile", id.as_str().into()),
            ("name", name.into()),
            ("outcome", what.into()),
            ("mode", package.mode.map(ExportMode::as_str).into()),
            ("queries", queries.into()),
            ("package_has_token", (!package.needs_token).into()),
            ("dry_run", args.dry_run.into()),
        ],
        &line,
    )
}
