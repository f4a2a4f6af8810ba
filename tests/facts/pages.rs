//! Log-in pages, sites, notices and statutes.

use super::*;

/// The log-in page that each fact belongs to, by the start of the fact's id.
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
    let (answer, contact) = login(directory, fact)?;
    audience(directory, contact, fact)?;
    ensure(matches!(contact.channels[..], [_]), "it has not one channel")?;
    if fact.value == fact.section {
        return ensure(target(directory, answer).is_empty(), "it has an address, but none is printed");
    }
    same("address", contact.channels[0].endpoint.printed(), &fact.value)?;
    same("target", Some(&target(directory, answer)), &target_of(fact))
}

fn account_choice(directory: &Directory, id: &str, fact: &Fact) -> Check {
    let account = directory.accounts.iter().find(|account| *account.id == *id).ok_or("there is no such account")?;
    same("role", Some(&account.name.to_lowercase()), &fact.audience)?;
    same("choice", account.choice.as_deref(), &fact.value)
}

/// The log-in page of a fact, whose section and type of account fit.
fn login<'d>(directory: &'d Directory, fact: &Fact) -> Result<(EntryId, &'d Contact), String> {
    let known = LOGINS.iter().find(|(start, _)| fact.id.starts_with(start));
    let name = known.map(|(_, name)| *name).ok_or_else(|| unknown(fact).unwrap_err())?;
    let mut contacts = directory.contacts.iter().enumerate();
    let (place, contact) =
        contacts.find(|(_, contact)| *contact.name == *name).ok_or(format!("no contact is {name}"))?;
    same("section", Some(&contact.source), &fact.section)?;
    let account = contact.account.map(|place| &*directory.accounts[place].name).unwrap_or_default();
    ensure(fact.section.starts_with(&format!("Log In: {account}")), format!("it is a log-in of {account:?}"))?;
    Ok((directory.id_of(Entry::Contact(place)), contact))
}

pub(super) fn portal_note(directory: &Directory, fact: &Fact) -> Check {
    let (answer, contact) = login(directory, fact)?;
    audience(directory, contact, fact)?;
    let wanted: Vec<&str> = match fact.value.as_str() {
        "Please enter your user name." => vec!["asks for a user name"],
        "Forgot your user name?" => vec!["forgot user name: link"],
        "Forgot your password?" => vec!["forgot password: link"],
        "Register now" => vec!["register now"],
        "Log in now" => vec!["log in now"],
        "your username is your email address" => vec!["your username is your email address"],
        "HNA; Allwell; Ambetter" => vec!["hna", "allwell", "ambetter", "email", "password"],
        other => return Err(format!("no check of a portal-note knows {other}")),
    };
    let mentions = |note: &str| wanted.iter().all(|words| note.to_lowercase().contains(words));
    ensure(contact.details.notes.iter().any(|note| mentions(note)), format!("no note of it mentions {wanted:?}"))?;
    let printed = !fact.note.starts_with("No address printed");
    ensure(printed || directory.page(answer).is_none(), "it has an address, but none is printed")
}

// The page, its links and notices.

pub(super) fn site(directory: &Directory, fact: &Fact) -> Check {
    match fact.id.as_str() {
        "page-title" => same("source", Some(&directory.source), &fact.value),
        "page-logo" => same("logo", Some(&format!("{} logo", directory.organisation)), &fact.value),
        "fraud-report-link" => {
            let mut channels = only(directory, &fact.section)?.channels.iter();
            let link =
                channels.find(|channel| matches!(channel.endpoint, Endpoint::Web(None))).ok_or("there is no link")?;
            same("link", link.label.as_deref(), &fact.value)
        }
        "leaving-site-destination" => destination(directory, fact),
        "closing-leaving" => closing(directory, fact),
        _ => unknown(fact),
    }
}

fn destination(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    let site = notice.site.as_ref().ok_or("its notice leads nowhere")?;
    same("site", Some(site.printed()), &fact.value)?;
    same("link", Some(&site.to_string()), &target_of(fact))?;
    same("notice before it", gate(directory, &fact.value).map(|notice| &*notice.id), "leaving-site")
}

fn closing(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    same("title", Some(&notice.title), &fact.section)?;
    ensure(notice.title.contains(&fact.value), "its title does not name the site that is left")?;
    ensure(notice.site.is_none(), "no destination is named, but the notice has one")?;
    ensure(gate(directory, &fact.value).is_none(), "it is shown before a page that does not leave the site")?;
    same("notice before other sites", gate(directory, "example.org").map(|notice| &*notice.title), &fact.section)
}

/// The notice before a host opens.
fn gate<'d>(directory: &'d Directory, host: &str) -> Option<&'d Notice> {
    directory.notice_before(&Host::parse(host).unwrap()).map(|place| &directory.notices[place])
}

fn notice_of<'d>(directory: &'d Directory, section: &str) -> Result<&'d Notice, String> {
    let mut notices = directory.notices.iter();
    notices.find(|notice| *notice.source == *section).ok_or_else(|| "no notice is of its section".to_owned())
}

pub(super) fn notice(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    let choices: Vec<&str> = notice.choices.iter().map(|choice| &**choice).collect();
    match fact.id.as_str() {
        "leaving-site" | "important" => whole_notice(directory, notice, fact),
        "leaving-site-continue" => {
            ensure(matches!(choices[..], [on, _] if on == fact.value), format!("its choices are {choices:?}"))
        }
        "leaving-site-cancel" => {
            ensure(matches!(choices[..], [_, stay] if stay == fact.value), format!("its choices are {choices:?}"))
        }
        "important-continue" => ensure(choices == [&fact.value], format!("its choices are {choices:?}")),
        "leaving-site-alternative" => {
            ensure(notice.text.iter().any(|text| text.contains(&fact.value)), "its text does not name it")
        }
        _ => unknown(fact),
    }
}

fn whole_notice(directory: &Directory, notice: &Notice, fact: &Fact) -> Check {
    same("title", Some(&notice.title), &fact.value)?;
    let place = directory.notices.iter().position(|other| other.id == notice.id).unwrap();
    same("target", Some(&target(directory, directory.id_of(Entry::Notice(place)))), &format!("notice:{}", fact.id))?;
    let ten = fact.note.starts_with("Ten sections");
    ensure(notice.sections.len() == if ten { 10 } else { 0 }, format!("it has {} sections", notice.sections.len()))?;
    if ten { Ok(()) } else { provisions(&notice.text, &fact.provisions) }
}

pub(super) fn section(directory: &Directory, fact: &Fact) -> Check {
    let section = section_of(directory, &fact.section)?;
    same("title", Some(&section.title), &fact.value)?;
    provisions(&section.text, &fact.provisions)
}

/// A section by `Notice > NoticeSection`.
fn section_of<'d>(directory: &'d Directory, path: &str) -> Result<&'d NoticeSection, String> {
    let (notice, title) = path.split_once(" > ").ok_or("it names no section")?;
    let mut sections = notice_of(directory, notice)?.sections.iter();
    sections.find(|section| *section.title == *title).ok_or_else(|| format!("no section has the title {title}"))
}

/// One paragraph for each provision, in the same order and about the same thing: some words are other ones, but at
/// least half of the longer ones come back, and so does a denial.
fn provisions(text: &[Box<str>], provisions: &[String]) -> Check {
    let (found, wanted) = (text.len(), provisions.len());
    ensure(found == wanted, format!("{found} paragraphs for {wanted} provisions"))?;
    for (paragraph, provision) in text.iter().zip(provisions) {
        let (restated, stems) = (stems(paragraph), stems(provision));
        let same_sense = denies(paragraph) == denies(provision);
        let fits = same_sense && stems.intersection(&restated).count() * 2 >= stems.len();
        ensure(fits, format!("{paragraph:?} does not say that {provision:?}"))?;
    }
    Ok(())
}

/// `limit` for limits and limitations.
fn stems(text: &str) -> HashSet<String> {
    words(text).into_iter().filter(|word| word.len() > 3).map(|word| word.chars().take(5).collect()).collect()
}

/// Whether a text denies something, remarks in parentheses aside.
fn denies(text: &str) -> bool {
    let plain: String = text.split('(').map(|part| part.rsplit(')').next().unwrap_or_default()).collect();
    ["not", "neither", "nor", "no"].iter().any(|word| words(&plain).contains(*word))
}

/// One statute's number may start another's, so that what follows counts.
pub(super) fn statute(directory: &Directory, fact: &Fact) -> Check {
    let section = section_of(directory, &fact.section)?;
    let cited = section.text.iter().any(|paragraph| {
        let mut after = paragraph.match_indices(&fact.value).map(|(at, _)| &paragraph[at + fact.value.len()..]);
        after.any(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    ensure(cited, "its section does not cite it")
}

// The other way round.
