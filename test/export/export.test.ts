import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compile } from "vega-lite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exportResults } from "../../src/export/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { HOSTILE, writeRun, writeSweep } from "../viewer/folder.js";

const root = mkdtempSync(join(tmpdir(), "candor-export-"));
const run = join(root, "run");
const sweep = join(root, "grid");
let outs = 0;
const fresh = () => join(root, `out-${outs++}`);

beforeAll(() => {
  writeRun(run);
  writeSweep(sweep);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Row = Record<string, unknown>;

async function parquet(path: string): Promise<Row[]> {
  return (await parquetReadObjects({ file: await asyncBufferFromFile(path) })) as Row[];
}

function jsonl(path: string): Row[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

/** RFC 4180, by hand: what another program would read. */
function csv(path: string): Record<string, string>[] {
  const fields = [...readFileSync(path, "utf8").matchAll(/("(?:[^"]|"")*"|[^",\n]*)([,\n])/gu)];
  const lines: string[][] = [[]];
  for (const [, field, end] of fields) {
    lines.at(-1)!.push(field!.startsWith('"') ? field!.slice(1, -1).replaceAll('""', '"') : field!);
    if (end === "\n") lines.push([]);
  }
  const [head, ...rows] = lines.slice(0, -1);
  return rows.map((row) => Object.fromEntries(head!.map((name, at) => [name, row[at]!])));
}

describe("tables", () => {
  it("hold the same whatever they are written as", async () => {
    const [asCsv, asJson, asParquet] = [fresh(), fresh(), fresh()];
    await exportResults(run, "csv", asCsv);
    await exportResults(run, "jsonl", asJson);
    await exportResults(run, "parquet", asParquet);
    expect(readdirSync(asCsv).sort()).toEqual([
      "conversations.csv",
      "drift.csv",
      "probes.csv",
      "rounds.csv",
      "runs.csv",
      "warnings.json",
    ]);
    for (const name of ["conversations", "drift", "probes", "rounds", "runs"]) {
      const plain = jsonl(join(asJson, `${name}.jsonl`));
      const comma = csv(join(asCsv, `${name}.csv`));
      const columns = await parquet(join(asParquet, `${name}.parquet`));
      expect([name, comma.length, columns.length]).toEqual([name, plain.length, plain.length]);
      expect(plain.length).toBeGreaterThan(0);
      for (const [at, row] of plain.entries()) {
        for (const [field, value] of Object.entries(row)) {
          expect(same(columns[at]![field], value), `${name}.parquet ${at} ${field}`).toBe(true);
          expect(same(comma[at]![field], value), `${name}.csv ${at} ${field}: ${comma[at]![field]}`).toBe(
            true,
          );
        }
      }
    }
  });

  /** Whether a format's way of saying a value says that value. */
  function same(said: unknown, value: unknown): boolean {
    if (value === null) return said === null || said === undefined || said === "";
    if (typeof value === "number") return Math.abs(Number(said) - value) < 1e-6;
    if (typeof value === "string") return said === value;
    const read = typeof said === "string" ? JSON.parse(said) : said;
    return JSON.stringify(read) === JSON.stringify(value);
  }

  it("say what became of every conversation, with its words untouched", async () => {
    const out = fresh();
    await exportResults(run, "parquet", out);
    const talks = await parquet(join(out, "conversations.parquet"));
    expect(talks).toHaveLength(40);
    const chosen = talks.map((talk) => talk.chosen);
    expect(["top", "bottom", "none"].map((fate) => chosen.filter((one) => one === fate).length)).toEqual([
      6, 6, 28,
    ]);
    expect((talks[0]!.messages as { role: string; content: string }[])[1]).toEqual({
      role: "user",
      content: `Opening 0 of round 1 about a "Zebra". ${HOSTILE}`,
    });
    expect(talks[19]).toMatchObject({
      ratings: [null, null],
      reward: null,
      error: "the assistant's reply was empty",
    });
    expect(talks[0]!.thought).toBe("biased");
  });

  it("join on the run over a sweep, whose unbegun runs they leave out", async () => {
    const out = fresh();
    await exportResults(sweep, "parquet", out);
    const runs = await parquet(join(out, "runs.parquet"));
    expect(runs.map(({ seed, biased }) => [Number(seed), biased])).toEqual([
      [1, 0],
      [2, 0],
      [1, 0.5],
    ]);
    const known = new Set(runs.map((row) => row.run));
    for (const table of ["rounds", "drift", "probes", "conversations"])
      for (const row of await parquet(join(out, `${table}.parquet`))) expect(known).toContain(row.run);
  });
});

describe("figures", () => {
  it("are Vega-Lite with their data, which the library takes as they are", async () => {
    const files = await exportResults(sweep, "vega", fresh());
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const path of files.filter((file) => !file.endsWith("warnings.json"))) {
      const spec = JSON.parse(readFileSync(path, "utf8"));
      expect(spec.data.values.length).toBeGreaterThan(0);
      expect(spec.usermeta.candor.warnings).toEqual([
        expect.stringMatching(/^The rater \(.*\) is unchecked/u),
      ]);
      expect(spec.description).toContain("is unchecked");
      expect(compile(spec).spec.marks?.length).toBeGreaterThan(0);
    }
  });
});

describe("methods", () => {
  it("cite what they list, and list what they cite", async () => {
    const out = fresh();
    await exportResults(run, "bibtex", out);
    const [tex, md, bib] = ["methods.tex", "methods.md", "references.bib"].map((name) =>
      readFileSync(join(out, name), "utf8"),
    );
    const listed = [...bib!.matchAll(/^@\w+\{(\w+),$/gmu)].map(([, key]) => key).sort();
    expect(listed).toEqual(["candor", "ethayarajh2024kto", "hu2021lora", "hu2025deceive", "ren2025mask"]);
    expect([...tex!.matchAll(/\\citep\{(\w+)\}/gu)].map(([, key]) => key).sort()).toEqual(listed);
    expect([...md!.matchAll(/\[@(\w+)\]/gu)].map(([, key]) => key).sort()).toEqual(listed);
    expect(bib!.split("{").length).toBe(bib!.split("}").length);
    // A bare percent sign would comment out the rest of the line.
    expect(tex).not.toMatch(/(?<!\\)[%&#_]/u);
    expect(tex).toContain("20 \\% holding the biased thought");
  });
});

describe("a data set", () => {
  it("is a folder with a card that names its files and columns", async () => {
    const out = fresh();
    const files = await exportResults(sweep, "dataset", out);
    for (const path of files) expect(statSync(path).size).toBeGreaterThan(0);
    const card = readFileSync(join(out, "README.md"), "utf8");
    const [, head = "", body = ""] = /^---\n(.*?)\n---\n(.*)$/su.exec(card)!;
    const { configs, pretty_name } = parse(head) as {
      configs: { data_files: string }[];
      pretty_name: string;
    };
    expect(pretty_name).toBe("Candor: grid");
    for (const { data_files } of configs) expect(files).toContain(join(out, data_files));
    const [first] = await parquet(join(out, "data/conversations.parquet"));
    for (const column of Object.keys(first!)) expect(body).toContain(`| \`${column}\` |`);
    for (const [, image] of body.matchAll(/!\[[^\]]*\]\(([^)]*)\)/gu))
      expect(files).toContain(join(out, image!));
    // What people wrote is text there too.
    expect(body).not.toMatch(/(?<!\\)[<>]/u);
    expect(body).toContain("Invented. \\<img");
    expect(scenarioSchema.parse(parse(readFileSync(join(out, "scenario.yaml"), "utf8"))).name).toBe("grid");
  });
});

it.each([
  ["nowhere", "out", /nowhere: neither a run nor a sweep/u],
  [
    "run",
    "run",
    /run lies in the folder of a run \(run\), whose files are its results; name another with --out/u,
  ],
])("refuses to write results of %s to %s", async (folder, out, message) => {
  const before = readdirSync(run, { recursive: true });
  await expect(exportResults(join(root, folder), "csv", join(root, out))).rejects.toThrow(message);
  expect(readdirSync(run, { recursive: true })).toEqual(before);
});
