//! Twelve things that callers ask, each answered by the selected entry after few keys.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{app, keys, press};

/// What a caller asks, the keys that are pressed, how many are allowed, and the id of the answer.
const CALLERS: [(&str, &str, usize, &str); 12] = [
    ("commission of a small group", "25", 4, "small-business-line/5"),
    ("COBRA", "co", 2, "cobra-department/2"),
    ("fax for an enrollment form of a small group", "2fax", 16, "small-business-membership"),
    ("hours of Medicare on a holiday", "3", 1, "medicare-broker-services"),
    ("fraud, at night", "frau", 4, "fraud-hotline"),
    ("a provider in Arizona cannot log in", "az", 14, "portal-provider-arizona"),
    ("TTY", "tty", 3, "covered-california-ifp"),
    ("broker of record of a large group", "44", 2, "large-group-line/4"),
    ("payment to Covered California", "cov", 3, "covered-california-small-business"),
    ("appointment for Medicare", "3", 1, "medicare-broker-services"),
    ("quote for a renewal", "ren", 3, "small-business-line/2"),
    ("a member in Oregon forgot the password", "ore mem", 17, "portal-member-ifp-or"),
];

#[test]
fn what_callers_ask_takes_few_keys() {
    for (asked, pressed, allowed, answer) in CALLERS {
        for (width, height) in [(120, 40), (80, 24)] {
            let mut app = app(width, height);
            press(&mut app, pressed);
            let shown = app.entry().map(|id| app.directory().text_id(id));
            assert_eq!(shown.as_deref(), Some(answer), "{asked}");
            assert!(keys(pressed).len() <= allowed, "{asked}");
        }
    }
}
