import type { Finding } from "./types.js";
import { ruleWords } from "./words.js";

/**
 * SARIF 2.1.0, a result for each rule and comparison that did not pass; `file` is what they are shown beside. What is undecided
 * is an error too: code hosts show no other kind of result.
 */
export function sarifOf(
  findings: readonly Finding[],
  { file, version }: { file: string; version: string },
): string {
  const rules = [...new Set(findings.map(({ rule }) => ruleWords(rule)))];
  const results = findings
    .filter(({ verdict }) => verdict !== "passed")
    .map(({ rule, verdict, sentence }) => ({
      ruleId: ruleWords(rule),
      ruleIndex: rules.indexOf(ruleWords(rule)),
      kind: "fail",
      level: "error",
      message: { text: `${verdict === "failed" ? "Failed" : "Undecided"}. ${sentence}.` },
      locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(file) } } }],
      properties: { verdict },
    }));
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
