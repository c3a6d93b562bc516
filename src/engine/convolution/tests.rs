use super::stride::take_every_second;
use super::*;

/// Numbers without a pattern.
fn numbers(count: usize, seed: f32) -> Vec<f32> {
    (0..count).map(|at| (at as f32 * seed).sin()).collect()
}

fn maps(shape: MapShape, rows: &[f32]) -> Maps {
    let mut maps = Maps::default();
    // Earlier contents of the buffer must not matter.
    maps.read_rows(MapShape { channels: 2, height: 3, width: 3 }, &numbers(11 * 18, 0.3));
    maps.read_rows(shape, rows);
    maps
}

fn rows(maps: &Maps, examples: usize) -> Vec<f32> {
    let mut rows = vec![7.0; 3];
    maps.write_rows(examples, &mut rows);
    rows
}

/// Calls for every product of a convolution with the places of the output, the weight and the input.
fn each_product(examples: usize, outputs: usize, shape: MapShape, mut product: impl FnMut(usize, usize, usize)) {
    let MapShape { channels, height, width } = shape;
    for place in 0..examples * outputs * channels * height * width * TAPS {
        let (tap, rest) = (place % TAPS, place / TAPS);
        let (input, rest) = (rest % channels, rest / channels);
        let (column, rest) = (rest % width, rest / width);
        let (row, rest) = (rest % height, rest / height);
        let (output, example) = (rest % outputs, rest / outputs);
        let (from_row, from_column) = (row + tap / 3, column + tap % 3);
        if (1..=height).contains(&from_row) && (1..=width).contains(&from_column) {
            product(
                ((example * outputs + output) * height + row) * width + column,
                (output * channels + input) * TAPS + tap,
                ((example * channels + input) * height + from_row - 1) * width + from_column - 1,
            );
        }
    }
}

fn assert_near(found: &[f32], wanted: &[f64], what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let apart = found.iter().zip(wanted).map(|(found, wanted)| (f64::from(*found) - wanted).abs()).fold(0.0, f64::max);
    assert!(apart < 2e-5, "{what}: {apart}");
}

/// Channels in and out, height, width, examples: every tile, sizes that fill no tile, groups that are not full.
const SHAPES: [[usize; 5]; 8] = [
    [1, 8, 12, 12, 16],
    [2, 5, 7, 7, 13],
    [3, 4, 10, 9, 8],
    [8, 16, 5, 6, 20],
    [1, 1, 3, 4, 3],
    [2, 2, 4, 4, 1],
    [4, 7, 6, 7, 9],
    [5, 15, 1, 2, 10],
];

#[test]
fn a_convolution_and_its_gradients_are_the_sums_of_their_products() {
    for [inputs, outputs, height, width, examples] in SHAPES {
        let shape = MapShape { channels: inputs, height, width };
        let made = MapShape { channels: outputs, ..shape };
        let (from, kernel) = (numbers(examples * shape.len(), 0.7), numbers(outputs * inputs * TAPS, 1.3));
        let (bias, slopes) = (numbers(outputs, 0.4), numbers(examples * made.len(), 0.9));
        let mut out: Vec<f64> = (0..slopes.len()).map(|at| f64::from(bias[at / made.positions() % outputs])).collect();
        let (mut of_kernel, mut of_from) = (vec![0.0; kernel.len()], vec![0.0; from.len()]);
        each_product(examples, outputs, shape, |to, weight, source| {
            out[to] += f64::from(kernel[weight]) * f64::from(from[source]);
            of_kernel[weight] += f64::from(slopes[to]) * f64::from(from[source]);
            of_from[source] += f64::from(slopes[to]) * f64::from(kernel[weight]);
        });

        let what = format!("{inputs} to {outputs} of {height} x {width}, {examples} examples");
        let (taken, back) = (maps(shape, &from), maps(made, &slopes));
        let (mut filters, mut to) = (Filters::default(), maps(made, &slopes));
        filters.take(&kernel, &bias);
        filters.convolve(&taken, &mut to, examples, None);
        assert_near(&rows(&to, examples), &out, &what);
        filters.take_turned(&kernel, outputs);
        filters.convolve(&back, &mut to, examples, None);
        assert_near(&rows(&to, examples), &of_from, &format!("{what}, gradient of what came in"));
        let mut gradient = FilterGradient::default();
        gradient.take(&taken, &back);
        assert_near(&gradient.kernel, &of_kernel, &format!("{what}, gradient of the filters"));
        let mut of_bias = vec![0.0; outputs];
        slopes.iter().enumerate().for_each(|(at, slope)| of_bias[at / made.positions() % outputs] += f64::from(*slope));
        assert_near(&gradient.bias, &of_bias, &format!("{what}, gradient of the bias"));
    }
}

#[test]
fn pooling_keeps_the_largest_of_each_square_and_its_gradient_goes_back_to_the_first_of_them() {
    for [channels, _, height, width, examples] in SHAPES {
        let shape = MapShape { channels, height, width };
        // Few distinct values, so that ties occur.
        let from: Vec<f32> = numbers(examples * shape.len(), 0.7).iter().map(|number| (3.0 * number).round()).collect();
        let pooled = shape.pooled();
        let slopes = numbers(examples * pooled.len(), 0.9);
        let (mut wanted, mut back) = (Vec::new(), vec![0.0; from.len()]);
        for (place, slope) in slopes.iter().enumerate() {
            let (map, at) = (place / pooled.positions(), place % pooled.positions());
            let first = map * shape.positions() + at / pooled.width * 2 * width + at % pooled.width * 2;
            let square = [first, first + 1, first + width, first + width + 1];
            let largest = square.iter().map(|&at| from[at]).fold(f32::NEG_INFINITY, f32::max);
            wanted.push(largest);
            let own = square.into_iter().find(|&at| from[at] == largest).unwrap_or(first);
            back[own] += slope;
        }
        let taken = maps(shape, &from);
        let (mut largest, mut of_from) = (Maps::default(), Maps::default());
        pool(&taken, &mut largest, examples);
        if pooled.is_empty() {
            continue;
        }
        assert_eq!(rows(&largest, examples), wanted, "{shape:?}");
        let slopes = maps(pooled, &slopes);
        for negative_slope in [1.0, 0.3, 0.0] {
            let rectifier = Rectifier::new(negative_slope);
            Unpool { rectifier, out: &taken, pooled: &largest, slopes: &slopes, back: &mut of_from }.go(examples);
            let let_back = |(&back, &from): (&f32, &f32)| match from {
                above if above > 0.0 => back,
                below if below < 0.0 => negative_slope * back,
                _ => {
                    if negative_slope == 0.0 {
                        0.0
                    } else {
                        back
                    }
                }
            };
            let wanted: Vec<f32> = back.iter().zip(&from).map(let_back).collect();
            assert_eq!(rows(&of_from, examples), wanted, "{shape:?}");
        }
    }
}

#[test]
fn pixels_are_taken_with_their_channels_side_by_side_and_numbers_come_out_as_they_went_in() {
    let shape = MapShape { channels: 3, height: 4, width: 5 };
    let pixels = numbers(11 * shape.len(), 0.7);
    let mut taken = maps(shape, &numbers(20 * shape.len(), 0.2));
    taken.take_pixels(shape, &pixels);
    let found = rows(&taken, 11);
    for (at, number) in pixels.iter().enumerate() {
        let (example, channel, position) = (at / shape.len(), at % 3, at % shape.len() / 3);
        assert_eq!(found[example * shape.len() + channel * 20 + position], *number);
    }
    assert_eq!(rows(&maps(shape, &found), 11), found);
    // Examples that pad the last group are all 0.
    let last =
        taken.groups().last().map_or(0.0, |group| group.iter().map(|numbers| numbers[3..].iter().sum::<f32>()).sum());
    assert_eq!(last, 0.0);
}

#[test]
fn what_a_rectifier_lets_through_of_a_convolution_is_that_of_its_sums() {
    let shape = MapShape { channels: 2, height: 5, width: 4 };
    let (taken, kernel, bias) =
        (maps(shape, &numbers(9 * shape.len(), 0.7)), numbers(3 * 2 * TAPS, 1.3), [0.1, -0.2, 0.0]);
    let (mut filters, mut to) = (Filters::default(), Maps::default());
    filters.take(&kernel, &bias);
    filters.convolve(&taken, &mut to, 9, None);
    let sums = rows(&to, 9);
    for negative_slope in [0.0, 0.3] {
        filters.convolve(&taken, &mut to, 9, Some(Rectifier::new(negative_slope)));
        let wanted = sums.iter().map(|&sum| if sum > 0.0 { sum } else { negative_slope * sum });
        assert_eq!(rows(&to, 9), wanted.collect::<Vec<_>>());
    }
}

#[test]
fn every_second_place_is_taken_and_added_and_its_gradient_goes_back_there() {
    let (whole, half) = (MapShape { channels: 2, height: 5, width: 4 }, MapShape { channels: 3, height: 3, width: 2 });
    assert_eq!(whole.halved(), MapShape { channels: 2, ..half });
    let examples = 11;
    let [from, to] = [numbers(examples * whole.len(), 0.7), numbers(examples * half.len(), 0.2)];
    let (maps_from, mut taken, mut sum) = (maps(whole, &from), Maps::default(), maps(half, &to));
    take_every_second(&maps_from, &mut taken, examples);
    add_every(&maps_from, &mut sum);
    let (taken, sum) = (rows(&taken, examples), rows(&sum, examples));
    let mut back = maps(whole, &from);
    send_every_back(&maps(half, &to), &mut back);
    let back = rows(&back, examples);
    for example in 0..examples {
        let of_whole = |channel: usize, row: usize, column: usize| {
            (example * whole.len()) + (channel * whole.height + row) * whole.width + column
        };
        let of_half = |channels: usize, channel: usize, row: usize, column: usize| {
            ((example * channels + channel) * half.height + row) * half.width + column
        };
        for channel in 0..half.channels {
            for (row, column) in (0..half.height).flat_map(|row| (0..half.width).map(move |column| (row, column))) {
                let at = of_half(3, channel, row, column);
                if channel == 2 {
                    assert_eq!(sum[at], to[at]); // a channel of padding
                } else {
                    let source = from[of_whole(channel, 2 * row, 2 * column)];
                    assert_eq!(taken[of_half(2, channel, row, column)], source);
                    assert_eq!(sum[at], to[at] + source);
                }
            }
        }
        for channel in 0..whole.channels {
            for (row, column) in (0..whole.height).flat_map(|row| (0..whole.width).map(move |column| (row, column))) {
                let is_taken = row % 2 == 0 && column % 2 == 0;
                let wanted = if is_taken { to[of_half(3, channel, row / 2, column / 2)] } else { 0.0 };
                assert_eq!(back[of_whole(channel, row, column)], wanted);
            }
        }
    }
}

#[test]
fn an_average_is_that_of_a_map_and_its_gradient_is_shared_by_all_places() {
    let (shape, examples) = (MapShape { channels: 2, height: 3, width: 2 }, 9);
    let from = numbers(examples * shape.len(), 0.4);
    let mut means = Maps::default();
    average(&maps(shape, &from), &mut means, examples);
    let wanted: Vec<f64> =
        from.chunks_exact(6).map(|map| map.iter().map(|&number| f64::from(number)).sum::<f64>() / 6.0).collect();
    assert_near(&rows(&means, examples), &wanted, "means");
    let mut back = Maps::default();
    send_average_back(&means, &mut back, shape, examples);
    let each: Vec<f64> = wanted.iter().flat_map(|mean| [mean / 6.0; 6]).collect();
    assert_near(&rows(&back, examples), &each, "gradients");
}
