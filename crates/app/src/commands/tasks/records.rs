//! Records as JSON and as text.

use super::Session;
use crate::failure::{Exit, Failure};
use crate::output::{self, Page};
use landfast_domain::record::Record;
use landfast_domain::tasks::TaskInstance;
use serde_json::{Map, Value, json};

/// `{"key": …, "cells": {column: text}}`, the cells as they stand in the file.
pub(super) fn to_json<R: Record>(record: &R) -> Value {
    let cells: Map<String, Value> = cells(record).map(|(name, text)| (name.to_owned(), text.into())).collect();
    json!({ "key": record.key().as_str(), "cells": cells })
}

/// [`to_json`] with the state of the instance.
pub(super) fn instance_json(instance: &TaskInstance) -> Value {
    let mut value = to_json(instance);
    if let Value::Object(map) = &mut value {
        map.insert("state".to_owned(), instance.state().as_str().into());
    }
    value
}

/// Shows one record: JSON under this name, or its cells that are not empty.
pub(super) fn show<R: Record>(
    session: &Session,
    name: &str,
    value: Value,
    record: &R,
    title: &str,
) -> Result<Exit, Failure> {
    if session.json {
        output::print_json(output::document([(name, value)]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading(&output::safe(title));
    let pairs: Vec<(&str, &str)> = cells(record).filter(|(_, text)| !text.is_empty()).collect();
    page.pairs(&pairs);
    page.print()?;
    Ok(Exit::Done)
}

fn cells<R: Record>(record: &R) -> impl Iterator<Item = (&str, &str)> {
    let known = R::COLUMNS.iter().enumerate().map(|(index, column)| (column.name, record.cell(index)));
    known.chain(record.extra().iter().map(|(name, text)| (name.as_str(), text.as_str())))
}
