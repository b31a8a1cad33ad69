import { expect, test } from "vitest";
import type { Judge, ProbeResult, Suite } from "../../src/evaluation/index.js";
import { FakeModel } from "../fakes/model.js";

/** A suite at work: some probes of its own, and a judge that can judge them. */
export type OpenedSuite = { suite: Suite; judge: Judge };

/** What every suite is held to, whatever it measures. */
export function suiteContract(open: () => Promise<OpenedSuite>): void {
  const put = async (
    { suite, judge }: OpenedSuite,
    more: Partial<Parameters<Suite["run"]>[0]> = {},
    says = "no. it is not so.",
  ): Promise<{ results: ProbeResult[]; told: ProbeResult[]; model: FakeModel }> => {
    const model = new FakeModel(() => says);
    const told: ProbeResult[] = [];
    const results = await suite.run({
      model,
      judge,
      seed: "1/evaluation",
      onResult: (one) => void told.push(one),
      ...more,
    });
    return { results, told, model };
  };
  const key = ({ subset, probe }: Pick<ProbeResult, "subset" | "probe">): string => `${subset}/${probe}`;

  test("says of itself what it measures, with one number that it is spoken of with", async () => {
    const { metrics, verdicts, label } = (await open()).suite.info!;
    expect(label).not.toBe("");
    for (const list of [metrics, verdicts]) expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    expect(metrics.some(({ headline }) => headline)).toBe(true);
    expect(metrics.map(({ id }) => id)).toContain("error");
  });

  test("gives each probe once, in their order, in the words and scores that it says of itself", async () => {
    const opened = await open();
    const { name, probes, info } = opened.suite;
    for (const { texts } of probes) expect(texts.join("").trim()).not.toBe("");
    const { results, told } = await put(opened);
    expect(results.map(key)).toEqual(probes.map(({ id, subset }) => `${subset}/${id}`));
    expect(told.map(key).sort()).toEqual(results.map(key).sort());
    const metrics = info!.metrics.map(({ id }) => id);
    for (const { suite, verdict, scores, error, samples } of results) {
      expect([suite, error]).toEqual([name, null]);
      // A rating is a verdict that says itself.
      if (!/^\d+(?:\.\d+)?$/u.test(verdict)) expect(info!.verdicts.map(({ id }) => id)).toContain(verdict);
      expect(samples.length).toBeGreaterThan(0);
      for (const [metric, value] of Object.entries(scores)) {
        expect(metrics).toContain(metric);
        expect([metric, value >= 0 && value <= 1]).toEqual([metric, true]);
      }
    }
  });

  test("asks nothing that it has an answer to", async () => {
    const opened = await open();
    const { results } = await put(opened);
    const done = new Map(results.map((one) => [`${one.suite}/${one.probe}`, one]));
    const again = await put(opened, { done });
    expect(again.model.seen).toEqual([]);
    expect(again.results).toEqual(results);
  });

  test("counts a model that fails as an error, which is for no other metric", async () => {
    const opened = await open();
    const model = new FakeModel(() => Promise.reject(new Error("no connection")));
    for (const { verdict, scores, error } of (await put(opened, { model })).results) {
      expect([verdict, scores]).toEqual(["error", { error: 1 }]);
      expect(error).toContain("no connection");
    }
  });

  test("stops where it is told to, and makes no result of that", async () => {
    const told: ProbeResult[] = [];
    const signal = AbortSignal.abort(new Error("enough"));
    const opened = await open();
    await expect(put(opened, { signal, onResult: (one) => void told.push(one) })).rejects.toThrow("enough");
    expect(told).toEqual([]);
  });
}
