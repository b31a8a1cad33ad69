import type { Figure } from "./figure.js";

/** A figure of one line under a name of its own. */
export function named(figure: Figure, line: string): Figure {
  return renamed(figure, `${figure.name}-${slug(line)}`, `${figure.title} (${line})`);
}

function renamed(figure: Figure, name: string, title: string): Figure {
  const spec = figure.spec as { title?: { text: string } };
  return {
    ...figure,
    ...(figure.narrow ? { narrow: renamed(figure.narrow, name, title) } : {}),
    name,
    title,
    spec: { ...figure.spec, title: { ...spec.title, text: title } } as Figure["spec"],
  };
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-|-$/gu, "");
}
