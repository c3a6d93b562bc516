// @ts-check
// How the networks of a chart were trained, and what made it.
import { familyName, familyOf } from '../state/families.js';
import { h } from './elements.js';

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @returns {(Node | string)[]}
 */
export function provenance({ protocol, axes, provenance }) {
  const { code, optimizer, schedule, batch, batch_norm, dropout, weight_decay, early_stopping, rotation, shift, flip } = protocol;
  const by = optimizer.name === 'adam' ? 'Adam' : `SGD with momentum ${optimizer.momentum}`;
  const augmented = [rotation && `rotation ${rotation}°`, shift && `shift ${shift}`, flip && 'mirror images'].filter(Boolean);
  const said = [
    ...(familyName(protocol) === 'mlp' ? [] : [familyOf(protocol).say(/** @type {any} */ (protocol.network)), `code: ${code === 'dense' ? 'last dense layer' : code === 'channels' ? 'a bit a channel' : 'all ReLUs'}`]),
    `${by} ${optimizer.learning_rate}${schedule ? `, times ${schedule.factor} every ${schedule.every} epochs` : ''}`,
    `batches of ${batch}`,
    batch_norm ? 'batch norm' : 'no batch norm',
    ...(dropout ? [`dropout ${dropout}`] : []),
    ...(weight_decay ? [`weight decay ${weight_decay}`] : []),
    ...(augmented.length ? [`augmented (${augmented.join(', ')})`] : []),
    ...(early_stopping ? [`early stopping after ${early_stopping} epochs`] : []),
    `${axes.seed.length} ${axes.seed.length === 1 ? 'seed' : 'seeds'}`,
  ];
  const { command, engine, seconds } = provenance;
  const made = command ? ['Made by ', h('code', {}, command)] : ['Made in a browser'];
  return [`${said.join(', ')}. `, ...made, `, ${engine}${seconds ? `, in ${duration(seconds)}` : ''}.`];
}

/** @param {number} seconds */
export const duration = (seconds) => (seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`);
