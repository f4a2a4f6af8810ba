//! The server's metrics, in Prometheus's text format. A client library would be larger than this module, and all that
//! it would add is a registry.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::log::dropped_lines;

/// Defines [`Count`] and [`COUNTS`] from one table, so that they have the same order.
macro_rules! counts {
    ($($count:ident, $name:literal, $help:literal;)*) => {
        /// What the server counts since its start.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Count { $($count),* }

        /// The name and the help text of each count, in the order of [`Count`].
        const COUNTS: &[(&str, &str)] = &[$(($name, $help)),*];
    };
}

counts! {
    Logins, "logins_total", "Successful logins";
    LoginsRefused, "logins_refused_total", "Connections that ended without a successful login";
    Sessions, "sessions_total", "Sessions opened";
    Commands, "commands_total", "Commands run";
    RefusedFull, "refused_full_total", "Connections refused by the connection limit";
    RefusedAddress, "refused_address_total", "Connections refused by the connection limit per address";
    RefusedRate, "refused_rate_total", "Connections refused by the rate limit per address";
    RefusedStartup, "refused_startup_total", "Connections dropped before login because too many were not logged in";
    RefusedPenalty, "refused_penalty_total", "Connections refused because others from their address failed to log in";
    RefusedProxy, "refused_proxy_total", "Connections from a trusted proxy without a valid PROXY header, or too many";
    RefusedMemory, "refused_memory_total", "Sessions and commands refused because memory is short";
    NoAttempt, "no_login_attempt_total", "Connections that ended without an attempt to log in, such as port scans";
    NoCommonAlgorithm, "no_common_algorithm_total", "Connections of clients without a common algorithm";
    Probes, "probes_total", "Health checks by a trusted proxy";
    AcceptErrors, "accept_errors_total", "Failures to accept a connection";
    Overflows, "overflows_total", "Sessions ended because their input queue was full";
    Frames, "frames_total", "Frames sent";
    FrameBytes, "frame_bytes_total", "Bytes of frames sent";
}

/// The counts of clients that were turned away, of which the log shows sums.
const REFUSALS: [Count; 9] = [
    Count::RefusedFull,
    Count::RefusedAddress,
    Count::RefusedRate,
    Count::RefusedStartup,
    Count::RefusedPenalty,
    Count::RefusedProxy,
    Count::RefusedMemory,
    Count::NoAttempt,
    Count::NoCommonAlgorithm,
];

/// The upper bounds of the buckets for key-to-frame latencies, in milliseconds.
const BUCKETS: [u64; 8] = [1, 2, 5, 10, 25, 50, 100, 1000];

#[derive(Default)]
pub(super) struct Metrics {
    counts: [AtomicU64; COUNTS.len()],
    connections: Arc<AtomicU64>,
    sessions: Arc<AtomicU64>,
    /// The number of latencies in each bucket, the last of which is unbounded, and their sum.
    latency: [AtomicU64; BUCKETS.len() + 1],
    latency_sum_micros: AtomicU64,
}

/// Adds one to a gauge until it is dropped.
pub(super) struct GaugeGuard(Arc<AtomicU64>);

impl GaugeGuard {
    fn new(gauge: &Arc<AtomicU64>) -> Self {
        gauge.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(gauge))
    }
}

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(super) fn increment(&self, count: Count) {
        self.add(count, 1);
    }

    pub(super) fn add(&self, count: Count, amount: u64) {
        self.counts[count as usize].fetch_add(amount, Ordering::Relaxed);
    }

    /// The numbers of clients that were turned away, in the order of [`REFUSALS`].
    pub(super) fn refusals(&self) -> [u64; REFUSALS.len()] {
        REFUSALS.map(|count| self.counts[count as usize].load(Ordering::Relaxed))
    }

    pub(super) fn connection(&self) -> GaugeGuard {
        GaugeGuard::new(&self.connections)
    }

    pub(super) fn session(&self) -> GaugeGuard {
        GaugeGuard::new(&self.sessions)
    }

    /// Records the time from the arrival of a key to the moment when the frame that shows it has been sent.
    pub(super) fn observe_latency(&self, latency: Duration) {
        let millis = latency.as_secs_f64() * 1000.0;
        let bucket = BUCKETS.iter().position(|bound| millis <= *bound as f64).unwrap_or(BUCKETS.len());
        self.latency[bucket].fetch_add(1, Ordering::Relaxed);
        self.latency_sum_micros.fetch_add(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// All metrics in the text exposition format, with the memory that sessions and commands may still take, in bytes.
    pub(super) fn text(&self, free_memory: usize) -> String {
        let mut text = String::new();
        for ((name, help), value) in COUNTS.iter().zip(&self.counts) {
            series(&mut text, name, help, "counter", value.load(Ordering::Relaxed));
        }
        series(
            &mut text,
            "log_lines_dropped_total",
            "Lines of the log that were not written",
            "counter",
            dropped_lines(),
        );
        for (name, help, value) in
            [("connections", "Open connections", &self.connections), ("sessions", "Open sessions", &self.sessions)]
        {
            series(&mut text, name, help, "gauge", value.load(Ordering::Relaxed));
        }
        series(&mut text, "memory_free_bytes", "Memory left for sessions and commands", "gauge", free_memory as u64);
        let name = "dialtree_key_to_frame_seconds";
        let _ =
            writeln!(text, "# HELP {name} Time from a key press to the frame that shows it\n# TYPE {name} histogram");
        // The buckets of a Prometheus histogram are cumulative.
        let mut cumulative = 0;
        for (bound, count) in BUCKETS.iter().zip(&self.latency) {
            cumulative += count.load(Ordering::Relaxed);
            let _ = writeln!(text, "{name}_bucket{{le=\"{}\"}} {cumulative}", *bound as f64 / 1000.0);
        }
        cumulative += self.latency[BUCKETS.len()].load(Ordering::Relaxed);
        let sum = self.latency_sum_micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ =
            writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {cumulative}\n{name}_sum {sum}\n{name}_count {cumulative}");
        text
    }
}

/// Adds a metric with one value to a text.
pub(super) fn series(text: &mut String, name: &str, help: &str, kind: &str, value: u64) {
    let _ = writeln!(text, "# HELP dialtree_{name} {help}\n# TYPE dialtree_{name} {kind}\ndialtree_{name} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_follows_the_exposition_format() {
        let metrics = Metrics::default();
        metrics.increment(Count::Logins);
        let connection = metrics.connection();
        metrics.observe_latency(Duration::from_millis(3));
        metrics.observe_latency(Duration::from_secs(9));
        let text = metrics.text(0);
        for line in [
            "# TYPE dialtree_logins_total counter",
            "dialtree_logins_total 1",
            "dialtree_connections 1",
            "dialtree_key_to_frame_seconds_bucket{le=\"0.002\"} 0",
            "dialtree_key_to_frame_seconds_bucket{le=\"0.005\"} 1",
            "dialtree_key_to_frame_seconds_bucket{le=\"+Inf\"} 2",
            "dialtree_key_to_frame_seconds_sum 9.003",
        ] {
            assert!(text.lines().any(|listed| listed == line), "{line} is not in\n{text}");
        }
        drop(connection);
        assert!(metrics.text(0).contains("\ndialtree_connections 0\n"));
    }
}
