//! What becomes of each document of a directory.

use super::sight::main_document;
use crate::document::Place;
use crate::keyed::{Aside, KeyedItem};
use landfast_domain::finding::Finding;
use landfast_domain::imports::Outcome as Kept;
use landfast_domain::runs::codes;
use landfast_legacy::runs::{DocumentRole, FoundRun, Outcome, is_json};

/// Codes of documents that are not loaded.
mod code {
    /// The document the directory is known by is not understood, so there is no run to keep this one with.
    pub(super) const RUN_SET_ASIDE: &str = "run_set_aside";
    /// The same bytes as the manifest that counts.
    pub(super) const MANIFEST_COPY: &str = "manifest_copy";
}

/// Codes that depend on what else lies in a directory.
pub(super) const NEEDS_FOLDER: [&str; 4] =
    [code::RUN_SET_ASIDE, code::MANIFEST_COPY, codes::TWO_MANIFESTS, codes::STATE_MISSING];

/// Whether a directory is known by this document.
pub(super) fn is_main(found: &FoundRun, path: &str) -> bool {
    main_document(found).is_some_and(|main| main.path == path)
}

/// The record that a document is.
pub(super) fn item(found: &FoundRun, path: &str, role: Option<DocumentRole>, raw: Vec<u8>) -> KeyedItem {
    let place = Place::whole(raw.len());
    let is_main = is_main(found, path);
    // What is odd about the directory is told once, with the document it is known by.
    let mut findings = if is_main { found.findings.clone() } else { Vec::new() };
    let outcome = match reason(found, is_main, role, &raw, &mut findings) {
        Some((outcome, code, message)) => Err(Aside { outcome, code, message, raw }),
        None => match String::from_utf8(raw) {
            Ok(text) => Ok(text),
            Err(error) => Err(Aside {
                outcome: Kept::Quarantined,
                code: codes::MANIFEST_NOT_JSON,
                message: "not UTF-8".to_owned(),
                raw: error.into_bytes(),
            }),
        },
    };
    KeyedItem { key: path.to_owned(), place, outcome, raw: None, name: None, findings }
}

/// Why a document is not kept with a run.
fn reason(
    found: &FoundRun,
    is_main: bool,
    role: Option<DocumentRole>,
    raw: &[u8],
    findings: &mut Vec<Finding>,
) -> Option<(Kept, &'static str, String)> {
    let quarantined = |code, message: &str| Some((Kept::Quarantined, code, message.to_owned()));
    match (&found.outcome, role) {
        (Outcome::Orphan, _) => quarantined(codes::STATE_MISSING, "neither a state nor a manifest lies beside it"),
        (Outcome::Quarantined, _) if is_main => {
            let reason = take_reason(findings);
            let code = reason.as_ref().map_or(codes::STATE_UNREADABLE, |finding| finding.code);
            quarantined(code, &reason.map(|finding| finding.message).unwrap_or_default())
        }
        (Outcome::Quarantined, _) | (_, None | Some(DocumentRole::Index)) => {
            quarantined(code::RUN_SET_ASIDE, "the document the directory is known by is not understood")
        }
        (Outcome::Imported(_), Some(DocumentRole::OtherManifest)) => {
            let main = found.documents.iter().find(|document| document.role == DocumentRole::Manifest);
            match main {
                Some(main) if main.bytes == raw => {
                    Some((Kept::Duplicate, code::MANIFEST_COPY, format!("the same bytes as {}", main.path)))
                }
                Some(main) => {
                    quarantined(codes::TWO_MANIFESTS, &format!("{} counts, and says something else", main.path))
                }
                None => quarantined(codes::TWO_MANIFESTS, "the manifest that counts cannot be read"),
            }
        }
        (Outcome::Imported(_), Some(role)) => {
            let code = match role {
                DocumentRole::Metadata => codes::METADATA_NOT_JSON,
                DocumentRole::SessionLog => codes::SESSION_LOG_NOT_JSON,
                _ => codes::MANIFEST_NOT_JSON,
            };
            if is_json(raw) { None } else { quarantined(code, "no JSON text") }
        }
    }
}

/// The finding that tells why a directory is not understood.
fn take_reason(findings: &mut Vec<Finding>) -> Option<Finding> {
    const STATE: [&str; 4] =
        [codes::STATE_UNREADABLE, codes::STATE_NOT_UTF8, codes::STATE_NOT_JSON, codes::STATE_NOT_OBJECT];
    const MANIFEST: [&str; 2] = [codes::MANIFEST_NOT_JSON, codes::MANIFEST_SCHEMA];
    let at = |codes: &[&str]| findings.iter().position(|finding| codes.contains(&finding.code));
    at(&STATE).or_else(|| at(&MANIFEST)).map(|at| findings.remove(at))
}
