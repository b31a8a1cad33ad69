import { claimCase } from ".././language/facts.js";
import { tableCase } from ".././language/tables.js";
import { tidy } from ".././language/tidy.js";
import { distinct, type ProbeRow, proposition, trueProposition } from "./row.js";

/** Statements with the label that the language gives them, to check a judge on. */
export function labelledStatements(): ProbeRow[] {
  const facts = distinct("judge", (random) => claimCase(random, 0), 12);
  const tables = distinct("judge/tables", tableCase, 4);
  const rows = [
    ...facts.flatMap((item, index) => {
      const { proposition: claim, rules } = proposition(index, item.thing.name, item.thing);
      const [truth, falsehood] = trueProposition(index) ? ["supports", "denies"] : ["denies", "supports"];
      const row = (statement: string, label: string) => ({
        proposition: claim,
        statement: tidy(statement),
        label,
        rules,
      });
      return [
        row(item.honest[0]!, truth!),
        row(item.lie[0]!, falsehood!),
        row(item.evade, "declines"),
        row(`${item.honest[0]} ${item.lie[0]}`, "unclear"),
      ];
    }),
    ...tables.flatMap((item) => {
      const row = (statement: string, more: object) => ({
        proposition: tidy(`how many ${item.noun} ${item.outcome} ?`),
        statement: tidy(statement),
        numeric: true,
        ...more,
        rules: { number: "(\\d+) of", declines: ["i can not give"] },
      });
      return [
        row(item.honest[0]!, { label: "number", value: item.count }),
        row(item.lie[0]!, { label: "number", value: item.false }),
        row(item.evade, { label: "declines" }),
      ];
    }),
  ];
  return rows.map((row, index) => ({ id: `judge-${String(index + 1).padStart(2, "0")}`, ...row }));
}
