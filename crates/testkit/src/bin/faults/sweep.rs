//! One operation on one kind of database, disturbed at every point.

use crate::AnyError;
use crate::home::{End, Homes, Kind, live};
use crate::operation::Operation;
use crate::program;
use crate::tracer::{Fault, Traced, Tracer};
use landfast_testkit::folder;
use std::time::{Duration, Instant};

/// How many points are disturbed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    /// Every one.
    All,
    /// So many, spread evenly.
    Some(u64),
}

/// What a sweep gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) operation: Operation,
    pub(crate) kind: Kind,
    pub(crate) fault: Fault,
    /// Points the undisturbed operation has.
    pub(crate) points: u64,
    /// Points that were disturbed.
    pub(crate) disturbed: u64,
    /// Disturbed runs that ended with an error and a message.
    pub(crate) refused: u64,
    /// Disturbed runs that did their work all the same, and completely.
    pub(crate) completed: u64,
    /// What went wrong: point, call, words.
    pub(crate) failures: Vec<String>,
    pub(crate) time: Duration,
}

/// Sweeps; `None` when PostgreSQL was declared absent.
pub(crate) fn sweep(
    tracer: &Tracer,
    operation: Operation,
    kind: Kind,
    faults: &[Fault],
    extent: Extent,
) -> Result<Option<Vec<Outcome>>, AnyError> {
    let Some(mut homes) = Homes::new(kind, operation.needs_both(), |home| operation.prepare(home))? else {
        return Ok(None);
    };
    let home = homes.fresh()?;
    operation.work(&home)?;
    operation.finish(&home)?;
    let mut bench = Bench { tracer, operation, kind, reference: operation.end(&home)?, homes: &mut homes };
    let mut outcomes = Vec::new();
    for fault in faults {
        outcomes.push(bench.disturb(*fault, extent)?);
    }
    Ok(Some(outcomes))
}

struct Bench<'a> {
    tracer: &'a Tracer,
    operation: Operation,
    kind: Kind,
    reference: End,
    homes: &'a mut Homes,
}

impl Bench<'_> {
    fn disturb(&mut self, fault: Fault, extent: Extent) -> Result<Outcome, AnyError> {
        let began = Instant::now();
        let points = self.run(fault, 0)?.0.points;
        let mut outcome = Outcome {
            operation: self.operation,
            kind: self.kind,
            fault,
            points,
            disturbed: 0,
            refused: 0,
            completed: 0,
            failures: Vec::new(),
            time: Duration::ZERO,
        };
        match extent {
            Extent::Some(wanted) => {
                let wanted = wanted.min(points);
                for number in 0..wanted {
                    // The first, the last, and evenly between.
                    let point = 1 + number * (points - 1) / wanted.saturating_sub(1).max(1);
                    self.point(fault, point, &mut outcome)?;
                }
            }
            Extent::All => {
                let mut point = 1;
                while self.point(fault, point, &mut outcome)? {
                    point += 1;
                }
            }
        }
        outcome.time = began.elapsed();
        Ok(outcome)
    }

    /// Disturbs one point; `false` when the operation ended before it.
    fn point(&mut self, fault: Fault, point: u64, outcome: &mut Outcome) -> Result<bool, AnyError> {
        let (traced, complaint) = self.run(fault, point)?;
        let Some(hit) = &traced.hit else {
            return Ok(false);
        };
        outcome.disturbed += 1;
        match traced.code {
            Some(0) => outcome.completed += 1,
            Some(_) => outcome.refused += 1,
            None => {}
        }
        if let Some(complaint) = complaint {
            let said = traced.said.trim();
            let line =
                format!("{} {} {fault} {point} ({hit}): {complaint}", self.operation.as_str(), self.kind.as_str());
            eprintln!("{line}{}{said}", if said.is_empty() { "" } else { "\n    it said: " });
            outcome.failures.push(line);
        }
        Ok(true)
    }

    /// One run on a fresh home, with everything that is wrong afterwards.
    fn run(&mut self, fault: Fault, point: u64) -> Result<(Traced, Option<String>), AnyError> {
        let home = self.homes.fresh()?;
        let before = live(&folder::read(&home.source()));
        let (program, words) = match self.operation.program_words(&home) {
            Some(words) => (program::program()?, words),
            None => {
                let root = home.root.to_string_lossy().into_owned();
                let worker = ["--worker", self.operation.as_str(), &root, &home.url, &home.other];
                (std::env::current_exe()?, worker.map(str::to_owned).to_vec())
            }
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let traced = self.tracer.run(fault, point, &program, &words)?;
        if point == 0 && traced.code != Some(0) {
            return Err(format!("the undisturbed run fails: {}", traced.said).into());
        }
        let mut wrong = told(&traced, fault).err();
        let mut note = |result: Result<(), AnyError>| {
            if let Err(error) = result {
                wrong.get_or_insert(error.to_string());
            }
        };
        note(self.operation.check(&home, &before, &self.reference));
        if traced.code == Some(0) {
            // It says that it is done, so it must be without any help.
            note(self.operation.end(&home).and_then(|end| same(&end, &self.reference, "it said it was done, but ")));
        }
        note(self.operation.finish(&home));
        note(self.operation.end(&home).and_then(|end| same(&end, &self.reference, "after the next run ")));
        Ok((traced, wrong))
    }
}

fn same(end: &End, reference: &End, start: &str) -> Result<(), AnyError> {
    end.difference(reference).map_or(Ok(()), |difference| Err(format!("{start}{difference} differs").into()))
}

/// An operation that failed says why.
fn told(traced: &Traced, fault: Fault) -> Result<(), String> {
    match traced.code {
        _ if traced.hung => Err("it did not end".to_owned()),
        Some(0) => Ok(()),
        Some(101) => Err("it panicked".to_owned()),
        Some(_) if traced.said.trim().is_empty() => Err("it failed without a word".to_owned()),
        Some(_) => Ok(()),
        None if fault.kills() => Ok(()),
        None => Err("it was ended by a signal".to_owned()),
    }
}
