import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { UserError } from "../../src/errors.js";
import { packageFile } from "../../src/package-root.js";
import { wholeFolder } from "../../src/whole/index.js";

const world = mkdtempSync(join(tmpdir(), "candor-whole-"));

it("is there with everything, or not at all when it fails or is killed on the way", async () => {
  const folder = join(world, "killed");
  const module = packageFile("dist/whole/index.js");
  const killed = spawnSync(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { writeFileSync } from "node:fs";
     import { wholeFolder } from ${JSON.stringify(module)};
     await wholeFolder(${JSON.stringify(folder)}, (draft) => {
       writeFileSync(draft + "/half", "x");
       process.kill(process.pid, "SIGKILL");
     });`,
  ]);
  expect(killed.signal).toBe("SIGKILL");
  expect(existsSync(folder)).toBe(false);
  const failing = wholeFolder(folder, (draft) => {
    writeFileSync(join(draft, "half"), "x");
    throw new Error("no more");
  });
  await expect(failing).rejects.toThrow("no more");
  expect(readdirSync(world)).toEqual([]);
  await wholeFolder(folder, (draft) => writeFileSync(join(draft, "all"), "y"));
  expect(readdirSync(world)).toEqual(["killed"]);
  expect(readdirSync(folder)).toEqual(["all"]);
});

it("takes the place of an empty folder, and of no other", async () => {
  const folder = join(world, "taken");
  mkdirSync(folder);
  const fill = (draft: string) => writeFileSync(join(draft, "a"), "1");
  await wholeFolder(folder, fill);
  const again = wholeFolder(folder, (draft) => writeFileSync(join(draft, "a"), "2"));
  await expect(again).rejects.toThrow(UserError);
  await expect(again).rejects.toThrow(/taken is not empty; name another with --out/);
  expect(readFileSync(join(folder, "a"), "utf8")).toBe("1");
  await expect(wholeFolder("/proc/nowhere/x", fill)).rejects.toThrow(
    /x cannot be written: its folder does not exist; name another/,
  );
});
