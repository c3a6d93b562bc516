//! Who reads a chart file is told where and why it is none; who writes one is understood.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::path::Path;

use hash_phase::chart::{Axis, PhaseChart};
use serde_json::{Value, json};

fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/charts");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect()
}

fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut chart: Value = serde_json::from_str(&shipped()[0].1).unwrap();
    change(&mut chart);
    PhaseChart::from_json(&chart.to_string()).map_or_else(|error| error.to_string(), |_| "read".into())
}

#[test]
fn every_chart_that_the_page_ships_is_one_and_is_written_as_it_was_read() {
    assert!(!shipped().is_empty());
    for (path, text) in shipped() {
        let chart = PhaseChart::from_json(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(chart.to_json().unwrap() + "\n", text, "{path}");
        assert!(chart.provenance.command.is_some(), "{path} says how it was made");
    }
}

#[test]
fn what_is_wrong_is_named_by_place_and_reason() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 11] = [
        (|chart| chart["format"] = json!("other"), "format: unknown variant `other`"),
        (|chart| chart["version"] = json!(2), "version: version 2 is not 1"),
        (|chart| chart["cells"][3]["width"] = json!("ten"), "cells[3].width: invalid type: string"),
        (|chart| chart["cells"][3]["width"] = json!(11), "cells[3].width: 11 is not on the axis"),
        (|chart| chart["cells"][2]["redundancy"]["train"] = json!(1.5), "cells[2].redundancy: 1.5 is no share"),
        (
            |chart| chart["cells"][2]["redundancy"]["train"] = json!(null),
            "cells[2].redundancy.train: invalid type: null",
        ),
        (|chart| chart["cells"][1] = chart["cells"][0].clone(), "cells[1]: the same network at the same time"),
        (|chart| chart["axes"]["epoch"] = json!([3, 1]), "axes.epoch: 1 does not rise above 3"),
        (|chart| chart["axes"]["width"] = json!([]), "axes.width: no value"),
        (|chart| chart["protocol"]["batch"] = json!(0), "protocol: batch is 0"),
        (|chart| drop(chart.as_object_mut().unwrap().remove("cells")), "missing field `cells`"),
    ];
    for (change, expected) in cases {
        let message = changed(change);
        assert!(message.contains(expected), "'{message}' does not say '{expected}'");
        assert_eq!(message.lines().count(), 1);
    }
}

#[test]
fn text_that_is_no_json_and_not_a_number_are_refused() {
    for text in ["", "{", "[1]", "{\"format\": NaN}", "{} trailing"] {
        assert!(PhaseChart::from_json(text).is_err(), "{text}");
    }
}

#[test]
fn extra_keys_and_missing_cells_are_welcome() {
    assert_eq!(changed(|chart| chart["note"] = json!({"from": "a reader"})), "read");
    assert_eq!(changed(|chart| drop(chart["cells"].as_array_mut().unwrap().remove(2))), "read");
    assert_eq!(changed(|chart| drop(chart["cells"][2].as_object_mut().unwrap().remove("knn"))), "read");
}

#[test]
fn the_shipped_mnist_chart_lands_on_the_published_figures() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/charts/mnist-figure.json");
    let chart = PhaseChart::from_json(&std::fs::read_to_string(path).unwrap()).unwrap();
    let figures = chart.figures(chart.ends());
    let over_width = figures.iter().find(|figure| figure.over == Axis::Width).unwrap();
    let curves: Vec<_> = over_width.panels.iter().flat_map(|panel| &panel.curves).collect();
    assert_eq!(curves.len(), 5);
    for curve in curves {
        let apart = curve.published.iter().map(|&(width, paper)| {
            let (_, ours) = curve.ours.iter().find(|(place, _)| *place == width).unwrap();
            (ours.mean - paper).abs()
        });
        let apart: Vec<f64> = apart.collect();
        let mean = apart.iter().sum::<f64>() / apart.len() as f64;
        assert!(apart.len() == 11 && mean < 0.02, "{}: {mean} apart", curve.label);
    }
}
