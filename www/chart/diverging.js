// @ts-check
// ColorBrewer's PuOr, from purple by white to orange, which colour-blind readers tell apart, too. (d3's own brings all of its colour
// spaces along: a fifth of what an embedded chart weighs.)

const COLOURS = ['2d004b', '542788', '8073ac', 'b2abd2', 'd8daeb', 'f7f7f7', 'fee0b6', 'fdb863', 'e08214', 'b35806', '7f3b08'].map((colour) => [0, 2, 4].map((at) => parseInt(colour.slice(at, at + 2), 16)));

/**
 * The colour of a share, as three bytes.
 * @param {number} share from 0 to 1
 */
export function divergingBytes(share) {
  const at = Math.max(0, Math.min(1, share)) * (COLOURS.length - 1);
  const below = Math.min(COLOURS.length - 2, Math.floor(at));
  return COLOURS[below].map((from, channel) => Math.round(from + (COLOURS[below + 1][channel] - from) * (at - below)));
}

/** The same as a style has it. @param {number} share */
export const diverging = (share) => `rgb(${divergingBytes(share).join(', ')})`;
