import type { TopLevelSpec } from "vega-lite";
import { GRID, INK, MUTED, PAPER } from "./palette.js";
import { textWidth } from "./text-width.js";

/** A value of a figure's table. */
export type Datum = Record<string, string | number | boolean | null>;

/** A figure as data: what it shows, in a grammar of graphics, in words and in numbers. */
export type Figure = {
  /** File name without its ending. */
  name: string;
  title: string;
  /** Text alternative that states the figure's numbers. */
  description: string;
  /** Vega-Lite, without data. */
  spec: Omit<TopLevelSpec, "data"> & object;
  /** The numbers that are drawn. */
  data: Datum[];
  /** The figure for a phone's column, where that is laid out by itself. */
  narrow?: Figure;
  /** Where legends stand; to the right if absent. */
  legend?: "bottom";
};

/** A figure's Vega-Lite specification with its data, for other programs. */
export function specOf({ spec, data, legend }: Figure): TopLevelSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...spec,
    data: { values: data },
    config: legend ? { ...CONFIG, ...BELOW } : CONFIG,
  } as TopLevelSpec;
}

/** Draws a figure as an SVG document that says in words what it shows. Needs no browser. */
export async function render(figure: Figure): Promise<string> {
  // Loaded here: they are large, and most commands draw nothing.
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  // It marks the rows that it is given.
  const { spec } = compile(structuredClone(specOf(figure)), { logger: SILENT });
  measureText(vega);
  const view = new vega.View(vega.parse(spec), { renderer: "none", logger: SILENT });
  const svg = await view.toSVG();
  view.finalize();
  return described(svg, figure);
}

/** Gives the library the widths of letters; its own hook for programs without a canvas. */
function measureText(vega: object): void {
  const { textMetrics } = vega as { textMetrics: { width: (item: TextItem, text: unknown) => number } };
  textMetrics.width = (item, text) => {
    const bold = Number(item.fontWeight) >= 600 || item.fontWeight === "bold";
    return (
      (bold ? WIDEST.bold : WIDEST.plain) *
      textWidth(String(text ?? item.text ?? ""), item.fontSize ?? 11, bold)
    );
  };
}

/** DejaVu Sans, which stands in where a machine has none of the named fonts, is wider by so much. */
const WIDEST = { plain: 1.16, bold: 1.25 };

type TextItem = { text?: unknown; fontSize?: number; fontWeight?: number | string };

/** Adds the text alternative, and makes ids unique among figures on one page. */
function described(svg: string, { name, title, description }: Figure): string {
  const words = `<title id="${name}-title">${escapeXml(title)}</title><desc id="${name}-desc">${escapeXml(description)}</desc>`;
  return (
    svg
      // The picture as a whole has a text alternative; roles without a name on its parts only make noise.
      .replace(/ (?:role|aria-[a-z]+)="[^"]*"/gu, "")
      .replace(/\bid="(?=clip|gradient)/gu, `id="${name}-`)
      .replace(/url\(#(?=clip|gradient)/gu, `url(#${name}-`)
      .replace(
        /<svg\b[^>]*>/u,
        (open) =>
          `${open.slice(0, -1)} role="img" aria-labelledby="${name}-title" aria-describedby="${name}-desc">${words}`,
      )
  );
}

/** Text that stays text in XML and HTML. Characters that XML cannot hold are replaced. */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is not allowed
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, "\ufffd")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;")
  );
}

const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";

const CONFIG = {
  background: PAPER,
  padding: 16,
  font: FONT,
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "group",
    fontSize: 16,
    fontWeight: 600,
    color: INK,
    subtitleColor: MUTED,
    subtitleFontSize: 12,
    subtitlePadding: 6,
    offset: 14,
  },
  axis: {
    labelColor: MUTED,
    labelFontSize: 12,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 10,
    gridColor: GRID,
    domainColor: GRID,
    tickColor: GRID,
    labelPadding: 6,
    // Numbers that touch are read as one.
    labelSeparation: 8,
    labelFlush: false,
  },
  header: { labelColor: INK, labelFontSize: 13, labelFontWeight: 600, title: null, labelPadding: 8 },
  legend: {
    labelColor: INK,
    labelFontSize: 12,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: 600,
    symbolSize: 90,
  },
} as const;

/** For a column that has no room beside a picture. */
const BELOW = {
  legend: { ...CONFIG.legend, orient: "bottom", columns: 2, labelLimit: 150 },
  axis: { ...CONFIG.axis, labelLimit: 130, titleLimit: 260 },
  header: { ...CONFIG.header, labelLimit: 260 },
} as const;

/** Vega warns of scales that a layer leaves empty; a figure's tests look at its marks instead. */
const SILENT = {
  level: () => SILENT,
  error: (...parts: readonly unknown[]): never => {
    throw new Error(`a figure could not be drawn: ${parts.join(" ")}`);
  },
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
};
