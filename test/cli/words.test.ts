import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { exitCode, reportFailure } from "../../src/cli/exit.js";
import { writeMadeUpSweep } from "../report/folder.js";
import { candorHere, candorIn } from "./in-process.js";

const folder = mkdtempSync(join(tmpdir(), "candor-words-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("says of labels that are not there nothing of probes", async () => {
  const { code, stderr } = await candorIn(["judge", "check", "nothere", "--judge", "rule"], folder);
  expect([code, stderr]).toEqual([2, "candor: nothere: no such file or folder\n"]);
});

it("promises only where it is kept that an interrupted command goes on", async () => {
  const { runCommandLine } = await import("../../src/cli/program.js");
  writeFileSync(
    join(folder, "x.yaml"),
    "name: x\nrounds: 1\npopulation: { size: 8, personas: { benign: rest } }\n",
  );
  const said: string[] = [];
  const real = process.stderr.write;
  process.stderr.write = (text) => said.push(String(text)) > 0;
  try {
    for (const args of [
      ["check", join(folder, "x.yaml")],
      ["run", join(folder, "x.yaml"), "--out", join(folder, "runs"), "--quiet"],
    ])
      expect(await runCommandLine(args, { signal: AbortSignal.abort(new Error("interrupted")) })).toBe(
        exitCode.interrupted,
      );
  } finally {
    process.stderr.write = real;
  }
  expect(said.filter((text) => text.includes("interrupted"))).toEqual([
    "candor: interrupted\n",
    "candor: interrupted; the same command goes on from here\n",
  ]);
});

it("knows which commands have safe points to stop at: the others are ended at once", async () => {
  const { runCommandLine } = await import("../../src/cli/program.js");
  const said = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation(() => true),
  );
  const gentle: string[] = [];
  for (const args of [
    ["check", "none.yaml"],
    ["runs", "list", "none"],
    ["export", "none"],
    ["show", "none"],
    ["schema"],
  ])
    await runCommandLine(args, {
      signal: new AbortController().signal,
      onGentle: () => gentle.push(args[0]!),
    });
  for (const spy of said) spy.mockRestore();
  expect(gentle).toEqual(["check", "runs"]);
});

it("says where drift.csv is not what the probes give that it shows the probes", async () => {
  const path = join(folder, "stray");
  writeMadeUpSweep(path, { fractions: [0], rounds: 1 });
  expect((await candorIn(["show", path], folder)).stderr).toBe("");
  writeFileSync(join(path, "drift.csv"), "run,scenario\n");
  for (const command of ["show", "report"]) {
    const { code, stderr } = await candorIn([command, path], folder);
    expect(code).toBe(0);
    expect(stderr).toContain("drift.csv is not what the finished probes give");
    expect(stderr).toContain("What is shown here is made from the probes, and not from that file.");
  }
});

it("compares a source of one word with one of several fields in one row", async () => {
  writeMadeUpSweep(join(folder, "plain"), { fractions: [0], rounds: 1 });
  writeMadeUpSweep(join(folder, "mixed"), {
    fractions: [0],
    rounds: 1,
    source: (share) => ({ kind: "mixture", data: "a.jsonl", added: "b.jsonl", share }),
  });
  const fieldsOf = async (...names: string[]) => {
    const { stdout } = await candorIn(["compare", ...names, "--json"], folder);
    const { settings } = JSON.parse(stdout) as {
      settings: { field: string; first: unknown; second: unknown }[];
    };
    return settings.filter(({ field }) => field.startsWith("source"));
  };
  const mixture = expect.objectContaining({ kind: "mixture", data: "a.jsonl", added: "b.jsonl" });
  expect(await fieldsOf("plain", "mixed")).toEqual([
    { field: "source", first: "interaction", second: mixture },
  ]);
  expect(await fieldsOf("mixed", "plain")).toEqual([
    { field: "source", first: mixture, second: "interaction" },
  ]);
});

it("says of a model as judge that it is unchecked, as a run does", async () => {
  const evaluated = async (judge: string) =>
    (await candorHere(["eval", "minnow", "--probes", "1", "--quiet", "--judge", judge])).stderr;
  expect(await evaluated("minnow")).toContain(
    "candor: The judge (minnow) is unchecked: how far it agrees with people is not known, and verdicts rest on it. Check it by candor judge check with labelled statements such as probes/english/judge.jsonl (in minnow's language probes/minnow/judge.jsonl) and --judge minnow.\n",
  );
  expect(await evaluated("rule")).not.toContain("unchecked");
});

it("names the place of what could not be written to a full disk, where its error does not", async () => {
  const { ofPlace, fileTrouble } = await import("../../src/file-trouble.js");
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    syscall: "write",
  });
  expect(fileTrouble(ofPlace(full, "a.jsonl.1", "a.jsonl"))).toBe("a.jsonl: no space is left on the disk");
  const told: string[] = [];
  reportFailure(full, new AbortController().signal, (text) => told.push(text));
  expect(told).toEqual(["candor: a.jsonl: no space is left on the disk\n"]);
});

it.each([
  [
    ["chat", "openai:x", "--base-url", "ftp://me:secret@h/v1"],
    "--base-url: expected an address such as http",
  ],
  [["chat", "openai:x", "--base-url", "localhost:8000/v1"], "--base-url: expected an address such as http"],
  [
    ["chat", "openai:x", "--base-url", "http://h/v1#secret"],
    "--base-url: what stands behind # is sent to no server",
  ],
  [
    ["eval", "minnow", "--judge", "openai:x", "--judge-base-url", "h"],
    "--judge-base-url: expected an address",
  ],
])(
  "refuses what is no address of a server before anything is asked, and repeats none of it: %j",
  async (args, words) => {
    const { code, stderr } = await candorHere(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(stderr).not.toContain("secret");
  },
);
