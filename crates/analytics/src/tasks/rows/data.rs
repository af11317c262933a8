//! All rows of a user, prepared once and indexed.

use super::baseline::TaskBaseline;
use super::class::TypeClass;
use super::names::{Names, TextMap};
use super::prepare::Preparation;
use super::row::PreparedRow;
use super::settings::Settings;
use crate::tasks::aversion::detect_spontaneous;
use crate::tasks::behavioral::{BehavioralInputs, behavioral_scores, behavioral_terms};
use crate::tasks::gaps::gap_summary;
use crate::tasks::lasting::Lasting;
use crate::tasks::moments::Stretches;
use crate::tasks::spans::days_between;
use crate::tasks::wellbeing::stress_efficiencies;
use chrono::NaiveDate;
use landfast_domain::tasks::{PopupResponse, Preference, Task, TaskInstance};
use landfast_domain::time::Timestamp;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// What the calculations work on: all records of one user, in the order of the store.
#[derive(Debug, Clone, Copy, Default)]
pub struct TaskInput<'a> {
    /// Templates.
    pub tasks: &'a [Task],
    /// Instances.
    pub instances: &'a [TaskInstance],
    /// Settings, in file order.
    pub preferences: &'a [Preference],
    /// The log of popups; empty when there is none.
    pub popup_responses: &'a [PopupResponse],
}

/// A template with its class.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskInfo {
    /// Id of the task.
    pub id: Arc<str>,
    /// Its type; `Work` for an empty cell.
    pub task_type: Arc<str>,
    /// Class of the type.
    pub class: TypeClass,
    /// The record itself.
    pub record: Task,
}

/// The rows of one task, by position.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskRows {
    /// All loaded rows, in creation order.
    pub all: Vec<usize>,
    /// Completed rows, in creation order.
    pub completed: Vec<usize>,
    /// Completed rows with a readable time, by completion time; rows of the same time in creation order.
    pub by_completion: Vec<usize>,
    /// Times of the rows in `by_completion`.
    pub completion_times: Vec<Timestamp>,
    /// Days between neighbours of `completion_times`, one fewer than those.
    pub(in crate::tasks) intervals: Stretches,
}

/// One answer of the popup log.
#[derive(Debug, Clone, PartialEq)]
pub struct PopupEvent {
    /// Profile it was shown to.
    pub profile: String,
    /// Trigger, for instance `7.1`.
    pub trigger_id: String,
    /// When, UTC.
    pub at: Timestamp,
}

/// Rows of a user, prepared once, with indexes by task, day and time.
///
/// Positions are indexes into [`rows`](Self::rows), in creation (file) order. Nothing here depends on the current
/// time, so one preparation serves until the records change.
#[derive(Debug, Clone, Default)]
pub struct TaskData {
    tasks: Vec<TaskInfo>,
    task_places: BTreeMap<Arc<str>, usize>,
    rows: Vec<PreparedRow>,
    completed: Vec<usize>,
    by_completion: Vec<usize>,
    completion_times: Vec<Timestamp>,
    completion_minutes: Stretches,
    by_task: Vec<(Arc<str>, TaskRows)>,
    by_day: BTreeMap<NaiveDate, Vec<usize>>,
    baselines: BTreeMap<Arc<str>, TaskBaseline>,
    settings: Settings,
    popups: Vec<PopupEvent>,
    fresh_start: Option<Timestamp>,
    lasting: OnceLock<Lasting>,
}

impl TaskData {
    /// Prepares all records.
    ///
    /// With the gap preference `fresh_start` the rows created before the end of the largest gap are left
    /// out of everything but the baselines of aversion; rows without a readable creation time stay.
    #[must_use]
    pub fn new(input: &TaskInput<'_>) -> Self {
        Self::renewed(input, |_| None, |_| ())
    }

    /// The same, where `known` may give the row that was prepared from an equal record before. `told` hears of every
    /// instance whether that row was taken.
    pub(in crate::tasks) fn renewed(
        input: &TaskInput<'_>,
        mut known: impl FnMut(&TaskInstance) -> Option<PreparedRow>,
        mut told: impl FnMut(bool),
    ) -> Self {
        let settings = Settings::read(input.preferences);
        let mut preparation = Preparation::default();
        let tasks = task_infos(input.tasks, &mut preparation);
        let types: TextMap<&str, &TaskInfo> = tasks.iter().rev().map(|task| (&*task.id, task)).collect();
        let work = preparation.names.shared("Work");
        let mut rows = Vec::with_capacity(input.instances.len());
        for instance in input.instances {
            let task = types.get(instance.task_id.legacy());
            let (task_type, class) = task.map_or((&work, TypeClass::Work), |task| (&task.task_type, task.class));
            let row = known(instance).filter(|row| row.task_type == *task_type);
            told(row.is_some());
            rows.push(match row {
                Some(row) => preparation.again(rows.len(), row),
                None => preparation.row(rows.len(), instance, Arc::clone(task_type), class),
            });
        }
        let baselines = TaskBaseline::by_task(&rows, &preparation.names);
        let fresh_start = settings.is_fresh_start().then(|| gap_summary(input.instances, None).largest).flatten();
        let fresh_start = fresh_start.map(|gap| gap.end);
        if let Some(start) = fresh_start {
            rows.retain(|row| row.created_at.is_none_or(|created| created >= start));
            for (position, row) in rows.iter_mut().enumerate() {
                row.position = position;
            }
        }
        let groups = group(&mut rows, &preparation.names);
        score_over_all(&mut rows, &groups, &baselines);
        let by_task = groups.into_iter().map(|task| (task, TaskRows::default())).collect();
        let mut data =
            Self { tasks, rows, by_task, baselines, settings, fresh_start, popups: popups(input), ..Self::default() };
        data.index();
        data
    }

    /// Templates in the order of the store.
    #[must_use]
    pub fn tasks(&self) -> &[TaskInfo] {
        &self.tasks
    }

    /// The first template with an id.
    #[must_use]
    pub fn task(&self, task_id: &str) -> Option<&TaskInfo> {
        self.tasks.get(*self.task_places.get(task_id)?)
    }

    /// All loaded rows in creation order.
    #[must_use]
    pub fn rows(&self) -> &[PreparedRow] {
        &self.rows
    }

    /// The loaded rows alone.
    pub(in crate::tasks) fn into_rows(self) -> Vec<PreparedRow> {
        self.rows
    }

    /// The row at a position.
    #[must_use]
    pub fn row(&self, position: usize) -> Option<&PreparedRow> {
        self.rows.get(position)
    }

    /// The rows at some positions, in their order.
    #[must_use]
    pub fn at<'a>(&'a self, positions: &'a [usize]) -> impl DoubleEndedIterator<Item = &'a PreparedRow> + Clone {
        positions.iter().filter_map(|position| self.rows.get(*position))
    }

    /// Positions of the completed rows, in creation order.
    #[must_use]
    pub fn completed_positions(&self) -> &[usize] {
        &self.completed
    }

    /// Completed rows, in creation order.
    #[must_use]
    pub fn completed(&self) -> impl DoubleEndedIterator<Item = &PreparedRow> + Clone {
        self.at(&self.completed)
    }

    /// Positions of the completed rows with a readable time, by completion time, then creation order.
    #[must_use]
    pub fn by_completion(&self) -> &[usize] {
        &self.by_completion
    }

    /// Times of the rows in [`by_completion`](Self::by_completion), ascending.
    #[must_use]
    pub fn completion_times(&self) -> &[Timestamp] {
        &self.completion_times
    }

    /// Derived durations in minutes of the rows in [`by_completion`](Self::by_completion).
    #[must_use]
    pub fn completion_minutes(&self) -> &[f64] {
        self.completion_minutes.values()
    }

    /// The same, with means of stretches.
    pub(in crate::tasks) fn minutes(&self) -> &Stretches {
        &self.completion_minutes
    }

    /// Completed rows with `from <= completed_at <= until`, by completion time.
    #[must_use]
    pub fn completed_between(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> impl DoubleEndedIterator<Item = &PreparedRow> + Clone {
        let places = between(&self.completion_times, from, until);
        self.at(self.by_completion.get(places).unwrap_or_default())
    }

    /// Rows by task id, ascending; only ids that a loaded row names.
    #[must_use]
    pub fn by_task(&self) -> &[(Arc<str>, TaskRows)] {
        &self.by_task
    }

    /// The rows of a task; `None` when no loaded row names it.
    #[must_use]
    pub fn of_task(&self, task_id: &str) -> Option<&TaskRows> {
        let place = self.by_task.binary_search_by(|(id, _)| (**id).cmp(task_id)).ok()?;
        self.by_task.get(place).map(|(_, rows)| rows)
    }

    /// The rows of the task of a row, at once if it is a row of this data.
    #[must_use]
    pub fn of_task_of(&self, row: &PreparedRow) -> Option<&TaskRows> {
        let known = self.by_task.get(row.group).filter(|(id, _)| *id == row.task_id).map(|(_, rows)| rows);
        known.or_else(|| self.of_task(&row.task_id))
    }

    /// Positions of the completed rows by calendar date of completion, each day in creation order.
    #[must_use]
    pub fn by_day(&self) -> &BTreeMap<NaiveDate, Vec<usize>> {
        &self.by_day
    }

    /// Completed rows of one calendar date, in creation order.
    #[must_use]
    pub fn completed_on(&self, day: NaiveDate) -> impl DoubleEndedIterator<Item = &PreparedRow> + Clone {
        self.at(self.by_day.get(&day).map(Vec::as_slice).unwrap_or_default())
    }

    /// Baselines of aversion by task id, over all rows of the user, also those before a fresh start.
    #[must_use]
    pub fn baselines(&self) -> &BTreeMap<Arc<str>, TaskBaseline> {
        &self.baselines
    }

    /// Settings of the user.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The popup log, without entries whose time cannot be read.
    #[must_use]
    pub fn popups(&self) -> &[PopupEvent] {
        &self.popups
    }

    /// Creation time before which rows were left out, with the preference `fresh_start`.
    #[must_use]
    pub fn fresh_start(&self) -> Option<Timestamp> {
        self.fresh_start
    }

    /// What was calculated from these rows and does not depend on the time.
    pub(in crate::tasks) fn lasting(&self) -> &Lasting {
        self.lasting.get_or_init(|| Lasting::new(self))
    }

    fn index(&mut self) {
        for row in &self.rows {
            let Some((_, task)) = self.by_task.get_mut(row.group) else { continue };
            task.all.push(row.position);
            if !row.is_completed() {
                continue;
            }
            task.completed.push(row.position);
            self.completed.push(row.position);
            if let Some(day) = row.completed_day() {
                self.by_day.entry(day).or_default().push(row.position);
                self.by_completion.push(row.position);
            }
        }
        for (place, task) in self.tasks.iter().enumerate() {
            self.task_places.entry(Arc::clone(&task.id)).or_insert(place);
        }
        let rows = &self.rows;
        self.by_completion.sort_by_key(|position| rows.get(*position).and_then(|row| row.completed_at));
        let mut minutes = Vec::with_capacity(self.by_completion.len());
        for row in self.by_completion.iter().filter_map(|position| rows.get(*position)) {
            let Some(time) = row.completed_at else { continue };
            self.completion_times.push(time);
            minutes.push(row.duration_minutes);
            if let Some((_, task)) = self.by_task.get_mut(row.group) {
                task.by_completion.push(row.position);
                task.completion_times.push(time);
            }
        }
        self.completion_minutes = Stretches::new(minutes);
        for (_, task) in &mut self.by_task {
            let pairs = task.completion_times.iter().zip(task.completion_times.iter().skip(1));
            task.intervals = Stretches::new(pairs.map(|(earlier, later)| days_between(*earlier, *later)).collect());
        }
    }
}

/// Places of the times with `from <= time <= until` in an ascending list.
pub(in crate::tasks) fn between(times: &[Timestamp], from: Timestamp, until: Timestamp) -> Range<usize> {
    let start = times.partition_point(|time| *time < from);
    let end = times.partition_point(|time| *time <= until);
    start..end.max(start)
}

fn task_infos(tasks: &[Task], preparation: &mut Preparation) -> Vec<TaskInfo> {
    let info = |task: &Task| {
        let task_type = if task.task_type.is_blank() { "Work" } else { task.task_type.legacy() };
        TaskInfo {
            id: preparation.names.shared(task.task_id.legacy()),
            class: TypeClass::of(task_type),
            task_type: preparation.names.shared(task_type),
            record: task.clone(),
        }
    };
    tasks.iter().map(info).collect()
}

fn popups(input: &TaskInput<'_>) -> Vec<PopupEvent> {
    let event = |row: &PopupResponse| {
        let profile = row.user_id.legacy().to_owned();
        Some(PopupEvent { profile, trigger_id: row.trigger_id.legacy().to_owned(), at: row.created_at.value()? })
    };
    input.popup_responses.iter().filter_map(event).collect()
}

/// Ids of the tasks that rows name, ascending; turns the number of the id in each row into its place among them.
fn group(rows: &mut [PreparedRow], names: &Names) -> Vec<Arc<str>> {
    let mut is_named = vec![false; names.texts().len()];
    for row in rows.iter() {
        if let Some(flag) = is_named.get_mut(row.group) {
            *flag = true;
        }
    }
    let named = names.texts().iter().enumerate().zip(&is_named).filter(|(_, is_named)| **is_named);
    let mut ids: Vec<(Arc<str>, usize)> = named.map(|((number, id), _)| (Arc::clone(id), number)).collect();
    ids.sort();
    let mut places = vec![0; names.texts().len()];
    for (place, (_, number)) in ids.iter().enumerate() {
        if let Some(slot) = places.get_mut(*number) {
            *slot = place;
        }
    }
    for row in rows.iter_mut() {
        row.group = places.get(row.group).copied().unwrap_or_default();
    }
    ids.into_iter().map(|(id, _)| id).collect()
}

/// Fills in what depends on the other rows: spikes, behavioural scores and stress efficiencies.
fn score_over_all(rows: &mut [PreparedRow], groups: &[Arc<str>], baselines: &BTreeMap<Arc<str>, TaskBaseline>) {
    let baselines: Vec<Option<&TaskBaseline>> = groups.iter().map(|id| baselines.get(id)).collect();
    for row in rows.iter_mut() {
        let baseline = baselines.get(row.group).copied().flatten();
        row.baseline_robust = baseline.map(|baseline| baseline.robust);
        row.baseline_sensitive = baseline.map(|baseline| baseline.sensitive);
        let robust = detect_spontaneous(row.baseline_robust, row.stated_aversion());
        let sensitive = detect_spontaneous(row.baseline_sensitive, row.stated_aversion());
        (row.spontaneous_robust, row.spike_robust) = (robust.is_spontaneous, robust.amount);
        (row.spontaneous_sensitive, row.spike_sensitive) = (sensitive.is_spontaneous, sensitive.amount);
        row.behavioral_score_raw = behavioral_terms(&BehavioralInputs::of(row)).raw;
    }
    let raw: Vec<f64> = rows.iter().map(|row| row.behavioral_score_raw).collect();
    let stress: Vec<Option<f64>> = rows.iter().map(|row| row.stress_efficiency_raw).collect();
    let scaled = behavioral_scores(&raw).into_iter().zip(stress_efficiencies(&stress));
    for (row, (behavioral, stress)) in rows.iter_mut().zip(scaled) {
        row.behavioral_score = behavioral;
        row.stress_efficiency = stress;
    }
}
