//! Stages, marks and mismatches of the cutover. All is taken back, since a store in use has its own.

use super::support::{time, unique};
use landfast_domain::cutover::{Area, AreaStage, CutoverRepository, ItemKey, Mismatch, Stage, StageChange};
use landfast_domain::{Error, Result, Store};

/// Runs checks in a transaction that is taken back. Two stores in one keep their stages to themselves.
fn in_passing(store: &dyn Store, mut check: impl FnMut(&mut dyn CutoverRepository) -> Result<()>) {
    let error = store
        .write(|r| -> Result<()> {
            match r.cutover() {
                Err(Error::Unsupported { .. }) => {}
                repository => check(repository?)?,
            }
            Err(Error::aborted("taken back"))
        })
        .unwrap_err();
    assert!(matches!(error, Error::Aborted(_)), "{error:?}");
}

fn stage(stage: Stage, epoch: i64) -> AreaStage {
    let (folder, since) = ("/srv/legacy data".to_owned(), time("2026-02-03 04:05:06.123456"));
    AreaStage { area: Area::Runs, stage, epoch, folder, since }
}

fn own(marks: &mut dyn CutoverRepository, table: &str) -> Vec<(String, i64, String)> {
    let all = marks.list_dirty(usize::MAX).unwrap();
    let own = all.into_iter().filter(|mark| mark.item.table == table);
    own.map(|mark| (mark.item.key, mark.failures, mark.failure)).collect()
}

/// A stage is what was saved last, with its folder and its time to the microsecond.
pub fn a_stage_is_kept_and_replaced(store: &dyn Store) {
    in_passing(store, |r| {
        for record in Stage::ALL.into_iter().zip(7..).map(|(of, epoch)| stage(of, epoch)) {
            r.save_stage(&record)?;
            assert_eq!(r.stage(Area::Runs)?, Some(record));
        }
        assert!(r.delete_stage(Area::Runs)?);
        assert!(!r.delete_stage(Area::Runs)?);
        assert_eq!(r.stage(Area::Runs)?, None);
        Ok(())
    });
}

/// The history of an area is listed by epoch, newest first, and is not that of another one.
pub fn changes_of_a_stage_are_listed_newest_first(store: &dyn Store) {
    in_passing(store, |r| {
        let change = |area, epoch, from, to| StageChange {
            area,
            epoch,
            from,
            to,
            at: time("2026-02-03 04:05"),
            by: "host, process 1".to_owned(),
            reason: "asked for".to_owned(),
        };
        let first = change(Area::Runs, 1_000_001, None, Stage::Files);
        let second = change(Area::Runs, 1_000_002, Some(Stage::Files), Stage::DualFiles);
        let third = change(Area::Runs, 1_000_003, Some(Stage::DualFiles), Stage::DualDatabase);
        for record in [&second, &first, &third, &change(Area::Delivery, 1_000_004, None, Stage::Database)] {
            r.save_change(record)?;
        }
        assert_eq!(r.list_changes(Area::Runs, 2)?, [third.clone(), second.clone()]);
        assert_eq!(r.list_changes(Area::Runs, 100)?.iter().filter(|change| change.epoch > 1_000_000).count(), 3);
        let again = StageChange { reason: "stepped back".to_owned(), ..third };
        r.save_change(&again)?;
        assert_eq!(r.list_changes(Area::Runs, 1)?, [again]);
        Ok(())
    });
}

/// Marks are listed in the order they were made; one made again moves to the end.
pub fn marks_are_listed_in_the_order_they_were_made(store: &dyn Store) {
    let table = unique("contract-table-");
    in_passing(store, |r| {
        let item = |key: &str| ItemKey::new(Area::Tasks, &table, "guest", key);
        let before = r.count_dirty(Area::Tasks)?;
        r.add_dirty(&[item("c"), item("a"), item("b")])?;
        r.add_dirty(&[])?;
        r.add_dirty(&[item("c"), item("a/\u{fc}")])?;
        let keys = |r: &mut dyn CutoverRepository| -> Vec<String> {
            own(r, &table).into_iter().map(|(key, _, _)| key).collect()
        };
        assert_eq!(keys(r), ["a", "b", "c", "a/\u{fc}"]);
        assert_eq!(r.count_dirty(Area::Tasks)?, before + 4);
        let all = r.list_dirty(usize::MAX)?;
        let seqs: Vec<i64> = all.iter().filter(|mark| mark.item.table == table).map(|mark| mark.seq).collect();
        assert!(seqs.is_sorted());
        r.remove_dirty(&[seqs[1], i64::MAX])?;
        assert_eq!(keys(r), ["a", "c", "a/\u{fc}"]);
        Ok(())
    });
}

/// Why an item could not be copied is kept until it is marked anew.
pub fn refusals_are_counted_until_the_item_is_marked_anew(store: &dyn Store) {
    let table = unique("contract-table-");
    in_passing(store, |r| {
        let item = ItemKey::new(Area::Delivery, &table, "", "[\"p\",\"q\"]");
        r.add_dirty(std::slice::from_ref(&item))?;
        let seq = r.list_dirty(usize::MAX)?.iter().find(|mark| mark.item == item).unwrap().seq;
        r.note_failure(seq, "no room")?;
        r.note_failure(seq, "still no room")?;
        r.note_failure(i64::MAX, "passed over")?;
        assert_eq!(own(r, &table), [(item.key.clone(), 2, "still no room".to_owned())]);
        r.add_dirty(std::slice::from_ref(&item))?;
        assert_eq!(own(r, &table), [(item.key.clone(), 0, String::new())]);
        Ok(())
    });
}

/// A mismatch keeps both values, and the newest for a field is the one that is kept.
pub fn mismatches_keep_both_values(store: &dyn Store) {
    let table = unique("contract-table-");
    in_passing(store, |r| {
        r.clear_mismatches(Area::Tasks)?;
        let found = |key: &str, field: &str, files: Option<&str>, database: Option<&str>| Mismatch {
            item: ItemKey::new(Area::Tasks, &table, "guest", key),
            field: field.to_owned(),
            files: files.map(str::to_owned),
            database: database.map(str::to_owned),
            found_at: time("2026-02-03 04:05:06.5"),
        };
        let missing = found("t1", "", Some("{}"), None);
        let other = found("t2", "name", Some(""), Some("Read \u{1f4d6}"));
        r.save_mismatches(&[found("t2", "name", None, None), missing.clone()])?;
        r.save_mismatches(&[])?;
        r.save_mismatches(std::slice::from_ref(&other))?;
        assert_eq!(r.list_mismatches(Area::Tasks, 10)?, [missing.clone(), other]);
        assert_eq!(r.list_mismatches(Area::Tasks, 1)?, [missing]);
        assert_eq!((r.count_mismatches(Area::Tasks)?, r.clear_mismatches(Area::Tasks)?), (2, 2));
        assert_eq!(r.count_mismatches(Area::Tasks)?, 0);
        Ok(())
    });
}
