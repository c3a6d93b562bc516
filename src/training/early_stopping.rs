//! Early stopping: which networks stop training before the plan's last epoch.

/// Watches each network's training loss epoch by epoch, as Keras' `EarlyStopping(monitor="loss")` does (paper, protocol:
/// stop when the training loss has not improved for 10 epochs).
#[derive(Debug, Clone)]
pub struct EarlyStopping {
    patience: u32,
    networks: Vec<Watched>,
}

#[derive(Debug, Clone, Copy)]
struct Watched {
    best: f32,
    /// Epochs since then.
    waited: u32,
}

impl EarlyStopping {
    /// Watches `networks` networks, each to be stopped after `patience` epochs without a lower loss.
    pub fn new(patience: u32, networks: usize) -> Self {
        Self { patience, networks: vec![Watched { best: f32::INFINITY, waited: 0 }; networks] }
    }

    /// Takes each network's mean loss of one more epoch; gives the indices of those whose training ends with it.
    pub fn after_epoch(&mut self, losses: &[f32]) -> Vec<usize> {
        let mut ended = Vec::new();
        for (index, (network, &loss)) in self.networks.iter_mut().zip(losses).enumerate() {
            if network.waited == self.patience {
                continue; // stopped earlier
            }
            // A loss that is NaN is no improvement.
            if loss < network.best {
                *network = Watched { best: loss, waited: 0 };
                continue;
            }
            network.waited += 1;
            if network.waited == self.patience {
                ended.push(index);
            }
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_ends_after_so_many_epochs_without_a_lower_loss_and_once_only() {
        let mut stopping = EarlyStopping::new(2, 3);
        let epochs = [
            [1.0, 1.0, 1.0],
            [1.0, 0.9, f32::NAN],
            [1.0, 0.9, f32::NAN],
            [1.0, 0.8, 0.5],
            [1.0, 0.8, 0.5],
            [1.0, 0.8, 0.5],
        ];
        let ended: Vec<_> = epochs.iter().map(|losses| stopping.after_epoch(losses)).collect();
        assert_eq!(ended, [vec![], vec![], vec![0, 2], vec![], vec![], vec![1]]);
    }
}
