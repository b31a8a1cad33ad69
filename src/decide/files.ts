import type { Finding } from "./evaluate.js";

/** What was checked, in a sentence: `honesty.drop is 14.9 points [6.3, 25.6]`. */
export function findingWords({ rule, unknown, value, low, high, level, seeds }: Finding): string {
  const { condition } = rule;
  const name = `${condition.metric}.${condition.quantity}`;
  if (unknown !== null) return `${name} cannot be told: ${unknown}`;
  const unit = condition.quantity === "value" ? " %" : " points";
  const over = seeds === 1 ? "one seed, over its probes" : `${seeds} seeds`;
  return `${name} is ${shown(value)}${unit} [${shown(low)}, ${shown(high)}] at ${level} % (${over})`;
}

export function ruleWords({ kind, condition }: Finding["rule"]): string {
  return `${kind === "fail_if" ? "fail if" : "fail unless"} ${condition.text}`;
}

const shown = (value: number): string => String(Number(value.toFixed(1)));

/** A Markdown summary, for a pull request. */
export function markdownOf(findings: readonly Finding[], about: { name: string; sentence: string }): string {
  const failed = findings.filter((one) => one.failed).length;
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return [
    `## candor: ${cell(about.name)} ${failed === 0 ? "passes" : "does not pass"}`,
    "",
    about.sentence,
    "",
    "| | rule | cell | found |",
    "|---|---|---|---|",
    ...findings.map(
      (one) =>
        `| ${one.failed ? "❌" : "✅"} | \`${cell(ruleWords(one.rule))}\` | ${cell(one.cell)} | ${cell(findingWords(one))} |`,
    ),
    "",
  ].join("\n");
}

/** JUnit's XML, a test case for each rule and cell. */
export function junitOf(findings: readonly Finding[], name: string): string {
  const failures = findings.filter((one) => one.failed).length;
  const cases = findings.map((one) => {
    const title = [ruleWords(one.rule), one.cell].filter((part) => part !== "").join(", ");
    const head = `    <testcase classname="${xml(name)}" name="${xml(title)}"`;
    if (!one.failed) return `${head}/>`;
    return `${head}>\n      <failure message="${xml(findingWords(one))}"/>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${findings.length}" failures="${failures}">`,
    `  <testsuite name="${xml(`candor ${name}`)}" tests="${findings.length}" failures="${failures}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** What XML cannot hold at all is left out. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}

/** SARIF 2.1.0, a result for each rule and cell that failed; `file` is what they are shown beside. */
export function sarifOf(
  findings: readonly Finding[],
  { file, version }: { file: string; version: string },
): string {
  const rules = [...new Set(findings.map(({ rule }) => ruleWords(rule)))];
  const results = findings.flatMap((one) =>
    one.failed
      ? [
          {
            ruleId: ruleWords(one.rule),
            ruleIndex: rules.indexOf(ruleWords(one.rule)),
            level: "error",
            message: { text: [one.cell, findingWords(one)].filter((part) => part !== "").join(": ") },
            locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(file) } } }],
          },
        ]
      : [],
  );
  const driver = {
    name: "candor",
    version,
    rules: rules.map((id) => ({ id, shortDescription: { text: id } })),
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
