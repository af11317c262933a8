//! Style sheet, script and icon. Their addresses carry a hash of their content, so browsers may keep them for ever.

use super::token::hex;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// A file that is compiled in.
struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    hash: String,
}

macro_rules! assets {
    ($( $name:literal $kind:literal ),* $(,)?) => { [ $( Asset {
        name: $name,
        kind: $kind,
        text: include_str!(concat!("../../../assets/", $name)),
        hash: hash(include_str!(concat!("../../../assets/", $name))),
    } ),* ] };
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    assets! {
        "style.css" "text/css; charset=utf-8",
        "app.js" "text/javascript; charset=utf-8",
        "icon.svg" "image/svg+xml",
    }
});

fn hash(text: &str) -> String {
    let mut digits = hex(&Sha256::digest(text));
    digits.truncate(12);
    digits
}

/// Address of a file by its name, for instance `/assets/1f0c…/style.css`.
#[must_use]
pub fn address(name: &str) -> String {
    let hash = ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.hash.as_str());
    format!("/assets/{hash}/{name}")
}

/// Serves `/assets/HASH/NAME`. An old hash gives the file as it is now, without permission to keep it.
pub async fn serve(Path((hash, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let keep = if asset.hash == hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    (headers, asset.text).into_response()
}
