//! `landfast delivery`: profiles, queries and their data, on every store.

mod care;
mod history;
mod integrity;
mod issues;
mod metrics;
mod numbers;
mod package;
mod pick;
mod profiles;
mod progress;
mod queries;
mod settings;

use super::Context;
use super::session::Session;
use crate::cli::{
    CacheVerb, ChangelogVerb, DeliveryArgs, DeliveryVerb, IssueVerb, IssuesVerb, MetricsVerb, PackageVerb, SchemaVerb,
    ScopeVerb, SnapshotsVerb, StatisticsVerb,
};
use crate::failure::{Exit, Failure};

/// Runs a verb.
pub(super) fn run(context: &Context, args: DeliveryArgs) -> Result<Exit, Failure> {
    let session = Session::open(context, args.at.as_deref(), args.json)?;
    match args.verb {
        DeliveryVerb::Profiles { verb } => profiles::run(&session, verb),
        DeliveryVerb::Queries { verb } => queries::run(&session, verb),
        DeliveryVerb::Issues { verb: IssuesVerb::List(args) } => issues::list(&session, &args),
        DeliveryVerb::Issue { verb: IssueVerb::Show { key, pick } } => issues::show(&session, &key, &pick),
        DeliveryVerb::Changelog { verb: ChangelogVerb::List(args) } => history::list(&session, &args),
        DeliveryVerb::Statistics { verb: StatisticsVerb::List(args) } => numbers::statistics(&session, &args),
        DeliveryVerb::Scope { verb: ScopeVerb::Show(pick) } => numbers::scope(&session, &pick),
        DeliveryVerb::Snapshots { verb: SnapshotsVerb::List(args) } => metrics::snapshots(&session, &args),
        DeliveryVerb::Metrics { verb: MetricsVerb::List(args) } => metrics::values(&session, &args),
        DeliveryVerb::Cache { verb: CacheVerb::List(pick) } => care::caches(&session, &pick),
        DeliveryVerb::Cache { verb: CacheVerb::Cleanup { dry_run } } => care::cleanup(&session, dry_run),
        DeliveryVerb::TasksProgress { verb } => progress::run(&session, &verb),
        DeliveryVerb::Size => care::size(&session),
        DeliveryVerb::Integrity => integrity::check(&session),
        DeliveryVerb::Schema { verb: SchemaVerb::Version } => care::schema_version(&session),
        DeliveryVerb::Package { verb: PackageVerb::Export(args) } => package::export(context, &session, &args),
        DeliveryVerb::Package { verb: PackageVerb::Import(args) } => package::import(&session, &args),
    }
}
