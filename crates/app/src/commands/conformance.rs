//! `landfast conformance`: the rules every store keeps, run against any database.

use super::Context;
use crate::backend::{self, Schema};
use crate::cli::ConformanceArgs;
use crate::failure::{Exit, Failure};
use crate::output::{self, Page};
use landfast_testkit::contract::{Outcome, RULES, Rule, RuleResult, remove_leftovers, run_rule};
use serde_json::{Value, json};

/// Runs the rules whose names contain the given text.
pub(super) fn run(context: &Context, args: &ConformanceArgs) -> Result<Exit, Failure> {
    let wanted = |rule: &&Rule| args.rule.as_ref().is_none_or(|text| full_name(rule).contains(text.as_str()));
    let rules: Vec<Rule> = RULES.iter().filter(wanted).copied().collect();
    if rules.is_empty() {
        return Err(Failure::usage("no rule has such a name").hint("`landfast conformance --list` shows the names"));
    }
    if args.list {
        return list(&rules, args.json);
    }
    let opened = backend::open_database(context, Schema::Apply)?;
    let results = run_all(context, &opened, &rules)?;
    let broken = results.iter().filter(|result| result.outcome != Outcome::Kept).count();
    let exit = if broken == 0 { Exit::Done } else { Exit::Failed };
    if args.json {
        let entries: Vec<Value> = results.iter().map(to_json).collect();
        output::print_json(output::document([
            ("url", opened.place.as_str().into()),
            ("kept", (results.len() - broken).into()),
            ("broken", broken.into()),
            ("rules", entries.into()),
        ]))?;
        return Ok(exit);
    }
    let mut page = Page::new();
    let style = page.style();
    for result in &results {
        if let Outcome::Broken(reason) = &result.outcome {
            page.line(&format!("{} {}\n    {}", style.bad("broken"), full_name(&result.rule), output::safe(reason)));
        }
    }
    let sum = format!("{} of {} rules hold on {}", results.len() - broken, results.len(), output::safe(&opened.place));
    page.line(&if broken == 0 { style.good(&sum) } else { style.bad(&sum) });
    page.print()?;
    Ok(exit)
}

fn run_all(context: &Context, opened: &backend::Opened, rules: &[Rule]) -> Result<Vec<RuleResult>, Failure> {
    // A broken rule panics; its message belongs into the result and not in between.
    std::panic::set_hook(Box::new(|_| {}));
    let mut results = Vec::with_capacity(rules.len());
    for rule in rules {
        let result = run_rule(opened.store.as_ref(), *rule);
        let word = if result.outcome == Outcome::Kept { "kept  " } else { "BROKEN" };
        context.say(&format!("{word} {} ({})", full_name(rule), output::duration(result.took)));
        remove_leftovers(opened.store.as_ref()).map_err(|error| Failure::from(error).at(&opened.place))?;
        results.push(result);
    }
    drop(std::panic::take_hook());
    Ok(results)
}

fn list(rules: &[Rule], json: bool) -> Result<Exit, Failure> {
    let names: Vec<String> = rules.iter().map(full_name).collect();
    if json {
        output::print_json(output::document([("rules", names.into())]))?;
    } else {
        output::print(&(names.join("\n") + "\n"))?;
    }
    Ok(Exit::Done)
}

fn full_name(rule: &Rule) -> String {
    format!("{}::{}", rule.room, rule.name)
}

fn to_json(result: &RuleResult) -> Value {
    let reason = match &result.outcome {
        Outcome::Kept => None,
        Outcome::Broken(reason) => Some(reason.as_str()),
    };
    json!({ "rule": full_name(&result.rule), "kept": reason.is_none(), "reason": reason, "milliseconds": result.took.as_secs_f64() * 1000.0 })
}
