//! Mistakes that the comparison with the facts must find.

/// Mistakes in the data file: the correct text, the wrong text that replaces it, and the id of the fact that must be
/// reported, or the invented text.
pub(super) const MISTAKES: &[(&str, &str, &str)] = &[
    // Numbers and addresses.
    (r#"phone: "1-800-547-2967""#, r#"phone: "1-800-547-2976""#, "account-services-phone"),
    (r#"fax: "(916) 935-4522""#, r#"fax: "(916) 935-4420""#, "ifp-billing-fax"),
    (r#"fax: "1-877-977-2947""#, r#"phone: "1-877-977-2947""#, "broker-services-fax"),
    (r#"fax: "(916) 935-4420""#, r#"fax: "916-935-4420""#, "small-business-membership-fax"),
    (r#"tty: "1-888-926-5180""#, r#"phone: "1-888-926-5180""#, "covered-california-ifp-tty"),
    (r#"(email: "HN_Account_Services@healthnet.com"),"#, "", "account-services-email"),
    (r#"email: "Brokers@healthnet.com""#, r#"email: "brokers@healthnet.com""#, "broker-services-email-ifp"),
    (r#"web: "myhealthnetca.com""#, r#"web: "ambetterhealth.com""#, "portal-member-ifp-ca"),
    (r#"web: "provider.healthnetoregon.com""#, r#"web: "not stated""#, "portal-provider-oregon"),
    (r#"[(phone: "1-800-828-2525")]"#, r#"[(phone: "1-800-865-6288")]"#, "collections-department"),
    // Names, sections, audiences and menus.
    (r#"name: "SBG Account Management, South""#, r#"name: "SBG Account Management, North""#, "south-fax"),
    (r#"source: "Account Services Unit""#, r#"source: "Additional Departmental Contacts""#, "account-services-hours"),
    (r#"audiences: ["medicare"]"#, r#"audiences: ["ifp"]"#, "medicare-broker-services-phone"),
    (r#"audiences: ["medicare"],"#, "", "medicare-broker-services-email"),
    (r#"label: "Commissions""#, r#"label: "Application status""#, "ifp-commissions"),
    (r#"press: "5""#, r#"press: "6""#, "ifp-active-member"),
    (r#"label: "Large and mid-size groups""#, r#"label: "Claims""#, "large-group-option-4"),
    (r#"also: ["small-business", "large-group"]"#, r#"also: ["small-business"]"#, "ifp-commissions"),
    (r#"not_for: ["medicare"]"#, r#"not_for: ["ifp"]"#, "ifp-commissions"),
    (r#"serves: ["Members"]"#, r#"serves: ["Employers"]"#, "small-business-members"),
    // Hours.
    ("Mo-Fr 08:00-17:00", "Mo-Fr 08:00-17:01", "account-services-hours"),
    ("Mo-Fr 08:00-17:00", "Mo-Sa 08:00-17:00", "account-services-hours"),
    ("Mo-Fr 08:00-17:00", "Mo-Fr 08:00-17:00; PH off", "account-services-hours"),
    ("Mo-Fr 09:00-17:00; PH off", "Mo-Fr 09:00-17:00", "medicare-broker-services-hours"),
    ("Mo-Fr 09:00-17:00; PH off", "Mo-Th 09:00-17:00; PH off", "medicare-broker-services-hours"),
    ("      zone: \"America/Los_Angeles\",\n", "", "medicare-broker-services-hours"),
    // Services and roles.
    (r#""Eligibility verification","#, "", "account-services-eligibility"),
    (r#""General Agents", "#, "", "account-services-supported-roles"),
    // Login pages.
    (r#"choice: "I'm a Broker""#, r#"choice: "I'm an Employer""#, "login-type-broker"),
    ("Allwell and Ambetter member", "Allwell member", "login-provider-arizona-hna-note"),
    ("Forgot password: link", "Link", "login-member-forgot-password"),
    (r#"account: "employer","#, r#"account: "member","#, "portal-employer"),
    // Notices.
    (r#"site: "Medicare.gov""#, r#"site: "Medicaid.gov""#, "leaving-site-destination"),
    (r#"["Continue", "Cancel"]"#, r#"["Cancel", "Continue"]"#, "leaving-site-cancel"),
    (r#"choices: ["Continue"],"#, "", "important-continue"),
    (r#"title: "No Medical Advice.""#, r#"title: "No Medical Advice""#, "important-no-medical-advice"),
    (r#""The Policies are not medical advice.","#, "", "important-no-medical-advice"),
    (r#""The Policies are not medical advice.","#, r#""The Policies are medical.","#, "important-no-medical-advice"),
    ("Health Net may use the Policies", "Health Net may not use the Policies", "important-general-purpose"),
    ("Code 1367.6 ", "Code 1367.63 ", "statute-1367-6"),
    ("Code 1367.63 ", "Code 1367.6 ", "statute-1367-63"),
    (r#"host: "medicare.gov""#, r#"host: "medicaid.gov""#, "leaving-site-destination"),
    (r#"title: "You are now leaving HealthNet.com""#, r#"title: "You are now leaving""#, "closing-leaving"),
    ("source: \"Broker – Key Contacts", "source: \"Broker - Key Contacts", "page-title"),
    (r#"organisation: "Health Net""#, r#"organisation: "HealthNet""#, "page-logo"),
    // Invented.
    (r#"(phone: "1-800-708-7646"),"#, r#"(phone: "1-800-708-7646"), (fax: "1-800-708-7647"),"#, "1-800-708-7647"),
    (r#"web: "not stated""#, r#"web: "healthnet.com/fraud""#, "healthnet.com/fraud"),
    ("Asks for a user name.", "Asks for a user name at login.healthnet.com.", "login.healthnet.com"),
    ("No phone number is listed", "Call 1-800-555-0100; no phone number is listed", "1-800-555-0100"),
    (r#"services: ["IFP billing"],"#, r#"services: ["IFP billing"], hours: "Mo-Fr 09:00-17:00","#, "IFP Billing"),
    (r#"press: "7""#, r#"press: "8", label: "Fax"), (press: "7""#, "tel:+18004478812/8"),
];
