//! What a job shall render.

use super::job::{ENTITY, RequestText};
use crate::json::{Json, Object, parse_lossy};
use crate::{Error, Result};

/// Layouts the service accepts.
pub const LAYOUTS: [&str; 3] = ["side_by_side", "picture_in_picture", "split_screen"];

/// Most slides of a request, unless the user's plan allows more.
pub const MAX_SLIDES: usize = 20;

/// How the members of a request are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// `slide_url`: in snapshots and in this program.
    Snake,
    /// `slideUrl`: in requests of web clients.
    Camel,
}

/// An effect between two slides.
#[derive(Debug, Clone, PartialEq)]
pub struct SlideTransition {
    /// Name of the effect, for instance `fade`.
    pub kind: String,
    /// Length in seconds.
    pub duration: f64,
}

/// A request as the service understands it. What a request leaves out, or gives in another kind than
/// expected, has its default.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentationRequest {
    /// Address of a single slide, the older way; empty when slides are given.
    pub slide_url: String,
    /// Spoken texts.
    pub voiceover_texts: Vec<String>,
    /// Slides as free objects with `templateId` and `props`; `None` for the older way.
    pub slides_data: Option<Vec<Json>>,
    /// Colours, `dark-purple` by default.
    pub theme: Option<String>,
    /// Speaker, for instance `gia.casual`; `None` lets the service choose.
    pub avatar_code: Option<String>,
    /// Without a speaker, ten seconds a slide.
    pub slide_only: bool,
    /// Whether the speaker is cut out, true by default.
    pub use_avatar_mask: bool,
    /// Seconds, 30 by default; not used once the length of the speech is known.
    pub duration: f64,
    /// One of [`LAYOUTS`], `picture_in_picture` by default.
    pub layout: String,
    /// `high` (default), `medium`, `low` or any other text.
    pub quality: String,
    /// Width and height in pixels, 1920 × 1080 by default.
    pub resolution: (i64, i64),
    /// Title, `Generated Presentation` by default.
    pub project_name: String,
    /// Voice, `None` lets the service choose.
    pub voice_id: Option<String>,
    /// Service the voice comes from, for instance `azure`.
    pub voice_provider: Option<String>,
    /// Effects between slides.
    pub transitions: Option<Vec<SlideTransition>>,
}

impl Default for PresentationRequest {
    fn default() -> Self {
        Self {
            slide_url: String::new(),
            voiceover_texts: Vec::new(),
            slides_data: None,
            theme: Some("dark-purple".to_owned()),
            avatar_code: None,
            slide_only: false,
            use_avatar_mask: true,
            duration: 30.0,
            layout: "picture_in_picture".to_owned(),
            quality: "high".to_owned(),
            resolution: (1920, 1080),
            project_name: "Generated Presentation".to_owned(),
            voice_id: None,
            voice_provider: None,
            transitions: None,
        }
    }
}

/// A member of a request that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestProblem {
    /// Name of the member in snake case, empty for the request as a whole.
    pub field: &'static str,
    /// What it should be, for instance `a text`.
    pub expected: &'static str,
}

impl PresentationRequest {
    /// Reads a request leniently, and tells what was not as expected. Unknown members are passed over.
    ///
    /// ```
    /// use landfast_domain::presentations::request::{Names, PresentationRequest};
    ///
    /// let (request, problems) = PresentationRequest::read(r#"{"slideUrl": "x", "duration": "long"}"#, Names::Camel);
    /// assert_eq!((request.slide_url.as_str(), request.duration), ("x", 30.0));
    /// assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), ["voiceover_texts", "duration"]);
    /// ```
    #[must_use]
    pub fn read(text: &str, names: Names) -> (Self, Vec<RequestProblem>) {
        let mut request = Self::default();
        let object = match parse_lossy(text) {
            Ok((Json::Object(object), _)) => object,
            _ => return (request, vec![RequestProblem { field: "", expected: "an object" }]),
        };
        let mut reader = Reader { object: &object, names, problems: Vec::new() };
        request.slide_url = reader.text("slide_url").unwrap_or_default();
        request.voiceover_texts = reader.texts("voiceover_texts");
        request.slides_data = reader.slides();
        for (field, place) in [
            ("theme", &mut request.theme),
            ("avatar_code", &mut request.avatar_code),
            ("voice_id", &mut request.voice_id),
            ("voice_provider", &mut request.voice_provider),
        ] {
            if let Some(text) = reader.nullable_text(field) {
                *place = text;
            }
        }
        request.slide_only = reader.truth("slide_only").unwrap_or(request.slide_only);
        request.use_avatar_mask = reader.truth("use_avatar_mask").unwrap_or(request.use_avatar_mask);
        request.duration = reader.number("duration").unwrap_or(request.duration);
        for (field, place) in [
            ("layout", &mut request.layout),
            ("quality", &mut request.quality),
            ("project_name", &mut request.project_name),
        ] {
            if let Some(text) = reader.text(field) {
                *place = text;
            }
        }
        request.resolution = reader.resolution().unwrap_or(request.resolution);
        request.transitions = reader.transitions();
        (request, reader.problems)
    }

    /// Checks what the service checks before it accepts a request.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is neither a slide address nor a slide, no spoken text (unless the video
    /// is [`slide_only`](Self::slide_only)), more than `max_slides` slides, or another layout than
    /// [`LAYOUTS`].
    pub fn validate(&self, max_slides: usize) -> Result<()> {
        let invalid =
            |field, value: &str, reason| Err(Error::Invalid { entity: ENTITY, field, value: value.to_owned(), reason });
        let slides = self.slides_data.as_deref().unwrap_or_default();
        if self.slide_url.is_empty() && slides.is_empty() {
            return invalid("slides_data", "", "or slide_url is required");
        }
        if self.voiceover_texts.is_empty() && !self.slide_only {
            return invalid("voiceover_texts", "", "must not be empty");
        }
        if slides.len() > max_slides {
            return invalid("slides_data", &slides.len().to_string(), "has more slides than the plan allows");
        }
        if !LAYOUTS.contains(&self.layout.as_str()) {
            return invalid("layout", &self.layout, "must be side_by_side, picture_in_picture or split_screen");
        }
        Ok(())
    }

    /// The request as text, with all members in snake case and their order in the service.
    #[must_use]
    pub fn to_text(&self) -> RequestText {
        let texts = |texts: &[String]| Json::Array(texts.iter().map(|text| Json::from(text.as_str())).collect());
        let optional = |text: &Option<String>| text.as_deref().map_or(Json::Null, Json::from);
        let transition = |transition: &SlideTransition| {
            let members =
                [("type", Json::from(transition.kind.as_str())), ("duration", Json::from(transition.duration))];
            Json::Object(Object::from_iter(members))
        };
        let members = [
            ("slide_url", Json::from(self.slide_url.as_str())),
            ("voiceover_texts", texts(&self.voiceover_texts)),
            ("slides_data", self.slides_data.clone().map_or(Json::Null, Json::Array)),
            ("theme", optional(&self.theme)),
            ("avatar_code", optional(&self.avatar_code)),
            ("slide_only", Json::from(self.slide_only)),
            ("use_avatar_mask", Json::from(self.use_avatar_mask)),
            ("duration", Json::from(self.duration)),
            ("layout", Json::from(self.layout.as_str())),
            ("quality", Json::from(self.quality.as_str())),
            ("resolution", Json::Array(vec![Json::from(self.resolution.0), Json::from(self.resolution.1)])),
            ("project_name", Json::from(self.project_name.as_str())),
            ("voice_id", optional(&self.voice_id)),
            ("voice_provider", optional(&self.voice_provider)),
            (
                "transitions",
                self.transitions.as_ref().map_or(Json::Null, |all| Json::Array(all.iter().map(transition).collect())),
            ),
        ];
        RequestText(Json::Object(Object::from_iter(members)).dump())
    }
}

struct Reader<'a> {
    object: &'a Object,
    names: Names,
    problems: Vec<RequestProblem>,
}

impl<'a> Reader<'a> {
    /// The member, `None` when it is absent.
    fn get(&self, field: &str) -> Option<&'a Json> {
        match self.names {
            Names::Snake => self.object.get(field),
            Names::Camel => self.object.get(&camel(field)),
        }
    }

    fn problem<T>(&mut self, field: &'static str, expected: &'static str) -> Option<T> {
        self.problems.push(RequestProblem { field, expected });
        None
    }

    fn text(&mut self, field: &'static str) -> Option<String> {
        match self.get(field)? {
            Json::String(text) => Some(text.clone()),
            _ => self.problem(field, "a text"),
        }
    }

    fn nullable_text(&mut self, field: &'static str) -> Option<Option<String>> {
        match self.get(field)? {
            Json::String(text) => Some(Some(text.clone())),
            Json::Null => Some(None),
            _ => self.problem(field, "a text or null"),
        }
    }

    fn truth(&mut self, field: &'static str) -> Option<bool> {
        match self.get(field)? {
            Json::Bool(value) => Some(*value),
            _ => self.problem(field, "true or false"),
        }
    }

    fn number(&mut self, field: &'static str) -> Option<f64> {
        match self.get(field)?.as_f64() {
            Some(value) if value.is_finite() => Some(value),
            _ => self.problem(field, "a number"),
        }
    }

    fn texts(&mut self, field: &'static str) -> Vec<String> {
        const EXPECTED: &str = "a list of texts";
        let Some(elements) = self.get(field).and_then(Json::as_array) else {
            return self.problem(field, EXPECTED).unwrap_or_default();
        };
        let texts: Vec<String> = elements.iter().filter_map(|element| element.as_str().map(str::to_owned)).collect();
        if texts.len() != elements.len() {
            self.problems.push(RequestProblem { field, expected: EXPECTED });
        }
        texts
    }

    fn slides(&mut self) -> Option<Vec<Json>> {
        match self.get("slides_data")? {
            Json::Null => None,
            Json::Array(slides) => {
                if slides.iter().any(|slide| slide.as_object().is_none()) {
                    self.problems.push(RequestProblem { field: "slides_data", expected: "a list of objects" });
                }
                Some(slides.clone())
            }
            _ => self.problem("slides_data", "a list of objects or null"),
        }
    }

    fn resolution(&mut self) -> Option<(i64, i64)> {
        match self.get("resolution")?.as_array() {
            Some([width, height]) if width.as_i64().is_some() && height.as_i64().is_some() => {
                Some((width.as_i64()?, height.as_i64()?))
            }
            _ => self.problem("resolution", "two whole numbers"),
        }
    }

    fn transitions(&mut self) -> Option<Vec<SlideTransition>> {
        const EXPECTED: &str = "a list of objects with type and duration, or null";
        let elements = match self.get("transitions")? {
            Json::Null => return None,
            Json::Array(elements) => elements,
            _ => return self.problem("transitions", EXPECTED),
        };
        let read = |element: &Json| {
            let object = element.as_object()?;
            let duration = object.get("duration")?.as_f64().filter(|value| value.is_finite())?;
            Some(SlideTransition { kind: object.get("type")?.as_str()?.to_owned(), duration })
        };
        let transitions: Vec<_> = elements.iter().filter_map(read).collect();
        if transitions.len() != elements.len() {
            self.problems.push(RequestProblem { field: "transitions", expected: EXPECTED });
        }
        Some(transitions)
    }
}

/// `slide_url` as `slideUrl`.
fn camel(snake: &str) -> String {
    let mut name = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        if c == '_' {
            upper = true;
        } else if std::mem::take(&mut upper) {
            name.push(c.to_ascii_uppercase());
        } else {
            name.push(c);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_request_reads_back_without_problems() {
        let mut request =
            PresentationRequest { voiceover_texts: vec!["Кібербезпека".into()], ..Default::default() };
        request.slides_data = Some(vec![Json::parse(r#"{"templateId": "x", "props": {}}"#).unwrap()]);
        request.transitions = Some(vec![SlideTransition { kind: "fade".into(), duration: 0.5 }]);
        request.theme = None;
        let (read, problems) = PresentationRequest::read(&request.to_text().0, Names::Snake);
        assert_eq!((read, problems), (request, vec![]));
    }

    #[test]
    fn names_of_web_clients() {
        assert_eq!(camel("use_avatar_mask"), "useAvatarMask");
        let text = r#"{"slideUrl": "", "voiceoverTexts": ["a"], "slidesData": [{}], "useAvatarMask": false, "transitions": [], "resolution": [1280, 720]}"#;
        let (request, problems) = PresentationRequest::read(text, Names::Camel);
        assert_eq!(problems, []);
        assert!(!request.use_avatar_mask);
        assert_eq!((request.resolution, request.transitions), ((1280, 720), Some(vec![])));
    }

    #[test]
    fn every_member_of_another_kind_is_told() {
        let text = r#"{"slide_url": 1, "voiceover_texts": [1], "slides_data": [1], "theme": 1, "avatar_code": [],
            "slide_only": 1, "use_avatar_mask": null, "duration": NaN, "layout": null, "quality": 1, "resolution": [1],
            "project_name": 1, "voice_id": 1, "voice_provider": 1, "transitions": [{"type": "fade"}]}"#;
        let (_, problems) = PresentationRequest::read(text, Names::Snake);
        assert_eq!(problems.len(), 15, "{problems:?}");
        assert_eq!(PresentationRequest::read("[]", Names::Snake).1.len(), 1);
        assert_eq!(PresentationRequest::read("{", Names::Snake).1.len(), 1);
    }

    #[test]
    fn what_the_service_refuses_is_refused() {
        let good =
            PresentationRequest { slide_url: "x".into(), voiceover_texts: vec!["a".into()], ..Default::default() };
        assert!(good.validate(MAX_SLIDES).is_ok());
        let field = |request: PresentationRequest| match request.validate(MAX_SLIDES) {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(PresentationRequest { slide_url: String::new(), ..good.clone() }), "slides_data");
        assert_eq!(field(PresentationRequest { voiceover_texts: vec![], ..good.clone() }), "voiceover_texts");
        assert_eq!(
            field(PresentationRequest { slides_data: Some(vec![Json::Null; 21]), ..good.clone() }),
            "slides_data"
        );
        assert_eq!(field(PresentationRequest { layout: "wide".into(), ..good.clone() }), "layout");
        assert!(PresentationRequest { slide_only: true, voiceover_texts: vec![], ..good }.validate(1).is_ok());
    }
}
