import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setting } from "../../src/environment.js";
import { findGpus, type Gpus, gpusAsEnvironment, gpusOf, takeGpus } from "../../src/program/index.js";

const root = mkdtempSync(join(tmpdir(), "candor-gpus-"));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "places-"));
});
afterEach(() => vi.unstubAllEnvs());

const take = (gpus: { ids: string[]; trainers?: number }, wanted = 1, signal?: AbortSignal) =>
  takeGpus(gpus, wanted, { folder, signal });

describe("places on cards", () => {
  test("go to the card with the fewest programs, up to what a card takes; a place that is given back is taken again", async () => {
    const gpus = { ids: ["0", "1"], trainers: 2 };
    const places = [await take(gpus), await take(gpus), await take(gpus), await take(gpus)];
    expect(places.map(({ ids }) => ids)).toEqual([["0"], ["1"], ["0"], ["1"]]);
    const waiting = take(gpus);
    expect(await Promise.race([waiting, Promise.resolve("none yet")])).toBe("none yet");
    places[1]!.release();
    expect((await waiting).ids).toEqual(["1"]);
  });

  test("are as many as come where nobody says how many", async () => {
    const places = [];
    for (let trainer = 0; trainer < 9; trainer += 1) places.push(await take({ ids: ["0", "1"] }));
    expect(places.filter(({ ids }) => ids[0] === "1")).toHaveLength(4);
  });

  test("of one program are on different cards, all of them or none", async () => {
    const gpus = { ids: ["0", "1"], trainers: 1 };
    const one = await take(gpus);
    const controller = new AbortController();
    const both = take(gpus, 2, controller.signal);
    // What is free stays free for others.
    const other = await take(gpus);
    expect([one.ids, other.ids]).toEqual([["0"], ["1"]]);
    one.release();
    other.release();
    expect((await both).ids).toEqual(["0", "1"]);
    await expect(take(gpus, 3)).rejects.toThrow(/3 cards are wanted, and there are 2/);
  });

  test("of a program that is gone are free, those of one that is there are not", async () => {
    writeFileSync(join(folder, "0.0"), "999999999");
    writeFileSync(join(folder, "1.0"), String(process.ppid));
    const gpus = { ids: ["0", "1"], trainers: 1 };
    expect((await take(gpus)).ids).toEqual(["0"]);
    await expect(take(gpus, 1, AbortSignal.timeout(300))).rejects.toThrow(/timeout/);
    expect(readdirSync(folder).sort()).toEqual(["0.0", "1.0"]);
  });

  test("of a program that is gone are left to the one of two that was faster", async () => {
    const file = join(folder, "0.0");
    writeFileSync(file, "999999999");
    vi.spyOn(process, "kill").mockImplementationOnce(() => {
      // The other one has it, just as we find that nobody has.
      writeFileSync(file, String(process.ppid));
      throw Object.assign(new Error("no such process"), { code: "ESRCH" });
    });
    const late = take({ ids: ["0"], trainers: 1 }, 1, AbortSignal.timeout(300));
    await expect(late).rejects.toThrow(/timeout/);
    expect(readdirSync(folder)).toEqual(["0.0"]);
    expect(readFileSync(file, "utf8")).toBe(String(process.ppid));
  });
});

describe("the cards there are", () => {
  function smi(script: string) {
    const bin = mkdtempSync(join(root, "bin-"));
    writeFileSync(join(bin, "nvidia-smi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, "nvidia-smi"), 0o755);
    vi.stubEnv("PATH", `${bin}${delimiter}${process.env.PATH}`);
  }

  test("are those that are named, else those of CUDA_VISIBLE_DEVICES, else all that nvidia-smi lists", async () => {
    smi('[ "$1" = --query-gpu=index ] && printf "0\\n1\\n"');
    vi.stubEnv("CUDA_VISIBLE_DEVICES", undefined);
    expect(await findGpus(undefined)).toEqual({ ids: ["0", "1"] });
    vi.stubEnv("CUDA_VISIBLE_DEVICES", "1");
    expect(await findGpus(undefined, 4)).toEqual({ ids: ["1"], trainers: 4 });
    expect(await findGpus("0, 3")).toEqual({ ids: ["0", "3"] });
    expect(await findGpus("none")).toEqual({ ids: [] });
    for (const odd of ["none,1", "1, none", "0,,1", "0,", ",", ""])
      await expect(findGpus(odd)).rejects.toThrow(
        `--gpus: expected cards such as 0,1 or none, found "${odd}"`,
      );
    await expect(findGpus("0;rm")).rejects.toThrow(/--gpus: expected cards such as 0,1/);
  });

  test("are none where nvidia-smi fails", async () => {
    vi.stubEnv("CUDA_VISIBLE_DEVICES", undefined);
    smi('echo "NVIDIA-SMI has failed"; exit 9');
    expect(await findGpus(undefined)).toEqual({ ids: [] });
  });

  test("reach a worker by its environment", () => {
    const reached = (gpus: Gpus | undefined): Gpus | undefined => {
      const none = { CANDOR_GPUS: undefined, CANDOR_TRAINERS_PER_GPU: undefined };
      for (const [name, value] of Object.entries({ ...none, ...gpusAsEnvironment(gpus) }))
        vi.stubEnv(name, value);
      return gpusOf(setting.CANDOR_GPUS(), setting.CANDOR_TRAINERS_PER_GPU());
    };
    const gpus = { ids: ["0", "1"], trainers: 3 };
    expect(reached(gpus)).toEqual(gpus);
    expect(reached({ ids: [] })).toEqual({ ids: [] });
    expect(reached(undefined)).toBeUndefined();
  });
});

// Node's own recursive mkdir never returns there, and nothing could stop the process.
test.runIf(existsSync("/proc/self"))(
  "says that places can be kept nowhere, where the folder cannot be made",
  async () => {
    await expect(takeGpus({ ids: ["0"] }, 1, { folder: "/proc/candor-places" })).rejects.toThrow(
      "/proc/candor-places cannot be written: its folder does not exist; name another folder for temporary files (TMPDIR)",
    );
  },
);
