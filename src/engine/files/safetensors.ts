import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { requirePlain, unreadable } from "../../plain-file.js";
import { makeWithParents, writeWhole } from "../../whole/index.js";
import { narrowFloat16, widenBfloat16, widenFloat16 } from "./half.js";
import {
  damaged,
  parseSafetensorsHeader,
  type SafetensorsHeader,
  type StoredTensor,
  type StoredType,
} from "./safetensors-header.js";
import type { Weights } from "./weights.js";

// The format's reference implementation refuses larger headers too.
const HEADER_LIMIT = 100_000_000;

export type SafetensorsFile = { weights: Weights; metadata: Record<string, string> };

/**
 * Reads a safetensors file (F32, F16, BF16) as float32, one tensor at a time so that no second copy of the file
 * stands in memory. `hash`, if given, is fed every byte that determines the values. Throws UserError on a missing,
 * truncated or malformed file.
 */
export async function readSafetensors(path: string, hash?: Hash): Promise<SafetensorsFile> {
  const file = await openForReading(path);
  try {
    const { tensors, metadata, dataStart } = await readHeader(file, path, hash);
    const weights: Weights = new Map();
    for (const tensor of tensors) {
      const bytes = await readExactly(file, dataStart + tensor.start, tensor.end - tensor.start, path);
      hash?.update(bytes);
      weights.set(tensor.name, { shape: tensor.shape, data: toFloat32(tensor, bytes) });
    }
    return { weights, metadata };
  } finally {
    await file.close();
  }
}

async function readHeader(
  file: FileHandle,
  path: string,
  hash?: Hash,
): Promise<SafetensorsHeader & { dataStart: number }> {
  const { size } = await file.stat();
  if (size < 8) throw damaged(path, `it has only ${size} bytes`);
  const headerBytes = Number((await readExactly(file, 0, 8, path)).readBigUInt64LE());
  if (headerBytes > HEADER_LIMIT || 8 + headerBytes > size)
    throw damaged(path, `its header claims ${headerBytes} bytes but the file has ${size}`);
  const header = await readExactly(file, 8, headerBytes, path);
  hash?.update(header);
  const dataStart = 8 + headerBytes;
  return { ...parseSafetensorsHeader(header.toString("utf8"), size - dataStart, path), dataStart };
}

/** A tensor of a safetensors file that has not been read: `offset` counts from the beginning of the file. */
export type TensorPlace = { path: string; type: StoredType; shape: number[]; offset: number; bytes: number };

/** Where the tensors of a safetensors file lie. Throws UserError like `readSafetensors`. */
export async function locateSafetensors(path: string): Promise<Map<string, TensorPlace>> {
  const file = await openForReading(path);
  try {
    const { tensors, dataStart } = await readHeader(file, path);
    return new Map(
      tensors.map(({ name, type, shape, start, end }) => [
        name,
        { path, type, shape, offset: dataStart + start, bytes: end - start },
      ]),
    );
  } finally {
    await file.close();
  }
}

/** Reads one tensor as float32. */
export async function readTensor({ path, type, offset, bytes }: TensorPlace): Promise<Float32Array> {
  const file = await openForReading(path);
  try {
    return toFloat32({ type }, await readExactly(file, offset, bytes, path));
  } finally {
    await file.close();
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    requirePlain(await stat(path), path);
    return await open(path, "r");
  } catch (error) {
    throw unreadable(error, path);
  }
}

/** Bytes that are compared at once. */
const PIECE = 2 ** 22;

/** Whether two tensors have the same type, shape and values, without holding either of them. */
export async function isSameTensor(one: TensorPlace, other: TensorPlace): Promise<boolean> {
  if (one.type !== other.type || one.shape.join() !== other.shape.join()) return false;
  const files = [await openForReading(one.path), await openForReading(other.path)] as const;
  try {
    for (let at = 0; at < one.bytes; at += PIECE) {
      const length = Math.min(PIECE, one.bytes - at);
      const here = await readExactly(files[0], one.offset + at, length, one.path);
      if (!here.equals(await readExactly(files[1], other.offset + at, length, other.path))) return false;
    }
    return true;
  } finally {
    for (const file of files) await file.close();
  }
}

/** Bytes in a buffer of their own, aligned for typed-array views. */
async function readExactly(
  file: FileHandle,
  position: number,
  length: number,
  path: string,
): Promise<Buffer> {
  const buffer = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw damaged(path, "it ended while being read");
    done += bytesRead;
  }
  return buffer;
}

function toFloat32({ type }: Pick<StoredTensor, "type">, bytes: Buffer): Float32Array {
  if (type === "F32") return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const out = new Float32Array(bits.length);
  if (type === "F16") widenFloat16(bits, out);
  else widenBfloat16(bits, out);
  return out;
}

export type WriteOptions = {
  metadata?: Record<string, string>;
  /** Rounds the values to half precision. */
  half?: boolean;
};

/** Writes float32 tensors, whole or not at all; creates the folder. */
export async function writeSafetensors(
  path: string,
  weights: Weights,
  { metadata = { format: "pt" }, half = false }: WriteOptions = {},
): Promise<void> {
  const stored = [...weights].map(
    ([name, { shape, data }]) => [name, shape, half ? narrowFloat16(data) : data] as const,
  );
  const entries: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, shape, data] of stored) {
    entries[name] = { dtype: half ? "F16" : "F32", shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(entries));
  // The data section starts on an 8-byte boundary; the format pads its header with spaces.
  const header = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));

  await makeWithParents(dirname(path));
  const values = stored.map(([, , data]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  await writeWhole(path, [Buffer.concat([length, header]), ...values]);
}

/** SHA-256 over names, shapes and values, for weights that never lay in a file. */
export function hashWeights(weights: Weights): string {
  const hash = createHash("sha256");
  for (const [name, { shape, data }] of weights) {
    hash.update(`${name}[${shape}]`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
