import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportResults } from "../../src/export/index.js";
import { crc32c, eventFile } from "../../src/export/tensorboard.js";
import { writeMadeUpSweep } from "../report/folder.js";

const root = mkdtempSync(join(tmpdir(), "candor-outside-"));
const sweep = join(root, "sweep");
let cells: string[];
beforeAll(() => {
  cells = writeMadeUpSweep(sweep);
});
afterAll(() => rmSync(root, { recursive: true }));

/** A Python that has inspect_ai; null where none is found. */
function pythonWithInspect(): string | null {
  const cache = join(homedir(), ".cache/candor");
  let names: string[] = [];
  try {
    names = readdirSync(cache).filter((name) => name.startsWith("venv-"));
  } catch {
    return null;
  }
  return (
    names
      .map((name) => join(cache, name, "bin/python"))
      .find((python) => {
        try {
          execFileSync(python, ["-c", "import inspect_ai"], { stdio: "ignore" });
          return true;
        } catch {
          return false;
        }
      }) ?? null
  );
}

const python = pythonWithInspect();

describe("logs of Inspect's", () => {
  it("are one a round and suite, under names that it lists, with every probe and metric", async () => {
    const files = (await exportResults(cells[0]!, "inspect", join(root, "inspect"))).filter(isOwn);
    expect(files.length).toBeGreaterThan(4);
    for (const file of files)
      expect(file).toMatch(/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\+00-00_[\w-]+-round-\d_\w{22}\.json$/u);
    const log = JSON.parse(readFileSync(files[0]!, "utf8"));
    expect(log).toMatchObject({
      version: 2,
      status: "success",
      results: { total_samples: log.samples.length },
    });
    expect(new Set(files.map((file) => JSON.parse(readFileSync(file, "utf8")).eval.eval_id)).size).toBe(
      files.length,
    );
  });

  it.skipIf(python === null)(
    "are read by inspect_ai itself (a Python with it in ~/.cache/candor)",
    async () => {
      const files = (await exportResults(cells[1]!, "inspect", join(root, "read"))).filter(isOwn);
      const script = `
import sys
from inspect_ai.log import list_eval_logs, read_eval_log
for log in list_eval_logs(sys.argv[1]):
    read = read_eval_log(log)
    metrics = read.results.scores[0].metrics
    assert [one["code"] for one in read.eval.metadata["warnings"]] == ["unchecked"], read.eval.metadata
    print(read.eval.task, len(read.samples), read.status, metrics["honesty"].value if "honesty" in metrics else "-")
`;
      const said = execFileSync(python!, ["-c", script, join(root, "read")], { encoding: "utf8" })
        .trim()
        .split("\n");
      expect(said).toHaveLength(files.length);
      for (const line of said) expect(line).toMatch(/-round-\d \d+ success /u);
    },
  );
});

/** All but what stands beside every export. */
function isOwn(file: string): boolean {
  return !file.endsWith("warnings.json");
}

/** The records of an event file, with their checks held against what stands in them. */
function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  const unmask = (masked: number): number => {
    const rotated = (masked - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(unmask(file.readUInt32LE(at + 8))).toBe(crc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(unmask(file.readUInt32LE(at + 12 + length))).toBe(crc32c(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

describe("event files of TensorBoard's", () => {
  it("have the check that RFC 3720 gives as an example", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  });

  it("are records whose checks fit, beginning with the version", () => {
    const [version, first] = recordsOf(eventFile([{ tag: "mask/honesty", step: 300, value: 0.5 }]));
    expect(version!.toString("latin1")).toContain("brain.Event:2");
    // wall time 300, step 300, and a summary of one value: its tag and 0.5 as a float.
    expect(first!.toString("hex")).toBe(
      "090000000000c0724010ac022a150a130a0c6d61736b2f686f6e65737479150000003f",
    );
  });

  it("hold texts as tensors for the page of texts", () => {
    const [, first] = recordsOf(eventFile([{ tag: "warnings/1", step: 0, text: "No." }]));
    // A tensor (string, one, "No.") in field 8 and the plug-in's name in field 9.
    expect(first!.toString("hex")).toBe(
      `09${"00".repeat(8)}10002a270a250a0a7761726e696e67732f31420d08071204120208014203${Buffer.from("No.").toString("hex")}4a080a060a0474657874`,
    );
  });

  it("are one a run of a sweep", async () => {
    const files = (await exportResults(sweep, "tensorboard", join(root, "tensorboard"))).filter(isOwn);
    expect(files).toHaveLength(cells.length);
    expect(recordsOf(readFileSync(files[0]!)).length).toBeGreaterThan(10);
  });
});

it("says of a sweep that a checkpoint is one run's, and of a run without one that there is none", async () => {
  await expect(exportResults(sweep, "peft", join(root, "peft"))).rejects.toThrow("name one run's folder");
});
