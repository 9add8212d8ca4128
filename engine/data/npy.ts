import { invalidData } from '../../schemas/errors.ts';

/** An array of numbers, row by row. */
export type NumberArray = { shape: number[]; values: Float32Array };

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** The format requires the numbers to begin at a multiple of this. */
const ALIGNMENT = 64;

/**
 * Reads an array in NumPy's format (.npy, versions 1 to 3): float32 or float64, little-endian, in C order.
 * Rounds float64 to float32. Throws InvalidData for anything else.
 */
export function readNpy(bytes: Uint8Array): NumberArray {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 12 || !file.subarray(0, MAGIC.length).equals(MAGIC))
    throw invalidNpy('it does not begin like one');
  // Version 1 has two bytes for the length of the header, later versions have four.
  const start = file[MAGIC.length] === 1 ? 10 : 12;
  const end = start + (start === 10 ? file.readUInt16LE(8) : file.readUInt32LE(8));
  const header = file.subarray(start, end).toString('latin1');
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const dimensions = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (type === undefined || dimensions === undefined || end > file.length)
    throw invalidNpy('its header is damaged');
  if (type !== '<f4' && type !== '<f8') throw invalidNpy(`its numbers are '${type}', not float32 or float64`);
  if (/'fortran_order':\s*True/.test(header))
    throw invalidNpy('it is stored column by column (Fortran order)');

  const shape = dimensions
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  const width = type === '<f4' ? 4 : 8;
  if (file.length - end !== width * count)
    throw invalidNpy(
      `it holds ${file.length - end} bytes of numbers, but its shape requires ${width * count}`,
    );
  const body = new DataView(file.buffer, file.byteOffset + end);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i += 1)
    values[i] = width === 4 ? body.getFloat32(4 * i, true) : body.getFloat64(8 * i, true);
  return { shape, values };
}

/**
 * Returns the array as a .npy file (version 1), float32. Throws RangeError if the values do not fill the
 * shape.
 */
export function writeNpy({ shape, values }: NumberArray): Buffer {
  const count = shape.reduce((product, size) => product * size, 1);
  if (values.length !== count)
    throw new RangeError(
      `An array of ${values.length} values does not have the shape [${shape.join(', ')}].`,
    );
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  const prefix = MAGIC.length + 4;
  const length = Math.ceil((prefix + header.length + 1) / ALIGNMENT) * ALIGNMENT - prefix;
  const bytes = Buffer.alloc(prefix + length + 4 * count);
  MAGIC.copy(bytes);
  bytes[MAGIC.length] = 1;
  bytes.writeUInt16LE(length, MAGIC.length + 2);
  bytes.write(`${header.padEnd(length - 1)}\n`, prefix, 'latin1');
  values.forEach((value, i) => {
    bytes.writeFloatLE(value, prefix + length + 4 * i);
  });
  return bytes;
}

function invalidNpy(what: string) {
  return invalidData(
    `The .npy file cannot be read: ${what}. It must contain float32 or float64 numbers, as written by numpy.save.`,
  );
}
