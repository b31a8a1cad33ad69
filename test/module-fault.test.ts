import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stopped } from "../src/errors.js";
import { moduleJudge } from "../src/evaluation/judges/module.js";
import { complete, releaseModel, resolveChatModel } from "../src/models/index.js";
import { faultOf, faultsNamed } from "../src/module-fault.js";
import { importAll } from "../src/permissions/index.js";
import { makeModuleDefence } from "../src/preference/index.js";
import { suiteOfModule } from "../src/resources/index.js";
import { CODE } from "./permissions.js";
import { complaintOf, folderWith } from "./scenario/files.js";

/** Writes modules into a folder of their own, and says what is told of them. */
function world() {
  const folder = folderWith({});
  const written = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return { written, told: (act: () => Promise<unknown>) => complaintOf(folder, act) };
}

it("names the stage whose code throws in a run, with its line, and one that gives no list", async () => {
  const { written, told } = world();
  const path = written(
    "stage.mjs",
    'export default ({ none }) => ({\n  kind: "shaky",\n  screen: (all) => none ? {} : all.splitt(),\n  amend: (data) => data.no.rows,\n});\n',
  );
  const { default: exported } = await importAll(path, CODE);
  const made = async (options: object) => await makeModuleDefence(exported, { ...options }, path);
  const context = {} as never;
  const shaky = await made({});
  expect(await told(async () => await shaky.screen!([], context))).toBe(
    'stage.mjs:3:36 stage "shaky": screen() failed: all.splitt is not a function',
  );
  expect(await told(async () => await shaky.amend!({ method: "sft", rows: [] }, context))).toMatch(
    /^stage\.mjs:4:\d+ stage "shaky": amend\(\) failed: /u,
  );
  const none = await made({ none: true });
  expect(await told(async () => await none.screen!([], context))).toBe(
    'stage.mjs: stage "shaky": screen() gives no list of conversations',
  );
});

it("names the suite, the judge and the model whose code throws, with its line", async () => {
  const { written, told } = world();
  const suite = written(
    "suite.mjs",
    'export default { label: "L", metrics: [{ id: "a", label: "A", direction: "higher", tone: "good", headline: true }],\n  open: () => ({ probes: [{ id: "p", subset: "s", texts: ["?"] }], offers: { rules: true, candidates: true }, run: async () => {\n    throw new Error("no luck");\n  } }) };\n',
  );
  const { kind } = await suiteOfModule(suite, "own", CODE);
  const opened = kind.open({ file: [], temperature: 1, maxTokens: 8 });
  expect(await told(async () => await opened.run({} as never))).toBe(
    "suite.mjs:3:11 suite own: run() failed: no luck",
  );
  const judge = written(
    "judge.mjs",
    'export const judge = { reads: "reply",\n  judge: async () => { throw new Error("no idea"); } };\n',
  );
  const request = { proposition: "", statement: "", numeric: false };
  const judged = (await moduleJudge(judge, CODE))!;
  expect(await told(async () => await judged.judge(request))).toBe(
    "judge.mjs:2:30 the judge failed: no idea",
  );
  const model = written(
    "model.mjs",
    'export default { _llmType: () => "own", invoke: async () => {\n  throw new Error("no words"); } };\n',
  );
  const spoken = await resolveChatModel(`module:${model}`, { permissions: CODE });
  const asked = [{ role: "user" as const, content: "hi" }];
  await expect(complete(spoken, asked, { seed: 1, temperature: 1, maxTokens: 8 })).rejects.toThrow(
    /no words \(.*model\.mjs:2:9\)/u,
  );
  await releaseModel(spoken);
});

it("leaves what ends the work, what was told already and an interruption as they are", async () => {
  const part = { path: "a.mjs", part: "stage" };
  const stopped = new Stopped("the budget is spent");
  expect(faultOf(part, stopped)).toBe(stopped);
  const wrapping = new Error("asking failed", { cause: stopped });
  expect(faultOf(part, wrapping)).toBe(wrapping);
  const once = faultOf(part, "words alone");
  expect([once.message, faultOf(part, once)]).toEqual(["a.mjs: stage failed: words alone", once]);
  const interrupted = new Error("interrupted");
  const act = faultsNamed(part, (_given: { signal: AbortSignal }) => {
    throw interrupted;
  });
  await expect(act({ signal: AbortSignal.abort() })).rejects.toBe(interrupted);
});
