import type { Finding } from "./types.js";
import { ruleWords } from "./words.js";

/** JUnit's XML, a test case for each rule and comparison; what is undecided is an error. */
export function junitOf(findings: readonly Finding[], name: string): string {
  const count = (verdict: Finding["verdict"]) => findings.filter((one) => one.verdict === verdict).length;
  const totals = `tests="${findings.length}" failures="${count("failed")}" errors="${count("undecided")}"`;
  const cases = findings.map((one) => {
    const title = [ruleWords(one.rule), one.cell, `round ${one.round}`].filter((part) => part !== "");
    const head = `    <testcase classname="${xml(name)}" name="${xml(title.join(", "))}"`;
    if (one.verdict === "passed")
      return `${head}>\n      <system-out>${xml(one.sentence)}</system-out>\n    </testcase>`;
    const what = one.verdict === "failed" ? "failure" : "error";
    return `${head}>\n      <${what} type="${one.verdict}" message="${xml(one.sentence)}"/>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${xml(`candor ${name}`)}" ${totals}>`,
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
