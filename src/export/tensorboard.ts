import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { estimateDrift } from "../drift/index.js";
import type { ReportRun, ReportSource } from "../report/index.js";
import { caveatWords } from "../runs/index.js";
import { bytes, whole } from "./protocol-buffer.js";
import { warningsOf } from "./warnings.js";

// TensorBoard's event files: records of TensorFlow (length, masked CRC-32C, bytes, masked CRC-32C) that hold a protocol buffer
// `Event` each. Only scalars and texts are written, so the few fields are put together by hand.

type Scalar = { tag: string; step: number; value: number };
/** Shown in TensorBoard's page of texts. */
type Text = { tag: string; step: number; text: string };

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
    writeFileSync(path, eventFile([...checksOf(run), ...(await scalarsOf(run))]));
    paths.push(path);
  }
  return paths;
}

/** What judge, rater and the untrained model are worth: in words what must be said, and every check as a number at step 0. */
function checksOf(run: ReportRun): (Scalar | Text)[] {
  const { floor = [], checks } = run.rounds[0] ?? {};
  const kappa = checks?.judge?.kappa?.value;
  return [
    ...warningsOf(run).map((one, at) => ({
      tag: `warnings/${at + 1}-${one.about}-${one.code}`,
      step: 0,
      text: caveatWords(one),
    })),
    ...(kappa === undefined ? [] : [{ tag: "checks/judge_kappa", step: 0, value: kappa }]),
    ...(checks?.rater ?? []).flatMap(({ persona, expected, sampled }) =>
      Object.entries({ expected, sampled }).flatMap(([how, found]) =>
        found ? [{ tag: `checks/rater_auc_${how}_${persona}`, step: 0, value: found.auc.value }] : [],
      ),
    ),
    ...floor.map(({ suite, subset, able }) => ({
      tag: `floor/${subset === "all" ? suite : `${suite}-${subset}`}_able`,
      step: 0,
      value: able ? 1 : 0,
    })),
  ];
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

/** An event file with these scalars and texts. Times are the steps': a run's own would differ each time. */
export function eventFile(entries: readonly (Scalar | Text)[]): Buffer {
  const version = message([bytes(3, "brain.Event:2")], 0);
  const events = entries.map((entry) => {
    const said = Buffer.concat([
      bytes(1, entry.tag),
      ...("text" in entry ? textOf(entry.text) : [numberOf(entry.value)]),
    ]);
    return message([whole(2, entry.step), bytes(5, bytes(1, said))], entry.step);
  });
  return Buffer.concat([version, ...events].map(recordOf));
}

function numberOf(value: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeFloatLE(value);
  return Buffer.concat([Buffer.from([0x15]), number]);
}

/** DT_STRING of TensorFlow's data types. */
const STRING = 7;

/** A tensor of one text, and that the plug-in of texts shows it. */
function textOf(text: string): Buffer[] {
  const shape = bytes(2, bytes(2, whole(1, 1)));
  return [
    bytes(8, Buffer.concat([whole(1, STRING), shape, bytes(8, text)])),
    bytes(9, bytes(1, bytes(1, "text"))),
  ];
}

/** An event: wall time as a double in field 1, then what it says. */
function message(parts: readonly Buffer[], time: number): Buffer {
  const wall = Buffer.alloc(8);
  wall.writeDoubleLE(time);
  return Buffer.concat([Buffer.from([0x09]), wall, ...parts]);
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
