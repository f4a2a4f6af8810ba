//! Checks the architecture: each layer imports only from those before it, only frontends access the system, and the
//! files of a layer do not import one another in a circle.
//!
//! The source is parsed rather than searched for text, so that no way of writing an import escapes the check.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// The layers below the frontends, lowest first.
const LAYERS: &[&str] = &["directory", "search", "present", "app", "report", "view", "session", "config", "source"];
/// The frontends, which never import one another.
const FRONTENDS: &[&str] = &["cli", "local", "ssh"];
/// Imports that the order of the layers would allow.
const FORBIDDEN: &[(&str, &str)] = &[("report", "app")];
/// Layers whose circles are known (in `app`, `find` and `overlay`). Empty this list as they are removed.
const CIRCLES_ALLOWED: &[&str] = &["search", "ssh", "directory", "app"];

/// What only `source` and the frontends may use.
const SYSTEM: &[&str] = &[
    "std::fs",
    "std::env",
    // Addresses are values; sockets are not.
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::ToSocketAddrs",
    "std::net::UdpSocket",
    "std::os::unix::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::thread_local",
    "thread_local",
    "signal_hook",
    "open",
    "arboard",
];
/// Functions that read the clock or the system's time zone, whatever the path to their type.
const CLOCK: &[&str] = &["Timestamp::now", "TimeZone::system", "TimeZone::try_system"];
/// What only the view, the session and the frontends may use.
const TERMINAL: &[&str] =
    &["crossterm", "ratatui::crossterm", "ratatui::backend", "ratatui::widgets", "ratatui::Terminal", "ratatui::Frame"];

/// What a file uses.
#[derive(Default)]
struct Uses {
    /// The modules from the crate's root to this file's, inline modules included.
    module: Vec<String>,
    /// Full paths, with `super`, `self` and imported names resolved.
    paths: BTreeSet<String>,
    /// What `use` brings into scope: name to full path.
    names: BTreeMap<String, String>,
    has_global: bool,
    /// The file only declares and re-exports modules.
    is_facade: bool,
}

impl Uses {
    fn parse(module: &[&str], code: &str) -> Self {
        let file = syn::parse_file(code).unwrap();
        let module: Vec<String> = module.iter().map(|name| (*name).to_owned()).collect();
        // Twice: the first pass collects the imported names, which may be used before their `use`.
        let mut uses = Self { module, ..Self::default() };
        uses.visit_file(&file);
        uses.paths.clear();
        uses.visit_file(&file);
        uses.is_facade = file.items.iter().all(|item| matches!(item, syn::Item::Mod(_) | syn::Item::Use(_)));
        uses
    }

    fn add(&mut self, segments: &[String]) -> String {
        let path = self.resolve(segments);
        self.paths.insert(path.clone());
        path
    }

    fn resolve(&self, segments: &[String]) -> String {
        let supers = segments.iter().take_while(|segment| *segment == "super" || *segment == "self").count();
        let levels = segments[..supers].iter().filter(|segment| *segment == "super").count();
        let mut full = Vec::new();
        if supers > 0 {
            full.push("crate".to_owned());
            full.extend_from_slice(&self.module[..self.module.len().saturating_sub(levels)]);
        } else if let Some(path) = self.names.get(&segments[0]) {
            full.push(path.clone());
            full.extend_from_slice(&segments[1..]);
            return full.join("::");
        }
        full.extend_from_slice(&segments[supers..]);
        full.join("::")
    }

    fn add_tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(prefix, tree)),
            syn::UseTree::Glob(_) => drop(self.add(prefix)),
            syn::UseTree::Name(name) if name.ident == "self" => self.add_name(prefix, prefix.last().cloned()),
            syn::UseTree::Name(name) => self.add_name(&with(&name.ident), Some(name.ident.to_string())),
            syn::UseTree::Rename(rename) => self.add_name(&with(&rename.ident), Some(rename.rename.to_string())),
        }
    }

    fn add_name(&mut self, path: &[String], name: Option<String>) {
        let first = path[0].clone();
        // A `use` of one's own name, such as `use std::fs; use fs::File;`, must not resolve to itself.
        let path = if name.as_ref() == Some(&first) { path.join("::") } else { self.resolve(path) };
        self.paths.insert(path.clone());
        if let Some(name) = name {
            self.names.insert(name, path);
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            self.module.push(item.ident.to_string());
            syn::visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_test(&item.attrs) {
            self.add_tree(&[], &item.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        // A single name that no `use` brings into scope is a local one, such as a variable called `open`.
        let is_local = segments.len() == 1 && segments[0] != "thread_local" && !self.names.contains_key(&segments[0]);
        if !is_local {
            self.add(&segments);
        }
        syn::visit::visit_path(self, path);
    }

    /// The tokens of a macro are no syntax tree, so the paths in them are read from the text.
    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        let text = item.tokens.to_string().replace(" :: ", "::");
        for path in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let segments: Vec<String> = path.split("::").map(str::to_owned).collect();
            if segments.len() > 1 && segments.iter().all(|segment| !segment.is_empty()) {
                self.add(&segments);
            }
        }
        syn::visit::visit_macro(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.has_global |= true;
        syn::visit::visit_item_static(self, item);
    }
}

/// Whether a path is an item or in it.
fn is_within(path: &str, item: &str) -> bool {
    path.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn layer_index(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|name| *name == layer)
}

/// What a file breaks, by its layer.
fn violations(layer: &str, uses: &Uses) -> Vec<String> {
    let is_frontend = FRONTENDS.contains(&layer);
    let mut found = Vec::new();
    for path in &uses.paths {
        if let Some(other) = path.strip_prefix("crate::").and_then(|rest| rest.split("::").next()) {
            let is_above = match (layer_index(layer), layer_index(other)) {
                (Some(own), Some(other)) => other > own,
                (_, None) => other != layer && FRONTENDS.contains(&other),
                (None, Some(_)) => false,
            };
            if is_above || FORBIDDEN.contains(&(layer, other)) {
                found.push(format!("{path} is not below {layer}"));
            }
        }
        let may_access_system = is_frontend || layer == "source";
        let is_clock = CLOCK.iter().any(|item| path.ends_with(item));
        if !may_access_system && (is_clock || SYSTEM.iter().any(|item| is_within(path, item))) {
            found.push(format!("{path} accesses the system"));
        }
        if is_within(path, "clap") && !["config", "cli"].contains(&layer) {
            found.push(format!("{path} is only for the command line"));
        }
        let may_draw = is_frontend || ["view", "session"].contains(&layer);
        if !may_draw && TERMINAL.iter().any(|item| is_within(path, item)) {
            found.push(format!("{path} is only for terminals"));
        }
    }
    if uses.has_global && !is_frontend && layer != "source" {
        found.push("a static: sessions share nothing but the directory".to_owned());
    }
    found
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}

/// Every module of the crate that is a file: its path from the crate's root, and what it uses.
fn modules() -> BTreeMap<Vec<String>, Uses> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = BTreeMap::new();
    for path in files_in(&src) {
        let relative = path.strip_prefix(&src).unwrap().with_extension("");
        let names: Vec<String> = relative.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
        if names != ["lib"] && names != ["main"] {
            let module: Vec<&str> = names.iter().map(String::as_str).collect();
            let uses = Uses::parse(&module, &fs::read_to_string(&path).unwrap());
            modules.insert(names, uses);
        }
    }
    modules
}

/// The modules that the files of a layer import, its own only. A parent's declarations do not count as imports.
fn circle(layer: &str, modules: &BTreeMap<Vec<String>, Uses>) -> Option<Vec<String>> {
    let name = |module: &[String]| format!("crate::{}", module.join("::"));
    let own: Vec<_> = modules.iter().filter(|(module, uses)| module[0] == layer && !uses.is_facade).collect();
    let names: Vec<String> = own.iter().map(|(module, _)| name(module)).collect();
    let graph: BTreeMap<&str, BTreeSet<&str>> = own
        .iter()
        .zip(&names)
        .map(|((_, uses), from)| {
            let to = uses.paths.iter().filter_map(|path| {
                let longest = names.iter().filter(|name| is_within(path, name)).max_by_key(|name| name.len())?;
                (longest != from).then_some(longest.as_str())
            });
            (from.as_str(), to.collect())
        })
        .collect();
    fn search<'a>(
        graph: &BTreeMap<&'a str, BTreeSet<&'a str>>,
        way: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> bool {
        let last = *way.last().unwrap();
        for next in &graph[last] {
            if let Some(start) = way.iter().position(|name| name == next) {
                way.drain(..start);
                return true;
            }
            way.push(next);
            if !done.contains(next) && search(graph, way, done) {
                return true;
            }
            way.pop();
        }
        done.insert(last);
        false
    }
    let mut done = BTreeSet::new();
    graph.keys().find_map(|start| {
        let mut way = vec![*start];
        search(&graph, &mut way, &mut done).then(|| way.iter().map(|name| (*name).to_owned()).collect())
    })
}

#[test]
fn layers_use_only_what_they_may() {
    let mut found = Vec::new();
    for (module, uses) in modules() {
        found.extend(violations(&module[0], &uses).iter().map(|text| format!("{}: {text}", module.join("/"))));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_files_of_a_layer_do_not_import_in_a_circle() {
    let mut found = Vec::new();
    let modules = modules();
    for layer in LAYERS.iter().chain(FRONTENDS).filter(|layer| !CIRCLES_ALLOWED.contains(layer)) {
        found.extend(circle(layer, &modules).map(|circle| circle.join(" -> ")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn violations_are_found_however_they_are_written() {
    for (code, module) in [
        ("use std::{env, fs};", &["app", "tree"][..]),
        ("use crate::{app, ssh};", &["view"]),
        ("fn f() { super::super::ssh::x() }", &["view", "panes"]),
        (r#"fn f() { std::fs::read("x"); }"#, &["search"]),
        (r#"use std as s; fn f() { s::fs::read("x"); }"#, &["search"]),
        (r#"use std::io; fn f() { let _ = io::stdin(); }"#, &["session"]),
        ("use crate as root; fn f() { root::cli::run() }", &["local"]),
        ("use jiff::Timestamp; fn f() { Timestamp::now(); }", &["app"]),
        (r#"fn f() { println!("{}", std::env::args().count()); }"#, &["report"]),
        ("thread_local! { static X: u8 = 0; }", &["app"]),
        ("fn f() { static X: u8 = 0; }", &["app"]),
        ("use crate::app::App;", &["report"]),
    ] {
        assert!(!violations(module[0], &Uses::parse(module, code)).is_empty(), "{code}");
    }
    let allowed = "use crate::directory; #[cfg(test)] mod tests { use std::fs; } use std::time::Duration;";
    assert_eq!(violations("app", &Uses::parse(&["app"], allowed)), Vec::<String>::new());
}

#[test]
fn every_module_is_in_a_layer() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for item in syn::parse_file(&lib).unwrap().items {
        if let syn::Item::Mod(module) = item {
            let name = module.ident.to_string();
            assert!(LAYERS.iter().chain(FRONTENDS).any(|layer| *layer == name), "{name} is in no layer");
        }
    }
}

#[test]
fn a_session_can_move_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<dialtree::app::App>();
    is_send::<dialtree::session::Session<dialtree::session::ansi_backend::AnsiBackend<Vec<u8>>>>();
}
