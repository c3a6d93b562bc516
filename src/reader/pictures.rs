//! Pictures in folders, decoded and resized in the same way everywhere.

use std::collections::BTreeSet;
use std::io::Cursor;

use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageReader, RgbaImage};

use super::folders::{Role, class_of_name, place};
use super::progress::Progress;
use super::split::{Classes, dealt, values_of};
use super::{File, Options, Own, ReadError, counted, hold_values};
use crate::bounds::BOUNDS;
use crate::dataset::{Kind, OwnValues};

/// Pictures are made this high and wide, and grey, as MNIST's are, if nothing is said.
const SIDE: u32 = 28;
/// Pictures that are all of one size stay so up to this side.
const AS_THEY_ARE: u32 = 64;
/// Pixels that a file of any size may have, and those that a byte of a file may stand for: photographs have about 5 a byte.
const SOME_PIXELS: u64 = 1_000_000;
const PACKED: u64 = 400;
/// Below this a pixel is dark.
const DARK: f64 = 128.0;

/// A picture that can be decoded, of a class.
struct Picture {
    path: String,
    class: String,
    role: Option<Role>,
    bytes: Vec<u8>,
}

/// Reads pictures; the folder that one lies in is its class.
pub(super) fn read(name: &str, files: Vec<File>, options: &Options, progress: &Progress<'_>) -> Result<Own, ReadError> {
    let mut decided = Vec::new();
    let mut pictures = placed(name, files, &mut decided)?;
    let given = pictures.iter().any(|one| one.role == Some(Role::Train));
    let tested = if pictures.iter().any(|one| one.role == Some(Role::Test)) { Role::Test } else { Role::Validation };
    let is_split = given && pictures.iter().any(|one| one.role == Some(tested));
    if is_split {
        let all = pictures.len();
        pictures.retain(|one| matches!(one.role, Some(Role::Train)) || one.role == Some(tested));
        if pictures.len() < all {
            decided
                .push(format!("left out: {} of no training or test folder", counted(all - pictures.len(), "picture")));
        }
        // Training pictures first.
        pictures.sort_by_key(|one| one.role != Some(Role::Train));
    }
    let size = size(&pictures, options.size);
    let [height, width, channels] = size;
    let inputs = size.iter().map(|&side| side as usize).product();
    hold_values(name, pictures.len(), inputs, 1)?;

    let (mut kept, mut pixels, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    // Pictures with transparency wait until the whole set has shown whether its ink is dark.
    let (mut through, mut ink) = (0, (0.0, 0.0));
    progress.begin(pictures.len());
    for picture in pictures {
        progress.add(1);
        match decoded(&picture, height, width) {
            Ok(image) => {
                if image.pixels().any(|pixel| pixel[3] < 255) {
                    through += 1;
                    for pixel in image.pixels() {
                        let opaque = f64::from(pixel[3]) / 255.0;
                        ink = (ink.0 + opaque * grey(&pixel.0), ink.1 + opaque);
                    }
                }
                pixels.push(image);
                kept.push((picture.class, picture.role));
            }
            Err(reason) => broken.push(format!("{} ({reason})", picture.path)),
        }
    }
    let ground = if through > 0 && ink.1 > 0.0 && ink.0 / ink.1 < DARK { 255.0 } else { 0.0 };
    if through > 0 {
        let colour = if ground > 0.0 { "white, since what is on them is dark" } else { "black" };
        decided.push(format!("{} with transparency: the ground is {colour}", counted(through, "picture")));
    }
    if let Some(first) = broken.first() {
        let more = if broken.len() > 1 { " …" } else { "" };
        decided.push(format!("left out: {}: {first}{more}", counted(broken.len(), "unreadable picture")));
    }
    if kept.is_empty() {
        return Err(ReadError::new(name, "none of the pictures can be read", "save them as PNG or JPEG"));
    }
    let bytes: Vec<u8> = pixels.iter().flat_map(|image| inputs_of(image, channels, ground)).collect();
    if bytes.chunks(inputs).all(|one| *one == bytes[..inputs]) {
        return Err(ReadError::new(
            name,
            format!("all pictures are the same at {height} × {width} pixels"),
            "give them another size (--size)",
        ));
    }
    let labels: Vec<&str> = kept.iter().map(|(class, _)| class.as_str()).collect();
    let classes = Classes::of(name, &labels).map_err(|error| one_class(name, &labels).unwrap_or(error))?;
    let given = is_split.then(|| {
        let count = kept.iter().filter(|(_, role)| *role == Some(Role::Train)).count();
        (count, "training and test pictures are those of their folders".into())
    });
    let (rows, train, _) = dealt(name, &classes, given, &mut decided)?;
    if classes.merged {
        decided.push("folders that differ in capitals alone are one class".into());
    }
    let colours = if channels == 1 { "grey" } else { "in colour" };
    decided.push(format!("pictures are {height} × {width} pixels, {colours}"));
    let values = values_of(&OwnValues::Bytes(bytes.into()), &rows, inputs);
    Ok(Own::of(Kind::Image { height, width, channels }, classes, values, &rows, train, decided))
}

fn one_class(name: &str, labels: &[&str]) -> Option<ReadError> {
    let only = labels.first().filter(|first| labels.iter().all(|label| label == *first))?;
    let reason = format!("all pictures are in the folder {}", super::quoted(only));
    Some(ReadError::new(name, reason, "put the pictures of each class in a folder of its name, and bring all of them"))
}

/// The class of each picture and what it is for.
fn placed(name: &str, files: Vec<File>, decided: &mut Vec<String>) -> Result<Vec<Picture>, ReadError> {
    // If folders give only the split, as in Kaggle's `train/cat.1.jpg`, file names give the class.
    let by_name = files.iter().all(|file| place(&file.path).1.is_none() && class_of_name(&file.path).is_some());
    if by_name {
        decided.push("classes are the first words of the files' names".into());
    }
    let mut pictures = Vec::new();
    for File { path, bytes } in files {
        let (role, folder) = place(&path);
        let class = if by_name { class_of_name(&path) } else { folder };
        let Some(class) = class.map(str::to_owned) else {
            let reason = "a picture that lies in no folder of a class";
            return Err(ReadError::new(
                &path,
                reason,
                format!("put the pictures of each class in a folder of its name, and bring {name} again"),
            ));
        };
        pictures.push(Picture { path, class, role, bytes });
    }
    Ok(pictures)
}

/// Height, width and channels: as said; else those that all have, where they are small; else those of MNIST.
fn size(pictures: &[Picture], said: Option<[u32; 3]>) -> [u32; 3] {
    if let Some(said) = said {
        return said;
    }
    let mut sizes = BTreeSet::new();
    let mut colour = false;
    for picture in pictures {
        let Ok(reader) = reader(&picture.bytes).into_decoder() else { continue };
        sizes.insert(reader.dimensions());
        colour |= reader.color_type().has_color();
        if sizes.len() > 1 {
            return [SIDE, SIDE, 1];
        }
    }
    match sizes.first() {
        Some(&(width, height)) if width.max(height) <= AS_THEY_ARE => [height, width, if colour { 3 } else { 1 }],
        _ => [SIDE, SIDE, 1],
    }
}

fn reader(bytes: &[u8]) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::new(Cursor::new(bytes));
    if let Ok(format) = image::guess_format(bytes) {
        reader.set_format(format);
    }
    reader
}

/// A picture as it is to be seen, in the size of all; else why it cannot be read.
fn decoded(picture: &Picture, height: u32, width: u32) -> Result<RgbaImage, String> {
    // Decoders fill the missing part of a truncated file with grey.
    let is_cut = picture.bytes.starts_with(&[0xff, 0xd8])
        && !picture.bytes[picture.bytes.len() / 2..].windows(2).any(|end| end == [0xff, 0xd9]);
    if is_cut {
        return Err("it is cut short".into());
    }
    let short = |error: image::ImageError| error.to_string().chars().take(80).collect::<String>();
    let mut decoder = reader(&picture.bytes).into_decoder().map_err(short)?;
    let (wide, high) = decoder.dimensions();
    let pixels = u64::from(wide) * u64::from(high);
    // A header may announce more than a file of this size can hold.
    if pixels > BOUNDS.own_pixels.min(SOME_PIXELS + PACKED * picture.bytes.len() as u64) {
        return Err(format!("it says that it has {wide} × {high} pixels"));
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(short)?;
    image.apply_orientation(turned);
    if image.dimensions() == (width, height) {
        return Ok(image.into_rgba8());
    }
    // Colours of transparent pixels must not bleed into the others.
    let mut image = image.into_rgba8();
    for pixel in image.pixels_mut().filter(|pixel| pixel[3] < 255) {
        let opaque = u16::from(pixel[3]);
        (0..3).for_each(|channel| pixel[channel] = (u16::from(pixel[channel]) * opaque / 255) as u8);
    }
    let mut small = image::imageops::resize(&image, width, height, FilterType::Triangle);
    for pixel in small.pixels_mut().filter(|pixel| pixel[3] > 0 && pixel[3] < 255) {
        let opaque = u16::from(pixel[3]);
        (0..3).for_each(|channel| pixel[channel] = (u16::from(pixel[channel]) * 255 / opaque).min(255) as u8);
    }
    Ok(small)
}

/// The inputs of a picture on a ground.
fn inputs_of(image: &RgbaImage, channels: u32, ground: f64) -> Vec<u8> {
    let over = |colour: f64, opaque: u8| {
        let opaque = f64::from(opaque) / 255.0;
        (colour * opaque + ground * (1.0 - opaque)).round() as u8
    };
    let of = |pixel: &image::Rgba<u8>| -> Vec<u8> {
        if channels == 1 {
            vec![over(grey(&pixel.0), pixel[3])]
        } else {
            (0..3).map(|channel| over(pixel[channel].into(), pixel[3])).collect()
        }
    };
    image.pixels().flat_map(of).collect()
}

/// Luma of Rec. 601.
fn grey([red, green, blue, _]: &[u8; 4]) -> f64 {
    0.299 * f64::from(*red) + 0.587 * f64::from(*green) + 0.114 * f64::from(*blue)
}
