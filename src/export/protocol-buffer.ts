/** A field of bytes, text or another message. */
export function bytes(field: number, value: Buffer | string): Buffer {
  const raw = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(raw.length), raw]);
}

/** A field that is a whole number. */
export function whole(field: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([field << 3]), varint(value)]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...out, rest]);
}
