//! The registry: the application's state, and an entry of each profile.

use super::parents::{REGISTRY, text_of};
use crate::error::Result;
use crate::keyed::Scope;
use landfast_domain::delivery::state::{SAVED_QUERIES, registry_of_state, state_of_registry};
use landfast_domain::delivery::{DeliveryRepository, Profile, ProfileId, Registry};
use landfast_domain::json::JsonKind;

/// The registry as the store would write it, in the form of the one beside the document; `None` while the store
/// has nothing a registry says. Profiles it does not list do not count.
pub(super) fn stored(repository: &mut dyn DeliveryRepository, scope: &Scope<'_>) -> Result<Option<String>> {
    let old = text_of(scope, REGISTRY, JsonKind::Object)?;
    let listed = old.as_deref().map(Registry::read).transpose()?.unwrap_or_default();
    let mut entries = Vec::new();
    for (id, entry) in &listed.entries {
        let profile = match ProfileId::new(id.as_str()) {
            Ok(id) => repository.get_profile(&id)?,
            Err(_) => None,
        };
        match profile {
            // An entry that is no object belongs to no row and stays as it is.
            Some(_) if !entry.starts_with('{') => entries.push((id.clone(), entry.clone())),
            Some(profile) => entries.extend(profile.registry_entry().map(|entry| (id.clone(), entry.to_owned()))),
            None => {}
        }
    }
    let mut state = repository.list_app_state()?;
    state.retain(|(key, _)| key != SAVED_QUERIES);
    // Entries may be there before the registry is, since profiles bring theirs.
    let own = state_of_registry(&listed, &|id| entries.iter().any(|(known, _)| known == id));
    if !own.is_empty() && registry_of_state(&state, Vec::new()).0 == Registry::default() {
        return Ok(None);
    }
    let (mut registry, _) = registry_of_state(&state, entries);
    let place = |id: &String| listed.entries.iter().position(|(other, _)| other == id).unwrap_or(usize::MAX);
    registry.entries.sort_by_key(|(id, _)| place(id));
    Ok(Some(registry.write(old.as_deref())?))
}

/// Takes over what a registry says.
pub(super) fn save(repository: &mut dyn DeliveryRepository, text: &str) -> Result<()> {
    let registry = Registry::read(text)?;
    let mut known = Vec::new();
    for (id, entry) in &registry.entries {
        let Ok(id) = ProfileId::new(id.as_str()) else { continue };
        let Some(profile) = repository.get_profile(&id)? else { continue };
        known.push(id.to_string());
        if entry.starts_with('{') && profile.registry_entry() != Some(entry) {
            let document = profile.document().map(str::to_owned);
            repository.save_profile(&Profile::new(id, document, Some(entry.clone()))?)?;
        }
    }
    for (key, value) in state_of_registry(&registry, &|id| known.iter().any(|known| known == id)) {
        repository.set_app_state(&key, &value)?;
    }
    Ok(())
}
