import type { Checked } from "../../check/index.js";
import { gathered, InputError, UserError } from "../../errors.js";
import { mistakeInWords } from "../../mistakes.js";
import { example, type RegisterCommand } from "../command.js";
import { collect } from "../parsers.js";
import { say } from "../say.js";

export const registerCheck: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("check")
    .description("read files of any kind that candor uses, and say all that is wrong with them, by line")
    .argument(
      "<files...>",
      "scenarios, personas, packs, probes, feedback, training data, pairs for a rater, labels for a judge, prices; modules and trainers, which are run if they may be; folders of runs and sweeps",
    )
    .option(
      "--as <kind>",
      "what the files are to be, such as mask or logs; any other word lists all kinds (default: found out by looking)",
    )
    .option("--set <field=value>", "override a field of a scenario; may be repeated", collect)
    .option("--strict", "end with exit code 2 where something is right by the rules and hardly meant")
    .option(
      "--try",
      "ask a scenario's assistant a few openings and probes also where it is not embedded, and show its replies: a server may charge for them",
    )
    .option("--json", "print what was found as JSON")
    .addHelpText(
      "after",
      example(
        "candor check scenario.yaml personas/*.yaml",
        "candor check suites/my-suite.mjs --allow-modules",
        "candor check scenario.yaml --set population.personas.biased=0.2",
        "candor check answers.jsonl --as data",
        "candor check situations/my-pack scenario.yaml --strict",
      ),
    )
    .action(async (files, options) => {
      const { checkFile } = await import("../../check/index.js");
      const results = [];
      const wrong: UserError[] = [];
      for (const file of files) {
        signal.throwIfAborted();
        try {
          const found = await checkFile(file, {
            as: options.as,
            permissions: permissions(),
            tryModels: options.try === true,
            set: options.set,
            signal,
          });
          results.push({ file, ...found, problems: [], mistakes: [] });
          if (options.strict && found.warnings.length > 0) wrong.push(new InputError(found.warnings));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          wrong.push(error);
          const { lines, mistakes } = error;
          const nothing = { kind: null, says: null, warnings: [], replies: [] };
          results.push({ file, ...nothing, problems: [...lines], mistakes: [...mistakes] });
        }
      }
      if (options.json) say(`${JSON.stringify(results, null, 2)}\n`);
      else for (const one of results) say(inWords(one, options.strict === true));
      if (wrong.length > 0) throw gathered(wrong);
    });
};

type Result = { file: string; says: string | null } & Pick<Checked, "warnings" | "replies">;

/** What was found of a file, and below it what is hardly meant and what a model replied; nothing of one that is wrong. */
function inWords({ file, says, warnings, replies }: Result, strict: boolean): string {
  if (says === null) return "";
  // Where they are mistakes they are told among those.
  const warned = strict ? [] : warnings.map((one) => `  warning: ${mistakeInWords(one)}\n`);
  const replied = replies.map(
    ({ model, of, asked, reply }) =>
      `  ${model} was asked, of ${of}: ${quoted(asked)}\n    and replied: ${quoted(reply)}\n`,
  );
  return [`${file}: ${says}\n`, ...warned, ...replied].join("");
}

const LONGEST = 300;

/** What others wrote, as a text that nothing obeys. */
function quoted(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return JSON.stringify(short).replace(/[\p{Cf}\u2028\u2029]/gu, (letter) =>
    [...letter].map((one) => `\\u{${one.codePointAt(0)!.toString(16)}}`).join(""),
  );
}
