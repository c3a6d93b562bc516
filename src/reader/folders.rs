//! What folders and names of files say: which examples train, which test, and of which class pictures are.

/// What examples are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Train,
    Validation,
    Test,
}

/// What a name says of it, by a word that stands alone: `test.csv`, `t10k-images`, `x_train`, but not `latest` or `contest`.
pub(super) fn role(name: &str) -> Option<Role> {
    let name = name.to_lowercase();
    let words = || name.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let has = |wanted: &[&str]| words().any(|word| wanted.contains(&word));
    if has(&["test", "testing", "tests"]) || name.contains("t10k") {
        Some(Role::Test)
    } else if has(&["val", "valid", "validation"]) {
        Some(Role::Validation)
    } else if has(&["train", "training"]) {
        Some(Role::Train)
    } else {
        None
    }
}

/// Of which class a picture is, and what it is for, as its folders say; no class where it lies in none.
pub(super) fn place(path: &str) -> (Option<Role>, Option<&str>) {
    let mut folders: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    folders.pop();
    // The innermost folder counts; those above it may have any name.
    let at = folders.iter().rposition(|folder| role(folder).is_some() && is_split(folder));
    let class = match at {
        Some(at) => folders.get(at + 1..).and_then(|below| below.last()),
        None => folders.last(),
    };
    (at.and_then(|at| role(folders[at])), class.copied())
}

/// Whether a folder is named for what its examples are for and nothing else: `train`, `test1`, `training_set`, but not `test tubes`.
fn is_split(folder: &str) -> bool {
    let rest = folder.to_lowercase();
    let words: Vec<&str> =
        rest.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    let roles = || words.iter().filter_map(|word| role(word));
    let is_one = roles().all(|one| roles().next() == Some(one));
    is_one && words.iter().all(|word| role(word).is_some() || ["set", "data", "images", "split"].contains(word))
}

/// The class that a file's own name begins with: `cat` of `cat.12.jpg`, `dog_3.png`.
pub(super) fn class_of_name(path: &str) -> Option<&str> {
    let name = path.rsplit(['/', '\\']).next()?;
    let end = name.find(|letter: char| !letter.is_alphabetic()).unwrap_or(name.len());
    let rest = &name[end..];
    let is_numbered =
        rest.trim_start_matches(['.', '_', '-', ' ', '(']).starts_with(|letter: char| letter.is_ascii_digit());
    (end > 0 && is_numbered).then(|| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_says_what_examples_are_for() {
        for (name, expected) in [
            ("test.csv", Some(Role::Test)),
            ("t10k-images-idx3-ubyte", Some(Role::Test)),
            ("x_train", Some(Role::Train)),
            ("emnist-letters-train-images-idx3-ubyte.gz", Some(Role::Train)),
            ("val_images", Some(Role::Validation)),
            ("latest.csv", None),
            ("contest", None),
            ("iris.csv", None),
        ] {
            assert_eq!(role(name), expected, "{name}");
        }
    }

    #[test]
    fn folders_say_the_class_and_the_split() {
        for (path, expected) in [
            ("pets/cats/1.png", (None, Some("cats"))),
            ("data/train/cats/1.png", (Some(Role::Train), Some("cats"))),
            ("data/test/cats/more/1.png", (Some(Role::Test), Some("more"))),
            ("data/test1/cat.1.jpg", (Some(Role::Test), None)),
            ("my-train-test/data/train/cats/1.png", (Some(Role::Train), Some("cats"))),
            ("train-test/cats/1.png", (None, Some("cats"))),
            ("lab/test tubes/1.png", (None, Some("test tubes"))),
            ("1.png", (None, None)),
        ] {
            assert_eq!(place(path), expected, "{path}");
        }
        assert_eq!(class_of_name("train/cat.12.jpg"), Some("cat"));
        assert_eq!(class_of_name("train/12.jpg"), None);
        assert_eq!(class_of_name("train/portrait.jpg"), None);
    }
}
