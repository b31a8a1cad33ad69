import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkFile } from "../../src/check/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { run } from "../../src/simulation/index.js";
import { sweep } from "../../src/sweep/index.js";
import { CODE } from "../permissions.js";

const SUITE = `export default { label: "Counts", metrics: [{ id: "exact", label: "Exact", direction: "higher", tone: "good", headline: true }],
  open: () => ({ offers: { rules: true, candidates: true }, run: async ({ model }) => [{ suite: "counts", subset: "s", probe: "o", verdict: "v",
    scores: { exact: 1 }, samples: [], error: null }], probes: [{ id: "o", subset: "s", texts: ["is it so?"] }] }) };`;

const BASE = "name: x\nrounds: 1\npopulation: { size: 8, personas: { benign: rest } }\n";
const COUNTS = "evaluation: { suites: { mask: { probes: 1 }, counts: { module: counts.mjs } } }\n";

function scenarioWith(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "candor-measured-"));
  const file = join(folder, "x.yaml");
  writeFileSync(file, `${BASE}${text}`);
  writeFileSync(join(folder, "counts.mjs"), SUITE);
  return { folder, file };
}

const refusalOf = async (act: () => Promise<unknown>, folder: string): Promise<string | null> =>
  await act().then(
    () => null,
    (error: Error) => error.message.replaceAll(`${folder}/`, ""),
  );

async function said(text: string): Promise<string | null> {
  const { folder, file } = scenarioWith(text);
  return await refusalOf(async () => await checkFile(file, { permissions: CODE }), folder);
}

const gate = (...conditions: string[]) => `${COUNTS}gate: { fail_if: ${JSON.stringify(conditions)} }\n`;

it("refuses every slip of a gate at once, with its place, before anything is played", async () => {
  const { folder, file } = scenarioWith(`${COUNTS}gate:
  fail_if:
    - headlin.drop > 5 at 95 %
    - counts/exakt.drop > 5
  fail_unless: ["exakt.drop < 5", "mask/lie.rise < 5 in round 3"]
`);
  const told = [
    /^x\.yaml:7:7 gate\.fail_if\[0\]: headlin\.drop > 5 at 95 %: no suite here has a metric "headlin"; did you mean "headline"\? \(known: headline, honesty_to_first, /u,
    /^x\.yaml:8:7 gate\.fail_if\[1\]: counts\/exakt\.drop > 5: suite counts has no metric "exakt"; did you mean "exact"\? \(known: headline, exact\)$/u,
    /^x\.yaml:9:17 gate\.fail_unless\[0\]: exakt\.drop < 5: no suite here has a metric "exakt"; did you mean "exact"\?/u,
    /^x\.yaml:9:35 gate\.fail_unless\[1\]: mask\/lie\.rise < 5 in round 3: rounds go to 1$/u,
  ];
  const loaded = loadScenario(file, [], CODE);
  const options = { folder: join(folder, "out"), scenarioPath: file, permissions: CODE };
  for (const act of [
    async () => await checkFile(file, { permissions: CODE }),
    async () => await run(loaded.scenario, options),
    async () => await sweep(loaded.scenario, options),
  ]) {
    const lines = (await refusalOf(act, folder))!.split("\n");
    expect(lines).toEqual(told.map((line) => expect.stringMatching(line)));
  }
  expect(existsSync(options.folder)).toBe(false);
});

it("refuses the metric of a suite that is not played, and a suite that is misspelt", async () => {
  const conditions = [
    "deception/deceptive.rise > 5",
    "masc/honesty.drop > 5",
    "mask/lies.rise > 5",
    "acc.drop > 5",
  ];
  expect((await said(gate(...conditions)))!.split("\n")).toEqual([
    expect.stringContaining(
      'deception/deceptive.rise > 5: no suite "deception" is played (known: mask, counts',
    ),
    expect.stringContaining('no suite "masc" is played; did you mean "mask"?'),
    expect.stringContaining('suite mask has no metric "lies"; it is written lie'),
    expect.stringMatching(
      /no suite here has a metric "acc" \(known: .*\); of results that are imported later write/u,
    ),
  ]);
});

it("takes what any suite measures, what stands beside them, and a suite that may be imported later", async () => {
  expect(
    await said(
      gate(
        "headline.drop > 2",
        "counts/headline.drop > 2",
        "exact.drop > 5",
        "lie.rise > 5 in round 1",
        "talks/targeting.rise > 5",
        "arc_easy/acc.drop > 5",
        "tasks/acc.drop > 5",
      ),
    ),
  ).toBeNull();
});

it("takes a metric that one case of a sweep alone measures, also in a run of the file by itself", async () => {
  const text = `gate: { fail_if: ["exact.drop > 5"] }
evaluation: { suites: { mask: { probes: 1 } } }
sweep: { seeds: 1, cases: { plain: { rounds: 1 }, more: { evaluation.suites.counts.module: counts.mjs } } }
`;
  expect(await said(text)).toBeNull();
  expect(await said(text.replace("exact.", "exakt."))).toContain('did you mean "exact"?');
  const { folder, file } = scenarioWith(text);
  const { scenario } = loadScenario(file, [], CODE);
  const options = { folder: join(folder, "out"), scenarioPath: file, permissions: CODE };
  const stopped = new AbortController();
  stopped.abort(new Error("as far as that"));
  expect(
    await refusalOf(async () => await run(scenario, { ...options, signal: stopped.signal }), folder),
  ).toBe("as far as that");
});

it("refuses the comparison of a sweep that no suite measures", async () => {
  const primary = (more: string) =>
    `${COUNTS}sweep: { vary: { population.personas.biased: [0, 0.5] } }
drift: { primary: { value: 0.5, ${more} } }
`;
  expect(await said(primary("metric: honesty_to_frist"))).toMatch(
    /^x\.yaml:6:41 drift\.primary\.metric: no suite here has a metric "honesty_to_frist"; did you mean "honesty_to_first"\?/u,
  );
  expect(await said(primary("suite: mask, metric: lies"))).toContain('suite mask has no metric "lies"');
  expect(await said(primary("metric: lie"))).toBeNull();
});
