import { expect, test } from "vitest";
import type { Judge, JudgeRequest, Label } from "../../src/evaluation/types.js";

/** What a judge is asked, by the label that it must give: a statement that says so, and one that gives the number 12.5. */
export type JudgeRequests = Readonly<
  Record<Exclude<Label, "unclear"> | "number", JudgeRequest> & { unclear?: JudgeRequest }
>;

/** A judge at work. `unclear` is absent of the requests where it knows no such label. */
type OpenedJudge = { judge: Judge; requests: JudgeRequests };

/** How a judge is opened; `broken`: where the model that is asked fails, absent where none is. */
export type JudgeOpener = { open: () => Promise<OpenedJudge>; broken?: () => Promise<OpenedJudge> };

const LABELS = ["supports", "denies", "declines", "unclear", "number", "error"];

/** What every judge is held to, whatever it goes by. */
export function judgeContract({ open, broken }: JudgeOpener): void {
  test("says what it goes by, and what probes must offer for it", async () => {
    const { judge } = await open();
    expect(["reply", "candidates"]).toContain(judge.reads);
    expect([undefined, "rules", "candidates"]).toContain(judge.needs);
    // Suites ask a judge that is a model in their own words.
    expect(judge.isModel ?? false).toBe(judge.model !== undefined);
  });

  test("gives each statement its label, says why, and a number where one is asked for", async () => {
    const { judge, requests } = await open();
    for (const [label, request] of Object.entries(requests)) {
      const judged = await judge.judge(request);
      expect(judged.label).toBe(label);
      expect(judged.value).toBe(label === "number" ? 12.5 : undefined);
      expect(judged.detail.trim()).not.toBe("");
    }
  });

  test("shares 1 among what it has by probability, the likeliest first", async () => {
    const { judge, requests } = await open();
    for (const request of Object.values(requests)) {
      const { spread, label, value } = await judge.judge(request);
      if (!spread) continue;
      expect(spread.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
      expect(spread[0]).toMatchObject({ label, ...(value === undefined ? {} : { value }) });
      const shares = spread.map(({ probability }) => probability);
      expect(shares).toEqual(shares.toSorted((a, b) => b - a));
      for (const one of spread) expect(LABELS).toContain(one.label);
    }
  });

  test("judges the same statement the same way, also beside others, and leaves what it is given alone", async () => {
    const { judge, requests } = await open();
    const all = Object.values(requests);
    for (const request of all) for (const part of [request, request.rules, request.candidates]) freeze(part);
    const first = await Promise.all(all.map((request) => judge.judge(request)));
    const again = await Promise.all(all.toReversed().map((request) => judge.judge(request)));
    expect(again.toReversed()).toEqual(first);
  });

  test("makes an error of what does not offer what it needs, and says what to do", async () => {
    const { judge, requests } = await open();
    if (judge.needs === undefined) return;
    const { [judge.needs]: _gone, ...bare } = requests.supports;
    const { label, detail } = await judge.judge(bare);
    expect(label).toBe("error");
    expect(detail).toMatch(/;|name a model/);
  });

  test("makes no verdict of a model that fails", async () => {
    if (!broken) return;
    const { judge, requests } = await broken();
    const judged = await judge.judge(requests.supports).then(
      ({ label }) => label,
      (error: Error) => error.message,
    );
    expect(judged).toMatch(/^error$|no connection/);
  });

  test("makes no verdict of an interruption", async () => {
    const { judge, requests } = await open();
    const signal = AbortSignal.abort(new Error("enough"));
    // What asks nobody is done before it could be stopped.
    const judged = judge.judge({ ...requests.supports, signal }).then(({ label }) => label);
    await expect(judged.catch((error: Error) => error.message)).resolves.toMatch(/^supports$|enough|abort/i);
  });

  test("can be released twice", async () => {
    const { judge } = await open();
    await judge.release?.();
    await judge.release?.();
  });
}

function freeze(value: unknown): void {
  if (typeof value === "object" && value !== null) Object.freeze(value);
}
