import { defineConfig } from "vitest/config";

// Long tests, on demand: npm run soak
export default defineConfig({
  test: {
    include: ["test/soak/**/*.test.ts"],
    globalSetup: ["test/build-once.ts"],
    pool: "forks",
    maxWorkers: 1,
  },
});
