//! Counters of requests, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper limits of the histogram, in seconds.
const LIMITS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Method, route as it is written in the program, status.
type Key = (String, String, u16);

/// Counters of requests since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: Mutex<BTreeMap<Key, u64>>,
    times: Mutex<Times>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Times {
    buckets: [u64; LIMITS.len()],
    seconds: f64,
    count: u64,
}

impl Metrics {
    /// Counts a request. `route` is the pattern, not the path, so the number of series stays small.
    pub(super) fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let key = (method.to_owned(), route.to_owned(), status);
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = took.as_secs_f64();
        for (bucket, limit) in times.buckets.iter_mut().zip(LIMITS) {
            *bucket += u64::from(seconds <= limit);
        }
        times.seconds += seconds;
        times.count += 1;
    }

    /// All counters as text. `ready` says whether the store answers.
    #[must_use]
    pub fn render(&self, ready: bool) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = write!(
            text,
            "# HELP landfast_info The version of the program.\n# TYPE landfast_info gauge\nlandfast_info{{version=\"{}\"}} 1\n\
             # HELP landfast_ready Whether the store answers and its schema is current.\n# TYPE landfast_ready gauge\nlandfast_ready {}\n\
             # HELP landfast_http_requests_total Requests by method, route and status.\n# TYPE landfast_http_requests_total counter\n",
            env!("CARGO_PKG_VERSION"),
            u8::from(ready),
        );
        for ((method, route, status), count) in &*self.counts.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = writeln!(
                text,
                "landfast_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
            );
        }
        let times = *self.times.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(
            "# HELP landfast_http_request_seconds How long requests take.\n# TYPE landfast_http_request_seconds histogram\n",
        );
        for (bucket, limit) in times.buckets.iter().zip(LIMITS) {
            let _ = writeln!(text, "landfast_http_request_seconds_bucket{{le=\"{limit}\"}} {bucket}");
        }
        let _ = write!(
            text,
            "landfast_http_request_seconds_bucket{{le=\"+Inf\"}} {0}\nlandfast_http_request_seconds_sum {1}\nlandfast_http_request_seconds_count {0}\n",
            times.count, times.seconds
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_status() {
        let metrics = Metrics::default();
        metrics.count("GET", "/tasks/{key}", 200, Duration::from_millis(20));
        metrics.count("GET", "/tasks/{key}", 200, Duration::from_secs(60));
        let text = metrics.render(true);
        for line in [
            "landfast_http_requests_total{method=\"GET\",route=\"/tasks/{key}\",status=\"200\"} 2",
            "landfast_http_request_seconds_bucket{le=\"0.025\"} 1",
            "landfast_http_request_seconds_bucket{le=\"+Inf\"} 2",
            "landfast_ready 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
