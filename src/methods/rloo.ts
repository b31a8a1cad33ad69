import type { Method } from "./types.js";

/** Replies to one prompt, as TRL has it, unless a scenario says another number. */
const GENERATIONS = 2;

/** What the settings of a method of this name, which compares the replies to one turn with each other, cannot be. */
export const comparing =
  (name: string) =>
  ({ batch_size, num_generations = GENERATIONS }: Readonly<Record<string, unknown>>) => {
    if (num_generations === 1)
      return [
        {
          field: "num_generations",
          message: `${name} compares the replies to one turn with each other, so it draws 2 or more`,
        },
      ];
    return Number(batch_size) % Number(num_generations) === 0
      ? []
      : [
          {
            field: "batch_size",
            message: `${name} takes all ${String(num_generations)} replies to a turn in one step (num_generations); make it a multiple of ${String(num_generations)}`,
          },
        ];
  };

export const rloo = {
  name: "rloo",
  about:
    "draws replies to the users' turns while it learns, has the users rate them, and makes those likelier that are rated above the others to the same turn",
  rows: "reply",
  from: "all",
  settings: ["beta", "epsilon", "num_generations", "steps_per_generation"],
  embeddedOnly: true,
  draws: "online",
  problems: comparing("rloo"),
  reference: {
    key: "ahmadian2024rloo",
    title:
      "Back to Basics: Revisiting {REINFORCE} Style Optimization for Learning from Human Feedback in {LLMs}",
    author:
      'Ahmadian, Arash and Cremer, Chris and Gall{\\\'e}, Matthias and Fadaee, Marzieh and Kreutzer, Julia and Pietquin, Olivier and {\\"U}st{\\"u}n, Ahmet and Hooker, Sara',
    year: 2024,
    eprint: "2402.14740",
  },
} as const satisfies Method;
