import type { PromptPart } from "../../situation/types.js";
import type { Defence, DefenceTools } from "../defences/types.js";
import { rewriting, systemOf, withSystem } from "./rewrite.js";

type Tools = Pick<DefenceTools, "pack" | "personas">;

/**
 * Takes parts out of the system prompts of rows. What a part is, is known and never guessed: the pack writes its prompt again
 * without it, and rows of data files name its text. `gone` are the parts that stages before have taken out.
 */
export function strip(
  { parts }: { parts: readonly PromptPart[] },
  { pack, personas }: Tools,
  gone: readonly PromptPart[] = [],
): Defence {
  return rewriting("strip", ({ prompt, source }, { users }) => {
    const system = systemOf(prompt);
    if (system === null) return prompt;
    const user = users.get(source.interaction);
    let left = system;
    if (user) {
      const persona = personas[user.persona]!;
      const [whole, rest] = [gone, [...gone, ...parts]].map((without) =>
        pack.prompts.assistant(user, persona, without),
      );
      // What other stages have put around it stays.
      left = without(left, whole!, rest!);
    } else for (const part of parts) left = without(left, source.parts?.[part] ?? "", "");
    return left === system ? prompt : withSystem(prompt, left.trim() === "" ? null : left.trim());
  });
}

function without(text: string, found: string, instead: string): string {
  const at = found === "" ? -1 : text.indexOf(found);
  return at < 0 ? text : `${text.slice(0, at)}${instead}${text.slice(at + found.length)}`;
}
