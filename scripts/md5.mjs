// @ts-check
import { createHash } from 'node:crypto';

/** @param {Buffer | Uint8Array} bytes */
export const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');
