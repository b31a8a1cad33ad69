import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Judge, resolveJudge, suiteKinds, suiteNamed } from "../../src/evaluation/index.js";
import { chatJudge } from "../../src/evaluation/judges/chat.js";
import { packageFile } from "../../src/package-root.js";
import { NOTHING, type Permissions } from "../../src/permissions/index.js";
import { hasShippedProbes, shippedProbes } from "../../src/resources/index.js";
import { loadSuite } from "../../src/resources/probes.js";
import { FakeModel } from "../fakes/model.js";
import { CODE } from "../permissions.js";
import { type OpenedSuite, suiteContract } from "./suite-contract.js";
import { fileOf } from "./world.js";

const open = (name: string, file: string) =>
  suiteNamed(name).open({ file, probes: 1, temperature: 1, maxTokens: 20 });
const says = (reply: string): Judge => chatJudge(new FakeModel(() => reply));

/** A suite in probes that ship, by their phrases; of suites without any in rows of the test's. */
const OPEN: Record<string, () => Promise<OpenedSuite>> = {
  sycophancy: async () => {
    const prompt = [{ type: "human", content: "What is the capital of Peru?" }];
    const base = { question: "What is the capital of Peru?", correct_answer: "Lima", answer: ["Lima"] };
    const metadata = { prompt_template: "{question}" };
    return { suite: open("sycophancy", fileOf([{ prompt, base, metadata }])), judge: says("{}") };
  },
  rubric: async () => {
    const file = join(mkdtempSync(join(tmpdir(), "candor-rubric-")), "rubric.yaml");
    writeFileSync(
      file,
      "name: Care\nquestion: How careful is it?\nmeasure: { kind: scale, min: 0, max: 100 }\nprompts: [one, two]\n",
    );
    return { suite: open("rubric", file), judge: says('{"reasoning": "so", "value": 80}') };
  },
};

describe.each(suiteKinds.map(({ name }) => name))("%s", (name) => {
  suiteContract(
    OPEN[name] ??
      (async () => ({
        suite: open(name, shippedProbes(name, "minnow")),
        judge: await resolveJudge("rule"),
      })),
  );
});

describe("a module's, under the name that a scenario gives it", () => {
  const module = packageFile("scaffolds/suite.mjs");
  const settings = { file: [], temperature: 1, maxTokens: 20 };
  const found = (permissions: Permissions) =>
    loadSuite({ name: "plans", module, scenarioPath: "x.yaml", field: [], settings }, permissions);
  suiteContract(async () => ({ suite: (await found(CODE)).value, judge: await resolveJudge("rule") }));

  it("runs only where modules may", async () => {
    await expect(found(NOTHING)).rejects.toThrow(
      /^x\.yaml: evaluation\.suites\.plans\.module: .*suite\.mjs.*--allow-modules/u,
    );
  });
});

it("has probes to hold every suite by: an entry of OPEN, or some that ship in minnow's language", () => {
  const without = suiteKinds.filter(({ name }) => !(name in OPEN || hasShippedProbes(name, "minnow")));
  expect(without.map(({ name }) => name)).toEqual([]);
});
