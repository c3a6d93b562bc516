//! A layer after the first on the CPU, network by network: hidden, or the output.
//!
//! Of what comes in, a ReLU has made about half zero, and of what comes back as much: both products and the gradient run over the
//! others alone. The networks lie in one tensor, padded to the widest; here each is only as large as it is.

use super::optimizer::{Adam, AdamStep};
use crate::engine::{Kernel, LANES, Term, add_rows, terms_of, vectorised, with_numbers};
use crate::network::Layer;

/// Where one network lies in the signals of a layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// Its first column of what comes in.
    pub from: usize,
    /// Its columns of what comes in.
    pub inputs: usize,
    /// Its first column of what goes out; as many follow as whole vectors need.
    pub to: usize,
    /// Its columns of what goes out.
    pub outputs: usize,
}

/// Numbers of some examples, a row each.
#[derive(Debug, Default)]
pub(super) struct Signal {
    pub stride: usize,
    pub numbers: Vec<f32>,
}

impl Signal {
    pub fn new(stride: usize) -> Self {
        Self { stride, numbers: Vec::new() }
    }

    /// Zeros for so many examples.
    pub fn clear(&mut self, examples: usize) {
        self.numbers.clear();
        self.numbers.resize(examples * self.stride, 0.0);
    }

    pub fn rows(&self) -> usize {
        self.numbers.len() / self.stride
    }
}

/// A layer in the making.
pub(super) struct LaterLayer {
    spans: Vec<Span>,
    kernel: Adam,
    bias: Adam,
    /// Weights of the network at work, each row as wide as whole vectors need.
    wide: Vec<f32>,
    sums: Vec<f32>,
    terms: Vec<Term>,
    /// For each of its inputs the examples for which it is not 0.
    rows: Vec<Vec<Term>>,
}

impl LaterLayer {
    pub fn new(spans: Vec<Span>) -> Self {
        let rows = spans.iter().map(|span| span.inputs).max().unwrap_or_default();
        Self {
            spans,
            kernel: Adam::default(),
            bias: Adam::default(),
            wide: Vec::new(),
            sums: Vec::new(),
            terms: Vec::new(),
            rows: vec![Vec::new(); rows],
        }
    }

    /// What goes out, before any ReLU.
    pub fn forward(&mut self, layer: &mut Layer, from: &Signal, to: &mut Signal) {
        to.clear(from.rows());
        let [_, rows, columns] = layer.kernel.dims();
        with_numbers(&mut layer.kernel, |kernel| {
            with_numbers(&mut layer.bias, |bias| {
                vectorised(Forward { layer: self, weights: Weights { kernel, rows, columns, bias }, from, to });
            });
        });
    }

    /// A step down the gradient of what went out; gives `back` that of what came in, where a ReLU had made it.
    pub fn step(
        &mut self,
        rate: f64,
        decay: f64,
        layer: &mut Layer,
        from: &Signal,
        gradient: &Signal,
        back: &mut Signal,
    ) {
        back.clear(from.rows());
        let [_, rows, columns] = layer.kernel.dims();
        with_numbers(&mut layer.kernel, |kernel| {
            with_numbers(&mut layer.bias, |bias| {
                let steps = [self.kernel.begin(kernel.len(), rate, decay), self.bias.begin(bias.len(), rate, 0.0)];
                let weights = Weights { kernel, rows, columns, bias };
                vectorised(Backward { layer: self, steps, weights, from, gradient, back });
            });
        });
    }
}

/// All networks' weights of the layer as they lie in memory: `[networks, rows, columns]` and `[networks, 1, columns]`.
struct Weights<'a> {
    kernel: &'a mut [f32],
    rows: usize,
    columns: usize,
    bias: &'a mut [f32],
}

impl Weights<'_> {
    /// Where a network's weights from one of its inputs on begin.
    fn row(&self, network: usize, input: usize) -> usize {
        (network * self.rows + input) * self.columns
    }
}

struct Forward<'a> {
    layer: &'a mut LaterLayer,
    weights: Weights<'a>,
    from: &'a Signal,
    to: &'a mut Signal,
}

impl Kernel for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { layer: LaterLayer { spans, wide, terms, .. }, weights, from, to } = self;
        for (network, span) in spans.iter().enumerate() {
            let width = span.outputs.next_multiple_of(LANES);
            wide.clear();
            wide.resize(span.inputs * width, 0.0);
            for (input, wide) in wide.chunks_exact_mut(width).enumerate() {
                wide[..span.outputs].copy_from_slice(&weights.kernel[weights.row(network, input)..][..span.outputs]);
            }
            let bias = &weights.bias[network * weights.columns..][..span.outputs];
            for (from, to) in from.numbers.chunks_exact(from.stride).zip(to.numbers.chunks_exact_mut(to.stride)) {
                let to = &mut to[span.to..][..width];
                to[..span.outputs].copy_from_slice(bias);
                terms_of(&from[span.from..][..span.inputs], terms);
                add_rows(terms, wide, width, to);
            }
        }
    }
}

struct Backward<'a> {
    layer: &'a mut LaterLayer,
    /// Of the kernel, and of the bias.
    steps: [AdamStep; 2],
    weights: Weights<'a>,
    from: &'a Signal,
    gradient: &'a Signal,
    back: &'a mut Signal,
}

impl Kernel for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { layer, steps, weights, from, gradient, back } = self;
        let LaterLayer { spans, kernel, bias, wide, sums, terms, rows } = layer;
        for (network, span) in spans.iter().enumerate() {
            // The gradient of what came in: over the weights as they were, a row for each output.
            let width = span.inputs.next_multiple_of(LANES);
            wide.clear();
            wide.resize(span.outputs * width, 0.0);
            for input in 0..span.inputs {
                let own = &weights.kernel[weights.row(network, input)..][..span.outputs];
                own.iter().enumerate().for_each(|(output, &weight)| wide[output * width + input] = weight);
            }
            rows.iter_mut().take(span.inputs).for_each(Vec::clear);
            let signals = from.numbers.chunks_exact(from.stride).zip(back.numbers.chunks_exact_mut(back.stride));
            for (place, (gradient, (from, back))) in
                gradient.numbers.chunks_exact(gradient.stride).zip(signals).enumerate()
            {
                sums.clear();
                sums.resize(width, 0.0);
                terms_of(&gradient[span.to..][..span.outputs], terms);
                add_rows(terms, wide, width, sums);
                let own = from[span.from..][..span.inputs].iter().zip(&mut back[span.from..][..span.inputs]);
                for (((&signal, back), &sum), row) in own.zip(&*sums).zip(rows.iter_mut()) {
                    if signal > 0.0 {
                        *back = sum;
                        row.push((place, signal));
                    }
                }
            }
            // The weights, an input's at a time; then the biases.
            let width = span.outputs.next_multiple_of(LANES);
            for (input, row) in rows.iter().take(span.inputs).enumerate() {
                sums.clear();
                sums.resize(width, 0.0);
                add_rows(row, &gradient.numbers[span.to..], gradient.stride, sums);
                let first = weights.row(network, input);
                kernel.step(&steps[0], first, &mut weights.kernel[first..][..span.outputs], sums);
            }
            sums.clear();
            sums.resize(span.outputs, 0.0);
            for gradient in gradient.numbers.chunks_exact(gradient.stride) {
                sums.iter_mut().zip(&gradient[span.to..]).for_each(|(sum, slope)| *sum += slope);
            }
            let first = network * weights.columns;
            bias.step(&steps[1], first, &mut weights.bias[first..][..span.outputs], sums);
        }
    }
}
