//! What is odd about profiles, names and active ids of a tree.

use super::load::{Loader, REGISTRY, object_of};
use landfast_domain::delivery::state::{ACTIVE_PROFILE, ACTIVE_QUERY, state_of_registry};
use landfast_domain::delivery::{Profile, ProfileLayout, Registry, codes};
use landfast_domain::json::Json;
use std::collections::HashSet;

impl Loader<'_> {
    pub(super) fn check_profile(&mut self, path: &str, id: &str, profile: &Profile, document: Option<&str>) {
        match profile.facts().layout {
            ProfileLayout::Flattened => {
                self.find(path, codes::PROFILE_FLATTENED, "", "values at the root instead of forecast_settings")
            }
            ProfileLayout::AppSettings => {
                self.find(path, codes::PROFILE_APP_SETTINGS, "", "settings from before profiles")
            }
            ProfileLayout::Nested | ProfileLayout::Missing => {}
        }
        let root = document.map(object_of).unwrap_or_default();
        if root.get("id").and_then(Json::as_str).is_some_and(|own| own != id) {
            self.find(path, codes::ID_DIFFERS, "id", "another id than the folder's name");
        }
        if let Some(mappings) = root.get("field_mappings").and_then(Json::as_object)
            && !mappings.is_empty()
            && !mappings.contains_key("dora")
            && !mappings.contains_key("flow")
        {
            self.find(path, codes::OLD_FIELD_MAPPINGS, "field_mappings", "neither dora nor flow");
        }
    }

    pub(super) fn check_names(&mut self) {
        let mut found = Vec::new();
        let mut names = HashSet::new();
        for loaded in &self.tree.profiles {
            let facts = loaded.profile.facts();
            if !names.insert(facts.folded_name.clone()) {
                found.push((format!("profiles/{}", loaded.profile.id()), facts.name.clone()));
            }
            let mut names = HashSet::new();
            for query in &loaded.queries {
                if !names.insert(query.query.facts().folded_name.clone()) {
                    found.push((
                        format!("profiles/{}/queries/{}", loaded.profile.id(), query.query.key().query),
                        query.query.facts().name.clone(),
                    ));
                }
            }
        }
        for (path, name) in found {
            self.find(&path, codes::NAME_REPEATED, &name, "the name occurs before");
        }
    }

    pub(super) fn check_active(&mut self) {
        if !self.files.contains_key(REGISTRY) {
            // Without a registry the first version's ids were active, if there is such a profile.
            let state = state_of_registry(&Registry::when_missing(), &|_| false);
            let has_default = state
                .first()
                .is_some_and(|(_, id)| self.tree.profiles.iter().any(|loaded| loaded.profile.id().as_str() == id));
            if has_default {
                self.tree.state.extend(state);
            }
        }
        let value = |key: &str| self.tree.state.iter().find(|(other, _)| other == key).map(|(_, value)| value.clone());
        let (profile, query) = (value(ACTIVE_PROFILE), value(ACTIVE_QUERY));
        let active = self.tree.profiles.iter().find(|loaded| Some(loaded.profile.id().as_str()) == profile.as_deref());
        let knows = |id: &String| {
            active.is_some_and(|active| active.queries.iter().any(|loaded| loaded.query.key().query.as_str() == id))
        };
        let query_is_unknown = query.as_ref().is_some_and(|id| !knows(id));
        if profile.is_some() && active.is_none() {
            self.find(REGISTRY, codes::ACTIVE_UNKNOWN, ACTIVE_PROFILE, "there is no such profile");
        } else if query_is_unknown {
            self.find(REGISTRY, codes::ACTIVE_UNKNOWN, ACTIVE_QUERY, "the active profile has no such query");
        }
    }
}
