//! Continues from an earlier, unfinished chart, or refuses and says what differs.

use super::identity::{difference, plans};
use super::{Cell, ChartError, DatasetSummary, Gap, PhaseChart};
use crate::dataset::Dataset;
use crate::engine::Engine;

impl PhaseChart {
    /// Notes that `engine` makes what is inserted next.
    pub fn made_by(&mut self, engine: &Engine) {
        if self.is_empty() { self.provenance.begin(engine) } else { self.provenance.then(engine) }
    }

    /// Takes over what an earlier, unfinished chart has: its cells, what made them and the time they took. Each of them must be
    /// what this chart's own plan would come to; `data` is this chart's data set, which may hold more examples than the earlier
    /// one saw.
    pub fn resume(&mut self, earlier: Self, data: &Dataset) -> Result<(), ChartError> {
        let other = |part: &str| Err(ChartError::Other { part: part.into() });
        if earlier.is_empty() {
            return Ok(());
        }
        if earlier.provenance.version != self.provenance.version {
            return other("provenance.crate");
        }
        if !earlier.provenance.names(&self.provenance.backend) {
            return other("provenance.backend");
        }
        let here = DatasetSummary::of(data, earlier.protocol.noise(), earlier.axes.most_samples());
        if here.identity() != earlier.dataset.identity() {
            return other("dataset");
        }
        let own = plans(&earlier.dataset, &self.protocol, &self.axes);
        // The level in this chart of a network of the earlier chart.
        let level_here = |[level, seed, samples, epoch, width]: [u32; 5]| {
            let plan = earlier.plans.get(level as usize).ok_or(ChartError::Other { part: "plans".into() })?;
            let same = own.iter().position(|own| own == plan).map(|level| level as u32);
            let here = same.ok_or_else(|| ChartError::Other { part: self.differs_from(&earlier, level) })?;
            let placed = self.check_place([here, seed, samples, epoch, width]);
            placed.map_err(|(axis, ..)| ChartError::Other { part: format!("axes.{axis}") })?;
            Ok::<_, ChartError>(here)
        };
        let cell_here = |cell: &Cell| Ok(Cell { level: level_here(cell.key())?, ..cell.clone() });
        let gap_here = |gap: &Gap| Ok(Gap { level: level_here(gap.key())?, ..gap.clone() });
        let cells: Vec<_> = earlier.cells.iter().map(cell_here).collect::<Result<_, ChartError>>()?;
        let gaps: Vec<_> = earlier.gaps.iter().map(gap_here).collect::<Result<_, ChartError>>()?;
        let mut levels = (0..earlier.axes.levels()).map(|level| earlier.axes.protocol_at(level, &earlier.protocol));
        if let Some(here) = &self.provenance.processor
            && !levels.all(|protocol| protocol.has_kernels())
            && !earlier.provenance.processors().any(|kind| kind == here)
        {
            let there = earlier.provenance.processor.unwrap_or_else(|| "unknown".into());
            return Err(ChartError::Processor { there, here: here.clone() });
        }
        cells.into_iter().for_each(|cell| self.insert(cell));
        gaps.into_iter().for_each(|gap| self.insert_gap(gap));
        let here = self.provenance.processor.take();
        self.provenance = earlier.provenance;
        self.provenance.processor = self.provenance.processor.take().or(here);
        Ok(())
    }

    /// In what the plan of an earlier chart at `level` differs from all of this chart's.
    fn differs_from(&self, earlier: &Self, level: u32) -> String {
        if earlier.axes.width != self.axes.width {
            return "axes.width".into();
        }
        let theirs = earlier.axes.protocol_at(level, &earlier.protocol);
        let own = (0..self.axes.levels()).map(|level| self.axes.protocol_at(level, &self.protocol));
        let fields: Vec<_> = own.filter_map(|own| difference(&theirs, &own)).collect();
        match &fields[..] {
            [first, rest @ ..] if rest.iter().all(|field| field == first) => first.clone(),
            _ => "axes.factor".into(),
        }
    }
}
