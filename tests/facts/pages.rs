//! Login pages, sites, notices and statutes.

use super::*;

/// The login page that each fact belongs to, by the start of the fact's id.
const LOGINS: [(&str, &str); 20] = [
    ("portal-member-ifp-ca", "IFP member login, California"),
    ("portal-member-ifp-or", "IFP member login, Oregon"),
    ("portal-member-ifp-az", "IFP member login, Arizona"),
    ("portal-member-medicare-advantage", "Medicare Advantage member login"),
    ("portal-member-employer-group", "Employer group member login"),
    ("portal-member-other", "Other member login"),
    ("login-member-", "Member login, plan not specified"),
    ("portal-broker", "Broker login"),
    ("login-broker-", "Broker login"),
    ("portal-employer", "Employer login"),
    ("login-employer-", "Employer login"),
    ("portal-provider-arizona", "Provider login, Arizona"),
    ("login-provider-arizona-", "Provider login, Arizona"),
    ("portal-provider-california", "Provider login, California"),
    ("login-provider-california-", "Provider login, California"),
    ("portal-provider-oregon", "Provider login, Oregon"),
    ("login-provider-oregon-", "Provider login, Oregon"),
    ("login-provider-other-1-", "Provider login, form 1 of 3"),
    ("login-provider-other-2-", "Provider login, form 2 of 3"),
    ("login-provider-other-3-", "Provider login, form 3 of 3"),
];

pub(super) fn portal(directory: &Directory, fact: &Fact) -> Check {
    if let Some(account) = fact.id.strip_prefix("login-type-") {
        return account_choice(directory, account, fact);
    }
    let (id, contact) = login(directory, fact)?;
    audience(directory, contact, fact)?;
    ensure(matches!(contact.channels[..], [_]), "it does not have exactly one channel")?;
    if fact.value == fact.section {
        return ensure(target(directory, id).is_empty(), "it has an address, but the page prints none");
    }
    same("address", contact.channels[0].printed(), &fact.value)?;
    same("target", Some(&target(directory, id)), &target_of(fact))
}

fn account_choice(directory: &Directory, id: &str, fact: &Fact) -> Check {
    let account = directory.accounts.iter().find(|account| *account.id == *id).ok_or("there is no such account")?;
    same("role", Some(&account.name.to_lowercase()), &fact.audience)?;
    same("choice", account.choice.as_deref(), &fact.value)
}

/// The login page that a fact belongs to, after a check of its section and account type.
fn login<'d>(directory: &'d Directory, fact: &Fact) -> Result<(EntryId, &'d Contact), String> {
    let known = LOGINS.iter().find(|(start, _)| fact.id.starts_with(start));
    let name = known.map(|(_, name)| *name).ok_or_else(|| unknown(fact).unwrap_err())?;
    let mut contacts = directory.contacts.iter().enumerate();
    let (index, contact) =
        contacts.find(|(_, contact)| *contact.name == *name).ok_or(format!("there is no contact {name}"))?;
    same("section", Some(&contact.source), &fact.section)?;
    let account = contact.account.map(|index| &*directory.accounts[index].name).unwrap_or_default();
    ensure(fact.section.starts_with(&format!("Log In: {account}")), format!("its account type is {account:?}"))?;
    Ok((directory.id_of(Entry::Contact(index)), contact))
}

pub(super) fn portal_note(directory: &Directory, fact: &Fact) -> Check {
    let (id, contact) = login(directory, fact)?;
    audience(directory, contact, fact)?;
    let expected: Vec<&str> = match fact.value.as_str() {
        "Please enter your user name." => vec!["asks for a user name"],
        "Forgot your user name?" => vec!["forgot user name: link"],
        "Forgot your password?" => vec!["forgot password: link"],
        "Register now" => vec!["register now"],
        "Log in now" => vec!["log in now"],
        "your username is your email address" => vec!["your username is your email address"],
        "HNA; Allwell; Ambetter" => vec!["hna", "allwell", "ambetter", "email", "password"],
        other => return Err(format!("no check of the kind portal-note handles {other}")),
    };
    let mentions = |note: &str| expected.iter().all(|words| note.to_lowercase().contains(words));
    ensure(
        contact.details.notes.iter().any(|note| mentions(note)),
        format!("none of its notes mentions {expected:?}"),
    )?;
    let printed = !fact.note.starts_with("No address printed");
    ensure(printed || directory.page(id).is_none(), "it has an address, but the page prints none")
}

// The page, its links and notices.

pub(super) fn site(directory: &Directory, fact: &Fact) -> Check {
    match fact.id.as_str() {
        "page-title" => same("source", Some(&directory.source), &fact.value),
        "page-logo" => same("logo", Some(&format!("{} logo", directory.organisation)), &fact.value),
        "fraud-report-link" => {
            let mut channels = only(directory, &fact.section)?.channels.iter();
            let link = channels.find(|channel| channel.endpoint.is_none()).ok_or("there is no link")?;
            same("link", link.label.as_deref(), &fact.value)
        }
        "leaving-site-destination" => destination(directory, fact),
        "closing-leaving" => closing(directory, fact),
        _ => unknown(fact),
    }
}

fn destination(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    let site = notice.site.as_ref().ok_or("its notice has no site")?;
    same("site", Some(site.printed()), &fact.value)?;
    same("link", Some(&site.to_string()), &target_of(fact))?;
    same("notice before it", gate(directory, &fact.value).map(|notice| &*notice.id), "leaving-site")
}

fn closing(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    same("title", Some(&notice.title), &fact.section)?;
    ensure(notice.title.contains(&fact.value), "its title does not name the site that the user leaves")?;
    ensure(notice.site.is_none(), "the page names no destination, but the notice has one")?;
    ensure(gate(directory, &fact.value).is_none(), "it is shown before a page of the same site")?;
    same("notice before other sites", gate(directory, "example.org").map(|notice| &*notice.title), &fact.section)
}

/// The notice that is shown before a link to a host opens.
fn gate<'d>(directory: &'d Directory, host: &str) -> Option<&'d Notice> {
    directory.notice_before(&Host::parse(host).unwrap()).map(|index| &directory.notices[index])
}

fn notice_of<'d>(directory: &'d Directory, section: &str) -> Result<&'d Notice, String> {
    let mut notices = directory.notices.iter();
    notices.find(|notice| *notice.source == *section).ok_or_else(|| "its section has no notice".to_owned())
}

pub(super) fn notice(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    let choices: Vec<&str> = notice.choices.iter().map(|choice| &**choice).collect();
    match fact.id.as_str() {
        "leaving-site" | "important" => whole_notice(directory, notice, fact),
        "leaving-site-continue" => {
            ensure(matches!(choices[..], [first, _] if first == fact.value), format!("its choices are {choices:?}"))
        }
        "leaving-site-cancel" => {
            ensure(matches!(choices[..], [_, second] if second == fact.value), format!("its choices are {choices:?}"))
        }
        "important-continue" => ensure(choices == [&fact.value], format!("its choices are {choices:?}")),
        "leaving-site-alternative" => {
            ensure(notice.text.iter().any(|text| text.contains(&fact.value)), "its text does not contain it")
        }
        _ => unknown(fact),
    }
}

fn whole_notice(directory: &Directory, notice: &Notice, fact: &Fact) -> Check {
    same("title", Some(&notice.title), &fact.value)?;
    let index = directory.notices.iter().position(|other| other.id == notice.id).unwrap();
    same("target", Some(&target(directory, directory.id_of(Entry::Notice(index)))), &format!("notice:{}", fact.id))?;
    let ten = fact.note.starts_with("Ten sections");
    ensure(notice.sections.len() == if ten { 10 } else { 0 }, format!("it has {} sections", notice.sections.len()))?;
    if ten { Ok(()) } else { provisions(&notice.text, &fact.provisions) }
}

pub(super) fn section(directory: &Directory, fact: &Fact) -> Check {
    let section = section_of(directory, &fact.section)?;
    same("title", Some(&section.title), &fact.value)?;
    provisions(&section.text, &fact.provisions)
}

/// The section with a path such as `Important > No Medical Advice.`.
fn section_of<'d>(directory: &'d Directory, path: &str) -> Result<&'d NoticeSection, String> {
    let (notice, title) = path.split_once(" > ").ok_or("its path has no section")?;
    let mut sections = notice_of(directory, notice)?.sections.iter();
    sections.find(|section| *section.title == *title).ok_or_else(|| format!("no section has the title {title}"))
}

/// Checks that there is one paragraph per provision, in order and with the same meaning. The wording may differ, but a
/// paragraph must share half of the provision's longer words, and both or neither must contain a negation.
fn provisions(text: &[Box<str>], provisions: &[String]) -> Check {
    let (actual, expected) = (text.len(), provisions.len());
    ensure(actual == expected, format!("{actual} paragraphs for {expected} provisions"))?;
    for (paragraph, provision) in text.iter().zip(provisions) {
        let (actual, expected) = (stems(paragraph), stems(provision));
        let is_same_sense = is_negated(paragraph) == is_negated(provision);
        let matches = is_same_sense && expected.intersection(&actual).count() * 2 >= expected.len();
        ensure(matches, format!("{paragraph:?} does not restate {provision:?}"))?;
    }
    Ok(())
}

/// The first five letters of each longer word, so that limits and limitations are the same.
fn stems(text: &str) -> HashSet<String> {
    words(text).into_iter().filter(|word| word.len() > 3).map(|word| word.chars().take(5).collect()).collect()
}

/// Whether a text outside parentheses contains a negation.
fn is_negated(text: &str) -> bool {
    let plain: String = text.split('(').map(|part| part.rsplit(')').next().unwrap_or_default()).collect();
    ["not", "neither", "nor", "no"].iter().any(|word| words(&plain).contains(*word))
}

/// Checks that the section cites a statute. The number must not be the start of a longer one.
pub(super) fn statute(directory: &Directory, fact: &Fact) -> Check {
    let section = section_of(directory, &fact.section)?;
    let cited = section.text.iter().any(|paragraph| {
        let mut after = paragraph.match_indices(&fact.value).map(|(at, _)| &paragraph[at + fact.value.len()..]);
        after.any(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    ensure(cited, "its section does not cite it")
}
