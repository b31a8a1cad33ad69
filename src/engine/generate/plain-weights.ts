import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ofPlace } from "../../file-trouble.js";
import { type Adapter, adaptWeight } from "../files/adapter.js";
import type { LocatedCheckpoint } from "../files/checkpoint.js";
import { checkFinite } from "../files/finite.js";
import { readTensor } from "../files/safetensors.js";
import type { FileRange } from "../graph/graph.js";
import type { WeightSource } from "./step-graph.js";

/**
 * Calls `use` with a checkpoint's weights as float32 ranges of files in one folder: the checkpoint's own files, or, where
 * those hold 16-bit weights or an adapter is to be folded in, a copy in a temporary folder that is removed afterwards.
 */
export async function withPlainWeights<T>(
  { dir, weights }: LocatedCheckpoint,
  adapter: Adapter | undefined,
  use: (weights: WeightSource, folder: string) => Promise<T>,
): Promise<T> {
  const plain = [...weights.values()].every(({ type }) => type === "F32");
  if (plain && !adapter) {
    // The only look at them: ONNX Runtime maps the files.
    for (const [name, place] of weights) checkFinite(name, await readTensor(place), place.path);
    const ranges = [...weights].map(([name, { shape, path, offset, bytes }]) => {
      return [name, { shape, data: { file: basename(path), offset, length: bytes } }] as const;
    });
    return await use(new Map(ranges), dir);
  }
  const folder = await mkdtemp(join(tmpdir(), "candor-weights-"));
  try {
    return await use(await writePlain(weights, adapter, folder), folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const FILE = "weights.bin";

/** Writes the weights one at a time, so that no two of them stand in memory together. */
async function writePlain(
  weights: LocatedCheckpoint["weights"],
  adapter: Adapter | undefined,
  folder: string,
): Promise<WeightSource> {
  const ranges = new Map<string, { shape: number[]; data: FileRange }>();
  const path = join(folder, FILE);
  const file = await open(path, "w");
  try {
    let offset = 0;
    for (const [name, place] of weights) {
      const stored = { shape: place.shape, data: await readTensor(place) };
      checkFinite(name, stored.data, place.path);
      const { data } = adapter ? adaptWeight(name, stored, adapter) : stored;
      await file
        .writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
        .catch((error) => Promise.reject(ofPlace(error, path, path)));
      ranges.set(name, { shape: place.shape, data: { file: FILE, offset, length: data.byteLength } });
      offset += data.byteLength;
    }
  } finally {
    await file.close();
  }
  return ranges;
}
