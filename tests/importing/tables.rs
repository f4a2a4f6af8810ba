//! Tables as spreadsheet programs and address books write them.

use super::*;

/// The columns as they were understood: `Telefon=phone`.
fn columns(imported: &Imported) -> Vec<String> {
    let columns = &imported.summary.files[0].columns;
    columns.iter().map(|column| format!("{}={}", column.name, column.field.as_deref().unwrap_or("?"))).collect()
}

fn utf_16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// As Excel saves it in Germany: semicolons and Windows-1252.
#[test]
fn a_table_of_excel_in_windows_1252_with_semicolons() {
    let table = "Name;Telefon;Fax;E-Mail;Sprechzeiten;Sprache\r\n\
                 Bürgerbüro;030 901820;;buero@stadt.example;Mo-Fr 08:00-16:00;Deutsch, Englisch\r\n\
                 \"Amt für \"\"Bau\"\"\";+49 30 9018300;030 9018301;;;\r\n";
    let bytes: Vec<u8> = table.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let options = Options { fields: vec![("region".to_owned(), "DE".to_owned())], ..options() };
    let imported = import_with("amt.csv", &bytes, &options).unwrap();
    assert_eq!(
        contacts(&directory(&imported)),
        [
            "Bürgerbüro; Phone 030 901820; Email buero@stadt.example",
            "Amt für \"Bau\"; Phone +49 30 9018300; Fax 030 9018301",
        ]
    );
    let file = &imported.summary.files[0];
    assert_eq!((file.encoding, file.delimiter), ("windows-1252", Some(';')));
    assert_eq!(
        columns(&imported),
        ["Name=name", "Telefon=phone", "Fax=fax", "E-Mail=email", "Sprechzeiten=hours", "Sprache=languages"]
    );
    assert_left_out(&imported, &[]);
    assert!(
        imported.ron.contains("hours: \"Mo-Fr 08:00-16:00\"") && imported.ron.contains("[\"Deutsch\", \"Englisch\"]")
    );
}

/// As Excel saves "Unicode text": UTF-16 with tabs; and with its line that names the separator.
#[test]
fn a_table_in_utf_16_with_tabs_and_one_that_names_its_separator() {
    let table = utf_16("Team\tPhone\r\nCafé\t(312) 555-0142\r\n");
    let imported = imported("teams.txt", table);
    assert_eq!(contacts(&directory(&imported)), ["Café; Phone (312) 555-0142"]);
    assert_eq!(imported.summary.files[0].encoding, "UTF-16LE");
    let imported = super::imported("teams.csv", "sep=|\r\nTeam|Phone\r\nCafé|(312) 555-0142\r\n");
    assert_eq!(contacts(&directory(&imported)), ["Café; Phone (312) 555-0142"]);
}

/// As LibreOffice saves it: UTF-8 with a byte order mark, all texts in quotes, lines in a cell.
#[test]
fn a_table_of_libreoffice_with_lines_in_a_cell() {
    let table = "\u{feff}\"Name\",\"Phone\",\"Address\",\"Notes\"\n\
                 \"Claims\",\"312-555-0142\n312-555-0143\",\"1 Main St\nSpringfield\",\"First line\nSecond line\"\n";
    let imported = imported("claims.csv", table);
    let directory = directory(&imported);
    assert_eq!(contacts(&directory), ["Claims; Phone 312-555-0142; Phone 312-555-0143; Post 1 Main St, Springfield"]);
    assert_eq!(directory.contacts[0].details.notes, ["First line".into(), "Second line".into()]);
    assert_left_out(&imported, &[]);
}

/// As Google Contacts exports it: the label of a number stands before it, and says that one is a fax.
#[test]
fn a_table_of_google_contacts() {
    let table = "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,\
                 Phone 2 - Label,Phone 2 - Value,Photo\n\
                 Ada,Byron,Members ::: * myContacts,Work,ada@acme.example,Work,312-555-0142 ::: 312-555-0143,Work Fax,\
                 312-555-0144,\n";
    let imported = imported("contacts.csv", table);
    let directory = directory(&imported);
    assert_eq!(
        contacts(&directory),
        ["Ada Byron; Email ada@acme.example (Work); Phone 312-555-0142 (Work); Phone 312-555-0143 (Work); \
          Fax 312-555-0144 (Work Fax)"]
    );
    assert_eq!(directory.audiences.iter().map(|audience| &*audience.name).collect::<Vec<_>>(), ["Members"]);
    assert_left_out(&imported, &[]);
}

#[test]
fn rows_with_one_name_are_one_contact_whose_hours_are_those_of_its_channels() {
    let table = "department,kind,number,label,hours,audience\n\
                 Billing,phone,312-555-0142,Main,Mo-Fr 09:00-17:00,Members\n\
                 Billing,fax,312-555-0143,,,Members\n\
                 Billing,pager,312-555-0144,,,Members\n\
                 Billing,phone,312-555-0145,,,Brokers\n";
    let imported = imported("teams.csv", table);
    assert_eq!(
        contacts(&directory(&imported)),
        ["Billing; Phone 312-555-0142 (Main); Fax 312-555-0143", "Billing; Phone 312-555-0145"]
    );
    assert!(imported.ron.contains("(phone: \"312-555-0142\", label: \"Main\", hours: \"Mo-Fr 09:00-17:00\")"));
    assert!(imported.ron.contains("id: \"billing-2\""));
    assert_left_out(&imported, &[&["Billing", "312-555-0144", "the kind `pager` is not known"]]);
}

#[test]
fn a_map_says_what_a_column_holds_and_is_checked() {
    let table = "Name,Line 2,Colour\nClaims,312-555-0142,red\n";
    let imported = imported("claims.csv", table);
    assert_eq!(columns(&imported), ["Name=name", "Line 2=?", "Colour=?"]);
    let map = |name: &str, field: &str| (name.to_owned(), field.to_owned());
    let mapped = |maps: &[(String, String)]| {
        import_with("claims.csv", table.as_bytes(), &Options { maps: maps.to_vec(), ..options() })
    };
    let imported = mapped(&[map("Line 2", "fax"), map("Colour", "ignore")]).unwrap();
    assert_eq!(contacts(&directory(&imported)), ["Claims; Fax 312-555-0142"]);
    assert_left_out(&imported, &[]);
    let error = mapped(&[map("Line 3", "fax")]).unwrap_err().to_string();
    assert_eq!(error, "no table has a column \"Line 3\"");
    let error = mapped(&[map("Line 2", "colour")]).unwrap_err().to_string();
    assert!(error.starts_with("there is no field \"colour\"; use one of name, id, source, hours, "), "{error}");
}

/// Nothing is guessed: what the loader refuses, and what no column is for, is said and left out.
#[test]
fn what_is_not_understood_is_said_beside_its_entry() {
    let table = "Name,Phone,Ext,Email,Hours,Floor,\n\
                 Claims,555-0142,,claims at acme,9-5,2,aside\n\
                 ,312-555-0143,,,,,\n\
                 Desk,312-555-0144,12,desk@acme.example,Mo-Fr 09:00-17:00,,\n\
                 Moved,312-555-0145,,a@acme.example,Mo-Fr 09:00-17:00,2,,one too many\n";
    let imported = imported("claims.csv", table);
    assert_eq!(contacts(&directory(&imported)), ["Claims", "Desk; Phone 312-555-0144 x12; Email desk@acme.example"]);
    let mut found = imported.clone();
    found.summary.left_out.sort_by(|a, b| (a.line, &a.what).cmp(&(b.line, &b.what)));
    assert_left_out(
        &found,
        &[
            &["Claims: Floor: 2", "the column is not understood"],
            &["Claims: column 7: aside", "the column has no name"],
            &["Claims: email: claims at acme", "has no @"],
            &["Claims: hours: 9-5", "did you mean"],
            &["Claims: phone: 555-0142", "ten digits"],
            &["phone: 312-555-0143", "the row has no name"],
            &["Moved | 312-555-0145", "more cells than the header"],
        ],
    );
    assert_eq!(
        found.summary.left_out.iter().map(|left| left.line).collect::<Vec<_>>(),
        [2, 2, 2, 2, 2, 3, 5].map(Some)
    );
    let with_breaks = super::imported("claims.csv", table.replace('\n', "\r\n"));
    let lines = |imported: &Imported| imported.summary.left_out.iter().map(|left| left.line).collect::<Vec<_>>();
    assert_eq!(lines(&with_breaks), lines(&imported));
}

#[test]
fn several_files_become_one_directory() {
    let file = |name: &str, text: &str| Input { name: name.to_owned(), bytes: text.into(), ..Input::default() };
    let inputs = [
        file("a.csv", "name,phone,audience\nDesk,312-555-0142,Members\n"),
        file("b.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Desk\nTEL:312-555-0143\nCATEGORIES:Members\nEND:VCARD\n"),
    ];
    let imported = import(&inputs, &options()).unwrap();
    let directory = directory(&imported);
    assert_eq!(contacts(&directory), ["Desk; Phone 312-555-0142", "Desk; Phone 312-555-0143"]);
    assert_eq!((directory.audiences.len(), &*directory.source), (1, "a.csv, b.vcf"));
}

/// A country that does not exist would have numbers read as those of another one.
#[test]
fn the_fields_of_the_directory_can_be_set_but_not_to_anything() {
    let table = b"name,phone,hours\nDesk,020 7946 0958,Mo-Fr 09:00-17:00; PH off\n";
    let set = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        import_with("desk.csv", table, &Options { fields, ..options() })
    };
    let imported =
        set(&[("region", "GB"), ("holidays", "GB"), ("zone", "Europe/London"), ("organisation", "Desks Ltd")]).unwrap();
    let found = directory(&imported);
    assert_eq!((contacts(&found).join("; "), &*found.name), ("Desk; Phone 020 7946 0958".to_owned(), "Desks Ltd"));
    assert_eq!((imported.summary.to_do.len(), left_out(&imported).len()), (0, 0));
    for (field, value, expected) in [
        ("region", "UK", "region: UK"),
        ("zone", "Mars", "zone: Mars: `Mars` is not a time zone"),
        ("contacts", "[]", "there is no field \"contacts\"; use one of id, name, organisation, "),
    ] {
        let error = set(&[(field, value)]).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let imported = set(&[("region", "GB")]).unwrap();
    assert_left_out(&imported, &[&["Desk: hours: Mo-Fr 09:00-17:00; PH off", "no `holidays`"]]);
}

/// What the input does not say is asked only where it matters.
#[test]
fn the_country_and_the_zone_are_asked_for_where_numbers_and_hours_need_them() {
    for (table, expected) in [
        ("name,phone\nDesk,+1 312-555-0142\n", &["organisation"][..]),
        ("name,phone\nDesk,312-555-0142\n", &["organisation", "United States"]),
        ("name,phone,hours\nDesk,+1 312-555-0142,Mo-Fr 09:00-17:00\n", &["organisation", "time zone"]),
    ] {
        let to_do = imported("desk.csv", table).summary.to_do;
        let fits = to_do.iter().zip(expected).all(|(line, word)| line.contains(word));
        assert!(to_do.len() == expected.len() && fits, "{to_do:?}");
    }
}
