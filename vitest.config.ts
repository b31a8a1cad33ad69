import { defineConfig } from "vitest/config";
import { HeaviestFirst } from "./test/heaviest-first.js";

/** What each project has alike; what concerns the whole stands below. */
const each = {
  // ONNX Runtime's native threads do not survive a worker thread's teardown: use processes.
  pool: "forks",
  // What one file leaves behind, the next one in its process would find.
  setupFiles: "test/undone.ts",
  restoreMocks: true,
  unstubEnvs: true,
  unstubGlobals: true,
  // Two tests have both cores already: threads of PyTorch that wait for each other would take four times the processor time.
  env: { OMP_NUM_THREADS: "1" },
  testTimeout: 600_000,
  hookTimeout: 600_000,
  // What is waited for may take long on a busy machine: only whether it comes is tested.
  expect: { poll: { timeout: 300_000 } },
} as const;

/** Files that put something in a module's place, which others may have loaded: each has a process of its own. */
const ALONE = ["test/runs/beside-writer.test.ts"];

// As tsconfig.app.json has it for the compiler.
const oxc = { jsx: { runtime: "automatic", importSource: "preact" } } as const;

export default defineConfig({
  test: {
    ...each,
    globalSetup: ["test/build-once.ts", "test/reference/one-python.ts"],
    // One more than most machines have cores, as what waits for a server, a lock or a browser leaves its core idle.
    maxWorkers: 3,
    sequence: { sequencer: HeaviestFirst },
    projects: [
      {
        oxc,
        test: {
          ...each,
          name: "together",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/soak/**", ...ALONE],
          // To load the same modules again for each of some 250 files took more than what most of them test.
          isolate: false,
        },
      },
      { oxc, test: { ...each, name: "alone", include: ALONE } },
    ],
  },
});
