//! What is said about an entry at a moment: the only place that puts facts into words. Pure.
//!
//! The card on the screen, the printed card, plain lines, JSON, CSV, vCard, what is copied and the QR code all render
//! the same [`Card`](card::Card), so that a rule such as "an option inherits who may use it" holds in all of them.

pub mod block_digits;
pub mod card;
pub mod card_page;
pub mod changes;
pub mod correction;
pub mod diff;
pub mod display;
pub mod explanation;
pub mod facts;
pub mod hours;
pub mod outline;
pub mod page;
pub mod qr;
pub mod results;
pub mod script;
pub mod share;
pub mod theme;
pub mod week_strip;
