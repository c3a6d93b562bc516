//! The redundancy ratio, which measures determinism.

use crate::code::CodeMatrix;

/// The redundancy ratio `(n - m) / n` of `n` examples that fall into `m` distinct codes (paper, section 4): 0 where every
/// example has a code of its own, towards 1 where all collide.
pub fn redundancy(codes: &CodeMatrix) -> f64 {
    (codes.rows() - codes.count_distinct()) as f64 / codes.rows() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_hash_has_none_and_one_shared_code_nearly_all() {
        let all_own = CodeMatrix::from_bytes(&[0, 1, 2, 3], 4, 2).unwrap();
        let all_same = CodeMatrix::zeros(4, 2);
        assert_eq!((redundancy(&all_own), redundancy(&all_same)), (0.0, 0.75));
    }
}
