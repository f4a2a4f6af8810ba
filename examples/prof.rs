#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::{Index, Question};
use std::sync::Arc;
use std::time::Instant;
fn main() {
    let d = Arc::new(Directory::load("d", EMBEDDED).unwrap());
    let i = Index::new(d);
    i.prepare();
    let mut v = vec![];
    for l in std::fs::read_to_string("tests/queries/dev.jsonl").unwrap().lines() {
        let q: serde_json::Value = serde_json::from_str(l).unwrap();
        let q = q["q"].as_str().unwrap().to_owned();
        for (s, c) in q.char_indices() {
            let t = &q[..s + c.len_utf8()];
            let mut b = u128::MAX;
            for _ in 0..5 {
                let n = Instant::now();
                std::hint::black_box(i.find(&Question { need: t, audience: None, most: 50 }));
                b = b.min(n.elapsed().as_nanos());
            }
            v.push((b, t.to_owned()));
        }
    }
    v.sort();
    v.reverse();
    for (b, t) in v.iter().take(25) {
        println!("{} us {t}", b / 1000);
    }
    println!("p99 {} p50 {}", v[v.len() / 100].0 / 1000, v[v.len() / 2].0 / 1000);
    if std::env::args().nth(1).is_some() {
        for _ in 0..20000 {
            std::hint::black_box(i.find(&Question { need: &v[3].1, audience: None, most: 50 }));
        }
    }
}
