import type { Figure } from "./figure.js";
import { TITLE_LETTERS, wrapped } from "./parts.js";

/** A figure of one line under a name of its own. */
export function named(figure: Figure, line: string): Figure {
  return renamed(figure, `${figure.name}-${slug(line)}`, `${figure.title} (${line})`);
}

function renamed(figure: Figure, name: string, title: string, letters = TITLE_LETTERS.wide): Figure {
  const spec = figure.spec as { title?: { text: string } };
  return {
    ...figure,
    ...(figure.narrow ? { narrow: renamed(figure.narrow, name, title, TITLE_LETTERS.narrow) } : {}),
    name,
    title,
    spec: { ...figure.spec, title: { ...spec.title, text: wrapped(title, letters) } } as Figure["spec"],
  };
}

/** The figures under names of which no two are one file's: lines are called as people like, and names of files lose what tells some apart. */
export function distinct(figures: readonly Figure[]): Figure[] {
  const taken = new Set<string>();
  return figures.map((figure) => {
    let { name } = figure;
    for (let number = 2; taken.has(name); number += 1) name = `${figure.name}-${number}`;
    taken.add(name);
    return name === figure.name ? figure : renamed(figure, name, figure.title);
  });
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/gu, "");
}
