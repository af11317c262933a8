//! What jobs were asked to make.

use super::job::Kind;
use super::words::{SENTENCES, SPEAKERS, TEMPLATES, THEMES, TITLES, VOICES};
use crate::json::{Json, object};
use crate::random::Random;

/// A request for a job of a kind.
pub(super) fn made_up(random: &mut Random, kind: Kind) -> Json {
    let (slides, speaks) = match kind {
        Kind::Single => (1, true),
        Kind::Slides(slides) => (slides, true),
        Kind::Silent(slides) => (slides, false),
    };
    // The older way: the address of a page instead of slides.
    let by_address = kind == Kind::Single && random.chance(25);
    let texts: Vec<&str> = (0..slides).map(|_| random.pick(&SENTENCES)).collect();
    let data: Vec<Json> = texts.iter().zip(1_u32..).map(|(text, number)| slide(random, number, text)).collect();
    let voice = random.choose(&VOICES).copied().filter(|_| speaks && random.chance(60));
    let transitions = if slides > 1 && random.chance(40) {
        Json::list((1..slides).map(|_| object! { "type": "fade", "duration": 0.5 }))
    } else {
        Json::List(Vec::new())
    };
    object! {
        "slide_url": if by_address { "https://lessons.example/projects/41/slides/1" } else { "" },
        "voiceover_texts": Json::list(if speaks { texts } else { Vec::new() }),
        "slides_data": (!by_address).then_some(data),
        "theme": random.pick(&THEMES),
        "avatar_code": (speaks && random.chance(70)).then(|| random.pick(&SPEAKERS)),
        "slide_only": !speaks,
        "use_avatar_mask": !random.chance(20),
        "duration": 30.0,
        "layout": random.pick(&["picture_in_picture", "side_by_side", "split_screen"]),
        "quality": random.pick(&["high", "medium", "low"]),
        "resolution": Json::list(if random.chance(80) { [1920, 1080] } else { [1280, 720] }),
        "project_name": random.pick(&TITLES),
        "voice_id": voice.map(|(voice, _)| voice),
        "voice_provider": voice.map(|(_, provider)| provider),
        "transitions": transitions,
    }
}

fn slide(random: &mut Random, number: u32, text: &str) -> Json {
    let template = random.pick(&TEMPLATES);
    let title = random.pick(&TITLES);
    object! {
        "slideId": format!("slide_{number}_{}", template.replace('-', "_")),
        "templateId": template,
        "slideNumber": number,
        "props": object! {
            "title": title,
            "subtitle": "",
            "content": random.pick(&SENTENCES),
            "voiceoverText": text,
        },
        "metadata": object! { "updatedAt": "2026-01-12T08:00:00.000Z" },
    }
}
