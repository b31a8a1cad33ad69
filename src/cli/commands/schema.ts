import { UserError } from "../../errors.js";
import { example, type RegisterCommand } from "../command.js";
import { say } from "../say.js";

export const registerSchema: RegisterCommand = (program) => {
  program
    .command("schema")
    .description("print the JSON Schema of scenario files, or of another kind of YAML file, for editors")
    .argument("[kind]", "scenario, persona, pack, situations, prompts or prices", "scenario")
    .option("--markdown", "print all fields of all kinds as a page instead")
    .addHelpText(
      "after",
      example(
        "candor schema > scenario.schema.json",
        "and as the first line of a scenario:",
        "# yaml-language-server: $schema=scenario.schema.json",
      ),
    )
    .action(async (kind, { markdown }) => {
      const { fileSchemas, referencePage } = await import("../../check/index.js");
      if (markdown) {
        say(referencePage());
        return;
      }
      const schema = Object.hasOwn(fileSchemas, kind) ? fileSchemas[kind] : undefined;
      if (schema === undefined) {
        const { didYouMean } = await import("../../yaml/index.js");
        const known = Object.keys(fileSchemas);
        throw new UserError(`schema ${kind}: no such kind of file${didYouMean(kind, known)}`);
      }
      say(`${JSON.stringify(schema(), null, 2)}\n`);
    });
};
