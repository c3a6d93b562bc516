//! Packs bits into words on the device, so that only 1/32 of the data is read back.

use burn::tensor::{Int, Tensor, TensorData};

/// Bits of a word.
pub(super) const WORD: usize = 32;

/// Which activations are above 0: from `[groups, rows, units]` to `[groups, rows, ceil(units / 32)]`, bit `i` of a row being
/// bit `i % 32` of its word `i / 32`. Bits past the last unit are 0.
pub(super) fn pack(activations: Tensor<3>) -> Tensor<3, Int> {
    let [groups, rows, units] = activations.dims();
    let device = activations.device();
    let words = units.div_ceil(WORD);
    let mut fires = activations.greater_elem(0.0).int();
    if words * WORD > units {
        let padding = Tensor::zeros([groups, rows, words * WORD - units], &device);
        fires = Tensor::cat(vec![fires, padding], 2);
    }
    // Each unit of a word has a bit of its own, so adding sets it; the highest bit is the sign.
    let places: Vec<i32> = (0..WORD).map(|bit| 1_i32.wrapping_shl(bit as u32)).collect();
    let places = Tensor::<4, Int>::from_data(TensorData::new(places, [1, 1, 1, WORD]), &device);
    (fires.reshape([groups, rows, words, WORD]) * places).sum_dim(3).reshape([groups, rows, words])
}

/// The words of a packed tensor's data, whichever integers the device keeps.
pub(super) fn words(data: &TensorData) -> Vec<u32> {
    data.iter::<i64>().map(|word| word as u32).collect()
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;
    use crate::engine::Engine;

    #[test]
    fn every_unit_has_its_bit_and_padding_has_none() {
        // 70 units take three words; the first, the 32nd and the last bit of a word are among those that fire.
        let fires =
            |row: usize, unit: usize| [0, 31, 32, 63, 64, 69].contains(&unit) || (unit * 7 + row).is_multiple_of(3);
        let outputs: Vec<f32> = (0..2 * 70).map(|at| if fires(at / 70, at % 70) { 0.5 } else { 0.0 }).collect();
        let tensor = Tensor::from_data(TensorData::new(outputs, [1, 2, 70]), Engine::cpu().device());
        let packed = pack(tensor);
        assert_eq!(packed.dims(), [1, 2, 3]);
        let words = words(&packed.into_data());
        for row in 0..2 {
            for bit in 0..3 * WORD {
                let set = words[row * 3 + bit / WORD] >> (bit % WORD) & 1 == 1;
                assert_eq!(set, bit < 70 && fires(row, bit), "row {row}, bit {bit}");
            }
        }
    }
}
