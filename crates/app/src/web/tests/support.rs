//! A server in memory and browsers that keep cookies.

use crate::backend::Opened;
use crate::config::{Config, Sources};
use crate::web::accounts::Passwords;
use crate::web::frame::percent_encoded;
use crate::web::{App, Settings, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use landfast_domain::accounts::UserId;
use landfast_testkit::databases::{self, ThrowAway};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt as _;

/// A server on a store of its own.
pub(super) struct Site {
    pub(super) app: App,
    router: Router,
    _home: ThrowAway,
}

/// What the server answered.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// Runs a test on SQLite and on PostgreSQL.
pub(super) fn on_both(settings: &[(&str, &str)], test: impl AsyncFn(Site)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test(Site::on(databases::sqlite(), settings)));
    if let Some(home) = databases::postgres() {
        runtime.block_on(test(Site::on(home, settings)));
    }
}

/// Runs a test on SQLite.
pub(super) fn on_sqlite(settings: &[(&str, &str)], test: impl AsyncFn(Site)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test(Site::on(databases::sqlite(), settings)));
}

impl Site {
    fn on(home: ThrowAway, pairs: &[(&str, &str)]) -> Self {
        let database = databases::open(home.url().unwrap());
        let opened = Opened {
            store: Arc::new(database.clone()),
            database: Some(database),
            place: "here".to_owned(),
            notices: Vec::new(),
        };
        let mut sources = Sources::default();
        for (name, value) in pairs {
            sources.environment.insert((*name).to_owned(), (*value).to_owned());
        }
        let settings = Settings::read(&Config::resolve(&sources).unwrap()).unwrap();
        let app = App::with_passwords(opened, UserId::guest(), settings, Vec::new(), Passwords::cheap());
        Self { router: router(app.clone()), app, _home: home }
    }

    pub(super) fn browser(&self) -> Browser<'_> {
        Browser { site: self, cookies: BTreeMap::new(), host: "localhost:8080" }
    }

    /// A browser that is logged in with a new account.
    pub(super) async fn account(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let reply = browser.register(name).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
        browser
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// A browser of one person.
#[derive(Clone)]
pub(super) struct Browser<'a> {
    pub(super) site: &'a Site,
    pub(super) cookies: BTreeMap<String, String>,
    pub(super) host: &'static str,
}

pub(super) const PASSWORD: &str = "four words are enough";

impl Browser<'_> {
    /// A request with the cookies.
    pub(super) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().method(method).uri(path).header(header::HOST, self.host);
        if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) }
    }

    pub(super) async fn send(&mut self, request: Request<Body>) -> Reply {
        let reply = self.site.send(request).await;
        for line in reply.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    pub(super) async fn get(&mut self, path: &str) -> Reply {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// The token of this browser's forms.
    pub(super) async fn token(&mut self) -> String {
        let reply = self.get("/login").await;
        between(&reply.body, "name=\"csrf\" content=\"", "\"").to_owned()
    }

    /// Posts a form with the token and from the right page.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.token().await;
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        let request = self
            .request(Method::POST, path)
            .header(header::ORIGIN, format!("http://{}", self.host))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encoded(&all)))
            .unwrap();
        self.send(request).await
    }

    /// Calls the API with the cookie and the token.
    pub(super) async fn call(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let token = self.token().await;
        let mut request =
            self.request(method, path).header("x-csrf-token", token).header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub(super) async fn register(&mut self, name: &str) -> Reply {
        self.post("/register", &[("name", name), ("password", PASSWORD), ("repeat", PASSWORD)]).await
    }

    pub(super) async fn log_in(&mut self, name: &str, password: &str) -> Reply {
        self.post("/login", &[("name", name), ("password", password)]).await
    }
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// The text between two others.
pub(super) fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start:?} in {text}")).1;
    rest.split_once(end).unwrap().0
}

pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{}={}", percent_encoded(name), percent_encoded(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}
