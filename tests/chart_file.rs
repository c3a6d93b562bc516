//! Who reads a chart file is told where and why it is none; who writes one is understood.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::path::PathBuf;

use hash_phase::chart::{Axis, PhaseChart};
use serde_json::{Value, json};

/// Those of an ending.
fn files(ending: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/charts");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|own| own == ending)).collect()
}

fn shipped() -> Vec<(String, String)> {
    let text = |path: PathBuf| (path.display().to_string(), std::fs::read_to_string(path).unwrap());
    files("json").into_iter().map(text).collect()
}

fn shipped_as(name: &str) -> String {
    let (_, text) = shipped().into_iter().find(|(path, _)| path.ends_with(&format!("{name}.json"))).unwrap();
    text
}

fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut chart: Value = serde_json::from_str(&shipped_as("mnist-figure")).unwrap();
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
fn every_chart_that_is_shipped_as_columns_is_whole_and_is_written_as_it_was_read() {
    assert!(!files("arrow").is_empty());
    for path in files("arrow") {
        let bytes = std::fs::read(&path).unwrap();
        let chart = PhaseChart::from_file(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(chart.is_whole() && chart.provenance.command.is_some(), "{}", path.display());
        let mut written = Vec::new();
        chart.write_columns(&mut written).unwrap();
        assert!(written == bytes, "{}", path.display());
    }
}

#[test]
fn what_the_page_refuses_to_draw_is_refused_here_as_well() {
    // The page's reader refuses the same ones: tests/page/fields.test.mjs.
    let cases: Vec<Value> = serde_json::from_str(include_str!("fixtures/broken-charts.json")).unwrap();
    let mut whole: Value = serde_json::from_str(&shipped_as("mnist-random-inputs")).unwrap();
    // Their digests would reveal every change at once.
    whole.as_object_mut().unwrap().remove("plans");
    PhaseChart::from_json(&whole.to_string()).unwrap();
    let cell = whole["cells"][0].clone();
    let known = |value: &Value| if value == "@/cells/0" { cell.clone() } else { value.clone() };
    for case in &cases {
        let mut chart = whole.clone();
        let (parent, last) = case["at"].as_str().unwrap().rsplit_once('/').unwrap();
        let place = chart.pointer_mut(parent).unwrap();
        match (&case["value"], place) {
            (Value::Null, Value::Object(object)) => drop(object.remove(last)),
            (Value::Array(values), place) => place[last] = values.iter().map(known).collect(),
            (value, Value::Array(list)) => list[last.parse::<usize>().unwrap()] = known(value),
            (value, place) => place[last] = known(value),
        }
        assert!(PhaseChart::from_json(&chart.to_string()).is_err(), "{}", case["name"]);
    }
}

#[test]
fn what_is_wrong_is_named_by_place_and_reason() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 22] = [
        (|chart| chart["format"] = json!("other"), "format: unknown variant `other`"),
        (|chart| chart["version"] = json!(2), "version: version 2 is not 1"),
        (|chart| chart["cells"][3]["width"] = json!("ten"), "cells[3].width: invalid type: string"),
        (|chart| chart["cells"][3]["width"] = json!(11), "cells[3].width: 11 is not on the axis"),
        (
            |chart| chart["cells"][2]["redundancy"]["train"] = json!(1.5),
            "cells[2].redundancy: 1.5 is not between 0 and 1",
        ),
        (
            |chart| chart["cells"][2]["redundancy"]["train"] = json!(null),
            "cells[2].redundancy.train: invalid type: null",
        ),
        (|chart| chart["cells"][1] = chart["cells"][0].clone(), "cells[1]: the same network appears twice"),
        (|chart| chart["axes"]["epoch"] = json!([3, 1]), "axes.epoch: 1 is not greater than 3"),
        (|chart| chart["axes"]["width"] = json!([]), "axes.width: no values"),
        (|chart| chart["protocol"]["batch"] = json!(0), "protocol: batch is 0"),
        (|chart| drop(chart.as_object_mut().unwrap().remove("cells")), "missing field `cells`"),
        (
            |chart| chart["cells"][3]["stopped"] = json!(77),
            "cells[3].stopped: training cannot have stopped after epoch 77 of",
        ),
        (
            |chart| chart["cells"][3]["stopped"] = json!(0),
            "cells[3].stopped: training cannot have stopped after epoch 0",
        ),
        (|chart| chart["cells"][3]["bits"] = json!(4_000_000_000_u32), "cells[3].bits: 4000000000 is more than the"),
        (|chart| chart["cells"][3]["level"] = json!(1), "cells[3].level: 1 is beyond the factor's 1 values"),
        (|chart| chart["dataset"]["classes"] = json!(0), "dataset.classes: 0 is not between 1 and 256"),
        (|chart| chart["dataset"]["test"] = json!(0), "dataset: no examples"),
        (|chart| chart["dataset"]["train"] = json!(7), "is more than the 7 training examples"),
        (|chart| chart["axes"]["factor"] = json!({"name": "dropout", "values": [0.0, 7.5]}), "dropout is 7.5"),
        (
            |chart| chart["axes"]["factor"] = json!({"name": "layer", "values": [9]}),
            "layer is 9, which is out of range: use a layer of the code from 1 to",
        ),
        (
            |chart| chart["protocol"]["dropout"] = json!(0.5),
            "plans: the digests do not match this data set, protocol and widths",
        ),
        (
            |chart| chart["gaps"] = json!([{"width": 4, "epoch": 0, "samples": 10, "seed": 1, "reason": "diverged"}]),
            "gaps[0].width: 4 is not on the axis",
        ),
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
fn a_chart_whose_factor_was_changed_by_hand_is_refused() {
    let text = shipped_as("mnist-label-noise");
    let changed = text.replace(
        r#""name":"label_noise","values":[0.0,0.2,0.5,1.0]"#,
        r#""name":"dropout","values":[0.0,0.2,0.5,0.9]"#,
    );
    assert_ne!(changed, text);
    let refused = PhaseChart::from_json(&changed).unwrap_err().to_string();
    assert!(refused.starts_with("plans: the digests do not match"), "{refused}");
}

#[test]
fn a_factor_of_many_values_and_cells_is_read_in_time_that_grows_with_the_file() {
    let mut chart: Value = serde_json::from_str(&shipped_as("mnist-figure")).unwrap();
    let values: Vec<f64> = (0..100_000).map(|value| f64::from(value) / 1e6).collect();
    chart["axes"]["factor"] = json!({ "name": "dropout", "values": values });
    chart.as_object_mut().unwrap().remove("plans");
    let cell = chart["cells"][0].clone();
    for axis in ["width", "epoch", "samples", "seed"] {
        chart["axes"][axis] = json!([cell[axis]]);
    }
    let cells = (0..100_000).map(|level| {
        let mut cell = cell.clone();
        cell["level"] = json!(level);
        cell
    });
    chart["cells"] = cells.collect();
    let text = chart.to_string();
    let started = std::time::Instant::now();
    assert_eq!(PhaseChart::from_json(&text).unwrap().cells.len(), 100_000);
    // Takes some tenths of a second; an earlier reader took over a minute.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn cells_in_any_order_are_put_in_theirs() {
    let text = shipped_as("mnist-figure");
    let mut chart: Value = serde_json::from_str(&text).unwrap();
    chart["cells"].as_array_mut().unwrap().reverse();
    assert_eq!(PhaseChart::from_json(&chart.to_string()).unwrap().to_json().unwrap() + "\n", text);
}

#[test]
fn extra_keys_and_missing_cells_are_welcome() {
    assert_eq!(changed(|chart| chart["note"] = json!({"from": "a reader"})), "read");
    assert_eq!(changed(|chart| drop(chart["cells"].as_array_mut().unwrap().remove(2))), "read");
    assert_eq!(changed(|chart| drop(chart["cells"][2].as_object_mut().unwrap().remove("knn"))), "read");
}

#[test]
fn the_shipped_mnist_chart_lands_on_the_published_figures() {
    let path = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/charts/mnist-figure.json");
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
