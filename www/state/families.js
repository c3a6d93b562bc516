// @ts-check
// The families of networks, as `src/training/family.rs` has them.

/** @typedef {Record<string, number>} Sizes of a family, by the names of their hyper-parameters */
/** @typedef {{ sizes: Sizes, usual: Record<string, string | number | boolean>, widths?: (preset: string) => number[], tooLong: number, axis: string, maps: (sizes: Sizes, width: number) => [number, (size: number) => number][], say: (sizes: Sizes) => string }} Family `sizes` and `usual`: what is offered in the place of a preset's; `widths`: the same of the axis of model sizes, whose name is `axis`; `tooLong`: how many of the last epochs of the preset `quick` take too long for a live page; `maps`: of each convolution how many maps come out, and of what height or width, from that of a picture */

/** @type {Record<string, Family>} */
export const families = {
  mlp: { sizes: {}, usual: {}, tooLong: 0, axis: 'layer width', maps: () => [], say: () => '' },
  vgg: {
    sizes: { channels: 2, blocks: 3, convolutions: 1 },
    usual: { code: 'dense', depth: 1, batch_norm: true },
    tooLong: 1,
    axis: 'dense layer width',
    maps: ({ channels, blocks, convolutions }) => Array.from({ length: blocks * convolutions }, (_, at) => Math.floor(at / convolutions)).map((block) => [channels << block, (size) => size >> block]),
    say: ({ channels, blocks, convolutions }) => `vgg of ${blocks} × ${convolutions} convolutions from ${channels} channels on`,
  },
  resnet: {
    sizes: { blocks: 1 },
    usual: { code: 'channels', depth: 0, batch_norm: true },
    widths: (preset) => (preset === 'quick' ? [2, 3, 4] : [2, 4, 8]),
    tooLong: 2,
    axis: 'channels',
    maps: ({ blocks }, channels) => Array.from({ length: 6 * blocks + 1 }, (_, at) => (at ? Math.floor((at - 1) / (2 * blocks)) : 0)).map((stage) => [channels << stage, (size) => Math.ceil(size / 2 ** stage)]),
    say: ({ blocks }) => `resnet of ${6 * blocks + 2} layers`,
  },
};

/** @param {{ network?: { name: string } | null }} protocol */
export const familyName = ({ network }) => network?.name ?? 'mlp';
/** @param {{ network?: { name: string } | null }} protocol */
export const familyOf = (protocol) => families[familyName(protocol)];
