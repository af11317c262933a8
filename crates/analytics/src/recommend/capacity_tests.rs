//! Tests of patterns of capacity.

use super::capacity::*;
use super::sessions::Interspersing;
use super::testing::Sample;
use landfast_domain::record::Record as _;
use landfast_domain::time::Timestamp;
use proptest::prelude::*;

fn now() -> Timestamp {
    Timestamp::parse("2025-12-01 23:00").unwrap()
}

/// A row that ended at a time of 1 December with a load, and whether it was completed.
fn add(sample: &mut Sample, end: &str, load: f64, completed: bool) {
    let status = if completed { "completed" } else { "cancelled" };
    let instance = sample.instance("t", status);
    let end = format!("2025-12-01 {end}");
    if completed {
        instance.completed_at.set_raw(end)
    } else {
        instance.cancelled_at.set_raw(end)
    }
    instance.mental_energy_needed.set(Some(&load));
    instance.task_difficulty.set(Some(&load));
    instance.emotional_load.set(Some(&load));
    instance.predicted.set_raw(format!(r#"{{"expected_physical_load": {load}}}"#));
}

#[test]
fn classes_begin_at_their_limits() {
    let classes = [34.9, 35.0, 54.9, 55.0].map(LoadClass::of).map(LoadClass::as_str);
    assert_eq!(classes, ["low", "medium", "medium", "high"]);
}

#[test]
fn the_window_includes_its_end_and_success_needs_completion() {
    let mut sample = Sample::default();
    add(&mut sample, "08:00", 10.0, true);
    add(&mut sample, "12:00", 80.0, false);
    add(&mut sample, "16:01", 80.0, true);
    add(&mut sample, "16:02", 40.0, true);
    sample.instances[3].actual.set_raw(r#"{"completion_percent": 99}"#);
    let found = capacity_patterns(&sample.data(), now(), &CapacityOptions::default());
    assert_eq!(found.transitions.len(), 9);
    let first = found.transitions["low->high"];
    assert_eq!((first.n, first.success_rate, first.mean_efficiency), (1, Some(0.0), None));
    assert_eq!(found.transitions["high->medium"].success_rate, Some(0.0));
    assert_eq!(found.transitions["high->high"].n, 0);
    assert_eq!((found.building.after, found.building.otherwise), ((0, 1), (1, 1)));
    assert_eq!(found.building.difference, None);
    assert_eq!((found.n, found.sessions.total), (4, 2));
}

#[test]
fn effects_need_both_groups() {
    let mut sample = Sample::default();
    // Five rows of high load after low ones succeed, five after other ones do not.
    for hour in 0..5 {
        add(&mut sample, &format!("{hour:02}:00"), 10.0, true);
        add(&mut sample, &format!("{hour:02}:10"), 80.0, true);
        add(&mut sample, &format!("{hour:02}:20"), 80.0, false);
    }
    let found = capacity_patterns(&sample.data(), now(), &CapacityOptions::default());
    assert_eq!(found.building.difference, Some(1.0));
    assert!(found.building.interval.unwrap().low > 0.3);
    // Four rows of low load follow a high one: too few.
    assert_eq!((found.draining.after.1, found.draining.difference), (4, None));
    let strict = CapacityOptions { n_min: 1, ..CapacityOptions::default() };
    assert_eq!(capacity_patterns(&sample.data(), now(), &strict).draining.difference, Some(0.0));
}

#[test]
fn changes_of_capacity_are_counted_where_they_were_measured() {
    let mut sample = Sample::default();
    for (minute, after) in [(1, "60"), (2, "45"), (3, "50"), (4, "")] {
        add(&mut sample, &format!("10:{minute:02}"), 10.0, true);
        let instance = sample.instances.last_mut().unwrap();
        instance.set_cell_named("capacity_before", "50".to_owned());
        instance.set_cell_named("capacity_after", after.to_owned());
    }
    let found = capacity_patterns(&sample.data(), now(), &CapacityOptions::default());
    let low = found.by_load_class["low"];
    assert_eq!((low.n, low.n_measured, low.share_increase), (4, 3, Some(1.0 / 3.0)));
    assert_eq!(low.mean_change, Some(5.0 / 3.0));
    assert_eq!(found.by_task[0].n, 3);
    assert_eq!(found.by_load_class["high"].mean_change, None);
}

#[test]
fn sessions_are_classed_by_how_often_the_load_changes() {
    let mut sample = Sample::default();
    for (start, loads, completed) in [
        ("00", [10.0, 80.0, 10.0], true),
        ("05", [10.0, 80.0, 10.0], true),
        ("10", [10.0, 80.0, 10.0], true),
        ("15", [10.0, 10.0, 10.0], false),
        ("20", [10.0, 10.0, 80.0], true),
    ] {
        for (minute, load) in loads.into_iter().enumerate() {
            add(&mut sample, &format!("{start}:{minute:02}"), load, completed);
        }
    }
    let found = capacity_patterns(&sample.data(), now(), &CapacityOptions::default()).sessions;
    assert_eq!(found.total, 5);
    let groups: Vec<_> = found.interspersing.iter().map(|(name, group)| (*name, group.n_sessions)).collect();
    assert_eq!(groups, [("high", 3), ("low", 1), ("medium", 1)]);
    assert_eq!(found.interspersing["low"].mean_efficiency, None);
    assert_eq!(found.best_interspersing, Some(Interspersing::High));
}

proptest! {
    #[test]
    fn every_instance_is_counted_once(
        rows in prop::collection::vec((0_u32..1380, 0.0_f64..100.0, any::<bool>()), 0..60), window in 0.0_f64..6.0
    ) {
        let mut sample = Sample::default();
        for (minute, load, completed) in &rows {
            add(&mut sample, &format!("{:02}:{:02}", minute / 60, minute % 60), *load, *completed);
        }
        let options = CapacityOptions { window_hours: window, ..CapacityOptions::default() };
        let found = capacity_patterns(&sample.data(), now(), &options);
        prop_assert_eq!(found.n, rows.len());
        prop_assert_eq!(found.by_load_class.values().map(|class| class.n).sum::<usize>(), rows.len());
        // Every instance either begins a session or follows another one.
        let following: usize = found.transitions.values().map(|transition| transition.n).sum();
        prop_assert_eq!(following + found.sessions.total, rows.len());
        prop_assert_eq!(found.building.after.1 + found.building.otherwise.1, found.by_load_class["high"].n);
        let high = rows.iter().filter(|(_, load, completed)| *completed && LoadClass::of(*load) == LoadClass::High);
        prop_assert_eq!(found.building.after.0 + found.building.otherwise.0, high.count());
    }
}
