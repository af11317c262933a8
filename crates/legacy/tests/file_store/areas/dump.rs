//! Everything the areas say, as text to be compared.

use landfast_domain::Result;
use landfast_domain::delivery::DeliveryRepository;
use landfast_domain::presentations::PresentationRepository;
use landfast_domain::runs::{RunFilter, RunPage, RunRepository};
use landfast_domain::store::Repositories;

pub(crate) fn everything(r: &mut dyn Repositories) -> Result<Vec<String>> {
    let mut lines = delivery(r.delivery()?)?;
    lines.extend(presentations(r.presentations()?)?);
    lines.extend(runs(r.runs()?)?);
    Ok(lines)
}

pub(crate) fn delivery(r: &mut dyn DeliveryRepository) -> Result<Vec<String>> {
    let mut lines = vec![
        format!("{:?}", r.list_app_state()?),
        format!("{:?}", r.list_task_progress()?),
        format!("{:?}", r.get_task_state()?),
        format!("{:?}", r.row_counts()?),
    ];
    for profile in r.list_profiles()? {
        lines.push(format!("{:?}", r.get_profile(&profile.id)?));
        for query in r.list_queries(&profile.id)? {
            let key = query.key();
            lines.push(format!("{query:?}"));
            for cache in r.list_caches(key)? {
                lines.push(format!("{cache:?}"));
                let issues = r.issues_page(key, &cache.cache_key, None, usize::MAX)?;
                lines.extend(issues.iter().map(|issue| format!("{issue:?}")));
            }
            lines.push(format!("{:?}", r.get_changelog(key)?));
            lines.extend(r.changelog_page(key, None, usize::MAX)?.iter().map(|entry| format!("{entry:?}")));
            lines.push(format!("{:?}", r.get_project_data(key)?));
            lines.extend(r.list_snapshots(key, None, None)?.iter().map(|snapshot| format!("{snapshot:?}")));
        }
    }
    Ok(lines)
}

pub(crate) fn presentations(r: &mut dyn PresentationRepository) -> Result<Vec<String>> {
    Ok(r.list(None, None, usize::MAX)?.iter().map(|job| format!("{job:?}")).collect())
}

pub(crate) fn runs(r: &mut dyn RunRepository) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for run in r.list(&RunFilter::default(), &RunPage::Offset(0), usize::MAX)? {
        lines.push(format!("{run:?}"));
        lines.push(format!("{:?}", r.files(&run.id)?));
    }
    Ok(lines)
}
