// @ts-check
// Fetches a chart from an address: ours, or anybody's, which is held against the bounds and the schema.
import bounds from '../bounds.json' with { type: 'json' };
import { unpacked } from '../chart/columns.js';
import { bytesOf } from '../engine/limited.js';
import { forbids } from '../engine/policy.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */

/** Milliseconds of silence after which a server is given up. */
const PATIENCE = 60_000;

/**
 * @param {string} address
 * @param {boolean} ours checked when it was made
 * @param {AbortSignal} signal
 * @returns {Promise<PhaseChart>}
 */
export async function fetchChart(address, ours, signal) {
  if (!/^https?:$/.test(new URL(address).protocol)) throw new Error('only addresses of http and https are fetched');
  const end = new AbortController();
  signal.addEventListener('abort', () => end.abort(signal.reason), { once: true });
  const giveUp = () => end.abort(new Error(`${new URL(address).host} has sent nothing for ${PATIENCE / 1000} seconds: try again later`));
  let timer = setTimeout(giveUp, PATIENCE);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, PATIENCE);
  };
  try {
    return await read(address, ours, end.signal, heard);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} address
 * @param {boolean} ours
 * @param {AbortSignal} signal
 * @param {() => void} heard told whenever something comes
 */
async function read(address, ours, signal, heard) {
  const answer = await fetch(address, { signal }).catch(async (error) => {
    if (signal.aborted) throw error;
    throw new Error((await forbids(address)) || (new URL(address).origin === location.origin ? error.message : `${error.message}: its server, ${new URL(address).host}, must send Access-Control-Allow-Origin`));
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  heard();
  if (ours && !address.endsWith('.arrow')) {
    // The page's own are stored as columns.
    const chart = await answer.json();
    return chart.squares ? unpacked(chart) : chart;
  }
  const said = Number(answer.headers.get('content-length') ?? 0);
  if (said > bounds.page_bytes) throw new Error(`it has ${Math.round(said / 1e6)} MB, and ${bounds.page_bytes / 1e6} are the most`);
  // A server may omit the length.
  const bytes = answer.body ? await bytesOf(answer.body, bounds.page_bytes, 'it', heard) : new Uint8Array();
  return (await import('../chart/read-file.js')).readChartFile(bytes);
}
