import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { nameOf } from "../../src/evaluation/describe.js";
import { shippedSuites } from "../../src/evaluation/index.js";
import { packageFile } from "../../src/package-root.js";

const metrics = shippedSuites.flatMap((suite) =>
  suite.metrics.map((metric) => ({ suite: suite.name, metric })),
);

it("calls a metric by one name on every table: figures and reports say more, and begin with it", () => {
  const other = metrics.filter(
    ({ metric }) => !metric.label.toLowerCase().startsWith(nameOf(metric).toLowerCase()),
  );
  expect(other.map(({ suite, metric }) => [suite, nameOf(metric), metric.label])).toEqual([]);
});

it("is written down for all that are not called by their id in words", () => {
  const page = readFileSync(packageFile("docs/measurement.md"), "utf8");
  const [, told = ""] = /\| id \| on tables \|\n\|---\|---\|\n((?:\|.*\n)+)/u.exec(page) ?? [];
  const other = metrics.filter(({ metric }) => nameOf(metric) !== metric.id.replaceAll("_", " "));
  expect(new Set(told.trim().split("\n"))).toEqual(
    new Set(other.map(({ metric }) => `| \`${metric.id}\` | ${nameOf(metric)} |`)),
  );
});

it("calls no two metrics of a suite alike", () => {
  const names = metrics.map(({ suite, metric }) => `${suite}: ${nameOf(metric)}`);
  expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
});

it("leaves out what stands in brackets, and lowers a first capital but not a name's", () => {
  const of = (label: string) => nameOf({ id: "x", label, direction: "higher", tone: "good" });
  expect([of("Says yes (of two)"), of("MASK's own"), of("Short")]).toEqual([
    "says yes",
    "MASK's own",
    "short",
  ]);
});
