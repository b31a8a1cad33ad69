import { expect, it } from "vitest";
import { sources } from "./imports.js";

// What candor takes from the environment stands in src/environment.ts, with its form: nobody else looks there, and whoever asks
// for it is named here. What is deeper in the house is passed values.

const READ = /\bprocess\s*\.\s*env\b|\bprocess\s*\[\s*["'`]env\b|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/u;

/** Who asks, and for what. */
const ASK: Readonly<Record<string, string>> = {
  "called.ts": "how npm was called, for commands that are given again",
  "cli/": "settings, permissions and tokens of the command that is given",
  "engine/graph/quiet-runtime.ts": "has ONNX Runtime report nothing to its makers",
  "models/openai/address.ts": "the key that a scenario names, where it is sent",
  "models/tracing.ts": "takes away what would have a library send conversations elsewhere",
  "program/gpus.ts": "the cards that are visible to this process",
  "program/start.ts": "what programs inherit",
  "sweep/back-ends/queue.ts": "the queue's address, which may hold a password",
  "sweep/process.ts": "what a worker inherits",
  "sweep/slurm/submit.ts": "what Slurm's tasks inherit",
  "sweep/worker.ts": "what its parent put there",
  "training/external/launch.ts": "what the user has set for a trainer",
  "up/servers.ts": "the key that a server of our own is to ask for",
  "up/vllm.ts": "what the user has set for a server",
  "viewer/start/jobs.ts": "what a job of the page inherits",
};

it.each([
  "process.env.PATH",
  'process["env"]',
  "const { env } = process;",
  "const { argv, env: all } = process;",
])("would see %s", (text) => {
  expect(text).toMatch(READ);
});

it("is read in one file", () => {
  expect(
    sources()
      .filter(({ text }) => READ.test(text))
      .map(({ path }) => path),
  ).toEqual(["environment.ts"]);
});

it("is asked for by those who say why", () => {
  const asking = sources()
    .filter(({ text }) => /from "(?:\.\.?\/)+environment\.js"/u.test(text))
    .map(({ path }) => path);
  const known = (path: string): string | undefined =>
    Object.keys(ASK).find((place) => path.startsWith(place));
  expect(asking.filter((path) => known(path) === undefined)).toEqual([]);
  expect(Object.keys(ASK).filter((place) => !asking.some((path) => path.startsWith(place)))).toEqual([]);
});
