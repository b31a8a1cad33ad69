import type { Defence, DefenceTools } from "../defences/types.js";
import { rewriting, systemOf, withSystem } from "./rewrite.js";

type Tools = Pick<DefenceTools, "pack" | "personas">;

/** Rows keep the system prompt under which their replies were given, have none, or have another. */
export function systemPrompt(
  { action, with: template }: { action: "keep" | "drop" | "replace"; with?: string },
  { pack, personas }: Tools,
): Defence {
  if (action === "keep") return rewriting("system_prompt", ({ prompt }) => prompt);
  if (action === "drop")
    return rewriting("system_prompt", ({ prompt }) =>
      systemOf(prompt) === null ? prompt : withSystem(prompt, null),
    );
  const render = pack.promptFrom(template!);
  return rewriting("system_prompt", ({ prompt, source }, { users }) => {
    const user = users.get(source.interaction);
    // Of rows that nobody spoke, a text without variables is the whole prompt.
    const content = user ? render(user, personas[user.persona]!) : template!;
    return systemOf(prompt) === content ? prompt : withSystem(prompt, content);
  });
}
