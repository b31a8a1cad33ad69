/** Widens bfloat16 (the upper half of a float32) into `out`. */
export function widenBfloat16(bits: Uint16Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i += 1) words[i] = bits[i]! << 16;
}

/** Widens IEEE half precision into `out`, subnormals, infinities and NaN included. */
export function widenFloat16(bits: Uint16Array, out: Float32Array): void {
  for (let i = 0; i < bits.length; i += 1) {
    const half = bits[i]!;
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) out[i] = sign * fraction * 2 ** -24;
    else if (exponent === 31) out[i] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else out[i] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
}
