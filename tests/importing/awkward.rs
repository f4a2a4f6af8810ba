//! Inputs that are damaged or hostile: an error that says so, or a directory that loads.

use dialtree::import::Format;
use proptest::prelude::*;

use super::*;

const FORMATS: [Format; 4] = [Format::Csv, Format::Vcard, Format::Hsds, Format::Json];

#[test]
fn what_is_no_input_is_refused_with_a_reason() {
    for (name, bytes, expected) in [
        (
            "empty.csv",
            &b""[..],
            "empty.csv: the format is not recognised; name it with --from csv, vcard, hsds or json",
        ),
        (
            "header.csv",
            b"name,phone\n",
            "header.csv: no contact with a name was found; the first row of a table names its columns",
        ),
        ("program", b"\x7fELF\0\0\0", "program: this is not a text file; import a table, vCards or JSON"),
        (
            "x",
            b"Dear all, the number is 5.",
            "x: the format is not recognised; name it with --from csv, vcard, hsds or json",
        ),
        ("page.json", b"{\"a\": ", "page.json: not valid JSON: EOF while parsing a value at line 1 column 6"),
        (
            "none.vcf",
            b"BEGIN:VCARD\nEND:VCARD\n",
            "none.vcf: no contact with a name was found; the first row of a table names its columns",
        ),
        (
            "many.json",
            b"{\"schema\":2,\"directories\":[{},{}],\"answers\":[],\"notices\":[]}",
            "many.json: this export holds 2 directories; export each by itself with --directory",
        ),
    ] {
        assert_eq!(import_with(name, bytes, &options()).unwrap_err().to_string(), expected);
    }
    let own = Options { format: Some(Format::Json), ..options() };
    let error = import_with("service.json", b"{\"name\": \"Aid\"}", &own).unwrap_err();
    assert!(error.to_string().contains("--from hsds"), "{error}");
}

#[test]
fn ten_megabytes_of_commas_are_no_contact() {
    let rows = [",".repeat(10 << 20), format!("name,phone\n{}", ",".repeat(10 << 20)), ",,,,,,,\n".repeat(1 << 20)];
    for text in rows {
        for delimiter in [",", "\""] {
            let text = text.replace(',', delimiter);
            let error = import_with("commas.csv", text.as_bytes(), &options()).unwrap_err();
            assert!(matches!(error, ImportError::NoContact(_)), "{error}");
        }
    }
}

/// The loader stops at 10,000 problems of a file.
#[test]
fn any_number_of_values_can_be_refused() {
    let table = (0..25_000).fold("name,phone\n".to_owned(), |table, i| table + &format!("Desk {i},12{i}x\n"));
    let imported = imported("desks.csv", table);
    assert_eq!((imported.summary.contacts, imported.summary.left_out.len()), (25_000, 25_000));
}

#[test]
fn a_quote_that_is_not_closed_is_reported() {
    let imported = imported("quotes.csv", "name,phone\nDesk,312-555-0142\nClaims,\"312-555-0143\nLost,312-555-0144\n");
    let left = left_out(&imported);
    assert!(left.iter().any(|line| line.contains("a quotation mark is not closed")), "{left:#?}");
}

/// A name may hold anything: none of it ends a text or a comment, or reaches a terminal.
#[test]
fn texts_cannot_break_out() {
    let hostile = [
        "a\"), (id: \"x\", name: \"y\", source: \"z\"",
        "\\\", channels: [(phone: \"1-800-909-3447\")]",
        "*/ (phone: \"1-800-909-3447\") /*",
        "\u{1b}]0;title\u{7}\u{1b}[31m",
        "\u{202e}drowssap\u{2066}",
        "=cmd|'/c calc'!A1",
        "line\u{2028}separator\u{85}",
        "@NAME@ // \\u{1b} \\x1b",
    ];
    for name in hostile {
        let table = format!("name,phone,Odd\n\"{0}\",\"{0}\",\"{0}\"\n", name.replace('"', "\"\""));
        let found = imported("odd.csv", table);
        assert_eq!(contacts(&directory(&found)).len(), 1, "{name}");
        assert_eq!(directory(&found).contacts[0].channels.len(), 0, "{name}");
        assert_eq!(found.summary.left_out.len(), 2, "{:#?}", left_out(&found));
        let document = serde_json::json!({"name": name, "phones": [{"number": name, "type": name}], "odd": name});
        imported(&format!("{name}.json"), document.to_string());
        let template = dialtree::import::template(name, jiff::civil::date(2026, 11, 23));
        Directory::load("template", &template).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(!template.contains('\u{1b}') && !template.contains('\u{202e}'));
    }
}

/// Nor can what should be a number in our JSON.
#[test]
fn numbers_of_a_document_cannot_be_texts() {
    let hostile = "8), label: \"x\"), (press: \"1\", label: \"y\"";
    let step = |name: &str, value: serde_json::Value| serde_json::json!({"id": format!("a/{name}"), "title": "T", "option": {}, "steps": [{name: value}]});
    let line = serde_json::json!([{"kind": "phone", "value": "312-555-0142", "uri": "tel:+13125550142"}]);
    let document = serde_json::json!({"schema": 2, "notices": [], "answers": [{"id": "a", "title": "A", "source": "S",
        "channels": line, "options": [step("enter", serde_json::json!({"what": "ID", "digits": hostile})),
        step("wait", serde_json::json!(hostile))]}]});
    let imported = imported("export.json", document.to_string());
    assert_eq!(directory(&imported).contacts[0].options.len(), 2);
    assert!(!imported.ron.contains("press"), "{}", imported.ron);
}

/// Records without anything in them, and a head that no directory can have.
#[test]
fn empty_records_of_a_document_are_left_out() {
    let line =
        serde_json::json!([{"kind": "phone", "value": "312-555-0142", "uri": "tel:+13125550142"}, {"kind": "smoke"}]);
    let option = |id: &str| serde_json::json!({"id": id, "title": "T", "option": {}, "alert": {}});
    let document = serde_json::json!({"schema": 2, "notices": [{}], "directory": {"id": "A B", "transcribed": "today",
        "audiences": [{}], "accounts": [null], "closures": [{}]}, "answers": [{}, {"id": "a", "title": "A", "source": "S",
        "channels": line, "articles": [{}], "options": [option("a/enter"), option("a/wait"), option("a/wait")]}]});
    let imported = imported("export.json", document.to_string());
    assert_eq!(contacts(&directory(&imported)), ["A; Phone 312-555-0142"]);
    assert_eq!(directory(&imported).contacts[0].options.len(), 1);
    let found = left_out(&imported).join("\n");
    for expected in
        ["id: A B: an id has", "transcribed: today: not a date", "smoke: the kind is not known", "wait` twice"]
    {
        assert!(found.contains(expected), "{found}");
    }
}

/// A text that looks like a file of some format, with damage.
fn text() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "name",
        "phone",
        "Fax",
        ",",
        ";",
        "\t",
        "|",
        "\n",
        "\r\n",
        "\"",
        "\"\"",
        "BEGIN:VCARD\n",
        "VERSION:3.0\n",
        "END:VCARD\n",
        "FN:",
        "TEL;TYPE=",
        "TEL:",
        "item1.",
        "X-ABLabel:",
        "=\r\n",
        " ",
        "ENCODING=QUOTED-PRINTABLE:",
        "ENCODING=b:",
        "{",
        "}",
        "[",
        "]",
        "\"name\":",
        "\"phones\":",
        "\"number\":",
        "\"schedules\":",
        "\"byday\":",
        "\"MO\"",
        "\"schema\":2,",
        "\"answers\":",
        "\"id\":",
        "\"options\":",
        "\"option\":",
        "null",
        "312-555-0142",
        "a@b.example",
        "=",
        ":",
        "\\",
        "\u{1b}",
        "\u{202e}",
        "é",
        "\u{301}",
        "//",
        "*/",
        "/*",
        ")",
        "(",
    ]);
    prop_oneof![
        3 => proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat()),
        1 => ".{0,200}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_an_error_or_a_directory_that_loads(text in text(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        for format in FORMATS {
            let options = Options { format: Some(format), ..options() };
            let named = format!("name,phone\nDesk,312-555-0142\n{text}");
            for input in [text.as_bytes(), &bytes, named.as_bytes()] {
                match import_with("any", input, &options) {
                    Ok(_) => {}
                    Err(ImportError::Unloadable(problems)) => panic!("{problems}\n{text}"),
                    Err(_) => {}
                }
            }
        }
    }
}
