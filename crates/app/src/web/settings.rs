//! Settings of the server, checked once at its start.

use crate::config::{Config, is_true};
use crate::failure::Failure;
use chrono::TimeDelta;
use landfast_domain::accounts::Lifetime;

/// Whether visitors who did not log in work as the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuestMode {
    /// Until somebody claims the guest.
    On,
    /// Never; everything but logging in and registering needs an account.
    Off,
}

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Everybody.
    Open,
    /// Only the first account.
    First,
    /// Nobody.
    Closed,
}

/// Settings of the server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Origin the pages are reached at, for instance `https://tasks.example.org`; `None` means the host of each
    /// request, which must then be an address or `localhost`.
    pub origin: Option<String>,
    /// Whether cookies are for HTTPS only: in production, and when the origin is HTTPS.
    pub secure_cookies: bool,
    /// Whether the guest may work.
    pub guest: GuestMode,
    /// Who may register.
    pub registration: Registration,
    /// How long sessions hold.
    pub lifetime: Lifetime,
    /// Whether `X-Forwarded-For` names the client.
    pub trust_proxy: bool,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// When a value makes no sense, naming the setting and what it may be.
    pub fn read(config: &Config) -> Result<Self, Failure> {
        let production = config.text("environment").trim().eq_ignore_ascii_case("production");
        let origin = origin(config.text("public_url"))?;
        let secure = origin.as_ref().is_some_and(|origin| origin.starts_with("https://"));
        let guest = match word(config, "guest").as_str() {
            "on" => GuestMode::On,
            "off" => GuestMode::Off,
            "auto" if production => GuestMode::Off,
            "auto" => GuestMode::On,
            _ => return Err(unknown(config, "guest", "on, off or auto")),
        };
        let registration = match word(config, "registration").as_str() {
            "open" => Registration::Open,
            "first" => Registration::First,
            "closed" => Registration::Closed,
            _ => return Err(unknown(config, "registration", "open, first or closed")),
        };
        let idle = TimeDelta::try_minutes(config.number("session_idle_minutes")?);
        let absolute = TimeDelta::try_days(config.number("session_days")?);
        let positive = |span: Option<TimeDelta>| span.filter(|span| *span > TimeDelta::zero());
        let (Some(idle), Some(absolute)) = (positive(idle), positive(absolute)) else {
            return Err(Failure::usage("session_idle_minutes and session_days must be greater than 0"));
        };
        Ok(Self {
            origin,
            secure_cookies: production || secure,
            guest,
            registration,
            lifetime: Lifetime { idle, absolute },
            trust_proxy: is_true(config.text("trust_proxy")),
        })
    }
}

fn word(config: &Config, key: &str) -> String {
    config.text(key).trim().to_ascii_lowercase()
}

fn unknown(config: &Config, key: &str, allowed: &str) -> Failure {
    Failure::usage(format!("{key} = {:?} is not {allowed}", config.text(key)))
}

/// Scheme and host of a URL, without a path.
fn origin(text: &str) -> Result<Option<String>, Failure> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {
            Ok(Some(text.to_ascii_lowercase()))
        }
        _ => Err(Failure::usage(format!("public_url = {text:?} is no origin"))
            .hint("write scheme and host without a path, for instance https://tasks.example.org")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, Failure> {
        let mut sources = Sources::default();
        for (name, value) in pairs {
            sources.environment.insert((*name).to_owned(), (*value).to_owned());
        }
        Settings::read(&Config::resolve(&sources).unwrap())
    }

    #[test]
    fn production_closes_the_guest_and_the_cookies() {
        let plain = read(&[]).unwrap();
        assert_eq!((plain.guest, plain.secure_cookies), (GuestMode::On, false));
        let production = read(&[("ENVIRONMENT", "Production")]).unwrap();
        assert_eq!((production.guest, production.secure_cookies), (GuestMode::Off, true));
        let open = read(&[("ENVIRONMENT", "production"), ("LANDFAST_GUEST", "on")]).unwrap();
        assert_eq!(open.guest, GuestMode::On);
        assert!(read(&[("LANDFAST_PUBLIC_URL", "https://a.example")]).unwrap().secure_cookies);
    }

    #[test]
    fn nonsense_is_named() {
        for (name, value, part) in [
            ("LANDFAST_GUEST", "maybe", "guest"),
            ("LANDFAST_REGISTRATION", "x", "registration"),
            ("LANDFAST_PUBLIC_URL", "example.org", "public_url"),
            ("LANDFAST_PUBLIC_URL", "https://a.example/path", "public_url"),
            ("SESSION_EXPIRY_DAYS", "0", "session_days"),
        ] {
            let error = read(&[(name, value)]).unwrap_err().to_string();
            assert!(error.contains(part), "{name}={value}: {error}");
        }
    }
}
