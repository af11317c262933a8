//! Jobs as the service held them in memory.

use super::request;
use super::words::{ERRORS, TEMPLATES};
use crate::DemoOptions;
use crate::clock::{aware, micros, seconds, spread};
use crate::json::{Json, object};
use crate::random::Random;
use chrono::{Duration, NaiveDateTime};

/// Jobs at scale 1.
pub(super) const JOBS: u64 = 60;
/// Days over which they were made.
const DAYS: i64 = 63;
/// The newest jobs, which are queued or processing.
const QUEUED: u64 = 2;
const PROCESSING: u64 = 8;
/// Seconds between two signs of life.
const BEAT: u64 = 30;

/// What a job makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One slide with a speaker.
    Single,
    /// Several slides with a speaker.
    Slides(u32),
    /// Several slides without a speaker.
    Silent(u32),
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Queued,
    Processing,
    Completed,
    Failed,
}

/// A made-up job.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: String,
    /// Whether its heart still beats when the snapshot is taken.
    pub(super) beats: bool,
    pub(super) json: Json,
}

impl Job {
    /// Job `number` of `count`, from 0, the oldest first. Times are those of `taken_at`, without a zone.
    pub(super) fn nth(options: &DemoOptions, taken_at: NaiveDateTime, number: u64, count: u64) -> Self {
        let mut random = Random::of_item(options.seed, "presentation", number);
        let id = random.uuid();
        let age = count - number;
        let state = match age {
            _ if age <= QUEUED => State::Queued,
            _ if age <= QUEUED + PROCESSING => State::Processing,
            // At least one of them, whatever the seed.
            11 => State::Failed,
            _ if random.chance(15) => State::Failed,
            _ => State::Completed,
        };
        let created = created(&mut random, taken_at, number, count);
        let kind = match random.below(100) {
            0..38 => Kind::Single,
            38..82 => Kind::Slides(random.between(2, 14)),
            _ => Kind::Silent(random.between(1, 6)),
        };
        let mut course = Course::new(&mut random, kind, state, created, taken_at);
        if state == State::Processing && age == QUEUED + 1 {
            // Died with its worker: hours without a sign of life.
            course.last_beat = course.last_beat.map(|beat| beat - Duration::hours(3));
        } else if state == State::Processing && age == QUEUED + 2 {
            course.last_beat = None;
        }
        let files = files(&mut random, &id, &course);
        let ended = matches!(state, State::Completed | State::Failed);
        let url = |what: &str| (state == State::Completed).then(|| format!("/presentations/{id}/{what}"));
        let image = kind == Kind::Single && !files.is_empty();
        let error = (state == State::Failed).then(|| error(&mut random, number));
        let request = (number % 3 == 1).then(|| request::made_up(&mut random, kind));
        let json = object! {
            "job_id": id.as_str(),
            "status": match state {
                State::Queued => "queued",
                State::Processing => "processing",
                State::Completed => "completed",
                State::Failed => "failed",
            },
            "progress": course.progress(),
            "error": error,
            "video_url": url("video"),
            "thumbnail_url": url("thumbnail"),
            "slide_image_path": image.then_some("output/presentations/slide_image_debug_1.png"),
            "created_at": micros(created),
            "completed_at": ended.then(|| micros(course.end)),
            "last_heartbeat": course.last_beat.map(micros),
            "created_files": Json::list(files),
            "request": request,
        };
        let beats =
            state == State::Processing && course.last_beat.is_some_and(|beat| taken_at - beat < Duration::hours(1));
        let mut job = Self { id, beats, json };
        if options.odd_cells {
            job.make_odd(number, created);
        }
        job
    }

    /// What real memory held besides. All of it can be loaded.
    fn make_odd(&mut self, number: u64, created: NaiveDateTime) {
        match number % 60 {
            3 => self.json.set("render_node", "gpu-2"),
            8 => self.replace("progress", Json::Number("NaN".to_owned())),
            14 => self.replace("created_at", aware(created)),
            21 => self.replace("created_files", Json::Null),
            27 => self.replace("error", object! { "code": 504, "text": "gateway timeout" }),
            33 => self.replace("completed_at", Json::Number(created.and_utc().timestamp().to_string())),
            40 => self.replace("status", "cancelled"),
            46 => self.replace("progress", 116),
            _ => {}
        }
    }

    fn replace(&mut self, key: &str, value: impl Into<Json>) {
        if let Json::Object(members) = &mut self.json
            && let Some((_, old)) = members.iter_mut().find(|(name, _)| name == key)
        {
            *old = value.into();
        }
    }
}

/// The newest ones were made in the last minutes, so that they can be at work.
fn created(random: &mut Random, taken_at: NaiveDateTime, number: u64, count: u64) -> NaiveDateTime {
    let age = count - number;
    let micro = Duration::microseconds(i64::from(random.below(1_000_000)));
    if age <= QUEUED + PROCESSING {
        let back = if age <= QUEUED { age * 2 } else { 90 + age * 140 + u64::from(random.below(60)) };
        return taken_at - seconds(back) - micro;
    }
    let end = taken_at - Duration::hours(2);
    let slot = u64::try_from(DAYS * 86_400).unwrap_or(0) / count.max(1);
    spread(end - Duration::days(DAYS), end, number, count) + seconds(random.below_large(slot.max(1))) + micro
        - seconds(slot.min(3600))
}

/// What happened to a job, step by step.
struct Course {
    kind: Kind,
    state: State,
    created: NaiveDateTime,
    end: NaiveDateTime,
    last_beat: Option<NaiveDateTime>,
    /// Slides that are finished.
    done: u32,
    /// Step within the slide, from 0.
    step: u32,
}

impl Course {
    fn new(random: &mut Random, kind: Kind, state: State, created: NaiveDateTime, taken_at: NaiveDateTime) -> Self {
        let (slides, per_slide) = match kind {
            Kind::Single => (1, 190),
            Kind::Slides(slides) => (slides, 135),
            Kind::Silent(slides) => (slides, 14),
        };
        let whole = u64::from(slides) * u64::from(random.between(per_slide / 2, per_slide * 2));
        let part = u64::from(random.between(10, 95));
        let now = u64::try_from((taken_at - created).num_seconds()).unwrap_or(0);
        let (done, step, lasted) = match state {
            State::Queued => (0, 0, 0),
            State::Completed => (slides, 0, whole),
            State::Failed => (random.below(slides), random.below(3), whole * part / 100),
            State::Processing => (random.below(slides), random.below(4), now),
        };
        let micro = Duration::microseconds(i64::from(random.below(900_000)));
        let end = created + seconds(lasted) + micro;
        let beats = lasted / BEAT;
        let began = state != State::Queued && !(state == State::Failed && done == 0 && step == 0);
        let last_beat = began.then(|| created + seconds(beats * BEAT) + micro / 2);
        Self { kind, state, created, end, last_beat, done, step }
    }

    /// The progress as the service calculated it, which goes back at each slide and above 100.
    fn progress(&self) -> Json {
        match (self.state, self.kind) {
            (State::Queued, _) => Json::from(0.0),
            (State::Completed, _) => Json::from(100.0),
            (_, Kind::Single) => Json::from(match self.step {
                0 => 10.0,
                1 => 40.0,
                2 => 70.0,
                _ => 90.0,
            }),
            (_, Kind::Silent(slides)) => Json::from(10 + 70 * self.done / slides),
            (_, Kind::Slides(slides)) => {
                let base = 10 + 70 * self.done / slides;
                match self.step {
                    0 => Json::from(base),
                    1 => Json::from(f64::from(base + 10) + 7.6),
                    2 => Json::from(base + 30),
                    _ => Json::from(base + 50),
                }
            }
        }
    }
}

/// Files in the order they were made, also those that were removed since.
fn files(random: &mut Random, id: &str, course: &Course) -> Vec<String> {
    let (slides, speaks) = match course.kind {
        Kind::Single => (1, true),
        Kind::Slides(slides) => (slides, true),
        Kind::Silent(slides) => (slides, false),
    };
    let mut files = Vec::new();
    if course.state == State::Queued {
        return files;
    }
    for slide in 1..=slides {
        let is_done = slide <= course.done;
        let is_current = slide == course.done + 1;
        if speaks && (is_done || (is_current && course.step > 0)) {
            files.push(format!("output/presentations/avatar_{}{}.mp4", random.hex(16), random.hex(8)));
        }
        if is_done || (is_current && course.step > 1) {
            let time = course.created + seconds(u64::from(slide) * 47);
            let template = random.pick(&TEMPLATES);
            files.push(format!("output/clean_videos/avatar_slide_{template}_{}.mp4", time.format("%Y%m%d_%H%M%S")));
        }
        if is_done && slides > 1 {
            files.push(format!("output/presentations/slide_{slide}_{id}.mp4"));
        }
    }
    if course.state == State::Completed {
        files.push(format!("output/presentations/presentation_{id}.mp4"));
    }
    files
}

fn error(random: &mut Random, number: u64) -> String {
    if !number.is_multiple_of(7) {
        return random.pick(&ERRORS).to_owned();
    }
    // What the encoder prints comes with it.
    let mut text = "Video concatenation failed: ffmpeg exited with status 1\n".to_owned();
    for line in 0..40 {
        text.push_str(&format!("[concat @ 0x55d0{}] DTS {} out of order\n", random.hex(8), 51_200 + line * 512));
    }
    text
}
