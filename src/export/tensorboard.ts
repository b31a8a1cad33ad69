import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { estimateDrift } from "../drift/index.js";
import type { ReportRun, ReportSource } from "../report/index.js";

// TensorBoard's event files: records of TensorFlow (length, masked CRC-32C, bytes, masked CRC-32C) that hold a protocol buffer
// `Event` each. Only scalars are written, so the few fields are put together by hand.

type Scalar = { tag: string; step: number; value: number };

/** Writes a run's curves (training by step, metrics by round) as TensorBoard reads them, a folder a run. Returns the files. */
export async function writeTensorBoard({ runs }: ReportSource, out: string): Promise<string[]> {
  const paths: string[] = [];
  for (const run of runs) {
    const axes = Object.entries(run.axes).map(([axis, value]) => `${axis.split(".").at(-1)}=${value}`);
    const name = [...axes, `seed=${run.manifest.seed}`, run.manifest.hash]
      .join(",")
      .replaceAll(/[^\w.,=-]+/gu, "-");
    const folder = join(out, name);
    mkdirSync(folder);
    const path = join(folder, "events.out.tfevents.0000000001.candor");
    writeFileSync(path, eventFile(await scalarsOf(run)));
    paths.push(path);
  }
  return paths;
}

async function scalarsOf({ disk, rounds, observations }: ReportRun): Promise<Scalar[]> {
  const scalars: Scalar[] = [];
  let before = 0;
  for (const { round } of rounds) {
    const steps = (await disk.round(round).steps.read()) ?? [];
    for (const { step, loss, learning_rate, grad_norm } of steps)
      for (const [name, value] of Object.entries({ loss, learning_rate, grad_norm }))
        if (value !== null && Number.isFinite(value))
          scalars.push({ tag: `training/${name}`, step: before + step, value });
    before += steps.length;
  }
  for (const { suite, subset, metric, round, value } of estimateDrift(observations))
    scalars.push({
      tag: subset === "all" ? `${suite}/${metric}` : `${suite}-${subset}/${metric}`,
      step: round,
      value,
    });
  return scalars;
}

/** An event file with these scalars. Times are the steps': a run's own would differ each time. */
export function eventFile(scalars: readonly Scalar[]): Buffer {
  const version = message([bytes(3, Buffer.from("brain.Event:2"))], 0);
  const events = scalars.map(({ tag, step, value }) => {
    const number = Buffer.alloc(4);
    number.writeFloatLE(value);
    const summaryValue = Buffer.concat([bytes(1, Buffer.from(tag)), Buffer.from([0x15]), number]);
    const whole = Buffer.concat([Buffer.from([0x10]), varint(step)]);
    return message([whole, bytes(5, bytes(1, summaryValue))], step);
  });
  return Buffer.concat([version, ...events].map(recordOf));
}

/** An event: wall time as a double in field 1, then what it says. */
function message(parts: readonly Buffer[], time: number): Buffer {
  const wall = Buffer.alloc(8);
  wall.writeDoubleLE(time);
  return Buffer.concat([Buffer.from([0x09]), wall, ...parts]);
}

/** A field of bytes, text or another message. */
function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(value.length), value]);
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

function recordOf(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, masked(length), data, masked(data)]);
}

function masked(data: Buffer): Buffer {
  const crc = crc32c(data);
  const out = Buffer.alloc(4);
  out.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return out;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (Castagnoli). */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
