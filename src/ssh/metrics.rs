//! The numbers of a server, in Prometheus's text format. A table and a line each: a library for it would weigh more than
//! all of this.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What is counted from the start on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Count {
    Logins,
    LoginsRefused,
    Sessions,
    Commands,
    RefusedFull,
    RefusedAddress,
    RefusedRate,
    RefusedProxy,
    Probes,
    AcceptErrors,
    Overflows,
    Frames,
    FrameBytes,
}

/// The name of each count, in the order of [`Count`].
const COUNTS: [(&str, &str); 13] = [
    ("logins_total", "Logins"),
    ("logins_refused_total", "Logins that were refused"),
    ("sessions_total", "Navigators that were opened"),
    ("commands_total", "Commands that were answered"),
    ("refused_full_total", "Connections refused because all places were taken"),
    ("refused_address_total", "Connections refused because those of their address were taken"),
    ("refused_rate_total", "Connections refused because their address came too fast"),
    ("refused_proxy_total", "Connections of a balancer without a right PROXY header"),
    ("probes_total", "Connections of a balancer for itself"),
    ("accept_errors_total", "Failures of the system to accept a connection"),
    ("overflows_total", "Sessions ended because keys came too fast"),
    ("frames_total", "Frames sent"),
    ("frame_bytes_total", "Bytes of frames sent"),
];

/// The upper ends of the steps in which key-to-frame times are counted, in milliseconds.
const STEPS: [u64; 8] = [1, 2, 5, 10, 25, 50, 100, 1000];

#[derive(Default)]
pub(super) struct Metrics {
    counts: [AtomicU64; COUNTS.len()],
    connections: Arc<AtomicU64>,
    sessions: Arc<AtomicU64>,
    /// Frames within each step, those beyond the last, and all their time.
    latency: [AtomicU64; STEPS.len() + 1],
    latency_micros: AtomicU64,
}

/// Something that is there; it is counted until this is dropped.
pub(super) struct There(Arc<AtomicU64>);

impl There {
    fn new(gauge: &Arc<AtomicU64>) -> Self {
        gauge.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(gauge))
    }
}

impl Drop for There {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(super) fn add(&self, count: Count) {
        self.add_many(count, 1);
    }

    pub(super) fn add_many(&self, count: Count, many: u64) {
        self.counts[count as usize].fetch_add(many, Ordering::Relaxed);
    }

    pub(super) fn connection(&self) -> There {
        There::new(&self.connections)
    }

    pub(super) fn session(&self) -> There {
        There::new(&self.sessions)
    }

    /// A frame went out so long after the first key that it shows.
    pub(super) fn shown_after(&self, time: Duration) {
        let millis = time.as_secs_f64() * 1000.0;
        let step = STEPS.iter().position(|step| millis <= *step as f64).unwrap_or(STEPS.len());
        self.latency[step].fetch_add(1, Ordering::Relaxed);
        self.latency_micros.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// All of them, as Prometheus reads them.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for ((name, help), value) in COUNTS.iter().zip(&self.counts) {
            series(&mut text, name, help, "counter", value.load(Ordering::Relaxed));
        }
        for (name, help, value) in [
            ("connections", "Connections at this moment", &self.connections),
            ("sessions", "Navigators at this moment", &self.sessions),
        ] {
            series(&mut text, name, help, "gauge", value.load(Ordering::Relaxed));
        }
        let name = "dialtree_key_to_frame_seconds";
        let _ = writeln!(text, "# HELP {name} From a key to the frame that shows it\n# TYPE {name} histogram");
        let mut within = 0;
        for (step, count) in STEPS.iter().zip(&self.latency) {
            within += count.load(Ordering::Relaxed);
            let _ = writeln!(text, "{name}_bucket{{le=\"{}\"}} {within}", *step as f64 / 1000.0);
        }
        within += self.latency[STEPS.len()].load(Ordering::Relaxed);
        let sum = self.latency_micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {within}\n{name}_sum {sum}\n{name}_count {within}");
        text
    }
}

fn series(text: &mut String, name: &str, help: &str, kind: &str, value: u64) {
    let _ = writeln!(text, "# HELP dialtree_{name} {help}\n# TYPE dialtree_{name} {kind}\ndialtree_{name} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.add(Count::Logins);
        let connection = metrics.connection();
        metrics.shown_after(Duration::from_millis(3));
        metrics.shown_after(Duration::from_secs(9));
        let text = metrics.text();
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
        assert!(metrics.text().contains("\ndialtree_connections 0\n"));
    }
}
