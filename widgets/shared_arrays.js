// Arrays that `pack` in widgets/view.py has packed.

const half = (bits) => {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
};

const READERS = {
  float16: [2, (data, at) => half(data.getUint16(at, true)), Float32Array],
  float32: [4, (data, at) => data.getFloat32(at, true), Float32Array],
  int32: [4, (data, at) => data.getInt32(at, true), Int32Array],
  uint16: [2, (data, at) => data.getUint16(at, true), Uint16Array],
  uint8: [1, (data, at) => data.getUint8(at), Uint8Array],
};

const unpacked = new WeakMap();

// {shape, values, at(i, j, …)} of a packed array; unpacking the same object again costs nothing.
export const unpack = (packed) => {
  if (!unpacked.has(packed)) {
    const [size, read, Kind] = READERS[packed.dtype];
    const data = packed.data instanceof DataView ? packed.data : new DataView(packed.data.buffer ?? packed.data);
    const values = new Kind(data.byteLength / size);
    for (let index = 0; index < values.length; index++) values[index] = read(data, index * size);
    const at = (...place) => values[place.reduce((sum, index, axis) => sum * packed.shape[axis] + index, 0)];
    unpacked.set(packed, { shape: packed.shape, values, at });
  }
  return unpacked.get(packed);
};
