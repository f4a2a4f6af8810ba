//! Open Referral's Human Services Data Specification, version 3, as JSON: organizations and services, each with what
//! belongs to it nested in it.

use std::collections::HashSet;

use jiff::civil::Date;
use serde_json::Value;

use super::columns::kind;
use super::draft::{Draft, Origin, Record};
use super::json_value::{list, text};
use super::row::field_of;
use super::schedule::hours;
use crate::directory::ChannelKind;

/// The fields that are about the data and not about the service, or that are read beside others.
const BOOKKEEPING: [&str; 10] = [
    "id",
    "metadata",
    "last_modified",
    "organization_id",
    "program_id",
    "location_id",
    "service_id",
    "parent_organization_id",
    "organization",
    "services",
];

/// The texts that become notes, each with what stands before it.
const NOTES: [(&str, &str); 8] = [
    ("description", ""),
    ("interpretation_services", "Interpretation: "),
    ("application_process", "How to apply: "),
    ("fees_description", "Fees: "),
    ("fees", "Fees: "),
    ("eligibility_description", "Eligibility: "),
    ("accreditations", "Accreditations: "),
    ("licenses", "Licenses: "),
];

/// Reads a document into a draft: an organization, a service, or a list of them. Returns how many there are.
pub(super) fn read(file: &str, root: &Value, today: Date, draft: &mut Draft) -> usize {
    let mut reader = Reader { file, today, draft, known: HashSet::new(), organisations: Vec::new(), count: 0 };
    reader.items(root);
    if let ([only], true) = (&reader.organisations[..], reader.draft.head.fields.is_empty()) {
        reader.draft.head.set("organisation", only);
    }
    reader.count
}

struct Reader<'d> {
    file: &'d str,
    today: Date,
    draft: &'d mut Draft,
    /// The ids of organizations and services that are read.
    known: HashSet<String>,
    /// The names of the organizations.
    organisations: Vec<String>,
    count: usize,
}

impl Reader<'_> {
    fn items(&mut self, root: &Value) {
        if let Value::Array(items) = root {
            return items.iter().for_each(|item| self.items(item));
        }
        let lists = ["contents", "organizations", "services"].map(|name| list(root, name));
        if text(root, "name").is_none() && lists.iter().any(|items| !items.is_empty()) {
            let [contents, organizations, services] = lists;
            contents.iter().for_each(|item| self.items(item));
            organizations.iter().for_each(|item| self.organization(item));
            services.iter().for_each(|item| self.service(item, None));
            return;
        }
        let is_service =
            ["organization", "organization_id", "schedules", "service_at_locations", "application_process"]
                .iter()
                .any(|field| root.get(field).is_some());
        if is_service && root.get("services").is_none() { self.service(root, None) } else { self.organization(root) }
    }

    /// Adds an organization and its services.
    fn organization(&mut self, item: &Value) {
        let name = text(item, "name");
        if self.is_new(item, "organization") {
            self.organisations.extend(name.clone());
            self.entry(item, name.as_deref().unwrap_or(self.file));
        }
        list(item, "services").iter().for_each(|service| self.service(service, name.as_deref()));
    }

    /// Adds a service, and the organization that it belongs to.
    fn service(&mut self, item: &Value, organization: Option<&str>) {
        let above = item.get("organization").filter(|above| above.get("name").is_some());
        if let Some(above) = above {
            self.organization(above);
        }
        if self.is_new(item, "service") {
            let name = organization.map(str::to_owned).or_else(|| text(above?, "name"));
            self.entry(item, name.as_deref().unwrap_or(self.file));
        }
    }

    fn is_new(&mut self, item: &Value, what: &str) -> bool {
        text(item, "id").is_none_or(|id| self.known.insert(format!("{what} {id}")))
    }

    fn entry(&mut self, item: &Value, source: &str) {
        let origin = Origin { file: self.file.to_owned(), line: None };
        let Some(name) = text(item, "name") else {
            let what = format!("record {}", text(item, "id").unwrap_or_default());
            return self.draft.head.omit(&what, "it has no name");
        };
        self.count += 1;
        let id = self.draft.id(&name);
        let mut contact = Record::new(&origin).with("id", &id).with("name", &name).with("source", source);
        let schedules: Vec<&Value> = list(item, "schedules").iter().collect();
        set_hours(&mut contact, &schedules, self.today);
        for (field, value) in item.as_object().into_iter().flatten() {
            self.field(&mut contact, field, value, item);
        }
        self.draft.contacts.push(contact);
    }

    fn field(&mut self, contact: &mut Record, field: &str, value: &Value, item: &Value) {
        let own = text(item, field).unwrap_or_default();
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        if let Some((_, before)) = NOTES.iter().find(|(name, _)| *name == field) {
            let lines = own.lines().map(str::trim).filter(|line| !line.is_empty());
            return lines.for_each(|line| contact.push("notes", &format!("{before}{line}")));
        }
        match field {
            "name" | "schedules" => {}
            _ if BOOKKEEPING.contains(&field) => {}
            "status" if own == "active" => {}
            "status" => contact.push("notes", &format!("Status: {own}")),
            "alternate_name" => contact.push("aliases", &own),
            "email" => contact.push_channel(Record::new(&contact.origin).with("email", &own)),
            "url" | "website" => contact.push_channel(Record::new(&contact.origin).with("web", &own)),
            "wait_time" => contact.set("wait", &own),
            "assured_date" => contact.set("checked", &own),
            "assurer_email" => contact.set("checked_by", &own),
            "alert" if !own.is_empty() => {
                let alert = Record::new(&contact.origin).with("text", &own);
                contact.fields.push(("alert", super::draft::Value::Record(alert)));
            }
            "phones" => items.iter().for_each(|phone| add_phone(contact, phone, "", None)),
            "contacts" => items.iter().for_each(|person| add_person(contact, person)),
            "languages" => items.iter().for_each(|language| push_named(contact, "languages", language, "code")),
            "required_documents" => items.iter().for_each(|one| push_named(contact, "have_ready", one, "document")),
            "service_areas" => items.iter().for_each(|area| push_named(contact, "region", area, "description")),
            "service_at_locations" => {
                for place in items {
                    let location = place.get("location").unwrap_or(place);
                    self.location(contact, location, &[list(place, "schedules"), list(location, "schedules")].concat());
                    list(place, "phones").iter().for_each(|phone| add_phone(contact, phone, "", None));
                }
            }
            "locations" => items.iter().for_each(|place| self.location(contact, place, list(place, "schedules"))),
            "additional_urls" | "additional_websites" => items.iter().for_each(|page| {
                let label = text(page, "label").unwrap_or_default();
                let url = text(page, "url").unwrap_or_default();
                contact.push_channel(Record::new(&contact.origin).with("web", &url).with("label", &label));
            }),
            "attributes" => items.iter().for_each(|attribute| {
                let term = attribute.get("taxonomy_term").and_then(|term| text(term, "name"));
                contact.push("services", &term.unwrap_or_default());
            }),
            _ if own.is_empty() && value.as_object().is_none_or(serde_json::Map::is_empty) && items.is_empty() => {}
            _ => {
                let shown = if own.is_empty() { value.to_string() } else { own };
                contact.omit(&format!("{field}: {shown}"), "the field is not understood");
            }
        }
    }

    /// Adds the addresses and numbers of a place, with its own hours.
    fn location(&mut self, contact: &mut Record, location: &Value, schedules: &[Value]) {
        let (own, left_out) = hours(&schedules.iter().collect::<Vec<_>>(), self.today);
        left_out.iter().for_each(|(what, why)| contact.omit(what, why));
        let own = own.filter(|own| contact.text("hours") != Some(own));
        let name = text(location, "name").unwrap_or_default();
        for address in list(location, "addresses") {
            let kind = match text(address, "address_type").as_deref() {
                None | Some("physical") => ChannelKind::Visit,
                Some("postal") => ChannelKind::Post,
                Some(other) => {
                    contact
                        .omit(&format!("address: {}", written(address)), &format!("the type `{other}` is not known"));
                    continue;
                }
            };
            let place = Record::new(&contact.origin).with(field_of(kind), &written(address)).with("label", &name);
            contact.push_channel(place.with("hours", own.as_deref().unwrap_or_default()));
        }
        list(location, "phones").iter().for_each(|phone| add_phone(contact, phone, &name, own.as_deref()));
        list(location, "languages").iter().for_each(|language| push_named(contact, "languages", language, "code"));
        for access in list(location, "accessibility") {
            contact.push("notes", &text(access, "description").unwrap_or_default());
        }
        let has_channel = !list(location, "addresses").is_empty() || !list(location, "phones").is_empty();
        match own {
            Some(own) if !has_channel => contact.set("hours", &own),
            _ => {}
        }
    }
}

fn set_hours(contact: &mut Record, schedules: &[&Value], today: Date) {
    let (own, left_out) = hours(schedules, today);
    contact.set("hours", &own.unwrap_or_default());
    left_out.iter().for_each(|(what, why)| contact.omit(what, why));
    // A name of a zone is one; an offset is none.
    if let Some(zone) = schedules.iter().find_map(|schedule| text(schedule, "timezone")) {
        contact.set("zone", &zone);
    }
    for schedule in schedules {
        let words = text(schedule, "description").into_iter().chain(text(schedule, "notes"));
        words.for_each(|words| contact.push("notes", &words));
    }
}

/// Adds a number. `label` says whose it is where it has no description.
fn add_phone(contact: &mut Record, phone: &Value, label: &str, hours: Option<&str>) {
    let Some(number) = text(phone, "number") else { return };
    let extension = text(phone, "extension").map_or_else(String::new, |extension| format!(" x{extension}"));
    let number = number + &extension;
    let kind = match text(phone, "type").map(|name| name.to_ascii_lowercase()).as_deref() {
        None | Some("voice" | "cell") => Some(ChannelKind::Phone),
        Some("textphone") => Some(ChannelKind::Tty),
        Some("video") => None,
        Some(other) => kind(other),
    };
    let Some(kind) = kind else {
        let name = text(phone, "type").unwrap_or_default();
        return contact.omit(&format!("phone: {number}"), &format!("the type `{name}` is not known"));
    };
    let languages = list(phone, "languages").iter().filter_map(|one| text(one, "name").or_else(|| text(one, "code")));
    let languages = languages.collect::<Vec<_>>().join(", ");
    let described = text(phone, "description").unwrap_or_else(|| label.to_owned());
    let channel = Record::new(&contact.origin).with(field_of(kind), &number).with("label", &described);
    contact.push_channel(channel.with("note", &languages).with("hours", hours.unwrap_or_default()));
}

/// Adds the numbers and the address of a person, who is named in their labels.
fn add_person(contact: &mut Record, person: &Value) {
    let names = ["name", "title", "department"].into_iter().filter_map(|field| text(person, field));
    let label = names.collect::<Vec<_>>().join(", ");
    let email = text(person, "email");
    if let Some(email) = &email {
        contact.push_channel(Record::new(&contact.origin).with("email", email).with("label", &label));
    }
    list(person, "phones").iter().for_each(|phone| add_phone(contact, phone, &label, None));
    if email.is_none() && list(person, "phones").is_empty() {
        contact.push("notes", &label);
    }
}

/// Adds the name of a record to a list, or its other field if it has no name.
fn push_named(contact: &mut Record, list: &'static str, record: &Value, other: &str) {
    let name = text(record, "name").or_else(|| text(record, other)).or_else(|| record.as_str().map(str::to_owned));
    contact.push(list, &name.unwrap_or_default());
}

/// An address in one line.
fn written(address: &Value) -> String {
    let parts = ["attention", "address_1", "address_2", "city", "region", "state_province", "postal_code", "country"];
    let parts = parts.into_iter().filter_map(|field| text(address, field));
    parts.collect::<Vec<_>>().join(", ")
}
