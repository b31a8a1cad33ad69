import { UserError } from "../../errors.js";
import type { Message } from "../../message.js";
import { type Compiled, compileJinja } from "./jinja/compile.js";

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
  const render = compiled(source, path);
  return (messages, addGenerationPrompt) => {
    try {
      return render({
        ...GLOBALS,
        ...specialTokens,
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: addGenerationPrompt,
      });
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
  // As transformers passes them where there are none.
  tools: null,
  documents: null,
  raise_exception: (message: string) => {
    throw new Error(message);
  },
};

function compiled(source: string, path: string): Compiled {
  try {
    return compileJinja(source);
  } catch (error) {
    // The library trips over one that breaks off.
    const why = error instanceof TypeError ? "it breaks off" : (error as Error).message;
    throw new UserError(`the chat template of ${path} cannot be read: ${why}`);
  }
}
