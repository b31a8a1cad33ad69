import { example, type RegisterCommand } from "../command.js";

export const registerSchema: RegisterCommand = (program) => {
  program
    .command("schema")
    .description("print the JSON Schema of scenario files, for editors")
    .addHelpText(
      "after",
      example(
        "candor schema > scenario.schema.json",
        "and as the first line of a scenario:",
        "# yaml-language-server: $schema=scenario.schema.json",
      ),
    )
    .action(async () => {
      const { jsonSchema } = await import("../../scenario/index.js");
      process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    });
};
