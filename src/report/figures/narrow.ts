import type { Figure } from "./figure.js";
import { TITLE_LETTERS, wrapped } from "./parts.js";

/** A phone's column, in pixels, and what is left of it between the axes. */
const COLUMN = 346;
const MARGIN = 76;
/** Letters of what stands below the title that fit a line. */
const SUBTITLE = 52;

type Spec = Record<string, unknown>;

/**
 * A figure redrawn for a phone's column: one picture below the other, titles broken, legends below, letters as large as in
 * the wide one. A figure that is made for a phone itself says so by bringing its own.
 */
export function narrowed(figure: Figure): Figure {
  if (figure.narrow) return figure.narrow;
  const spec = figure.spec as Spec;
  const title = spec.title as { text?: unknown; subtitle?: unknown } | undefined;
  const unit = "facet" in spec ? { ...spec, columns: 1, spec: unitOf(spec.spec as Spec) } : unitOf(spec);
  return {
    ...figure,
    spec: {
      ...unit,
      ...(title
        ? {
            title: {
              ...title,
              text: wrapped(joined(title.text), TITLE_LETTERS.narrow),
              ...(title.subtitle ? { subtitle: wrapped(joined(title.subtitle), SUBTITLE) } : {}),
              fontSize: 14,
              frame: "bounds",
            },
          }
        : {}),
      padding: 6,
    } as unknown as Figure["spec"],
    legend: "bottom",
  };
}

function unitOf(spec: Spec): Spec {
  const { width, height } = spec;
  const axis = namesOf(spec);
  return {
    ...spec,
    // Bars stand closer.
    width: typeof width === "number" ? Math.min(width, COLUMN - MARGIN - axis) : { step: 14 },
    ...(typeof height === "number" ? { height: Math.min(height, 230) } : {}),
  };
}

/** Room for the names on an axis of names, more than numbers take. */
function namesOf(spec: Spec): number {
  const units = [spec, ...((spec.layer as Spec[] | undefined) ?? [])];
  const named = units.some(({ encoding }) => {
    const y = (encoding as { y?: { type?: string } } | undefined)?.y;
    return y?.type === "nominal";
  });
  return named ? 70 : 0;
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join(" ") : String(text ?? "");
}
