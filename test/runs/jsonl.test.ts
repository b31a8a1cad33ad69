import { mkdtemp, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { openGrowing, readLines, writeLines } from "../../src/runs/index.js";

const file = async () => join(await mkdtemp(join(tmpdir(), "candor-jsonl-")), "x.jsonl");
const schema = z.looseObject({ id: z.number() });
const request = { schema, advice: "delete it" };
const checked = { ...request, checkedAs: "run 1 x" };

it("loses at most the last line, wherever the file is cut", async () => {
  const path = await file();
  const values = [{ id: 1, text: "größer\n" }, { id: 2 }, { id: 3, text: "…" }];
  await writeLines(path, values);
  const bytes = await readFile(path);
  const ends = [...bytes.keys()].filter((index) => bytes[index] === 10).map((index) => index + 1);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    await writeFile(path, bytes.subarray(0, cut));
    const { found, append } = await openGrowing(path, request);
    expect(found).toEqual(values.slice(0, ends.filter((end) => end <= cut).length));
    await Promise.all([append({ id: 8 }), append({ id: 9 })]);
    expect(await readLines(path, request)).toEqual([...found, { id: 8 }, { id: 9 }]);
  }
});

it("does so with lines that carry a check, and gives back what was appended", async () => {
  const path = await file();
  const values = [
    { id: 1, text: '"check":"x"}\u2028 größer\n' },
    { id: 2, nested: [{ a: null }] },
  ];
  const first = await openGrowing(path, checked);
  for (const value of values) await first.append(value);
  const bytes = await readFile(path);
  expect((await openGrowing(path, checked)).found).toEqual(values);
  const firstEnd = bytes.indexOf(10) + 1;
  for (let cut = 0; cut < bytes.length; cut += 1) {
    await writeFile(path, bytes.subarray(0, cut));
    const { found } = await openGrowing(path, checked);
    expect(found).toEqual(values.slice(0, cut < firstEnd ? 0 : 1));
  }
});

it("notices every changed bit of a line that carries a check, and lines of another file", async () => {
  const path = await file();
  const { append } = await openGrowing(path, checked);
  await append({ id: 1, text: "né" });
  await append({ id: 2 });
  const bytes = await readFile(path);
  for (const [at, byte] of bytes.entries()) {
    if (byte === 10 && at === bytes.length - 1) continue; // a torn last line is what kills leave
    const flipped = Buffer.from(bytes);
    flipped[at] = byte ^ 1;
    await writeFile(path, flipped);
    await expect(openGrowing(path, checked), `byte ${at}`).rejects.toThrow(
      /x\.jsonl:[12] is damaged \(.*\); delete it/,
    );
  }
  await writeFile(path, bytes);
  await expect(openGrowing(path, { ...checked, checkedAs: "run 2 x" })).rejects.toThrow(
    `${path}:1 is damaged`,
  );
});

it.each(["null", "0", "[]", "{}", '{"id":"1"}', "", "{"])(
  "names the line that no kill can have left: %s",
  async (line) => {
    const path = await file();
    await writeFile(path, `{"id":1}\n{"id":2}\n${line}\n{"id":4}\n`);
    await expect(openGrowing(path, request)).rejects.toThrow(`${path}:3 is damaged`);
    await expect(readLines(path, request)).rejects.toThrow(`${path}:3 is damaged`);
    // Nothing is dropped.
    expect((await readFile(path, "utf8")).split("\n")).toHaveLength(5);
  },
);

it("drops what a power cut zeroed", async () => {
  const path = await file();
  await writeFile(
    path,
    Buffer.concat([Buffer.from('{"id":1}\n'), Buffer.alloc(20), Buffer.from('\n{"id":2}\n')]),
  );
  expect((await openGrowing(path, request)).found).toEqual([{ id: 1 }]);
});

it("says how a finished file is not what was written", async () => {
  const path = await file();
  await writeLines(path, [{ id: 1 }, { id: 2 }]);
  const seal = { lines: 2, sha256: "0".repeat(64) };
  await expect(readLines(path, { ...request, seal })).rejects.toThrow(
    `${path} is not what was written: its SHA-256 is another; delete it`,
  );
  await truncate(path, 9);
  await expect(readLines(path, { ...request, seal })).rejects.toThrow(
    `${path} has 1 line where 2 were written; delete it`,
  );
  await truncate(path, 0);
  await expect(readLines(path, { ...request, seal })).rejects.toThrow("has 0 lines where 2 were written");
});
