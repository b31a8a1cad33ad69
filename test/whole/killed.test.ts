import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { removeDrafts, replaceFolder, writeWhole, writeWholeSync } from "../../src/whole/index.js";

const world = mkdtempSync(join(tmpdir(), "candor-killed-"));
const module = packageFile("dist/whole/index.js");

/** Longer than a system writes in one piece. */
const SIZE = 3 * 2 ** 20;
const letters = "abcdefgh";
const isWhole = (text: string): boolean => text.length === SIZE && text === text[0]!.repeat(SIZE);

/** Runs a program that says on stdout whenever it has written once more, and kills it after so many times. */
async function killedAfter(times: number, program: string): Promise<void> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.length;
    if (said >= times) child.kill("SIGKILL");
  });
  const [, signal] = await once(child, "exit");
  expect(signal).toBe("SIGKILL");
}

const endlessly = (body: string) => `
  import { writeFileSync } from "node:fs";
  import { replaceFolder, writeWhole } from ${JSON.stringify(module)};
  for (let turn = 0; ; turn += 1) {
    const text = ${JSON.stringify(letters)}[turn % ${letters.length}].repeat(${SIZE});
    ${body}
    process.stdout.write(".");
  }`;

describe.each([1, 2, 3, 5, 8])("a process killed after writing %i times", (times) => {
  it("leaves a whole file, and a draft that is deleted", async () => {
    const folder = mkdtempSync(join(world, "file-"));
    const path = join(folder, "all.json");
    await killedAfter(times, endlessly(`await writeWhole(${JSON.stringify(path)}, text);`));
    expect(isWhole(readFileSync(path, "utf8"))).toBe(true);
    await removeDrafts(folder);
    expect(readdirSync(folder)).toEqual(["all.json"]);
  });

  it("leaves a whole folder or none, and the next begins anew", async () => {
    const folder = join(mkdtempSync(join(world, "folder-")), "made");
    const fill = `(draft) => { for (const name of ["one", "two"]) writeFileSync(draft + "/" + name, text); }`;
    await killedAfter(times, endlessly(`await replaceFolder(${JSON.stringify(folder)}, ${fill});`));
    if (existsSync(folder)) {
      const [one, two] = ["one", "two"].map((name) => readFileSync(join(folder, name), "utf8"));
      expect(isWhole(one!)).toBe(true);
      expect(two).toBe(one);
    }
    await replaceFolder(folder, (draft) => writeFileSync(join(draft, "last"), "x"));
    expect(readdirSync(join(folder, ".."))).toEqual(["made"]);
    expect(readdirSync(folder)).toEqual(["last"]);
  });
});

/** How many files a folder has, or undefined while it is not there: between the old one and the new one it may be away. */
function countOf(folder: string): number | undefined {
  try {
    return readdirSync(folder).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

it("never shows half of a folder that is replaced, at whatever moment a kill comes", async () => {
  const folder = join(mkdtempSync(join(world, "many-")), "made");
  const names = Array.from({ length: 1_000 }, (_, index) => `${index}`);
  await replaceFolder(folder, (draft) => {
    for (const name of names) writeFileSync(join(draft, name), "");
  });
  let over = false;
  const seen = new Set<number>();
  const replaced = replaceFolder(folder, (draft) => writeFileSync(join(draft, "last"), "x")).finally(() => {
    over = true;
  });
  while (!over) {
    const count = countOf(folder);
    if (count !== undefined) seen.add(count);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await replaced;
  expect([...seen].filter((count) => count !== 1_000 && count !== 1)).toEqual([]);
  expect(readdirSync(join(folder, ".."))).toEqual(["made"]);
});

describe("what cannot be written", () => {
  it("leaves what was there, and no draft", async () => {
    const folder = mkdtempSync(join(world, "kept-"));
    const path = join(folder, "all.json");
    writeWholeSync(path, "before");
    async function* broken() {
      yield "half";
      throw new Error("no more");
    }
    await expect(writeWhole(path, broken())).rejects.toThrow("no more");
    expect(readFileSync(path, "utf8")).toBe("before");
    mkdirSync(join(folder, "taken", "in"), { recursive: true });
    await expect(writeWhole(join(folder, "taken"), "x")).rejects.toThrow();
    expect(() => writeWholeSync(join(folder, "taken"), "x")).toThrow();
    expect(readdirSync(folder).sort()).toEqual(["all.json", "taken"]);
  });

  it("leaves the folder that was there", async () => {
    const folder = join(mkdtempSync(join(world, "stays-")), "made");
    await replaceFolder(folder, (draft) => writeFileSync(join(draft, "first"), "x"));
    const failing = replaceFolder(folder, (draft) => {
      writeFileSync(join(draft, "second"), "x");
      throw new Error("no more");
    });
    await expect(failing).rejects.toThrow("no more");
    expect(readdirSync(join(folder, ".."))).toEqual(["made"]);
    expect(readdirSync(folder)).toEqual(["first"]);
  });
});
