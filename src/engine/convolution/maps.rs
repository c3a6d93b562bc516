//! Feature maps of a batch, examples side by side in vectors.

/// Examples that are computed side by side, a number of each in a vector: so layers of any size use whole vectors.
pub(crate) const ABREAST: usize = 8;

/// The sizes of an example's feature maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MapShape {
    /// How many maps.
    pub channels: usize,
    /// Rows of each.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
}

impl MapShape {
    /// Numbers of an example.
    pub fn len(self) -> usize {
        self.channels * self.positions()
    }

    /// Whether nothing is left of it.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Numbers of a map.
    pub fn positions(self) -> usize {
        self.height * self.width
    }

    /// After max pooling over squares of 2 x 2; what does not fill a square at the right or at the bottom is left out.
    pub fn pooled(self) -> Self {
        Self { channels: self.channels, height: self.height / 2, width: self.width / 2 }
    }

    /// Every second place of every second row, from the first on.
    pub fn halved(self) -> Self {
        Self { channels: self.channels, height: self.height.div_ceil(2), width: self.width.div_ceil(2) }
    }
}

/// Feature maps of some groups of [`ABREAST`] examples. Each map has a border of zeros, which no kernel writes: so a filter may reach over the
/// edge.
#[derive(Debug, Default, Clone)]
pub(crate) struct Maps {
    pub shape: MapShape,
    numbers: Vec<[f32; ABREAST]>,
}

impl Maps {
    /// Room for so many examples, as before but for borders of zeros; nothing else is said of what stands there.
    pub fn resize(&mut self, examples: usize, shape: MapShape) {
        if self.shape != shape {
            self.numbers.clear();
            self.shape = shape;
        }
        self.numbers.resize(examples.div_ceil(ABREAST) * self.of_group(), [0.0; ABREAST]);
    }

    /// From a row of bordered numbers to the next.
    #[inline(always)]
    pub fn stride(&self) -> usize {
        self.shape.width + 2
    }

    /// From a map to the next.
    #[inline(always)]
    pub fn of_map(&self) -> usize {
        self.stride() * (self.shape.height + 2)
    }

    #[inline(always)]
    fn of_group(&self) -> usize {
        self.shape.channels * self.of_map()
    }

    /// The maps of each group of examples, one behind the other.
    #[inline(always)]
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &[[f32; ABREAST]]> + Clone {
        self.numbers.chunks_exact(self.of_group())
    }

    /// The same, to be written, inside the borders.
    #[inline(always)]
    pub fn groups_mut(&mut self) -> impl ExactSizeIterator<Item = &mut [[f32; ABREAST]]> {
        let of_group = self.of_group();
        self.numbers.chunks_exact_mut(of_group)
    }

    /// Where a row of a map begins in its group, after the border.
    #[inline(always)]
    pub fn row(&self, channel: usize, row: usize) -> usize {
        channel * self.of_map() + (row + 1) * self.stride() + 1
    }

    /// Takes examples, of which each is a row: picture by picture row by row, the channels of a pixel side by side.
    pub fn take_pixels(&mut self, shape: MapShape, examples: &[f32]) {
        self.resize(examples.len() / shape.len(), shape);
        let (stride, of_map, of_group) = (self.stride(), self.of_map(), self.of_group());
        for (place, example) in examples.chunks_exact(shape.len()).enumerate() {
            let group = &mut self.numbers[place / ABREAST * of_group..][..of_group];
            let pixels = example.chunks_exact(shape.channels);
            for (position, pixel) in pixels.enumerate() {
                let at = (position / shape.width + 1) * stride + position % shape.width + 1;
                for (channel, &number) in pixel.iter().enumerate() {
                    group[channel * of_map + at][place % ABREAST] = number;
                }
            }
        }
        // Examples that pad the last group.
        let count = examples.len() / shape.len();
        if let Some(last) = self.groups_mut().last().filter(|_| !count.is_multiple_of(ABREAST)) {
            last.iter_mut().for_each(|numbers| numbers[count % ABREAST..].fill(0.0));
        }
    }

    /// Writes the numbers of so many examples, a row each: map by map, row by row.
    pub fn write_rows(&self, examples: usize, out: &mut Vec<f32>) {
        out.resize(examples * self.shape.len(), 0.0);
        let groups = self.groups().zip(out.chunks_mut(ABREAST * self.shape.len()));
        for (group, rows) in groups {
            for (at, numbers) in self.inside(group).enumerate() {
                rows.iter_mut().skip(at).step_by(self.shape.len()).zip(numbers).for_each(|(to, &from)| *to = from);
            }
        }
    }

    /// Takes numbers as they were [written](Self::write_rows).
    pub fn read_rows(&mut self, shape: MapShape, rows: &[f32]) {
        self.resize(rows.len() / shape.len(), shape);
        let (stride, of_map) = (self.stride(), self.of_map());
        for (group, rows) in self.groups_mut().zip(rows.chunks(ABREAST * shape.len())) {
            for at in 0..shape.len() {
                let (channel, position) = (at / shape.positions(), at % shape.positions());
                let place = channel * of_map + (position / shape.width + 1) * stride + position % shape.width + 1;
                let mut numbers = [0.0; ABREAST];
                rows.iter().skip(at).step_by(shape.len()).zip(&mut numbers).for_each(|(&from, to)| *to = from);
                group[place] = numbers;
            }
        }
    }

    /// A map of every group, bordered.
    #[inline(always)]
    pub fn each(&self, channel: usize) -> impl Iterator<Item = &[[f32; ABREAST]]> {
        let (of_map, first) = (self.of_map(), channel * self.of_map());
        self.groups().map(move |group| &group[first..][..of_map])
    }

    /// The same, to be changed inside the borders.
    #[inline(always)]
    pub fn each_mut(&mut self, channel: usize) -> impl Iterator<Item = &mut [[f32; ABREAST]]> {
        let (of_map, first) = (self.of_map(), channel * self.of_map());
        self.groups_mut().map(move |group| &mut group[first..][..of_map])
    }

    /// How a map lies within its border.
    #[inline(always)]
    pub fn frame(&self) -> Frame {
        Frame { height: self.shape.height, width: self.shape.width }
    }

    /// A group's numbers without the borders: map by map, row by row.
    pub fn inside<'a>(&self, group: &'a [[f32; ABREAST]]) -> impl Iterator<Item = &'a [f32; ABREAST]> + use<'a> {
        let frame = self.frame();
        group.chunks_exact(self.of_map()).flat_map(move |map| frame.lines(map).flatten())
    }
}

/// How a map lies within its border.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    height: usize,
    width: usize,
}

impl Frame {
    /// The rows of a map without its border.
    #[inline(always)]
    pub fn lines(self, map: &[[f32; ABREAST]]) -> impl Iterator<Item = &[[f32; ABREAST]]> {
        map.chunks_exact(self.width + 2).skip(1).take(self.height).map(move |line| &line[1..=self.width])
    }

    /// The same, to be changed.
    #[inline(always)]
    pub fn lines_mut(self, map: &mut [[f32; ABREAST]]) -> impl Iterator<Item = &mut [[f32; ABREAST]]> {
        map.chunks_exact_mut(self.width + 2).skip(1).take(self.height).map(move |line| &mut line[1..=self.width])
    }
}
