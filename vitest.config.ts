import { defineConfig } from "vitest/config";

export default defineConfig({
  // As tsconfig.app.json has it for the compiler.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: ["test/soak/**"],
    globalSetup: ["test/build-once.ts"],
    // ONNX Runtime's native threads do not survive a worker thread's teardown: use processes.
    pool: "forks",
    maxWorkers: 2,
    // Two tests have both cores already: threads of PyTorch that wait for each other would take four times the processor time.
    env: { OMP_NUM_THREADS: "1" },
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // What is waited for may take long on a busy machine: only whether it comes is tested.
    expect: { poll: { timeout: 300_000 } },
  },
});
