//! The gates: which notice is shown before which link opens.

use super::Loader;
use crate::directory::address::{Host, WebAddress};
use crate::directory::raw::{RawDirectory, RawGate, Record};
use crate::directory::{Directory, GateRule, LinkHosts};

impl<'a> Loader<'a> {
    pub(super) fn gate(&mut self, raw: &RawGate<'a>) -> Option<GateRule> {
        self.fields(raw);
        if raw.notice.is_none() {
            self.missing(raw, "notice");
        }
        let notice = self.reference(raw.notice, |loader| &loader.notices, "notice");
        let (written, hosts): (_, fn(Host) -> LinkHosts) = match (raw.host, raw.outside) {
            (Some(host), None) => (host, LinkHosts::Within),
            (None, Some(home)) => (home, LinkHosts::Outside),
            _ => {
                self.problems.report(raw.fields().first, "a gate has exactly one of host or outside");
                return None;
            }
        };
        let printed = self.checked(written)?;
        match Host::parse(&printed) {
            Ok(host) => Some(GateRule { hosts: hosts(host), notice: notice? }),
            Err(wrong) => {
                self.at(Some(written), format!("`{printed}` {wrong}"));
                None
            }
        }
    }

    /// Refuses notices that lead to each other: each leads to a site with the next one before it, the last to a site
    /// with the first. A notice before its own site is as it should be.
    pub(super) fn circles(&mut self, raw: &RawDirectory<'a>, directory: &Directory) {
        let notices = &directory.notices;
        let before = |site: &WebAddress| directory.notice_before(site.host());
        let next: Vec<_> = notices.iter().map(|notice| notice.site.as_ref().and_then(before)).collect();
        let mut seen_from = vec![None; notices.len()];
        for first in 0..notices.len() {
            let mut here = Some(first);
            while let Some(place) = here.filter(|place| seen_from[*place].is_none()) {
                seen_from[place] = Some(first);
                here = next[place];
            }
            let Some((place, other)) = here.and_then(|place| Some((place, next[place]?))) else { continue };
            if seen_from[place] == Some(first) && other != place {
                let (id, other) = (&notices[place].id, &notices[other].id);
                let site = raw.notices.iter().flatten().nth(place).and_then(|notice| notice.site);
                self.at(
                    site,
                    format!(
                        "before this site comes the notice `{other}`, and from there the gates lead back to `{id}`; \
                         put `{id}` before its own site"
                    ),
                );
            }
        }
    }
}
