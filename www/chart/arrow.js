// @ts-check
// Columns of numbers from an Apache Arrow file (https://arrow.apache.org/docs/format/Columnar.html): as much of the format as
// `hash-phase columns` writes, one batch of unsigned whole numbers and float64. Flechette, a reader of all of it, takes the lengths
// in a file on trust, so that a few changed bytes have it allocate gigabytes; here each is held against the bytes that are there.

/** @typedef {{ rows: number, metadata: Map<string, string>, columns: Map<string, ArrayLike<number>> }} Table what is null is NaN */

/** With what a file begins and ends. */
const MAGIC = [...new TextEncoder().encode('ARROW1')];
/** Whether bytes begin as such a file does. @param {Uint8Array} bytes */
export const isArrow = (bytes) => MAGIC.every((byte, at) => bytes[at] === byte);

/** What a message is of, and what a field's numbers are, as the format counts them. */
const [RECORD_BATCH, WHOLE, FLOATING, DOUBLE] = [3, 2, 3, 2];
/** Before each message. */
const CONTINUES = 0xffffffff;
/** Whole numbers by their bits. */
const UNSIGNED = /** @type {Record<number, Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor>} */ ({ 8: Uint8Array, 16: Uint16Array, 32: Uint32Array });
const utf8 = new TextDecoder();

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} most rows that are read
 * @returns {Table}
 */
export function readArrow(bytes, most) {
  if (!isArrow(bytes) || !isArrow(bytes.subarray(-MAGIC.length))) throw new Error('it is cut off, or no Arrow file');
  const file = flatbuffer(bytes);
  const end = bytes.length - MAGIC.length - 4;
  const footer = file.follow(end - file.u32(end));
  const schema = file.follow(file.field(footer, 1));
  const blocks = file.vector(file.field(footer, 3), 24);
  if (blocks.length !== 1) throw new Error(`it has ${blocks.length} batches of rows instead of one`);
  const batch = batchAt(file, file.long(blocks.at(0)));
  const rows = file.long(file.field(batch.header, 0));
  if (rows > most) throw new Error(`${rows} rows are more than the ${most} that are read`);
  if (file.field(batch.header, 3)) throw new Error('its columns are compressed');
  const [nodes, buffers] = [file.vector(file.field(batch.header, 1), 16), file.vector(file.field(batch.header, 2), 16)];
  const fields = file.tables(file.field(schema, 1));
  if (nodes.length !== fields.length || buffers.length !== 2 * fields.length) throw new Error('it has columns of another kind than numbers');
  /** @param {number} index */
  const buffer = (index) => {
    const [from, length] = [batch.body + file.long(buffers.at(index)), file.long(buffers.at(index) + 8)];
    if (from + length > bytes.length) throw new Error('a column goes beyond its end');
    return { from, length };
  };
  const columns = fields.map((field, index) => {
    const name = file.text(file.field(field, 0));
    const values = numbers(bytes, typeOf(file, field, name), buffer(2 * index + 1), rows, name);
    const nulls = file.long(nodes.at(index) + 8);
    return /** @type {const} */ ([name, nulls ? withNulls(values, bytes, buffer(2 * index), name) : values]);
  });
  const metadata = file.tables(file.field(schema, 2)).map((entry) => /** @type {const} */ ([file.text(file.field(entry, 0)), file.text(file.field(entry, 1))]));
  return { rows, metadata: new Map(metadata), columns: new Map(columns) };
}

/**
 * Where the header and the body of a batch begin.
 * @param {ReturnType<typeof flatbuffer>} file
 * @param {number} from
 */
function batchAt(file, from) {
  if (file.u32(from) !== CONTINUES) throw new Error('no batch of rows where one should be');
  const message = file.follow(from + 8);
  if (file.u8(file.field(message, 1)) !== RECORD_BATCH) throw new Error('something else than a batch of rows where one should be');
  return { header: file.follow(file.field(message, 2)), body: from + 8 + file.u32(from + 4) };
}

/**
 * @param {ReturnType<typeof flatbuffer>} file
 * @param {number} field
 * @param {string} name
 */
function typeOf(file, field, name) {
  const [is, type] = [file.u8(file.field(field, 2)), file.follow(file.field(field, 3))];
  if (is === FLOATING && file.u16(file.field(type, 0)) === DOUBLE) return Float64Array;
  const unsigned = is === WHOLE && !file.u8(file.field(type, 1)) ? UNSIGNED[file.u32(file.field(type, 0))] : undefined;
  if (!unsigned) throw new Error(`the column ${name} has no float64 and no unsigned whole numbers`);
  return unsigned;
}

/**
 * A column as it lies in the file, or where it lies at no place for its numbers, a copy.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor | Float64ArrayConstructor} type
 * @param {{ from: number, length: number }} buffer
 * @param {number} rows
 * @param {string} name
 */
function numbers(bytes, type, { from, length }, rows, name) {
  const size = rows * type.BYTES_PER_ELEMENT;
  if (length < size) throw new Error(`the column ${name} has not as many numbers as there are rows`);
  const at = bytes.byteOffset + from;
  return at % type.BYTES_PER_ELEMENT ? new type(bytes.slice(from, from + size).buffer) : new type(bytes.buffer, at, rows);
}

/**
 * @param {ArrayLike<number>} values
 * @param {Uint8Array} bytes
 * @param {{ from: number, length: number }} there a bit for each value, whether it is there
 * @param {string} name
 */
function withNulls(values, bytes, { from, length }, name) {
  if (8 * length < values.length) throw new Error(`the column ${name} does not say of all its numbers whether they are there`);
  return Float64Array.from(values, (value, row) => ((bytes[from + (row >> 3)] >> (row & 7)) & 1 ? value : NaN));
}

/**
 * Reads of flatbuffers, in which a place is 0 where there is nothing. A place beyond the end throws.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
function flatbuffer(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u8 = (/** @type {number} */ at) => (at ? view.getUint8(at) : 0);
  const u16 = (/** @type {number} */ at) => (at ? view.getUint16(at, true) : 0);
  const u32 = (/** @type {number} */ at) => (at ? view.getUint32(at, true) : 0);
  const follow = (/** @type {number} */ at) => at + view.getUint32(at || bytes.length, true);
  /** A number that may need eight bytes, and is no more than there are. @param {number} at */
  const long = (at) => {
    const value = at ? Number(view.getBigInt64(at, true)) : 0;
    if (value < 0 || value > bytes.length) throw new Error('a length in it is beyond its end');
    return value;
  };
  /** Where a field of a table is. @param {number} table @param {number} index */
  const field = (table, index) => {
    const fields = table - view.getInt32(table, true);
    const at = 4 + 2 * index;
    const offset = at < view.getUint16(fields, true) ? view.getUint16(fields + at, true) : 0;
    return offset && table + offset;
  };
  /** @param {number} at @param {number} size of an element */
  const vector = (at, size) => {
    const from = at ? follow(at) : 0;
    const length = u32(from);
    if (from + 4 + length * size > bytes.length) throw new Error('a list in it is beyond its end');
    return { length, at: (/** @type {number} */ index) => from + 4 + index * size };
  };
  const tables = (/** @type {number} */ at) => {
    const { length, at: element } = vector(at, 4);
    return Array.from({ length }, (_, index) => follow(element(index)));
  };
  const text = (/** @type {number} */ at) => {
    const { length, at: letter } = vector(at, 1);
    return utf8.decode(bytes.subarray(letter(0), letter(length)));
  };
  return { u8, u16, u32, follow, long, field, vector, tables, text };
}
