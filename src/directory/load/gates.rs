//! Gates: which notice is shown before which link opens.

use super::loader::Loader;
use crate::directory::address::{Host, WebAddress};
use crate::directory::model::{Directory, GateRule, LinkHosts};
use crate::directory::raw::{RawDirectory, RawGate};
use crate::directory::record::Record;

impl<'a> Loader<'a> {
    pub(super) fn gate(&mut self, raw: &RawGate<'a>) -> Option<GateRule> {
        self.fields(raw);
        if raw.notice.is_none() {
            self.missing(raw, "notice");
        }
        let notice = self.reference(raw.notice, |loader| &loader.notices, "notice");
        let (value, hosts): (_, fn(Host) -> LinkHosts) = match (raw.host, raw.outside) {
            (Some(domain), None) => (domain, LinkHosts::Within),
            (None, Some(domain)) => (domain, LinkHosts::Outside),
            _ => {
                self.problems.report(raw.fields().first, "a gate needs exactly one of host or outside");
                return None;
            }
        };
        let domain = self.text(value)?;
        match Host::parse(&domain) {
            Ok(host) => Some(GateRule { hosts: hosts(host), notice: notice? }),
            Err(error) => {
                self.report_at(Some(value), format!("`{domain}` {error}"));
                None
            }
        }
    }

    /// Reports notices whose sites lead to each other: opening the site of each shows the next, and opening the site of
    /// the last shows the first. A notice that is shown before its own site is not a cycle.
    pub(super) fn gate_cycles(&mut self, raw: &RawDirectory<'a>, directory: &Directory) {
        let notices = &directory.notices;
        let before = |site: &WebAddress| directory.notice_before(site.host());
        let next: Vec<_> = notices.iter().map(|notice| notice.site.as_ref().and_then(before)).collect();
        // For each notice, the start of the walk that first reached it, so that all walks together visit it once.
        let mut reached_from = vec![None; notices.len()];
        for start in 0..notices.len() {
            let mut current = Some(start);
            while let Some(index) = current.filter(|index| reached_from[*index].is_none()) {
                reached_from[index] = Some(start);
                current = next[index];
            }
            let Some((index, other)) = current.and_then(|index| Some((index, next[index]?))) else { continue };
            if reached_from[index] == Some(start) && other != index {
                let (id, other) = (&notices[index].id, &notices[other].id);
                let site = raw.notices.iter().flatten().nth(index).and_then(|notice| notice.site);
                let message = format!(
                    "the gates form a cycle: this site is behind the notice `{other}`, which leads back to `{id}`; put \
                     `{id}` before its own site"
                );
                self.report_at(site, message);
            }
        }
    }
}
