//! The order of a file's modules and the places of the ReLUs: given by the user, inferred from the names, or refused.

use super::PerceptronError;
use super::modules::{Kind, Module};

/// One step of the forward pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A module, by its index.
    Module(usize),
    Relu,
}

/// Layers without weights that change nothing of what fires.
const WITHOUT_WEIGHTS: [&str; 6] = ["flatten", "dropout", "identity", "input", "softmax", "log_softmax"];
/// At the end it does not change which output is the largest, or above 0.
const AT_THE_END: &str = "sigmoid";
/// Activations that are not read: the first ones have no on and off.
const OTHERS: [&str; 8] = ["tanh", "sigmoid", "gelu", "silu", "swish", "elu", "leaky_relu", "prelu"];

/// From a list such as `fc1,relu,norm1,fc2`, of modules so named: the steps, no two ReLUs in a row. A name may leave out what comes before one of its
/// dots or slashes, and case and brackets of a word do not matter.
pub(super) fn as_said(names: &[&str], layers: &str) -> Result<Vec<Place>, PerceptronError> {
    let refused = |reason: String| PerceptronError::Layers { layers: layers.into(), reason, modules: names.join(", ") };
    let mut places = Vec::new();
    let words: Vec<&str> = layers.split(',').map(str::trim).collect();
    for (place, &word) in words.iter().enumerate() {
        let ends = |name: &str| name.strip_suffix(word).is_some_and(|rest| rest.ends_with(['.', '/']));
        let exact = names.iter().position(|&name| name == word);
        let ending: Vec<usize> = (0..names.len()).filter(|&index| !word.is_empty() && ends(names[index])).collect();
        let plain = word.trim_end_matches("()").to_ascii_lowercase();
        places.push(match (exact, &ending[..]) {
            (Some(index), _) | (None, &[index]) => Place::Module(index),
            (None, &[one, other, ..]) => {
                let (one, other) = (names[one], names[other]);
                return Err(refused(format!("'{word}' may be '{one}' or '{other}': write it in full")));
            }
            (None, []) if plain == "relu" => Place::Relu,
            (None, []) if WITHOUT_WEIGHTS.contains(&plain.as_str()) => continue,
            (None, []) if plain == AT_THE_END && place + 1 == words.len() => continue,
            (None, []) if OTHERS.contains(&plain.as_str()) => {
                return Err(refused(format!("'{word}' is not a ReLU, and only networks of ReLUs are read")));
            }
            (None, []) => return Err(refused(format!("'{word}' is not a layer of the file"))),
        });
    }
    places.dedup_by(|next, one| (*next, *one) == (Place::Relu, Place::Relu));
    Ok(places)
}

/// From the numbering of PyTorch's `nn.Sequential`, where layers without weights leave gaps. There is a ReLU between two Dense layers;
/// if all gaps between them are in one place, the ReLU is there.
pub(super) fn as_numbered(modules: &[Module]) -> Result<Vec<Place>, PerceptronError> {
    if modules.iter().filter(|module| module.is_dense()).count() < 2 {
        return Err(PerceptronError::Shallow);
    }
    let unordered = |reason: &str| PerceptronError::Unordered { reason: reason.into(), example: example(modules) };
    let numbers = numbers(modules)
        .ok_or_else(|| unordered("the names of the layers do not show their order and the places of the ReLUs"))?;
    if modules.iter().any(|module| matches!(module.kind, Kind::Dense { torch: false, .. })) {
        return Err(unordered("Keras weights do not show the places of the ReLUs"));
    }
    let gap_after = |index: usize| numbers.get(index + 1).is_some_and(|next| next - numbers[index] > 1);
    let dense: Vec<usize> = (0..modules.len()).filter(|&index| modules[index].is_dense()).collect();
    let (Some(&first), Some(&last)) = (dense.first(), dense.last()) else {
        return Err(PerceptronError::Shallow);
    };
    let before_or_after = (0..first).chain(last..modules.len());
    if before_or_after.clone().any(gap_after) {
        return Err(unordered(
            "a layer without weights is next to a batch norm before the first or after the last Dense layer",
        ));
    }
    let mut after = Vec::new();
    for pair in dense.windows(2) {
        let gaps: Vec<usize> = (pair[0]..pair[1]).filter(|&index| gap_after(index)).collect();
        match gaps[..] {
            [only] => after.push(only),
            [] => {
                let (one, next) = (&modules[pair[0]].name, &modules[pair[1]].name);
                return Err(unordered(&format!(
                    "the numbering leaves no place for a ReLU between '{one}' and '{next}'"
                )));
            }
            _ => return Err(unordered("the ReLU may come before the batch norm or after it")),
        }
    }
    let place = |index| [Some(Place::Module(index)), after.contains(&index).then_some(Place::Relu)];
    Ok((0..modules.len()).flat_map(place).flatten().collect())
}

/// The numbers of modules that are named by nothing else, as `net.0`, `net.2`; rising, since the modules are so ordered.
fn numbers(modules: &[Module]) -> Option<Vec<u64>> {
    let split = |module: &Module| {
        let (container, number) = module.name.rsplit_once('.').unwrap_or(("", &module.name));
        Some((container.to_owned(), number.parse::<u64>().ok()?))
    };
    let named: Vec<_> = modules.iter().map(split).collect::<Option<_>>()?;
    let one_container = named.windows(2).all(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1);
    one_container.then(|| named.into_iter().map(|(_, number)| number).collect())
}

/// A list that names every module, with a ReLU before each Dense layer but the first.
fn example(modules: &[Module]) -> String {
    let mut words = Vec::new();
    let mut dense = 0;
    for module in modules {
        dense += usize::from(module.is_dense());
        if module.is_dense() && dense > 1 {
            words.push("relu");
        }
        words.push(&module.name);
    }
    words.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dense layers and, where the name has an `n`, norms.
    fn file(names: &[&str], torch: bool) -> Vec<Module> {
        let module = |name: &&str| {
            let dense = Kind::Dense { kernel: vec![1.0], bias: vec![0.0], torch };
            let norm = Kind::Norm { factor: vec![1.0], shift: vec![0.0] };
            let (name, is_norm) = name.strip_suffix('n').map_or((*name, false), |name| (name, true));
            Module { name: name.into(), inputs: 1, units: 1, kind: if is_norm { norm } else { dense } }
        };
        names.iter().map(module).collect()
    }

    fn ordered(modules: &[Module], said: Option<&str>) -> String {
        let names: Vec<&str> = modules.iter().map(|module| module.name.as_str()).collect();
        let word = |place: &Place| match place {
            Place::Module(index) => modules[*index].name.clone(),
            Place::Relu => "relu".into(),
        };
        match said.map_or_else(|| as_numbered(modules), |said| as_said(&names, said)) {
            Ok(places) => places.iter().map(word).collect::<Vec<_>>().join(","),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_numbers_of_a_sequential_tell_where_its_relus_stand() {
        for (names, expected) in [
            (&["0", "2"][..], "0,relu,2"),
            (&["net.1", "net.4", "net.6"], "net.1,relu,net.4,relu,net.6"), // a Flatten before, a Dropout between
            (&["0", "1n", "3"], "0,1,relu,3"),
            (&["0", "2n", "3"], "0,relu,2,3"),
            (&["0n", "1", "3", "4n"], "0,1,relu,3,4"),
        ] {
            assert_eq!(ordered(&file(names, true), None), expected);
        }
    }

    #[test]
    fn where_relus_stand_is_asked_for_where_nothing_tells_it() {
        for (names, torch, reason) in [
            (&["0", "2n", "4"][..], true, "before the batch norm or after it"),
            (&["0", "1"], true, "the numbering leaves no place for a ReLU between '0' and '1'"),
            (&["0", "2", "4n"], true, "after the last Dense layer"),
            (&["0", "2"], false, "Keras weights do not show"),
            (&["fc1", "fc2", "norm1n", "norm2n", "out"], true, "the names of the layers do not show"),
            (&["a.0", "b.2"], true, "the names of the layers do not show"),
        ] {
            let asked = ordered(&file(names, torch), None);
            assert!(asked.contains(reason) && asked.contains("--layers"), "{names:?}: {asked}");
        }
        let asked = ordered(&file(&["fc1", "norm1n", "out"], true), None);
        assert!(asked.ends_with("for example fc1,norm1,relu,out"), "{asked}");
    }

    #[test]
    fn what_is_said_counts() {
        let modules = file(&["fc1", "fc2", "norm1n", "out"], true);
        for (said, expected) in [
            ("fc1, relu,norm1,fc2,relu,relu,out", "fc1,relu,norm1,fc2,relu,out"),
            ("flatten,fc1,ReLU(),Dropout,relu,out,softmax", "fc1,relu,out"),
            ("fc1,relu,fc2,relu,fc2,relu,out", "fc1,relu,fc2,relu,fc2,relu,out"),
        ] {
            assert_eq!(ordered(&modules, Some(said)), expected);
        }
        for (said, reason) in [
            ("fc1,fc3", "'fc3' is not a layer of the file"),
            ("fc1,Tanh,fc2", "'Tanh' is not a ReLU"),
            ("fc1,sigmoid,fc2", "'sigmoid' is not a ReLU"),
            ("", "'' is not a layer of the file"),
        ] {
            let refused = ordered(&modules, Some(said));
            assert!(refused.contains(reason) && refused.contains("fc1, fc2, norm1, out"), "{refused}");
        }
    }

    #[test]
    fn what_comes_before_a_name_can_be_left_out_where_one_name_alone_ends_so() {
        let compiled = file(&["_orig_mod.module.fc1", "_orig_mod.module.fc2"], true);
        let in_full = "_orig_mod.module.fc1,relu,_orig_mod.module.fc2";
        assert_eq!(ordered(&compiled, Some("fc1,relu,fc2")), in_full);
        assert_eq!(ordered(&compiled, Some("module.fc1,relu,fc2")), in_full);
        assert_eq!(ordered(&file(&["0", "2", "optimizer.0"], true), Some("0,relu,2")), "0,relu,2");
        let twice = ordered(&file(&["ema.0", "ema.2", "net.0", "net.2"], true), Some("0,relu,2"));
        assert!(twice.contains("'0' may be 'ema.0' or 'net.0': write it in full"), "{twice}");
        assert!(ordered(&compiled, Some("c1,relu,fc2")).contains("'c1' is not a layer"));
    }
}
