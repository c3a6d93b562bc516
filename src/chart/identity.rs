//! The identity of a cell: a digest of everything that determines its network. Cells of two charts are comparable where their digests are
//! equal.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Axes, DatasetSummary, PhaseChart};
use crate::dataset::{Dataset, Noise};
use crate::training::{Preset, Protocol};

impl DatasetSummary {
    /// Of the data as networks see it that learn the first `samples` examples under `noise`.
    pub fn of(data: &Dataset, noise: Noise, samples: usize) -> Self {
        let digest = match noise {
            none if none == Noise::default() => data.digest(samples),
            noise => data.with_noise(noise, samples).digest(samples),
        };
        let (train, test, classes) = (data.full(), data.test().len(), data.classes());
        Self { name: data.name().into(), train, test, classes, digest, description: Some(data.description().clone()) }
    }

    /// What tells the data apart: the description says in words what the digest is of, and old charts have none.
    pub(super) fn identity(&self) -> Self {
        Self { description: None, ..self.clone() }
    }
}

/// The axes' part of a plan that every cell depends on, a digest for each level of the factor: of the data set, of the
/// protocol with the level's value, and of the widths, since networks of one population round in company. A cell's own
/// epoch, sample size and seed are its place on the axes, and what else stands there does not change it.
pub(super) fn plans(dataset: &DatasetSummary, protocol: &Protocol, axes: &Axes) -> Vec<String> {
    (0..axes.levels()).map(|level| digest(dataset, &axes.protocol_at(level, protocol), &axes.width)).collect()
}

fn digest(dataset: &DatasetSummary, protocol: &Protocol, widths: &[u32]) -> String {
    // The preset that a protocol started from is only a name. Fields are written in the order of declaration on every machine.
    let protocol = Protocol { preset: Preset::Figure, ..protocol.clone() };
    let text = serde_json::to_string(&(dataset.identity(), protocol, widths)).unwrap_or_default();
    let hex: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// The first field in which two protocols differ, as `protocol.batch`.
pub(super) fn difference(one: &Protocol, other: &Protocol) -> Option<String> {
    let fields = |protocol: &Protocol| {
        let protocol = Protocol { preset: Preset::Figure, ..protocol.clone() };
        serde_json::to_value(protocol).ok()?.as_object().cloned()
    };
    let (one, other) = (fields(one)?, fields(other)?);
    let field = one.keys().chain(other.keys()).find(|field| one.get(*field) != other.get(*field))?;
    Some(format!("protocol.{field}"))
}

impl PhaseChart {
    /// The first field in which another chart's plan, data or version differ, as `axes.width`; none where their networks can stand in one.
    ///
    /// # Errors
    ///
    /// A chart that cannot be written as JSON.
    pub fn head_differs_from(&self, other: &Self) -> serde_json::Result<Option<String>> {
        let heads = |chart: &Self| {
            let Self { format, version, title, dataset, protocol, axes, plans, provenance, .. } = chart;
            // The fields that determine the others come first, since they say more.
            Ok::<_, serde_json::Error>([
                ("provenance.crate", serde_json::to_value(&provenance.version)?),
                ("dataset", serde_json::to_value(dataset.identity())?),
                ("axes", serde_json::to_value(axes)?),
                ("protocol", serde_json::to_value(protocol)?),
                ("plans", serde_json::to_value(plans)?),
                ("title", serde_json::to_value((format, version, title))?),
            ])
        };
        let pairs = heads(self)?.into_iter().zip(heads(other)?);
        Ok(pairs.filter(|(one, other)| one != other).map(|((name, one), (_, other))| path(name, &one, &other)).next())
    }
}

/// Where two values that differ do so first.
fn path(name: &str, one: &Value, other: &Value) -> String {
    let fields = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (own, others) = (fields(one), fields(other));
    match own.keys().chain(others.keys()).find(|field| own.get(*field) != others.get(*field)) {
        Some(field) => format!("{name}.{field}"),
        None => name.into(),
    }
}

impl Axes {
    /// How many levels the factor has; 1 where there is none.
    pub fn levels(&self) -> u32 {
        self.factor.as_ref().map_or(1, |factor| factor.len() as u32)
    }

    /// Cells of a whole chart; too many to count are as many as can be counted.
    pub fn squares(&self) -> u64 {
        let lengths = [self.width.len(), self.epoch.len(), self.samples.len(), self.seed.len(), self.levels() as usize];
        lengths.into_iter().fold(1, |product, length| product.saturating_mul(length as u64))
    }

    /// A protocol with the factor's value at that level.
    pub fn protocol_at(&self, level: u32, protocol: &Protocol) -> Protocol {
        let mut protocol = protocol.clone();
        if let Some(factor) = &self.factor {
            factor.set(level, &mut protocol);
        }
        protocol
    }

    /// The largest sample size.
    pub fn most_samples(&self) -> usize {
        self.samples.last().map_or(0, |&samples| samples as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::sweep::Plan;

    #[test]
    fn a_digest_tells_apart_what_a_cell_depends_on_and_nothing_else() {
        let plan = Plan::preset(Preset::Quick, "moons").unwrap();
        let data = Toy::Moons.generate();
        let of = |plan: &Plan| {
            let dataset = DatasetSummary::of(&data, plan.protocol.noise(), plan.axes.most_samples());
            plans(&dataset, &plan.protocol, &plan.axes)
        };
        let changed = |change: fn(&mut Plan)| {
            let mut plan = plan.clone();
            change(&mut plan);
            of(&plan)
        };
        let first = of(&plan);
        for same in [
            |plan: &mut Plan| plan.axes.seed = vec![4, 9],
            |plan: &mut Plan| plan.axes.epoch = vec![7],
            |plan: &mut Plan| plan.protocol.preset = Preset::Code,
            |plan: &mut Plan| plan.axes.factor = Some("dropout=0".parse().unwrap()),
        ] {
            assert_eq!(changed(same), first);
        }
        for other in [
            |plan: &mut Plan| plan.axes.width = vec![3],
            |plan: &mut Plan| plan.protocol.dropout = 0.1,
            |plan: &mut Plan| plan.protocol.label_noise = 0.2,
            |plan: &mut Plan| plan.protocol.kmeans_starts = 10,
            |plan: &mut Plan| plan.axes.factor = Some("dropout=0.5".parse().unwrap()),
        ] {
            assert_ne!(changed(other), first);
        }
        let (noise, dropout) = (
            changed(|plan| plan.axes.factor = Some("label_noise=0,1".parse().unwrap())),
            changed(|plan| plan.axes.factor = Some("dropout=0,0.5".parse().unwrap())),
        );
        assert_eq!(noise[0], dropout[0]);
        assert_ne!(noise[1], dropout[1]);
    }

    #[test]
    fn the_digest_of_the_data_covers_its_noise() {
        let data = Toy::Moons.generate();
        let of = |labels, inputs| DatasetSummary::of(&data, Noise { labels, inputs }, 300).digest;
        let all = [of(0.0, false), of(0.2, false), of(1.0, false), of(0.0, true)];
        assert!((1..4).all(|index| !all[..index].contains(&all[index])), "{all:?}");
    }
}
