//! Headers, errors, hosts, assets.

use super::support::{between, on_sqlite};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};

#[test]
fn every_answer_has_the_headers() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        for path in ["/", "/login", "/nowhere", "/api/v1/nowhere", "/healthz", "/readyz", "/metrics", "/register"] {
            let reply = browser.get(path).await;
            for (name, part) in [
                ("content-security-policy", "default-src 'none'"),
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("permissions-policy", "camera=()"),
                ("cache-control", "no-store"),
                ("x-request-id", "-"),
            ] {
                assert!(reply.header(name).contains(part), "{path}: {name} is {:?}", reply.header(name));
            }
            assert!(!reply.header("content-security-policy").contains("unsafe"), "{path}");
            assert!(!reply.body.contains("<style") && !reply.body.contains("style=\""), "{path}");
            assert!(!reply.body.contains("<script>"), "{path}: {}", reply.body);
        }
    });
}

#[test]
fn errors_are_pages_or_envelopes() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        let page = browser.get("/nowhere").await;
        assert_eq!((page.status, page.header("content-type")), (StatusCode::NOT_FOUND, "text/html; charset=utf-8"));
        let reply = browser.get("/api/v1/nowhere").await;
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem = reply.json();
        assert_eq!((&problem["code"], &problem["status"]), (&"not_found".into(), &404.into()));
        assert_eq!(problem["request_id"], reply.header("x-request-id"));
        let wrong = browser.call(Method::PUT, "/api/v1/session", &[], "{}").await;
        assert_eq!(
            (wrong.status, wrong.json()["code"].as_str()),
            (StatusCode::METHOD_NOT_ALLOWED, Some("bad_request"))
        );
        assert!(wrong.header("allow").contains("POST"));
    });
}

#[test]
fn a_foreign_name_of_this_machine_is_refused() {
    on_sqlite(&[], async |site| {
        for (host, status) in [
            ("localhost:8080", StatusCode::OK),
            ("127.0.0.1:9", StatusCode::OK),
            ("[::1]:8080", StatusCode::OK),
            ("evil.example", StatusCode::FORBIDDEN),
            ("127.0.0.1.evil.example:80", StatusCode::FORBIDDEN),
        ] {
            let mut browser = site.browser();
            browser.host = host;
            assert_eq!(browser.get("/").await.status, status, "{host}");
        }
    });
    on_sqlite(&[("LANDFAST_PUBLIC_URL", "https://tasks.example")], async |site| {
        let mut browser = site.browser();
        browser.host = "tasks.example";
        let reply = browser.get("/login").await;
        assert_eq!(reply.status, StatusCode::OK);
        let cookie = reply.header("set-cookie");
        assert!(
            cookie.starts_with("__Host-landfast=v.")
                && ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"].iter().all(|part| cookie.contains(part)),
            "{cookie}"
        );
        assert!(reply.header("strict-transport-security").contains("max-age"));
    });
}

#[test]
fn assets_are_kept_by_their_hash() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        let page = browser.get("/").await.body;
        let style = between(&page, "rel=\"stylesheet\" href=\"", "\"");
        let reply = browser.get(style).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
        assert!(reply.header("cache-control").contains("immutable"));
        let old = browser.get("/assets/000000000000/style.css").await;
        assert_eq!((old.status, old.header("cache-control")), (StatusCode::OK, "no-cache"));
        assert_eq!(browser.get("/assets/x/../../Cargo.toml").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn request_ids_of_a_proxy_are_kept_when_harmless() {
    on_sqlite(&[], async |site| {
        for (given, kept) in [("proxy-12345678", true), ("x", false), ("a b c d e f g h", false)] {
            let browser = site.browser();
            let request = browser.request(Method::GET, "/healthz").header("x-request-id", given);
            let reply = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(reply.header("x-request-id") == given, kept, "{given}");
        }
    });
}

#[test]
fn requests_are_counted_by_route() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        browser.get("/login").await;
        let text = browser.get("/metrics").await.body;
        assert!(
            text.contains("landfast_http_requests_total{method=\"GET\",route=\"/login\",status=\"200\"} 1"),
            "{text}"
        );
        assert!(text.contains("landfast_ready 1"), "{text}");
    });
}

#[test]
fn colours_are_remembered_and_the_button_leads_back_here_only() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        assert!(browser.get("/").await.body.contains("data-theme=\"system\""));
        let reply = browser.post("/theme", &[("theme", "dark"), ("back", "/tasks")]).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/tasks"));
        assert!(browser.get("/").await.body.contains("data-theme=\"dark\""));
        let reply = browser.post("/theme", &[("theme", "\"><script>"), ("back", "//evil.example")]).await;
        assert_eq!(reply.header("location"), "/");
        assert!(browser.get("/").await.body.contains("data-theme=\"system\""));
    });
}

#[test]
fn only_known_confirmations_are_shown() {
    on_sqlite(&[], async |site| {
        let mut browser = site.browser();
        assert!(browser.get("/?said=saved").await.body.contains("Saved."));
        assert!(!browser.get("/?said=canary").await.body.contains("canary"));
        let reply = browser.get("/login?next=//evil.example").await;
        assert!(reply.header(header::LOCATION.as_str()).is_empty() && !reply.body.contains("evil"), "{}", reply.body);
    });
}
