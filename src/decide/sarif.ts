import { createHash } from "node:crypto";
import type { Finding } from "./types.js";
import { ruleWords } from "./words.js";

/** What results are shown beside: a file of the repository, at a line. */
type Beside = { file: string; line: number };

/**
 * SARIF 2.1.0, a result for each rule and comparison that did not pass. What is undecided is an error too: code hosts show no other
 * kind of result. They ask for more than the format does: a line, a rule's help, and a fingerprint, by which results of one rule are told apart.
 */
export function sarifOf(
  findings: readonly Finding[],
  { file, line, version }: Beside & { version: string },
): string {
  const rules = [...new Set(findings.map(({ rule }) => ruleWords(rule)))];
  const results = findings
    .filter(({ verdict }) => verdict !== "passed")
    .map(({ rule, verdict, sentence, cell, round }) => ({
      ruleId: ruleWords(rule),
      ruleIndex: rules.indexOf(ruleWords(rule)),
      kind: "fail",
      level: "error",
      message: { text: `${verdict === "failed" ? "Failed" : "Undecided"}. ${sentence}.` },
      locations: [
        { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } } },
      ],
      partialFingerprints: { primaryLocationLineHash: `${hashOf([ruleWords(rule), cell, round])}:1` },
      properties: { verdict },
    }));
  const driver = {
    name: "candor",
    version,
    rules: rules.map((id) => ({
      id,
      shortDescription: { text: id },
      fullDescription: { text: `candor check-drift: ${id}` },
      help: {
        text: "What the words of a condition mean stands in candor's docs/gate.md. Mend what the assistant learns from, or decide anew which drop is too much.",
      },
      defaultConfiguration: { level: "error" },
    })),
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A path as part of an address, with slashes on every system. */
const uriOf = (file: string): string =>
  encodeURI(file.replaceAll("\\", "/")).replaceAll("#", "%23").replaceAll("?", "%3F");

const hashOf = (parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
