import { z } from "zod";
import type { Message } from "../../models/types.js";
import { wellFormed } from "../../well-formed.js";
import { check, didYouMean } from "../../yaml/index.js";

/** A message, and whether a reply is to be learnt. */
export type Turn = Message & { learnt: boolean };

/** ShareGPT's names for who speaks, and those of chat formats. */
const ROLES: ReadonlyMap<string, Message["role"]> = new Map([
  ["system", "system"],
  ["user", "user"],
  ["human", "user"],
  ["assistant", "assistant"],
  ["gpt", "assistant"],
  ["model", "assistant"],
  ["chatgpt", "assistant"],
  ["bing", "assistant"],
]);

/** Half a surrogate pair, which no file in UTF-8 can hold, comes in as the mark that it would be written as. */
export const text = z.string().transform(wellFormed);
const weight = z.unknown().optional();

const turn = z
  .union([
    z
      .looseObject({ role: text, content: text, weight })
      .transform(({ role, content, weight, ...rest }) => ({ role, content, weight, rest })),
    z
      .looseObject({ from: text, value: text, weight })
      .transform(({ from, value, weight, ...rest }) => ({ role: from, content: value, weight, rest })),
  ])
  .transform(({ role, content, weight, rest }, context): Turn => {
    const refuse = (message: string): typeof z.NEVER => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    const other = Object.keys(rest).find((name) => saysSomething(rest[name]));
    if (other !== undefined) return refuse(`has ${other}, which cannot be learnt from; take it out`);
    const known = ROLES.get(role);
    if (!known) return refuse(`unknown role ${role}${didYouMean(role, [...ROLES.keys()])}`);
    if (saysSomething(weight) && weight !== 0 && weight !== 1)
      return refuse("weight: expected 0 (not to be learnt) or 1");
    if (weight === 0 && known !== "assistant") return refuse("weight has a meaning for replies alone");
    return { role: known, content, learnt: weight !== 0 };
  });

/** Whether a field holds more than the empty places that exporters leave. */
export function saysSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return !(Array.isArray(value) && value.length === 0);
}

export const turns = z.array(turn).min(1);
/** What is said, as a text, a message or several. */
export const said = z.unknown().transform((value, context): string | Turn[] => {
  if (typeof value === "string") return wellFormed(value);
  const { data, problems } = check(turns, Array.isArray(value) ? value : [value]);
  if (data !== undefined) return data;
  for (const { message, path } of problems) context.addIssue({ code: "custom", message, path: [...path] });
  return z.NEVER;
});

/** Messages of turns, for rows. */
export const messagesOf = (all: readonly Turn[]): Message[] =>
  all.map(({ role, content }) => ({ role, content }));

/** Alpaca's earlier exchanges: what was asked and what was answered. */
export const history = z.array(z.tuple([text, text])).transform((pairs) =>
  pairs.flatMap(([asked, answered]): Turn[] => [
    { role: "user", content: asked, learnt: true },
    { role: "assistant", content: answered, learnt: true },
  ]),
);
