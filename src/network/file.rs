//! A file of weights as it comes: what it is if it is no safetensors file, and the numbers of its tensors.

use half::{bf16, f16};
use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::PerceptronError;

const SAVE: &str = "save the weights with `save_file` of safetensors";

/// Opens a safetensors file.
///
/// # Errors
///
/// Another file, by its name if it is one that is often met in the place of weights.
pub(super) fn open(file: &[u8]) -> Result<SafeTensors<'_>, PerceptronError> {
    if let Some((what, remedy)) = other(file) {
        return Err(PerceptronError::Other { what, remedy });
    }
    SafeTensors::deserialize(file).map_err(|error| match error {
        SafeTensorError::MetadataIncompleteBuffer => PerceptronError::Other {
            what: "cut off, or longer than its header says",
            remedy: "download or save it again",
        },
        error => error.into(),
    })
}

/// What a file is that is none of safetensors, and what to do.
fn other(file: &[u8]) -> Option<(&'static str, &'static str)> {
    // The first eight bytes of a safetensors file are the length of its header, of which the last is 0.
    let is_text = file.len() < 8 || file[7] != 0;
    let head = |length| file.trim_ascii_start().get(..length).unwrap_or_default();
    let begins = |with: &str| is_text && head(with.len()).eq_ignore_ascii_case(with.as_bytes());
    let has = |word: &[u8]| file.windows(word.len()).take(1 << 20).any(|window| window == word);
    Some(match file {
        [] => ("empty", "download or save it again"),
        [b'P', b'K', 3, 4, ..] => ("a zip archive, such as PyTorch's .pt and Keras' .keras files are", SAVE),
        [0x89, b'H', b'D', b'F', ..] => ("an HDF5 file, such as Keras' .h5 files are", SAVE),
        [0x80, 2..=5, ..] if is_text => ("a Python pickle, such as older .pt files are", SAVE),
        _ if begins("version https://git-lfs") => {
            ("a Git LFS pointer to the weights", "run `git lfs pull`, or download the file itself")
        }
        _ if begins("<!doctype") || begins("<html") => {
            ("a web page", "open the address in a browser and download the file itself")
        }
        _ if begins("{") && has(b"weight_map") => {
            ("the index of weights in several files", "save the network into one file")
        }
        _ => return None,
    })
}

/// The numbers of a tensor as 32-bit floats; none of another type.
pub(super) fn floats(tensor: &TensorView<'_>) -> Option<Vec<f32>> {
    fn each<const BYTES: usize>(bytes: &[u8], float: fn([u8; BYTES]) -> f32) -> Vec<f32> {
        bytes.as_chunks().0.iter().map(|&bytes| float(bytes)).collect()
    }
    let bytes = tensor.data();
    Some(match tensor.dtype() {
        Dtype::F64 => each(bytes, |bytes| f64::from_le_bytes(bytes) as f32),
        Dtype::F32 => each(bytes, f32::from_le_bytes),
        Dtype::F16 => each(bytes, |bytes| f16::from_le_bytes(bytes).to_f32()),
        Dtype::BF16 => each(bytes, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_often_met_in_the_place_of_weights_are_called_by_their_names() {
        for (file, name) in [
            (&b""[..], "empty"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n", "Git LFS pointer"),
            (b"PK\x03\x04\x14\0\0\0\0\0net/data.pkl", "zip archive"),
            (b"\x89HDF\r\n\x1a\n\0\0\0\0", "HDF5"),
            (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "pickle"),
            (b"\n<!DOCTYPE html><title>Sign in</title>", "web page"),
            (b"{\"metadata\": {}, \"weight_map\": {}}", "several files"),
            (b"\x40\0\0\0\0\0\0\0{\"0.weight\":", "not a safetensors file"),
        ] {
            let refused = open(file).unwrap_err().to_string();
            assert!(refused.contains(name), "{name}: {refused}");
        }
        let cut = safetensors::serialize([("0.weight", TensorView::new(Dtype::F32, vec![2], &[0; 8]).unwrap())], None);
        let cut = cut.unwrap();
        assert!(open(&cut).is_ok());
        assert!(open(&cut[..cut.len() - 4]).unwrap_err().to_string().contains("cut off"));
    }

    #[test]
    fn floats_of_any_size_are_read_and_whole_numbers_are_not() {
        let read = |dtype, bytes: &[u8]| floats(&TensorView::new(dtype, vec![2], bytes).unwrap());
        let all = |of: fn(f32) -> Vec<u8>| [of(1.5), of(-0.25)].concat();
        assert_eq!(read(Dtype::F16, &all(|it| f16::from_f32(it).to_le_bytes().into())), Some(vec![1.5, -0.25]));
        assert_eq!(read(Dtype::BF16, &all(|it| bf16::from_f32(it).to_le_bytes().into())), Some(vec![1.5, -0.25]));
        assert_eq!(read(Dtype::F32, &all(|it| it.to_le_bytes().into())), Some(vec![1.5, -0.25]));
        assert_eq!(read(Dtype::F64, &all(|it| f64::from(it).to_le_bytes().into())), Some(vec![1.5, -0.25]));
        assert_eq!(read(Dtype::I64, &[0; 16]), None);
    }
}
