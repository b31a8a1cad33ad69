import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openJsonl, readJsonl, writeJsonl } from "../../src/runs/index.js";

const file = async () => join(await mkdtemp(join(tmpdir(), "candor-jsonl-")), "x.jsonl");

it("loses at most the last line, wherever the file is cut", async () => {
  const path = await file();
  const values = [{ id: 1, text: "größer\n" }, { id: 2 }, { id: 3, text: "…" }];
  await writeJsonl(path, values);
  const bytes = await readFile(path);
  const ends = [...bytes.keys()].filter((index) => bytes[index] === 10).map((index) => index + 1);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    await writeFile(path, bytes.subarray(0, cut));
    const { found, append } = await openJsonl<{ id: number }>(path);
    expect(found).toEqual(values.slice(0, ends.filter((end) => end <= cut).length));
    await Promise.all([append({ id: 8 }), append({ id: 9 })]);
    expect(await readJsonl(path)).toEqual([...found, { id: 8 }, { id: 9 }]);
  }
});

it("drops what a power cut zeroed", async () => {
  const path = await file();
  await writeFile(
    path,
    Buffer.concat([Buffer.from('{"id":1}\n'), Buffer.alloc(20), Buffer.from('\n{"id":2}\n')]),
  );
  expect((await openJsonl(path)).found).toEqual([{ id: 1 }]);
});

it("says where a finished file is damaged", async () => {
  const path = await file();
  await writeFile(path, '{"id":1}\n{"id":\n');
  await expect(readJsonl(path)).rejects.toThrow(`${path}:2: damaged`);
});
