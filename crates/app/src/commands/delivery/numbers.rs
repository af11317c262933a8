//! Weekly statistics and scope.

use super::pick;
use crate::cli::{QueryPick, StatisticsArgs};
use crate::commands::session::{Session, counted, value_of};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Table};
use landfast_domain::delivery::{Numeric, StatisticFilter, WeeklyStatistic, parse_date};
use landfast_domain::json::Json;
use serde_json::{Map, Value};

/// `landfast delivery statistics list`.
pub(super) fn statistics(session: &Session, args: &StatisticsArgs) -> Result<Exit, Failure> {
    let date = |option: &str, text: Option<&String>| {
        let Some(text) = text else { return Ok(None) };
        parse_date(text).map(Some).ok_or_else(|| {
            Failure::usage(format!("{option} {text:?} is no date"))
                .hint("write it as YYYY-MM-DD, for instance 2025-03-03")
        })
    };
    let filter = StatisticFilter {
        from: date("--from", args.from.as_ref())?,
        to: date("--to", args.to.as_ref())?,
        limit: args.limit,
    };
    let (key, rows) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let key = pick::query(repository, &args.pick)?;
        let rows = repository.list_statistics(&key, &filter)?;
        Ok((key, rows))
    })?;
    let entries = || {
        let entries: Vec<Value> = rows.iter().map(to_json).collect();
        [("query", key.to_string().into()), ("statistics", entries.into())]
    };
    let table = || {
        let mut table = Table::new(&[
            ("date", Align::Left),
            ("week", Align::Left),
            ("completed", Align::Right),
            ("points", Align::Right),
            ("created", Align::Right),
            ("points", Align::Right),
        ]);
        for row in &rows {
            let number =
                |number: &Option<Numeric>| number.as_ref().map(|number| number.text.clone()).unwrap_or_default();
            table.row([
                row.date_text.clone().unwrap_or_default(),
                row.week.map(|week| week.to_string()).unwrap_or_default(),
                number(&row.completed_items),
                number(&row.completed_points),
                number(&row.created_items),
                number(&row.created_points),
            ]);
        }
        table
    };
    session.list(entries, &format!("{} of {key}", counted(&rows, "row")), table, None)
}

fn to_json(row: &WeeklyStatistic) -> Value {
    let mut map = Map::new();
    map.insert("place".to_owned(), row.ordinal.into());
    map.insert("date".to_owned(), row.date_text.clone().into());
    map.insert("week".to_owned(), row.week.map(|week| week.to_string()).into());
    for (name, number) in WeeklyStatistic::NUMBERS.iter().zip(row.numbers()) {
        map.insert((*name).to_owned(), number.map(|number| value_of(&number.text)).into());
    }
    Value::Object(map)
}

/// `landfast delivery scope show`.
pub(super) fn scope(session: &Session, pick: &QueryPick) -> Result<Exit, Failure> {
    let (key, scope) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let key = pick::query(repository, pick)?;
        let scope = repository.get_scope(&key)?;
        Ok((key, scope))
    })?;
    let document = scope.as_deref().map(value_of);
    if session.json {
        let text = scope;
        output::print_json(output::document([
            ("query", key.to_string().into()),
            ("scope", document.into()),
            ("text", text.into()),
        ]))?;
        return Ok(Exit::Done);
    }
    let mut page = output::Page::new();
    page.heading(&output::safe(&format!("Scope of {key}")));
    match &scope {
        None => page.line("  none is kept"),
        Some(text) => {
            // Text that only this program takes for JSON is shown as it stands.
            let shown = Json::parse(text).map_or_else(|_| text.clone(), |scope| scope.dump_indented(2));
            for line in shown.lines() {
                page.line(&format!("  {}", output::safe(line)));
            }
        }
    }
    page.print()?;
    Ok(Exit::Done)
}
