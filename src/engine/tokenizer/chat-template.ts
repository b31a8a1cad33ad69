import { Environment, Interpreter, Template } from "@huggingface/jinja";
import { UserError } from "../../errors.js";
import type { Message } from "../../models/message.js";

export type ChatTemplate = (messages: readonly Message[], addGenerationPrompt: boolean) => string;

/**
 * Compiles a chat template as `transformers` runs it. Nothing about the day enters a prompt (`strftime_now` is left
 * undefined, templates fall back to a fixed date), so that equal conversations give equal tokens. `specialTokens` are the
 * variables `bos_token`, `eos_token` and so on. The template's own objections become UserErrors naming `path`.
 */
export function compileChatTemplate(
  source: string,
  specialTokens: Readonly<Record<string, string>>,
  path: string,
): ChatTemplate {
  const { parsed } = parseTemplate(source, path);
  return (messages, addGenerationPrompt) => {
    try {
      const environment = new Environment();
      const values = {
        ...GLOBALS,
        ...specialTokens,
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: addGenerationPrompt,
      };
      for (const [name, value] of Object.entries(values)) environment.set(name, value);
      return String(new Interpreter(environment).run(parsed).value);
    } catch (error) {
      throw new UserError(
        `the chat template of ${path} refuses this conversation: ${(error as Error).message}`,
      );
    }
  };
}

// The library's own globals (Template.render sets them), less strftime_now.
const GLOBALS = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  raise_exception: (message: string) => {
    throw new Error(message);
  },
  range,
};

/** Python's range for positive steps, as a list. */
function range(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const values: number[] = [];
  for (let value = from; step > 0 ? value < to : value > to; value += step) values.push(value);
  return values;
}

function parseTemplate(source: string, path: string): Template {
  try {
    return new Template(source);
  } catch (error) {
    throw new UserError(`the chat template of ${path} cannot be read: ${(error as Error).message}`);
  }
}
