//! Open Referral documents in the forms that its specification publishes, with invented facts.

use serde_json::{Value, json};

use super::*;

fn service() -> Value {
    json!({
        "id": "s1",
        "name": "Community counselling",
        "alternate_name": "Talk to us",
        "description": "Counselling without an appointment.",
        "url": "counselling.example/help",
        "email": "help@counselling.example",
        "status": "active",
        "eligibility_description": "Adults",
        "assured_date": "2026-10-01",
        "organization": {"id": "o1", "name": "Hope Aid", "website": "https://hope.example", "phones": [
            {"id": "p0", "number": "312-555-0140", "type": "voice"}
        ]},
        "phones": [
            {"id": "p1", "number": "(312) 555-0142", "extension": 123, "type": "voice", "description": "Front desk",
             "languages": [{"name": "Spanish", "code": "es"}]},
            {"id": "p2", "number": "312 555 0143", "type": "fax"},
            {"id": "p3", "number": "312 555 0144", "type": "textphone"},
            {"id": "p4", "number": "312 555 0145", "type": "pager"}
        ],
        "schedules": [
            {"id": "h1", "freq": "WEEKLY", "interval": 1, "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00",
             "closes_at": "17:00", "valid_from": "2024-01-01", "notes": "Closed in August."},
            {"id": "h2", "freq": "MONTHLY", "byday": "1SA", "opens_at": "10:00", "closes_at": "12:00"}
        ],
        "languages": [{"name": "English", "code": "en"}, {"code": "fr"}],
        "required_documents": [{"document": "Photo ID"}],
        "service_areas": [{"name": "Cook County"}],
        "contacts": [{"name": "Ada Byron", "title": "Intake", "email": "ada@counselling.example", "phones": []}],
        "service_at_locations": [{"id": "sl1", "location": {"id": "l1", "name": "Main office", "addresses": [
            {"address_1": "1 Main St", "city": "Springfield", "state_province": "IL", "postal_code": "62701",
             "country": "US", "address_type": "physical"},
            {"address_1": "PO Box 1", "city": "Springfield", "address_type": "postal"}
        ]}}],
        "capacities": [{"available": 3}],
        "metadata": []
    })
}

/// What the service says in every form of the specification.
const SERVICE: &str = "Community counselling; Web counselling.example/help; Email help@counselling.example; \
    Phone (312) 555-0142 x123 (Front desk); Fax 312 555 0143; TTY 312 555 0144; \
    Email ada@counselling.example (Ada Byron, Intake); Visit 1 Main St, Springfield, IL, 62701, US (Main office); \
    Post PO Box 1, Springfield (Main office)";

fn sorted(line: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = line.split("; ").collect();
    parts.sort_unstable();
    parts
}

#[test]
fn a_service_with_everything_that_belongs_to_it() {
    let imported = imported("service.json", service().to_string());
    let directory = directory(&imported);
    let found = contacts(&directory);
    assert_eq!(sorted(&found[0]), sorted("Hope Aid; Web https://hope.example; Phone 312-555-0140"));
    assert_eq!(sorted(&found[1]), sorted(SERVICE));
    assert_eq!((&*directory.organisation, &*directory.contacts[1].source), ("Hope Aid", "Hope Aid"));
    for expected in [
        "hours: \"Mo-Fr 09:00-17:00\"",
        "languages: [\"English\", \"fr\"]",
        "aliases: [\"Talk to us\"]",
        "have_ready: [\"Photo ID\"]",
        "region: [\"Cook County\"]",
        "note: \"Spanish\"",
        "checked: \"2026-10-01\"",
        "\"Eligibility: Adults\"",
        "\"Closed in August.\"",
    ] {
        assert!(imported.ron.contains(expected), "{expected}\n{}", imported.ron);
    }
    let mut sorted = imported.clone();
    sorted.summary.left_out.sort_by(|a, b| a.what.cmp(&b.what));
    assert_left_out(
        &sorted,
        &[
            &["Community counselling: capacities", "not understood"],
            &["Community counselling: phone: 312 555 0145", "the type `pager` is not known"],
            &["Community counselling: schedule: freq MONTHLY, byday 1SA", "not every week"],
        ],
    );
}

#[test]
fn a_page_of_services_and_an_organization_with_its_services() {
    let plain = |mut service: Value| {
        service.as_object_mut().unwrap().remove("organization");
        service
    };
    let page = json!({"total_items": 1, "contents": [service()]});
    let organization = json!({"id": "o1", "name": "Hope Aid", "website": "https://hope.example",
        "phones": [{"number": "312-555-0140"}], "services": [plain(service())]});
    let list = json!([organization, {"id": "o2", "name": "Other Aid", "email": "other@aid.example"}]);
    let expected = sorted(SERVICE);
    for document in [page, organization, list] {
        let imported = imported("aid.json", document.to_string());
        let found = contacts(&directory(&imported));
        assert_eq!(sorted(&found[0]), sorted("Hope Aid; Web https://hope.example; Phone 312-555-0140"));
        assert_eq!(sorted(&found[1]), expected);
    }
}

#[test]
fn a_tabular_data_package() {
    let table = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let input = Input {
        name: "aid".to_owned(),
        bytes: b"{}".to_vec(),
        tables: vec![
            table("organizations", "id,name,website\no1,Hope Aid,https://hope.example\n"),
            table("services", "id,organization_id,name,email\ns1,o1,Counselling,help@hope.example\ns2,o9,Loans,\n"),
            table("locations", "id,name\nl1,Main office\n"),
            table("service_at_location", "id,service_id,location_id\nx,s1,l1\n"),
            table(
                "phones",
                "id,service_id,organization_id,location_id,number,extension,type\n\
                 p1,s1,,,312-555-0142,5,voice\np2,,o1,,312-555-0143,,fax\np3,,,l1,312-555-0144,,\np4,s9,,,312-555-0145,,\n",
            ),
            table("schedules", "id,service_id,freq,byday,opens_at,closes_at\nh,s1,WEEKLY,\"MO,TU\",09:00,12:00\n"),
            table("languages", "id,service_id,phone_id,name\na,s1,,English\nb,,p1,Spanish\n"),
            table("addresses", "id,location_id,address_1,city,address_type\na,l1,1 Main St,Springfield,physical\n"),
            table("attributes", "id,link_id\n"),
        ],
    };
    let imported = import(&[input], &options()).unwrap();
    check(&imported);
    assert_eq!(
        contacts(&directory(&imported)).iter().map(|line| sorted(line)).collect::<Vec<_>>(),
        [
            sorted("Hope Aid; Web https://hope.example; Fax 312-555-0143"),
            sorted(
                "Counselling; Email help@hope.example; Phone 312-555-0142 x5; Visit 1 Main St, Springfield (Main office); \
                 Phone 312-555-0144 (Main office)"
            ),
            sorted("Loans"),
        ]
    );
    assert!(imported.ron.contains("hours: \"Mo,Tu 09:00-12:00\"") && imported.ron.contains("note: \"Spanish\""));
    assert_left_out(&imported, &[&["table phone", "belong to no other record"]]);
}
