import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkFile } from "../../src/check/index.js";
import { candor } from "../cli/candor.js";
import { CODE } from "../permissions.js";
import { complaintOf, folderWith } from "../scenario/files.js";

/** A folder with files, without the pack of the shipped name that stands in every test's and hides the shipped one. */
function folderOf(files: Record<string, string>): string {
  const folder = folderWith(files);
  const scenario = files["x.yaml"];
  if (scenario) writeFileSync(join(folder, "x.yaml"), scenario.replace("MODEL", join(folder, "model.mjs")));
  rmSync(join(folder, "situations"), { recursive: true });
  return folder;
}

async function wrong(files: Record<string, string>, name: string): Promise<string[]> {
  const folder = folderOf(files);
  const complaint = await complaintOf(folder, () => checkFile(join(folder, name), { permissions: CODE }));
  return complaint.split("\n");
}

const STAGE =
  "export default ({ least = 1 }) => ({ screen: (all) => all.filter(({ reward }) => reward >= least) });\n";
const SUITE = `export default {
  label: "L",
  metrics: [{ id: "a", label: "A", direction: "higher", tone: "good", headline: true }],
  open: ({ options = {} }) => ({
    probes: [{ id: "p", subset: "s", texts: ["hi"] }],
    offers: { rules: true, candidates: true },
    run: async () => [
      { suite: "x", subset: "s", probe: "p", verdict: "v", scores: { a: options.words > 1 ? 1 : 0 }, samples: [], error: null },
    ],
  }),
};
`;
const MODEL = `import { FakeListChatModel } from "@langchain/core/utils/testing";
export default ({ options }) => new FakeListChatModel({ responses: [options.word ?? "yes."] });
`;
const SCHEMA = `export const options = { safeParse: (given) => ({ success: true, data: { words: 2, ...given } }) };\n`;

/** A scenario with a module's options: of a stage, a suite and a user. */
const scenario = ({ stage = "", suite = "", user = "", cases = "" }): string => `name: x
rounds: 1
population: { size: 4, personas: { benign: rest } }
preference:
  defences: [{ kind: module, path: stage.mjs, options: { ${stage} } }]
evaluation:
  suites:
    own: { module: suite.mjs, options: { ${suite} } }
${user === "" ? "" : `models:\n  user:\n    model: "module:MODEL"\n    options: { ${user} }\n`}${cases}`;

const MODULES = { "stage.mjs": STAGE, "suite.mjs": SUITE, "model.mjs": MODEL };
const NOT = "unknown option: nothing in the module's code has that name";
const HOW =
  "(a module that hands its options on says which it takes: export const options = z.looseObject({ … }))";

describe("options of modules", () => {
  it.each([
    [
      { stage: "leest: 2" },
      `x.yaml:5:58 preference.defences[0].options.leest: ${NOT}; did you mean "least"? ${HOW}`,
    ],
    [
      { suite: "wordz: 2" },
      `x.yaml:8:42 evaluation.suites.own.options.wordz: ${NOT}; did you mean "words"? ${HOW}`,
    ],
    [{ user: "wrod: a" }, `x.yaml:12:16 models.user.options.wrod: ${NOT}; did you mean "word"? ${HOW}`],
    [{ suite: "zzzzzzzz: 2" }, `x.yaml:8:42 evaluation.suites.own.options.zzzzzzzz: ${NOT} ${HOW}`],
    [
      { cases: "sweep: { cases: { a: {}, b: { evaluation.suites.own.options.wordz: 3 } } }" },
      `x.yaml:9:31 evaluation.suites.own.options.wordz: ${NOT}; did you mean "words"? ${HOW}`,
    ],
  ])("are refused by line where nothing reads them: %j", async (given, told) => {
    expect(await wrong({ ...MODULES, "x.yaml": scenario(given) }, "x.yaml")).toEqual([told]);
  });

  it("are refused by line where the module's own schema does, and have its defaults elsewhere", async () => {
    const refusing = `export const options = { safeParse: () => ({ success: false, error: { issues: [{ code: "custom", path: ["words"], message: "expected a number" }] } }) };\n`;
    const given = scenario({ suite: "words: x" });
    expect(await wrong({ ...MODULES, "suite.mjs": refusing + SUITE, "x.yaml": given }, "x.yaml")).toEqual([
      "x.yaml:8:49 evaluation.suites.own.options.words: expected a number",
    ]);
    const folder = folderWith({ "suite.mjs": `${SCHEMA}${SUITE.replace("options = {}", "options")}` });
    const { says } = await checkFile(join(folder, "suite.mjs"), { permissions: CODE });
    expect(says).toContain('suite "L"');
  });

  it("are known by a file that the module imports", async () => {
    const files = {
      ...MODULES,
      "stage.mjs": 'export { default } from "./own/stage.mjs";\n',
      "own/stage.mjs": STAGE,
      "x.yaml": scenario({ stage: "leest: 2" }),
    };
    const [told] = await wrong(files, "x.yaml");
    expect(told).toContain('did you mean "least"?');
    const { kind } = await checkFile(
      join(folderOf({ ...files, "x.yaml": scenario({ stage: "least: 2" }) }), "x.yaml"),
      { permissions: CODE },
    );
    expect(kind).toBe("scenario");
  });
});

describe("what is wrong with a module", () => {
  it("is told whole, by line, of a suite", async () => {
    const text = `const metrics = [
  { id: "a", label: "with } and // in it", direction: "up", tone: "good" },
  { id: "B", label: /[}/"]/.source, direction: "lower" },
];
export default {
  label: "L", // a comment, with {
  metrics,
  "verdicts": [{ id: "v", tone: "good" }],
  open: 3,
};
`;
    expect(await wrong({ "s.mjs": text }, "s.mjs")).toEqual([
      's.mjs:2:55 metrics[0].direction: expected one of "higher", "lower", "neither", found "up"',
      's.mjs:3:9 metrics[1].id: expected small letters, digits and underscores, found "B"',
      's.mjs:3:3 metrics[1].tone: missing; expected one of "good", "bad", "warn", "quiet"',
      "s.mjs:8:16 verdicts[0].label: missing; expected text",
      "s.mjs:9:9 open: expected a function",
    ]);
    const two = SUITE.replace(", headline: true", "");
    expect(await wrong({ "s.mjs": two }, "s.mjs")).toEqual([
      "s.mjs:3:12 metrics: exactly one must be the headline",
    ]);
  });

  it("is told by what counts, where more is commented out", async () => {
    const text = `/* Was:
export default { metrics: [{ id: "A" }] };
*/
// const metrics = [{ id: "B" }];
const metrics = [{ id: "C", label: "C", direction: "lower", tone: "bad", headline: true }];
// export default { label: 3 };
export default { label: "it's // no /* comment", metrics, open: () => /\\/\\/ {"/ };
`;
    expect(await wrong({ "s.mjs": text }, "s.mjs")).toEqual([
      's.mjs:5:24 metrics[0].id: expected small letters, digits and underscores, found "C"',
    ]);
  });

  it.each([
    [
      "const a = 1;\na.b.c;\nexport default () => ({});\n",
      "m.mjs:2:5 cannot be loaded: Cannot read properties of undefined (reading 'c')",
    ],
    [
      "export default () => ({\n  screen: (all) => all.x.y,\n});\n",
      "m.mjs:2:26 stage \"module\": screen() failed: Cannot read properties of undefined (reading 'y') (on three made-up conversations)",
    ],
    [
      SUITE.replace("options.words > 1", "options.a.b"),
      "m.mjs:8:83 run() failed on minnow: Cannot read properties of undefined (reading 'b')",
    ],
    [
      SUITE.replace("=> ({\n    probes", "=> { throw new Error('no'); return ({\n    probes").replace(
        "  }),\n};",
        "  })},\n};",
      ),
      "m.mjs:4:39 open() failed without a file of probes: no",
    ],
  ])("is told with the line where it broke: %s", async (text, told) => {
    expect(await wrong({ "m.mjs": text }, "m.mjs")).toEqual([told]);
  });
});

it("names the line of a module that is no JavaScript", () => {
  const folder = folderOf({ "m.mjs": "const a = 1;\nexport default ({ least = 12 ) => ({\n});\n" });
  const { code, stderr } = candor(["check", "m.mjs", "--allow-modules"], folder);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^candor: m\.mjs:2 cannot be loaded: Invalid shorthand property initializer\n/u),
  ]);
});

describe("what a module's own code throws", () => {
  // The text of its probe, "hi", stands first in "higher".
  const FAILING = SUITE.replace("scores: { a: options.words > 1 ? 1 : 0 }", "scores: {}").replace(
    "error: null",
    'error: "no luck"',
  );
  const plain = scenario({}).replace(/, options: \{ {2}\}/gu, "");
  const BROKEN = "export default () => ({\n  screen: (all) => all.x.y,\n});\n";

  it("is told where every probe of a suite failed, alone and in a scenario", async () => {
    const why = "its probe failed on minnow, so it measures nothing; the first error: no luck";
    expect(await wrong({ "m.mjs": FAILING }, "m.mjs")).toEqual([`m.mjs:3: suite "L": ${why}`]);
    expect(await wrong({ ...MODULES, "suite.mjs": FAILING, "x.yaml": plain }, "x.yaml")).toEqual([
      `suite.mjs:3: suite own: ${why.replace("minnow", "minnow:1")}`,
    ]);
  });

  it("is told of a stage by the check of its scenario", async () => {
    expect(await wrong({ ...MODULES, "stage.mjs": BROKEN, "x.yaml": plain }, "x.yaml")).toEqual([
      `stage.mjs:2:26 stage "module": screen() failed: Cannot read properties of undefined (reading 'y') (on three made-up conversations)`,
    ]);
  });
});
