import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { NOTHING } from "../../src/permissions/index.js";
import { openWork } from "../../src/viewer/work/index.js";
import { experiments, WIDE } from "../drift/crossed.js";
import { until } from "../until.js";

const LIMIT_MS = 30_000;
const folder = mkdtempSync(join(tmpdir(), "candor-work-"));
const asked = {
  folder,
  request: { yaml: "name: x\npopulation: { personas: { benign: 1 } }\n" },
  permissions: NOTHING,
};

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

it("gives a task its time from when its thread has loaded what it needs, on however busy a machine", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const work = openWork(LIMIT_MS);
  const draft = work.draft(asked);
  // The thread is only just being started.
  vi.advanceTimersByTime(2 * LIMIT_MS);
  expect((await draft).problems).toEqual([]);
  await work.close();
});

it("stops one that takes longer, and gives the next a thread of its own", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const work = openWork(LIMIT_MS);
  // Far more draws than are done before it is seen that it has begun.
  const pool = work.pool(experiments(1_000, WIDE, "test/work")());
  const stopped = expect(pool).rejects.toThrow("stopped before it was done");
  await until(() => vi.getTimerCount() > 0);
  vi.advanceTimersByTime(LIMIT_MS);
  await stopped;
  expect((await work.draft(asked)).problems).toEqual([]);
  await work.close();
});
