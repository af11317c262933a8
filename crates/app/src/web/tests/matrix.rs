//! Every route that changes something, without token, from a foreign page, as nobody.
//!
//! The routes are read from the source, so a new one is in the matrix without being named here.

use super::support::{Browser, Site, encoded, on_sqlite};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use std::path::Path;

/// Routes that anybody may use: to become somebody, and to choose colours.
const PUBLIC: [&str; 5] = ["/login", "/logout", "/register", "/theme", "/api/v1/session"];

/// `method, path` of every route that changes something.
fn changing_routes() -> Vec<(Method, String)> {
    let mut routes = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut |text| {
        for route in text.split(".route(").skip(1) {
            let route = route.split(".route(").next().unwrap();
            let path = route.split('"').nth(1).unwrap_or_default();
            let route = route.split(".layer(").next().unwrap();
            for (word, method) in
                [("post(", Method::POST), ("put(", Method::PUT), ("patch(", Method::PATCH), ("delete(", Method::DELETE)]
            {
                if route.contains(word) && path.starts_with('/') {
                    routes.push((method, path.to_owned()));
                }
            }
        }
    });
    routes.sort_by(|a, b| (&a.1, a.0.as_str()).cmp(&(&b.1, b.0.as_str())));
    routes.dedup();
    routes
}

fn walk(folder: &Path, read: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                walk(&path, read);
            }
        } else {
            // What a module's documentation shows is no route.
            let text = std::fs::read_to_string(&path).unwrap();
            let code: String =
                text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            read(code.split("fn routes()").nth(1).unwrap_or_default().split("\n}").next().unwrap_or_default());
        }
    }
}

fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
}

async fn send(
    browser: &mut Browser<'_>,
    method: &Method,
    path: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
) -> StatusCode {
    let mut request = browser.request(method.clone(), &filled(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let fields: Vec<(&str, &str)> = token.iter().map(|token| ("csrf", *token)).collect();
    let request = if path.starts_with("/api/") {
        let request = request.header(header::CONTENT_TYPE, "application/json");
        match token {
            Some(token) => request.header("x-csrf-token", token),
            None => request,
        }
        .body(Body::from("{}"))
    } else {
        request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(encoded(&fields)))
    };
    browser.send(request.unwrap()).await.status
}

#[test]
fn no_change_without_the_token_or_from_a_foreign_page() {
    let routes = changing_routes();
    assert!(routes.len() >= 8, "{routes:?}");
    on_sqlite(&[], async |site: Site| {
        let mut browser = site.account("ada").await;
        let token = browser.token().await;
        for (method, path) in &routes {
            let forbidden = StatusCode::FORBIDDEN;
            // Programs log in without a cookie, so there is no token; foreign pages are refused all the same.
            let without_token = if (method, path.as_str()) == (&Method::POST, "/api/v1/session") {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                forbidden
            };
            assert_eq!(
                send(&mut browser, method, path, None, &[]).await,
                without_token,
                "{method} {path} without token"
            );
            let other = "0".repeat(64);
            assert_eq!(send(&mut browser, method, path, Some(&other), &[]).await, without_token, "{method} {path}");
            for foreign in [
                ("origin", "https://evil.example"),
                ("origin", "null"),
                ("origin", "http://localhost:8080.evil.example"),
                ("origin", "http://localhost:9999"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
            ] {
                let status = send(&mut browser, method, path, Some(&token), &[foreign]).await;
                assert_eq!(status, forbidden, "{method} {path} with {foreign:?}");
            }
            let empty = browser.request(method.clone(), &filled(path)).body(Body::empty()).unwrap();
            let empty = browser.send(empty).await.status;
            assert!(empty == forbidden || without_token != forbidden, "{method} {path} with an empty body: {empty}");
        }
        assert_eq!(browser.get("/account").await.status, StatusCode::OK, "nothing has happened");
    });
}

#[test]
fn nobody_changes_nothing() {
    on_sqlite(&[("LANDFAST_GUEST", "off")], async |site: Site| {
        for (method, path) in changing_routes() {
            if PUBLIC.contains(&path.as_str()) {
                continue;
            }
            let mut browser = site.browser();
            let token = browser.token().await;
            let status = send(&mut browser, &method, &path, Some(&token), &[]).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    });
}

#[test]
fn a_token_of_another_browser_is_refused() {
    on_sqlite(&[], async |site: Site| {
        let mut ada = site.account("ada").await;
        let mut bob = site.account("bob").await;
        let token = bob.token().await;
        for (method, path) in changing_routes() {
            if (&method, path.as_str()) == (&Method::POST, "/api/v1/session") {
                continue;
            }
            let status = send(&mut ada, &method, &path, Some(&token), &[]).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}");
        }
    });
}
