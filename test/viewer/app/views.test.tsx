import { render } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import { suiteKinds } from "../../../src/evaluation/index.js";
import { jsonSchema } from "../../../src/scenario/index.js";
import type { RoundRow, RunEntry, RunView, SweepEntry } from "../../../src/viewer/api.js";
import { UnlikeProbes } from "../../../src/viewer/app/parts/curves/unlike-probes.js";
import { SmallCurve } from "../../../src/viewer/app/parts/small-curve.js";
import { placeLink, placeOf } from "../../../src/viewer/app/state/place.js";
import { verdictOf } from "../../../src/viewer/app/state/suites.js";
import { messagesOf, type Turn } from "../../../src/viewer/app/views/chat/side.js";
import { Options } from "../../../src/viewer/app/views/compare/options.js";
import { emptyForm, fieldsOf } from "../../../src/viewer/app/views/new-run/fields.js";
import { filterIn } from "../../../src/viewer/app/views/probes/filters.js";
import { ordered, orderOf } from "../../../src/viewer/app/views/probes/order.js";
import { passing } from "../../../src/viewer/app/views/probes/passing.js";
import { Glance } from "../../../src/viewer/app/views/run/glance.js";
import { Now } from "../../../src/viewer/app/views/run/now.js";
import { Rounds } from "../../../src/viewer/app/views/run/rounds.js";
import { groupsOf, sweepStatus } from "../../../src/viewer/app/views/runs/groups.js";
import { RunRow } from "../../../src/viewer/app/views/runs/run-row.js";

const ENTRY: RunEntry = {
  id: "a",
  sweep: null,
  name: "study",
  status: "done",
  biased: 0.1,
  share: "10 % biased",
  method: "sft",
  seed: 1,
  assistant: "minnow",
  rounds: 2,
  round: 2,
  honesty: [0.9, 0.8, 0.7],
  beliefs: null,
  changed: 5,
  axes: {},
  apart: {},
};

function roundOf(round: number, metrics: Record<string, number>): RoundRow {
  return {
    round,
    users: {},
    interactions: 10,
    unusable: 0,
    mean_reward: round === 0 ? null : 12,
    rows: 4,
    loss_first: null,
    loss_last: null,
    seconds: 1,
    metrics: Object.entries(metrics).map(([metric, value]) => ({ suite: "mask", metric, value, n: 64 })),
  };
}

describe("UnlikeProbes", () => {
  it("warns of runs that were put other numbers of probes, and of no others", () => {
    const html = render(<UnlikeProbes probes={{ a: [64], b: [8], c: [64] }} />);
    expect(html).toContain("These runs were put different numbers of probes (8, 64).");
    // Seeds of one line, too.
    expect(render(<UnlikeProbes probes={{ a: [8, 64] }} />)).toContain("(8, 64)");
    expect(render(<UnlikeProbes probes={{ a: [64], b: [64] }} />)).toBe("");
  });
});

describe("RunRow", () => {
  it("says of a run on logs what it learnt from, wide and narrow", () => {
    const logged = { ...ENTRY, biased: 1, share: "logged users" };
    const html = render(<RunRow run={logged} bottom={0} picked={false} pick={() => {}} />);
    expect(html).toContain('<td class="number roomy">logged users</td>');
    expect(html).not.toContain("100 %<");
  });
});

function viewOf(change: Partial<RunView>): RunView {
  return {
    entry: ENTRY,
    description: "",
    progress: null,
    rounds: [],
    checkpoints: [0],
    scenario: "",
    versions: { candor: "", node: "", hash: "" },
    inputs: {},
    warnings: [],
    cause: null,
    suites: suiteKinds,
    ...change,
  } as RunView;
}

const text = (html: string) => html.replace(/<[^>]*>/gu, " ").replace(/\s+/gu, " ");

it("single runs of a sweep are told apart by its axes when they are compared", () => {
  const runs = ["none", "veto"].map((name) => ({
    ...ENTRY,
    id: name,
    sweep: "s",
    axes: { "population.personas.biased": 0.1, case: name },
  }));
  const sweep: SweepEntry = { id: "s", name: "defences", description: "", runs, report: false };
  const catalogue = { folder: "", runs, sweeps: [sweep], damaged: [] };
  const said = text(render(<Options catalogue={catalogue} chosen={new Set(["none"])} choose={() => {}} />));
  expect(said).toContain("10 % biased, none seed 1");
  expect(said).toContain("10 % biased, veto seed 1");
});

describe("a run at a glance", () => {
  it("tells honesty with its change, and the beliefs beside it", () => {
    const rounds = [
      roundOf(0, { honesty: 0.93, lie: 0.05, belief_accuracy: 0.99 }),
      roundOf(2, { honesty: 0.88, lie: 0.12, belief_accuracy: 0.99 }),
    ];
    const html = text(render(<Glance view={viewOf({ rounds })} />));
    expect(html).toContain("Honesty 88 % −5 points");
    expect(html).toContain("Lies 12 % +7 points");
    expect(html).not.toContain("broke");
  });

  it("tells ways to count honesty that came to the same in every round once, and no failures where none failed", () => {
    const counted = (first: number) => ({ honesty_to_first: first, honesty_to_today: first, honesty: first });
    const said = (last: Record<string, number>) => {
      const rounds = [roundOf(0, counted(0.9)), roundOf(1, last)];
      return text(render(<Rounds view={viewOf({ rounds })} />));
    };
    expect(said(counted(0.8))).toMatch(/Round Honesty to first beliefs Users Mean reward Rows/u);
    expect(said({ ...counted(0.8), honesty_to_today: 0.7 })).toMatch(
      /Honesty to first beliefs Honesty to beliefs still held Users/u,
    );
  });

  it("tells what a suite of one's own puts forward, here and by round, in its words", () => {
    const own = {
      name: "thanks",
      label: "Thanks",
      metrics: [
        { id: "short", label: "Short replies", direction: "higher", tone: "good", headline: true },
        {
          id: "words",
          label: "Words",
          column: "words",
          direction: "neither",
          tone: "quiet",
          unbounded: true,
        },
        { id: "error", label: "Errors", column: "errors", direction: "lower", tone: "warn" },
        { id: "inner", label: "For files alone", direction: "higher", tone: "good" },
      ],
      verdicts: [],
    } as const;
    const metricsOf = (values: Record<string, number>) =>
      roundOf(0, values).metrics.map((one) => ({ ...one, suite: "thanks" }));
    const rounds = [
      { ...roundOf(0, {}), metrics: metricsOf({ short: 0.5, words: 9.25, error: 0, inner: 1 }) },
      { ...roundOf(1, {}), metrics: metricsOf({ short: 0.25, words: 12.5, error: 0, inner: 1 }) },
    ];
    const view = viewOf({ rounds, suites: [own] });
    const html = text(render(<Glance view={view} />));
    expect(html).toContain("Short replies 25 % −25 points");
    expect(html).toMatch(/Words 12\.50? \+3\.3/u);
    const table = text(render(<Rounds view={view} />));
    expect(table).toContain("Short replies Words");
    // None failed, and what has no column is for files.
    for (const said of [html, table]) expect(said).not.toMatch(/Errors|For files alone/u);
  });

  it("says aloud where the model broke, for then its honesty is none", () => {
    const rounds = [
      roundOf(0, { honesty: 0.93, belief_accuracy: 0.99 }),
      roundOf(2, { honesty: 1, belief_accuracy: 0.04 }),
    ];
    const entry = { ...ENTRY, beliefs: { before: 0.99, now: 0.04, lost: true } };
    const html = text(render(<Glance view={viewOf({ rounds, entry })} />));
    expect(html).toMatch(/This model broke: asked neutrally, 4 % of its beliefs are right, 99 % before/u);
  });

  it("says so where nothing has been measured", () => {
    expect(text(render(<Glance view={viewOf({})} />))).toContain("Nothing has been measured yet.");
  });
});

describe("what is going on in a run", () => {
  it("is nothing where it is done without a warning", () => {
    expect(render(<Now view={viewOf({})} />)).toBe("");
  });

  it.each([
    ["failed", "This run failed. the disk is full Once that is mended, start it again"],
    ["interrupted", "This run was interrupted. the disk is full Start it again"],
    ["stopped", "its process is gone"],
  ] as const)("is why it stopped (%s), with how it goes on", (status, words) => {
    const entry = { ...ENTRY, status, round: 1 };
    const html = text(render(<Now view={viewOf({ entry, cause: "the disk is full" })} />));
    expect(html).toContain(words);
    expect(html).toContain("with the same command: it goes on after 1 round");
  });

  it("is the stage of a running round", () => {
    const progress = {
      round: 1,
      stage: "training",
      done: 3,
      total: 9,
      loss: 0.25,
      seconds_left: 90,
    } as const;
    const html = render(<Now view={viewOf({ entry: { ...ENTRY, status: "running" }, progress })} />);
    expect(text(html)).toMatch(/Round 1 of 2 about 2 min left .* Train 3 of 9 , loss 0.250/u);
    expect(html).toContain('aria-label="Train: 3 of 9"');
  });
});

describe("the list of runs", () => {
  it("sets beside an honesty of 100 % that the model broke", () => {
    const row = (beliefs: RunEntry["beliefs"]) =>
      text(
        render(
          <RunRow
            run={{ ...ENTRY, honesty: [0.9, 1], beliefs }}
            bottom={0.5}
            picked={false}
            pick={() => {}}
          />,
        ),
      );
    expect(row({ before: 0.99, now: 0.04, lost: true })).toContain("90 % → 100 % broke: beliefs 4 %");
    expect(row({ before: 0.99, now: 0.98, lost: false })).not.toContain("broke");
    expect(row(null)).not.toContain("broke");
  });

  it("shows what people call a run, with its tags and note", () => {
    const labels = { name: "first try", tags: ["paper"], note: "look <again>", archived: true as const };
    const row = <RunRow run={{ ...ENTRY, labels }} bottom={0.5} picked={false} pick={() => {}} />;
    const shown = render(row);
    expect(text(shown)).toMatch(/first try .*study.*paper.*archived/u);
    expect(shown).toContain('title="look &lt;again');
  });

  const catalogue = {
    folder: "runs",
    damaged: [],
    runs: [ENTRY, { ...ENTRY, id: "b", name: "other", changed: 9, method: "kto" }],
    sweeps: [
      { id: "s", name: "grid", description: "", report: false, runs: [{ ...ENTRY, id: "s/1", changed: 7 }] },
    ],
  };

  it("has what changed last first", () => {
    expect(groupsOf(catalogue, "", false).map(({ changed }) => changed)).toEqual([9, 7, 5]);
  });

  it("is filtered by all words at once", () => {
    expect(groupsOf(catalogue, "KTO seed 1", false).map(({ changed }) => changed)).toEqual([9]);
    expect(groupsOf(catalogue, "kto sft", false)).toEqual([]);
    const labelled = {
      ...catalogue,
      sweeps: [{ ...catalogue.sweeps[0]!, labels: { name: "first try", tags: ["paper"] } }],
    };
    expect(groupsOf(labelled, "paper first", false).map(({ changed }) => changed)).toEqual([7]);
  });

  it.each([
    [["done", "done"], "done"],
    [["done", "waiting"], "waiting"],
    [["failed", "running"], "running"],
    [["done", "damaged"], "damaged"],
    [["interrupted", "failed"], "failed"],
  ] as const)("calls a sweep of runs that are %j %s", (statuses, expected) => {
    const runs = statuses.map((status) => ({ ...ENTRY, status })) as SweepEntry["runs"];
    expect(sweepStatus({ runs })).toBe(expected);
  });

  it("draws honesty on one scale, with words for who does not see it", () => {
    const html = render(<SmallCurve values={[0.9, null, 0.7]} rounds={2} bottom={0.5} />);
    expect(html).toContain('aria-label="Honesty: round 0 90 %, round 2 70 %"');
    expect(html).toContain('points="4,7.6 92,14.8"');
  });
});

describe("verdicts", () => {
  it.each(suiteKinds.map((kind) => [kind.name, kind] as const))(
    "of %s have letters of their own",
    (name, kind) => {
      const letters = kind.verdicts.map(({ id }) => verdictOf(suiteKinds, id, name).letter);
      expect(new Set(letters).size).toBe(letters.length);
    },
  );

  it("that no suite describes are shown as they stand", () => {
    expect(verdictOf([], "half_true")).toEqual({ label: "half true", letter: "H", tone: "quiet" });
  });

  it("filter probes, in any round or in one", () => {
    const row = (probe: string, ...verdicts: string[]) => ({
      suite: "mask",
      subset: "facts",
      probe,
      verdicts: Object.fromEntries(verdicts.map((verdict, round) => [round, verdict])),
      scores: {},
      moved: null,
    });
    const rows = [row("a", "honest", "honest"), row("b", "honest", "lie"), row("c", "lie", "lie")];
    const names = (search: string, hits?: Set<string>) =>
      passing(rows, filterIn(new URLSearchParams(search)), hits).map(({ probe }) => probe);
    expect(names("")).toEqual(["a", "b", "c"]);
    expect(names("verdict=lie")).toEqual(["b", "c"]);
    expect(names("verdict=lie&round=0")).toEqual(["c"]);
    expect(names("changed=1")).toEqual(["b"]);
    expect(names("", new Set(["mask/c"]))).toEqual(["c"]);
  });
});

it("puts the probes first that moved furthest, up or down, where no verdict changed or it is asked for", () => {
  const row = (probe: string, moved: number | null, last = "honest") => ({
    suite: "mask",
    subset: "facts",
    probe,
    verdicts: { 0: "honest", 1: last },
    scores: {},
    moved,
  });
  const tableOf = (...rows: ReturnType<typeof row>[]) => ({
    rounds: [0, 1],
    suites: [],
    verdicts: [],
    rows,
    words: null,
  });
  const still = tableOf(row("none", null), row("little", -0.01), row("up", 0.2), row("down", -0.3));
  expect(ordered(still.rows, orderOf(still, "")).map(({ probe }) => probe)).toEqual([
    "down",
    "up",
    "little",
    "none",
  ]);
  expect(ordered(still.rows, orderOf(still, "file"))).toEqual(still.rows);
  const turned = tableOf(row("a", -0.1), row("b", -0.3, "lie"));
  expect([orderOf(turned, ""), orderOf(turned, "moved"), orderOf(turned, "nonsense")]).toEqual([
    "file",
    "moved",
    "file",
  ]);
  // Where scores say no more than verdicts there is one order alone.
  expect(orderOf(tableOf(row("a", null)), "moved")).toBeUndefined();
});

describe("the form", () => {
  const facts = { schema: jsonSchema(), personas: [], packs: [], suites: [] } as unknown as Parameters<
    typeof emptyForm
  >[0];
  const form = emptyForm(facts);

  it("writes what a reader asks first, and leaves out what is at its default", () => {
    expect(fieldsOf(form, facts.schema)).toEqual({
      name: "my-study",
      seed: 1,
      rounds: expect.any(Number),
      population: { size: expect.any(Number), personas: { benign: "rest", biased: 0.1 } },
      training: { method: expect.any(String) },
    });
  });

  it("writes a grid, and keeps what is no number for the check to complain of", () => {
    const sweep = { fractions: "0, 0.5;x", seeds: "3" };
    const fields = fieldsOf({ ...form, measured: ["mask", "unknowns"], sweep }, facts.schema);
    expect(fields.sweep).toEqual({ seeds: 3, vary: { "population.personas.biased": [0, 0.5, "x"] } });
    expect(fields.evaluation).toEqual({ suites: { mask: {}, unknowns: {} } });
  });
});

describe("a talk with a checkpoint", () => {
  it("leaves out what failed or was stopped, with what it was to answer", () => {
    const turn = (role: Turn["role"], words: string, more: Partial<Turn> = {}): Turn => ({
      role,
      text: words,
      note: "",
      ...more,
    });
    const turns = [
      turn("user", "one"),
      turn("assistant", "first"),
      turn("user", "two"),
      turn("assistant", "ha", { problem: "the model is ill" }),
      turn("user", "three"),
      turn("assistant", "hal", { note: "stopped" }),
    ];
    expect(messagesOf(turns).map(({ content }) => content)).toEqual(["one", "first"]);
  });
});

describe("addresses", () => {
  it("lead back to the place that they were made of", () => {
    const link = placeLink("compare", { run: ["a/b", "c&d"], apart: true, suite: "", metric: null });
    expect(link).toBe("#/compare?run=a%2Fb&run=c%26d&apart=true");
    const { path, query } = placeOf(link, 3);
    expect([path, query.getAll("run"), query.has("suite")]).toEqual(["compare", ["a/b", "c&d"], false]);
  });
});
