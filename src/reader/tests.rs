use super::*;
use crate::dataset::Kind;

fn file(path: &str, text: impl AsRef<[u8]>) -> File {
    File { path: path.into(), bytes: text.as_ref().into() }
}

fn read(name: &str, text: impl AsRef<[u8]>) -> Own {
    Own::read(name, vec![file(name, text)], &Options::default()).unwrap()
}

fn refused(name: &str, text: impl AsRef<[u8]>) -> String {
    Own::read(name, vec![file(name, text)], &Options::default()).unwrap_err().to_string()
}

fn used(own: &Own) -> Vec<(&str, Used)> {
    own.columns.iter().map(|column| (column.name.as_str(), column.used)).collect()
}

/// The inputs of the examples, in the order of their labels.
fn floats(own: &Own) -> &[f32] {
    if let OwnValues::Floats(numbers) = &own.values { numbers } else { panic!("not floats") }
}

#[test]
fn titanic_is_read_as_it_comes() {
    let mut text = String::from("PassengerId,Survived,Pclass,Name,Sex,Age,SibSp,Parch,Ticket,Fare,Cabin,Embarked\n");
    for row in 1..=60 {
        let (age, cabin) = (
            if row % 5 == 0 { String::new() } else { (row % 47).to_string() },
            if row % 3 == 0 { format!("C{row}") } else { String::new() },
        );
        let sex = if row % 4 == 0 { "female" } else { "male" };
        let port = ["S", "C", "Q", ""][if row == 7 { 3 } else { row % 3 }];
        text += &format!(
            "{row},{},{},\"Doe, Mr. \"\"X\"\" {row}\",{sex},{age},{},0,A/5 {},{}.25,{cabin},{port}\n",
            row % 2,
            row % 3 + 1,
            row % 2,
            21_171 + 7 * row,
            row
        );
    }
    let own = read("titanic.csv", text);
    use Used::*;
    let expected = [
        ("PassengerId", Nothing),
        ("Survived", Label),
        ("Pclass", Number),
        ("Name", Nothing),
        ("Sex", Categories),
        ("Age", Number),
        ("SibSp", Number),
        ("Parch", Number),
        ("Ticket", Nothing),
        ("Fare", Number),
        ("Cabin", Nothing),
        ("Embarked", Categories),
    ];
    assert_eq!(used(&own), expected);
    let Kind::Table { columns } = &own.description.kind else { panic!() };
    let names: Vec<_> = columns.iter().map(|column| (column.name.as_str(), column.categories.len())).collect();
    let expected = [
        ("Pclass", 0),
        ("Sex", 2),
        ("Age", 0),
        ("Age is missing", 0),
        ("SibSp", 0),
        ("Parch", 0),
        ("Fare", 0),
        ("Embarked", 4),
    ];
    assert_eq!(names, expected);
    assert_eq!(own.description.kind.inputs(), 12);
    assert_eq!((own.train, own.labels.len(), own.description.classes.clone()), (48, 60, vec!["0".into(), "1".into()]));
    own.dataset().unwrap();
}

#[test]
fn adult_is_read_as_uci_gives_it_with_its_test_file() {
    let row = |row: usize, point: &str| {
        let (work, sex) = (["State-gov", "Private", "?"][row % 3], ["Male", "Female"][row % 2]);
        let income = if row.is_multiple_of(4) { ">50K" } else { "<=50K" };
        format!("{}, {work}, {}, {sex}, {}, {income}{point}\n", 17 + row % 60, 20_000 + 13 * row, 10 + row % 50)
    };
    let train: String = (0..80).map(|at| row(at, "")).collect();
    let test: String = (0..40).map(|at| row(at + 80, ".")).collect();
    let files = vec![
        file("adult/adult.test", format!("|1x3 Cross validator\n{test}\n")),
        file("adult/adult.data", format!("{train}\n")),
        file("adult/adult.names", "| From the census\n| of 1994\nage: continuous.\n"),
    ];
    let own = Own::read("adult", files, &Options::default()).unwrap();
    assert_eq!((own.train, own.labels.len()), (80, 120));
    assert_eq!(own.description.classes, ["<=50K", ">50K"]);
    // There are several columns of words, so the last column is the label.
    assert_eq!(used(&own).iter().filter(|(_, used)| *used == Used::Categories).count(), 2);
    assert_eq!(own.columns.last().unwrap().used, Used::Label);
    assert_eq!(own.description.kind.inputs(), 1 + 3 + 1 + 2 + 1);
    assert!(own.decided.iter().any(|said| said.contains("adult.data trains, adult.test tests")), "{:?}", own.decided);
}

#[test]
fn numbers_are_scaled_by_the_training_examples_and_keep_their_digits() {
    // Timestamps in seconds: as 32-bit floats they would all be equal.
    let rows: String = (0..40)
        .map(|row| format!("{},{}\n", 1_700_000_000_u64 + 10 * row * row, ["a", "b"][row as usize % 2]))
        .collect();
    let own = read("clock.csv", format!("seconds,label\n{rows}"));
    let (train, test) = floats(&own).split_at(own.train);
    assert!(train.iter().all(|number| (0.0..=1.0).contains(number)));
    assert!(train.contains(&0.0) && train.contains(&1.0) && !test.is_empty());
    let mut seen: Vec<_> = floats(&own).iter().map(|number| number.to_bits()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 40);
}

#[test]
fn pixels_in_columns_are_pictures() {
    let rows = |count: usize| -> String {
        (0..30).map(|row| format!("{}{}\n", row % 3, format!(",{}", row * 8).repeat(count))).collect()
    };
    let numbered: String = (0..16).map(|pixel| format!(",pixel{pixel}")).collect();
    let own = read("train.csv", format!("label{numbered}\n{}", rows(16)));
    assert_eq!(own.description.kind, Kind::grey(4, 4));
    assert!(matches!(own.values, OwnValues::Bytes(_)));
    let by_place: String = (1..=3).flat_map(|row| (1..=5).map(move |column| format!(",{row}x{column}"))).collect();
    assert_eq!(read("train.csv", format!("label{by_place}\n{}", rows(15))).description.kind, Kind::grey(3, 5));
}

#[test]
fn what_is_said_counts() {
    let rows: String = (0..30).map(|row| format!("{},{},{}\n", row, row % 3, row % 2)).collect();
    let with = |options: Options| Own::read("t.csv", vec![file("t.csv", format!("id,a,b\n{rows}"))], &options);
    let own = with(Options { label: Some("a".into()), keep: vec!["id".into()], ..Options::default() }).unwrap();
    assert_eq!(used(&own), [("id", Used::Number), ("a", Used::Label), ("b", Used::Number)]);
    let own = with(Options { label: Some("3".into()), train: Some(10), ..Options::default() }).unwrap();
    assert_eq!((own.columns[2].used, own.train, own.labels.len()), (Used::Label, 10, 16));
    let refused = with(Options { label: Some("c".into()), ..Options::default() }).unwrap_err().to_string();
    assert!(refused.contains("there is no column “c”: choose one of id, a, b"), "{refused}");
    let own = with(Options::default()).unwrap();
    assert_eq!(
        own.columns[2],
        ColumnUse { name: "b".into(), used: Used::Label, how: "the last column: its values repeat".into() }
    );
}

#[test]
fn svmlight_files_become_words() {
    let text: String = (0..20)
        .map(|row| format!("{} {}:{} 900:1 # a comment\n", if row % 2 == 0 { "+1" } else { "-1" }, row + 1, row + 1))
        .collect();
    let own = read("a.svm", text);
    assert_eq!(
        (own.description.kind.clone(), own.description.classes.clone()),
        (Kind::Words { inputs: 900 }, vec!["-1".into(), "1".into()])
    );
    let OwnValues::Sparse(sparse) = &own.values else { panic!() };
    assert!(sparse.numbers().iter().all(|&number| number <= 1.0 || !own.description.classes.is_empty()));
    assert_eq!((sparse.rows(), sparse.numbers().len()), (20, 40));
    assert!(refused("a.svm", "1 1:2\n0 3:1 2:1\n").contains("line 2"));
    own.dataset().unwrap();
}

/// A NumPy array as it is saved.
fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
    header += &" ".repeat(63 - (10 + header.len()) % 64);
    header += "\n";
    [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// An archive of arrays.
fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn arrays_are_read_as_keras_and_medmnist_name_them() {
    let images =
        |count: usize| npy("|u1", &format!("({count}, 2, 3)"), &(0..6 * count).map(|at| at as u8).collect::<Vec<_>>());
    let labels = |count: usize| {
        npy("<i8", &format!("({count},)"), &(0..count as i64).flat_map(|at| (at % 2).to_le_bytes()).collect::<Vec<_>>())
    };
    let keras = npz(&[("x_test", images(4)), ("x_train", images(8)), ("y_test", labels(4)), ("y_train", labels(8))]);
    let own = read("mnist.npz", keras);
    assert_eq!((own.description.kind.clone(), own.train, own.labels.len()), (Kind::grey(2, 3), 8, 12));
    // Ordered categories keep their published order.
    assert_eq!(own.labels, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let OwnValues::Bytes(pixels) = &own.values else { panic!() };
    assert_eq!(*pixels.read(0..7), [0, 1, 2, 3, 4, 5, 6]);
    let names = ["test_images", "test_labels", "train_images", "train_labels", "val_images", "val_labels"];
    let medical: Vec<_> = names
        .iter()
        .map(|name| (*name, if name.ends_with('s') && name.contains("images") { images(6) } else { labels(6) }))
        .collect();
    assert_eq!(read("path.npz", npz(&medical)).train, 6);
    // np.savez(file, x, y).
    let unnamed = npz(&[
        ("arr_0", npy("<f8", "(6, 2)", &(0..12).flat_map(|at| f64::from(at).to_le_bytes()).collect::<Vec<_>>())),
        ("arr_1", labels(6)),
    ]);
    assert_eq!(read("mine.npz", unnamed).description.kind.inputs(), 2);
    let objects = npz(&[("x", npy("|O", "(2,)", b"....")), ("y", labels(2))]);
    assert!(refused("o.npz", objects).contains("Python objects"));
    assert!(refused("cut.npz", npz(&[("x", npy("<f8", "(100, 100)", b"")), ("y", labels(2))])).contains("cut short"));
}

#[test]
fn what_is_no_data_is_refused_with_what_to_do() {
    for (name, text, words) in [
        ("a.csv", "", "the file is empty"),
        ("a.html", "<!doctype html><html></html>", "a web page, not data: download the file itself"),
        ("a.csv", "label\na\nb\n", "no table of two columns"),
        ("a.csv", "a,label\n1,x\n3,x\n2,x\n4,x\n", "all labels in column “label” are the same"),
        ("a.csv", "a,label\n1,x\n3,y\n2,x\n4,z\n5,z\n6,x\n", "class “y” has one example"),
        (
            "a.csv",
            "a,label\n1,x\n2,y\nthree,x\n4,y\n5,x\n6,y\n7,x\n8,y\n9,x\n10,y\n11,x\n12,y\n",
            "line 4 has “three” in column “a”",
        ),
    ] {
        let refused = refused(name, text);
        assert!(refused.contains(words), "{refused}");
        assert_eq!(refused.lines().count(), 1);
    }
}

#[test]
fn labels_in_one_column_for_each_class_are_refused_since_the_others_would_tell_them() {
    let mut text = String::from("length,width,is_a,is_b,is_c\n");
    for row in 0..30 {
        let bits = ["1,0,0", "0,1,0", "0,0,1"][row * 7 % 3];
        text += &format!("{}.5,{},{bits}\n", row % 11, row % 5);
    }
    let message = refused("flowers.csv", &text);
    assert!(message.starts_with("flowers.csv: the columns “is_a”, “is_b”, “is_c” are one label"), "{message}");
    let read = |options| Own::read("flowers.csv", vec![file("flowers.csv", &text)], &options);
    let options = Options { label: Some("is_b".into()), ..Options::default() };
    assert!(read(options.clone()).is_err());
    let alone = Options { leave_out: vec!["is_a".into(), "is_c".into()], ..options };
    assert_eq!(read(alone).unwrap().description.kind.inputs(), 2);
}

#[test]
fn two_features_of_0_and_1_beside_a_label_are_features() {
    let mut text = String::from("a,b,label\n");
    (0..40).for_each(|row| text += &format!("{},{},{}\n", row % 2, row / 2 % 2, (row % 2) ^ (row / 2 % 2)));
    assert_eq!(read("xor.csv", text).description.kind.inputs(), 2);
}
