//! What may be sent to a terminal: text, and the sequences that dialtree writes by itself.

use dialtree::directory::text::is_control_like;

/// Panics if an output has a character that a terminal may interpret, other than `allowed` ones and control sequences
/// (CSI) that move the cursor, erase, or set attributes and modes.
pub fn check(output: &str, allowed: &str) {
    let mut chars = output.chars();
    while let Some(c) = chars.next() {
        if c == '\x1b' {
            assert_eq!(chars.next(), Some('['), "{output:?}");
            let end = chars.find(|c| !matches!(c, '0'..='9' | ';' | ':' | '?'));
            assert!(end.is_some_and(|end| "mHCXJKhl".contains(end)), "{output:?}");
        } else {
            assert!(allowed.contains(c) || !is_control_like(c), "{c:?} in {output:?}");
        }
    }
}
