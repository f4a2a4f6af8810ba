//! vCards in the styles of the address books that write them.

use super::*;

#[test]
fn cards_of_google_have_labels_in_groups() {
    let cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Acme Billing\r\nN:Billing;Acme;;;\r\n\
        EMAIL;TYPE=INTERNET;TYPE=WORK:billing@acme.example\r\n\
        item1.TEL:+1 312-555-0142\r\nitem1.X-ABLabel:Claims\r\n\
        TEL;TYPE=WORK;TYPE=FAX:+1 312-555-0143\r\n\
        item2.URL:http\\://acme.example/billing\r\nitem2.X-ABLabel:_$!<HomePage>!$_\r\n\
        CATEGORIES:Members,myContacts\r\nNOTE:Ask for Ada\\, or wait.\\nSecond line\r\n\
        PHOTO:https://photos.example/1\r\nEND:VCARD\r\n";
    let imported = imported("contacts.vcf", cards);
    let directory = directory(&imported);
    assert_eq!(
        contacts(&directory),
        ["Acme Billing; Email billing@acme.example; Phone +1 312-555-0142 (Claims); Fax +1 312-555-0143; \
          Web http://acme.example/billing (HomePage)"]
    );
    assert_eq!(directory.contacts[0].details.notes, ["Ask for Ada, or wait.".into(), "Second line".into()]);
    assert_eq!(directory.audiences.iter().map(|audience| &*audience.name).collect::<Vec<_>>(), ["Members"]);
    assert_left_out(&imported, &[&["Acme Billing: PHOTO", "no place in a directory"]]);
}

#[test]
fn cards_of_apple_have_folded_lines_and_addresses_in_parts() {
    let cards = "BEGIN:VCARD\nVERSION:3.0\nPRODID:-//Apple Inc.//macOS 14.1//EN\nN:;;;;\nFN:Claims desk\n\
        ORG:Acme\\, Inc.;Claims\nEMAIL;type=INTERNET;type=WORK;type=pref:claims@acme.example\n\
        TEL;type=WORK;type=VOICE;type=pref:(312) 555-0142\nTEL;type=PAGER:(312) 555-0143\n\
        item1.ADR;type=WORK;type=pref:;;1 Main St;Springfield;IL;62701;USA\nitem1.X-ABADR:us\n\
        NOTE:A note that is folded in the mid\n dle of a word.\nX-ABShowAs:COMPANY\nUID:1\nEND:VCARD\n";
    let imported = imported("apple.vcf", cards);
    let directory = directory(&imported);
    assert_eq!(
        contacts(&directory),
        ["Claims desk; Phone (312) 555-0142; Email claims@acme.example; Post 1 Main St, Springfield, IL, 62701, USA"]
            .map(|line| line.replace(
                "Phone (312) 555-0142; Email claims@acme.example",
                "Email claims@acme.example; Phone (312) 555-0142"
            ))
    );
    assert_eq!(&*directory.organisation, "Acme, Inc.");
    assert!(directory.contacts[0].details.notes.contains(&"A note that is folded in the middle of a word.".into()));
    assert_left_out(&imported, &[&["Claims desk: TEL: (312) 555-0143", "pagers"]]);
}

#[test]
fn cards_of_nextcloud_have_types_in_one_text() {
    let cards = "BEGIN:VCARD\r\nVERSION:4.0\r\nPRODID:-//Nextcloud Contacts v5.5\r\nUID:6f2b\r\nFN:Oficina\r\n\
        TEL;TYPE=\"voice,work\":312-555-0142\r\nTEL;TYPE=\"WORK,FAX\":312-555-0143\r\n\
        TEL;VALUE=uri;TYPE=textphone:tel:+1-312-555-0144\r\nTEL;TYPE=text:312-555-0145\r\n\
        ADR;TYPE=WORK:;;Calle 1;Springfield;IL;62701;\r\nLANG:es\r\nNICKNAME:Mesa,Ventanilla\r\n\
        CATEGORIES:Members\r\nREV;VALUE=DATE-AND-OR-TIME:20261101T101010Z\r\n\
        X-SOCIALPROFILE;TYPE=facebook:https://social.example/oficina\r\nEND:VCARD\r\n";
    let imported = imported("nextcloud.vcf", cards);
    let directory = directory(&imported);
    assert_eq!(
        contacts(&directory),
        ["Oficina; Phone 312-555-0142; Fax 312-555-0143; TTY +1-312-555-0144; SMS 312-555-0145; \
          Post Calle 1, Springfield, IL, 62701"]
    );
    assert_eq!(directory.contacts[0].details.aliases, ["Mesa".into(), "Ventanilla".into()]);
    assert_left_out(&imported, &[&["Oficina: ", "https://social.example/oficina", "not understood"]]);
}

#[test]
fn cards_of_version_2_1_have_types_without_names_and_quoted_printable() {
    let cards = "BEGIN:VCARD\r\nVERSION:2.1\r\n\
        N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;B=C3=BCrgerb=C3=BCro;;;\r\n\
        TEL;WORK;FAX:312-555-0142\r\nTEL;CELL:312-555-0143\r\n\
        NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zimmer 12, =\r\nlinks=0D=0AErster Stock\r\nEND:VCARD\r\n";
    let imported = imported("old.vcf", cards);
    let directory = directory(&imported);
    assert_eq!(contacts(&directory), ["Bürgerbüro; Fax 312-555-0142; Phone 312-555-0143"]);
    assert_eq!(directory.contacts[0].details.notes, ["Zimmer 12, links".into(), "Erster Stock".into()]);
    assert_left_out(&imported, &[]);
}

#[test]
fn a_card_without_a_name_and_one_without_an_end_are_not_lost_silently() {
    let cards = "BEGIN:VCARD\nVERSION:3.0\nTEL:312-555-0142\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:3.0\nFN:First\nTEL:312-555-0143\nBEGIN:VCARD\nVERSION:3.0\nFN:Second\nTEL:12\nEND:VCARD\n";
    let imported = imported("broken.vcf", cards);
    assert_eq!(contacts(&directory(&imported)), ["First; Phone 312-555-0143", "Second"]);
    assert_left_out(&imported, &[&["Second: phone: 12", "ten digits"], &["the card at line 1", "it has no name"]]);
}
