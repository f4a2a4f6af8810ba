//! The layers of the architecture: each module imports only from those before it, and only `source` and the frontends
//! touch the outside world. The sources are parsed, so that neither a nested `use` nor a path in the code is missed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Macro, UseTree};

/// The layers that every frontend builds on, from the bottom up.
const LAYERS: &[&str] =
    &["directory", "search", "present", "app", "report", "import", "view", "session", "config", "source"];
/// The frontends, which never import one another.
const FRONTENDS: &[&str] = &["cli", "local", "ssh"];
/// Imports that the order of the layers allows but the design does not.
const FORBIDDEN: &[(&str, &str)] = &[
    ("report", "app"),
    ("import", "report"),
    ("import", "app"),
    ("view", "report"),
    ("view", "import"),
    ("session", "report"),
    ("session", "import"),
];
/// The layers whose parent modules still hold what their children share. In all others, parents only build on children.
const SHARED_PARENTS: &[&str] = &["directory", "search", "report", "source", "cli", "ssh"];
/// The layers that may not touch the outside world.
const PURE: &[&str] = &["directory", "search", "present", "app", "report", "import", "view", "session"];
/// Files, environment, clock, threads, signals and the desktop.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "jiff::tz::TimeZone::system",
    "jiff::tz::TimeZone::try_system",
    "thread_local",
    "signal_hook",
    "open::that",
    "open::that_detached",
    "open::that_in_background",
    "open::with",
    "open::with_detached",
    "open::with_in_background",
    "open::commands",
    "arboard",
];
/// Drawing and terminals: for `view`, `session` and the frontends.
const TERMINAL: &[&str] = &["crossterm", "ratatui::backend", "ratatui::widgets", "ratatui::Terminal", "ratatui::Frame"];

/// Every path that a file names outside its tests, from the root of its crate: `crate::app::App`, `std::fs::read`.
#[derive(Default)]
struct Paths {
    module: Vec<String>,
    paths: BTreeSet<String>,
    /// The paths whose contents are imported with `*`.
    globs: BTreeSet<String>,
    /// The imported path of each name: `T` is `jiff::Timestamp` after `use jiff::Timestamp as T`.
    imports: BTreeMap<String, Vec<String>>,
    globals: Vec<String>,
}

/// Collects the imports of a file, with which the paths in its code are resolved. An import may come after its use.
#[derive(Default)]
struct Imports(Vec<(String, Vec<String>)>);

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            // `mod name;` makes `name::item` a path of the file.
            let name = module.ident.to_string();
            self.0.push((name.clone(), vec!["self".to_owned(), name]));
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for_each_import(&[], &item.tree, &mut |path, name| {
            self.0.extend(name.map(|name| (name.to_owned(), path.to_vec())));
        });
    }
}

/// Calls a function with each path that a `use` imports and with the name that it is given, which is none for `*`.
fn for_each_import(before: &[String], tree: &UseTree, found: &mut impl FnMut(&[String], Option<&str>)) {
    // `use std::io::{self}` imports `std::io` itself.
    let with = |name: &syn::Ident| match name.to_string().as_str() {
        "self" if !before.is_empty() => before.to_vec(),
        name => before.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>(),
    };
    match tree {
        UseTree::Path(path) => for_each_import(&with(&path.ident), &path.tree, found),
        UseTree::Name(name) => {
            let path = with(&name.ident);
            found(&path, path.last().map(String::as_str));
        }
        UseTree::Rename(rename) => found(&with(&rename.ident), Some(&rename.rename.to_string())),
        UseTree::Glob(_) => found(before, None),
        UseTree::Group(group) => group.items.iter().for_each(|tree| for_each_import(before, tree, found)),
    }
}

impl Paths {
    fn of(module: &[&str], source: &str) -> Self {
        let mut paths = Self { module: module.iter().map(|&name| name.to_owned()).collect(), ..Self::default() };
        let file = syn::parse_file(source).unwrap();
        let mut imports = Imports::default();
        imports.visit_file(&file);
        paths.imports = imports.0.into_iter().map(|(name, path)| (name, paths.absolute(&path))).collect();
        paths.visit_file(&file);
        paths
    }

    /// Resolves `self` and `super` against the module of the file.
    fn absolute(&self, segments: &[String]) -> Vec<String> {
        let mut module = self.module.clone();
        let mut rest = segments;
        let is_relative = matches!(segments.first().map(String::as_str), Some("self" | "super"));
        while let Some((first, after)) = rest.split_first() {
            match first.as_str() {
                "self" => {}
                "super" => drop(module.pop()),
                _ => break,
            }
            rest = after;
        }
        match is_relative {
            true => ["crate".to_owned()].into_iter().chain(module).chain(rest.iter().cloned()).collect(),
            false => segments.to_vec(),
        }
    }

    /// Adds a path as it is written, and as it reads with its first name resolved to what was imported.
    fn add(&mut self, segments: &[String]) {
        let mut path = self.absolute(segments);
        self.paths.insert(path.join("::"));
        // Imports can build on one another: `use std as s; use s::fs`. Each resolves one name at most.
        for _ in 0..self.imports.len() {
            let Some(import) = path.first().and_then(|first| self.imports.get(first)) else { return };
            let name = path[0].clone();
            path = import.iter().chain(&path[1..]).cloned().collect();
            self.paths.insert(path.join("::"));
            if path[0] == name {
                return;
            }
        }
    }

    /// The paths in the tokens of a macro: identifiers joined by `::`.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 || path.is_empty() => path.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                other => {
                    self.flush(&mut path);
                    match other {
                        TokenTree::Group(group) => self.add_tokens(group.stream()),
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
            colons = 0;
        }
        self.flush(&mut path);
    }

    fn flush(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.add(path);
        }
        path.clear();
    }

    /// Whether the file names a path, something in it, or all of a module that it is in.
    fn has(&self, prefix: &str) -> bool {
        self.paths.iter().any(|path| path == prefix || path.starts_with(&format!("{prefix}::")))
            || self.globs.iter().any(|glob| prefix.starts_with(&format!("{glob}::")))
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Static(item) = item {
            self.globals.push(item.ident.to_string());
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for_each_import(&[], &item.tree, &mut |path, name| {
            self.add(path);
            if name.is_none() {
                let absolute = self.absolute(path);
                self.globs.insert(absolute.join("::"));
            }
        });
    }

    /// `pub(super)` names a module but imports nothing from it.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.add(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        self.visit_path(&item.path);
        self.add_tokens(item.tokens.clone());
    }
}

/// The source files of a layer with their modules: `name.rs` is `[name]`, `name/part.rs` is `[name, part]`.
fn files(layer: &str) -> Vec<(Vec<String>, PathBuf)> {
    fn walk(folder: &Path, module: &[String], found: &mut Vec<(Vec<String>, PathBuf)>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let module: Vec<String> = module.iter().cloned().chain([name]).collect();
            if path.is_dir() { walk(&path, &module, found) } else { found.push((module, path)) }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![(vec![layer.to_owned()], src.join(format!("{layer}.rs")))];
    walk(&src.join(layer), &[layer.to_owned()], &mut found);
    found
}

/// Each file of each layer: its module and the paths that it names.
static PARSED: LazyLock<BTreeMap<&str, Vec<(String, Paths)>>> = LazyLock::new(|| {
    let parse = |(module, path): (Vec<String>, PathBuf)| {
        let names: Vec<&str> = module.iter().map(String::as_str).collect();
        (module.join("::"), Paths::of(&names, &fs::read_to_string(path).unwrap()))
    };
    let layers = LAYERS.iter().chain(FRONTENDS);
    layers.map(|layer| (*layer, files(layer).into_iter().map(parse).collect())).collect()
});

fn parsed(layer: &str) -> &'static [(String, Paths)] {
    &PARSED[layer]
}

#[track_caller]
fn refuse(layer: &str, prefixes: &[&str], why: &str) {
    for (module, paths) in parsed(layer) {
        let found = prefixes.iter().find(|prefix| paths.has(prefix));
        assert!(found.is_none(), "{module} names {}: {why}", found.unwrap());
    }
}

#[test]
fn each_layer_imports_only_from_those_below_it() {
    for (height, layer) in LAYERS.iter().enumerate() {
        for above in LAYERS[height + 1..].iter().chain(FRONTENDS) {
            refuse(layer, &[&format!("crate::{above}")], "a layer above it");
        }
    }
    for (layer, other) in FORBIDDEN {
        refuse(layer, &[&format!("crate::{other}")], "not allowed in this layer");
    }
    for frontend in FRONTENDS {
        for other in FRONTENDS.iter().filter(|other| *other != frontend) {
            refuse(frontend, &[&format!("crate::{other}")], "another frontend");
        }
    }
}

#[test]
fn no_layer_below_config_touches_the_outside_world() {
    for layer in PURE {
        refuse(layer, OUTSIDE, "only for `source` and the frontends");
        for (module, paths) in parsed(layer) {
            assert_eq!(paths.globals, [""; 0], "{module}: a global; sessions share nothing but their catalog");
        }
    }
    for layer in ["directory", "search", "present", "app", "report", "import"] {
        refuse(layer, TERMINAL, "only for `view`, `session` and the frontends");
    }
    for layer in LAYERS.iter().filter(|layer| **layer != "config") {
        refuse(layer, &["clap"], "only for the command line");
    }
}

#[test]
fn no_modules_import_each_other_in_a_cycle() {
    for layer in LAYERS.iter().chain(FRONTENDS) {
        let files = parsed(layer);
        let names: Vec<&str> = files.iter().map(|(module, _)| module.as_str()).collect();
        let target = |path: &str| {
            let inside = path.strip_prefix("crate::")?;
            let is_of = |name: &&&str| inside == **name || inside.starts_with(&format!("{name}::"));
            names.iter().filter(is_of).max_by_key(|name| name.len()).copied()
        };
        let is_ancestor = |a: &str, b: &str| b.starts_with(&format!("{a}::"));
        let edges: BTreeMap<&str, BTreeSet<&str>> = files
            .iter()
            .map(|(module, paths)| {
                let targets = paths.paths.iter().filter_map(|path| target(path));
                let is_related = |other: &str| is_ancestor(other, module) || is_ancestor(module, other);
                let is_edge = |other: &&str| *other != module && !(SHARED_PARENTS.contains(layer) && is_related(other));
                (module.as_str(), targets.filter(is_edge).collect())
            })
            .collect();
        for start in edges.keys() {
            let mut reached: BTreeSet<&str> = BTreeSet::new();
            let mut next: Vec<&str> = edges[start].iter().copied().collect();
            while let Some(module) = next.pop() {
                if reached.insert(module) {
                    next.extend(&edges[module]);
                }
            }
            assert!(!reached.contains(start), "{start} imports itself through others: {reached:?}");
        }
    }
}

#[test]
fn every_module_belongs_to_a_layer() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let items = syn::parse_file(&lib).unwrap().items;
    let modules: BTreeSet<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(module) => Some(module.ident.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(modules, LAYERS.iter().chain(FRONTENDS).map(|&name| name.to_owned()).collect());
}

#[test]
fn no_import_is_missed() {
    for (source, path) in [
        ("use std::{env, fs};", "std::env"),
        ("use crate::{app, ssh};", "crate::ssh"),
        ("use crate as dialtree; use dialtree::ssh::run;", "crate::ssh"),
        ("use std as s; fn f() { s::fs::read(\"x\"); }", "std::fs"),
        ("use std::{self, io}; fn f() { io::stdout(); }", "std::io::stdout"),
        ("use std::time::*;", "std::time::Instant"),
        ("use super::super::*;", "crate::ssh"),
        ("fn f() { let _ = T::now(); } use jiff::Timestamp as T;", "jiff::Timestamp::now"),
        ("use jiff::tz::TimeZone; fn f() -> TimeZone { TimeZone::system() }", "jiff::tz::TimeZone::system"),
        ("fn f() { super::super::ssh::run() }", "crate::ssh"),
        ("mod part; fn f() { part::run() }", "crate::search::rank::part"),
        ("fn f(_: std::process::Command) {}", "std::process"),
        ("fn f() { println!(\"{:?}\", std::env::args()) }", "std::env"),
        ("thread_local! { static A: u8 = 0; }", "thread_local"),
    ] {
        assert!(Paths::of(&["search", "rank"], source).has(path), "{source}");
    }
    assert!(!Paths::of(&["search"], "#[cfg(test)] mod tests { use std::fs; }").has("std::fs"));
    assert_eq!(Paths::of(&["search"], "static COUNT: u8 = 0;").globals, ["COUNT"]);
}

#[test]
fn a_session_can_move_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<dialtree::app::App>();
    is_send::<dialtree::session::Session<dialtree::session::ansi_backend::AnsiBackend<Vec<u8>>>>();
}
