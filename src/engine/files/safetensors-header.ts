import { z } from "zod";
import { UserError } from "../../errors.js";

const ELEMENT_BYTES = { F32: 4, F16: 2, BF16: 2 } as const;
export type StoredType = keyof typeof ELEMENT_BYTES;
const STORED = Object.keys(ELEMENT_BYTES) as StoredType[];

export type StoredTensor = {
  name: string;
  type: StoredType;
  shape: number[];
  /** Byte range within the data section. */
  start: number;
  end: number;
};

export type SafetensorsHeader = { tensors: StoredTensor[]; metadata: Record<string, string> };

const natural = z.number().int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(natural),
  data_offsets: z.tuple([natural, natural]),
});

/**
 * Parses and bounds-checks the JSON header of a safetensors file: every byte range must lie in the data section,
 * fit its shape, and overlap no other. Throws UserError naming the file.
 */
export function parseSafetensorsHeader(json: string, dataBytes: number, path: string): SafetensorsHeader {
  const header = parseObject(json, path);
  const metadata = z.record(z.string(), z.string()).safeParse(header.__metadata__ ?? {});
  if (!metadata.success) throw damaged(path, "its __metadata__ is not a map of strings");
  const tensors = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => parseEntry(name, entry, dataBytes, path))
    .sort((a, b) => a.start - b.start);
  let free = 0;
  for (const { name, start, end } of tensors) {
    if (start < free) throw damaged(path, `tensor ${name} overlaps the one before it`);
    free = Math.max(free, end);
  }
  return { tensors, metadata: metadata.data };
}

function parseObject(json: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Falls through to the one message for every unreadable header.
  }
  throw damaged(path, "its header is not a JSON object");
}

function parseEntry(name: string, entry: unknown, dataBytes: number, path: string): StoredTensor {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) throw damaged(path, `the header entry of tensor ${name} is malformed`);
  const { dtype, shape, data_offsets } = parsed.data;
  const type = STORED.find((one) => one === dtype);
  if (type === undefined)
    throw new UserError(`${path}: tensor ${name} has element type ${dtype}; F32, F16 and BF16 can be read`);
  const [start, end] = data_offsets;
  if (end > dataBytes)
    throw damaged(path, `tensor ${name} ends at byte ${end} of ${dataBytes}: the file is cut short`);
  const bytes = shape.reduce((product, dim) => product * dim, ELEMENT_BYTES[type]);
  if (end - start !== bytes)
    throw damaged(path, `tensor ${name} of shape [${shape}] needs ${bytes} bytes but has ${end - start}`);
  return { name, type, shape, start, end };
}

export function damaged(path: string, why: string): UserError {
  return new UserError(`${path} is not a whole safetensors file: ${why}. Copy or download it again.`);
}
