/** Widens bfloat16 (the upper half of a float32) into `out`. */
export function widenBfloat16(bits: Uint16Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i += 1) words[i] = bits[i]! << 16;
}

/** Widens IEEE half precision into `out`, subnormals, infinities and NaN included. */
export function widenFloat16(bits: Uint16Array, out: Float32Array): void {
  // Looked up: a power for each of a checkpoint's weights took longer than to read them from disk.
  const values = halves();
  for (let i = 0; i < bits.length; i += 1) out[i] = values[bits[i]!]!;
}

let known: Float32Array | undefined;
/** The value of each of the 65,536 halves. */
const halves = (): Float32Array => {
  known ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => valueOfHalf(half));
  return known;
};

function valueOfHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const bitsOf = new Uint32Array(1);
const numberOf = new Float32Array(bitsOf.buffer);

/** Rounds float32 to IEEE half precision, to the nearest and ties to even; beyond 65,504 that is infinity. */
export function narrowFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    numberOf[0] = value;
    const bits = bitsOf[0]!;
    const sign = (bits >>> 16) & 0x8000;
    const size = Math.abs(value);
    if (Number.isNaN(value)) return sign | 0x7e00;
    // Below the least normal number the steps are equal: the fraction alone tells, and 1024 of it is that number.
    if (size < 2 ** -14) return sign | nearestEven(size * 2 ** 24);
    const exponent = ((bits >>> 23) & 0xff) - 127;
    // A fraction that rounds up to 2 carries into the exponent, as the sum of the two does.
    const half = ((exponent + 14) << 10) + nearestEven(size * 2 ** (10 - exponent));
    return sign | Math.min(half, 0x7c00);
  });
}

function nearestEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
