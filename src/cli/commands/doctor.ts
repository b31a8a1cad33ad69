import pc from "picocolors";
import { example, type RegisterCommand } from "../command.js";
import type { Finding } from "../doctor/checks.js";
import { CommandFailed } from "../exit.js";
import { say, tell } from "../say.js";

export const registerDoctor: RegisterCommand = (program) => {
  program
    .command("doctor")
    .description("check that this machine has what candor needs, and what it can use")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", example("candor doctor", "candor doctor --json | jq '.[] | select(.found | not)'"))
    .action(async ({ json }) => {
      const { examine } = await import("../doctor/checks.js");
      const findings = await examine();
      say(json ? `${JSON.stringify(findings, null, 2)}\n` : table(findings));
      const lacking = findings.filter(({ required, found }) => required && !found);
      if (lacking.length === 0) return;
      tell(`candor: cannot work without ${lacking.map(({ name }) => name).join(", ")}\n`);
      throw new CommandFailed();
    });
};

function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .map(({ name, found, required, detail, purpose }) => {
      const colour = found ? pc.green : required ? pc.red : pc.dim;
      const state = colour(found ? "found " : "absent");
      return `${state}  ${name.padEnd(width)}  ${detail} (${required ? "" : "optional: "}${purpose})\n`;
    })
    .join("");
}
