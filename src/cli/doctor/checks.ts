import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { setting } from "../../environment.js";
import { MINNOWS } from "../../models/providers/index.js";
import { packageFile } from "../../package-root.js";

/** What a check found out. */
export type Finding = {
  name: string;
  found: boolean;
  /** Version, hash or place; or what is wrong and what to do. */
  detail: string;
  purpose: string;
  required: boolean;
};

type Check = {
  name: string;
  purpose: string;
  required: boolean;
  /** The detail if found; throws, with what to do, if not. */
  look: () => string | Promise<string>;
};

const leastNode = [20, 19] as const;

const checks: readonly Check[] = [
  { name: "node", purpose: "runs candor", required: true, look: nodeVersion },
  { name: "onnxruntime", purpose: "computes the embedded models", required: true, look: onnxruntime },
  { name: "minnow", purpose: "the embedded model: assistant, user and rater", required: true, look: minnow },
  { name: "runs folder", purpose: "where runs are kept", required: true, look: runsFolder },
  { name: "python + trl", purpose: "trainer: trl, on a GPU", required: false, look: trl },
  {
    name: "redis-server",
    purpose: "sweeps over several machines",
    required: false,
    look: () => onPath("redis-server"),
  },
  { name: "sbatch", purpose: "sweeps on a Slurm cluster", required: false, look: () => onPath("sbatch") },
  {
    name: "chromium",
    purpose: "the viewer's own tests",
    required: false,
    look: () => onPath("chromium", "chromium-browser", "google-chrome"),
  },
];

/** Looks at everything that candor needs or can use on this machine. Writes nothing. */
export async function examine(): Promise<Finding[]> {
  const findings: Finding[] = [];
  // One after the other: Node ends on a library that cannot be loaded where two ask for it at the same time.
  for (const { look, ...check } of checks) {
    try {
      findings.push({ ...check, found: true, detail: await look() });
    } catch (error) {
      findings.push({ ...check, found: false, detail: (error as Error).message });
    }
  }
  return findings;
}

function nodeVersion(): string {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const recent = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  if (!recent)
    throw new Error(`${process.versions.node} is too old; install ${leastNode.join(".")} or newer`);
  return process.versions.node;
}

function onnxruntime(): string {
  try {
    // Not imported: Node 20 ends where a library that cannot be loaded is imported twice.
    const { env } = createRequire(import.meta.url)("onnxruntime-node") as typeof import("onnxruntime-node");
    return env.versions.node ?? env.versions.common;
  } catch (error) {
    throw new Error(`does not load (${firstLine(error)}); run npm ci on this machine`);
  }
}

async function minnow(): Promise<string> {
  onnxruntime();
  const { readSafetensors } = await import("../../engine/index.js");
  const hash = createHash("sha256");
  for (let member = 1; member <= MINNOWS; member += 1) {
    const name = `models/minnow/${member}`;
    const folder = packageFile(name);
    const missing = ["config.json", "tokenizer.json", "model.safetensors"].filter(
      (file) => !existsSync(join(folder, file)),
    );
    if (missing.length > 0)
      throw new Error(
        `${name} lacks ${missing.join(", ")}; npm run pretrain -- --seed ${member}${member === 1 ? "" : " --half"} makes them`,
      );
    await readSafetensors(join(folder, "model.safetensors"), hash);
  }
  return `${MINNOWS} of them, sha256 ${hash.digest("hex").slice(0, 16)}`;
}

function runsFolder(): string {
  const folder = resolve("runs");
  const existing = existsSync(folder) ? folder : dirname(folder);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    throw new Error(`${existing} is not writable; go to another folder or name one with --out`);
  }
  return folder;
}

async function trl(): Promise<string> {
  const script =
    "import sys, importlib.metadata as m; print(sys.version.split()[0], 'trl', m.version('trl'))";
  const python = onPath("python3", "python");
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", script], { timeout: 10_000 });
    return `python ${stdout.trim()}`;
  } catch {
    throw new Error(`${python} has no trl; pip install trl`);
  }
}

function onPath(...names: string[]): string {
  const folders = (setting.PATH() ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const place = places.find(isExecutable);
  if (place === undefined) throw new Error("not on PATH");
  return place;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function firstLine(error: unknown): string {
  return String((error as Error).message).split("\n")[0]!;
}
