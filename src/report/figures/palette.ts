// Colours by what they are for, each with its counterpart on a dark page. Figures are drawn in the light colours; a page
// that has both themes replaces them by variables (`themed`).

/** Text, lines and paper. */
export const INK = "#1f2430";
export const MUTED = "#596070";
export const GRID = "#e3e6ec";
export const PAPER = "#ffffff";

/** Categories without an order: Okabe and Ito 2008, told apart by all common kinds of colour vision, and two more for where there are many. */
export const CATEGORIES = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#8a8f9b",
  "#7b52c0",
  "#8f6a1f",
] as const;

const STOPS = 24;

/** Blue over magenta to orange, lightness rising steadily (matplotlib's plasma without its yellow end). */
const LIGHT_RAMP = ramp(["#0d0887", "#5302a3", "#8b0aa5", "#b83289", "#db5c68", "#f48849"]);
const DARK_RAMP = ramp(["#7f8cff", "#a07bff", "#c875ea", "#ee7fc0", "#ff9a8a", "#ffc27a"]);

/** Colours for `count` ordered steps, e.g. biased fractions; at most 24 differ. */
export function ordered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at =
      count < 2 ? 0 : Math.round((Math.min(index, STOPS - 1) * (STOPS - 1)) / (Math.min(count, STOPS) - 1));
    return LIGHT_RAMP[Math.min(at, STOPS - 1)]!;
  });
}

const DARK: Readonly<Record<string, string>> = {
  [INK]: "#e8eaf0",
  [MUTED]: "#a2a9b8",
  [GRID]: "#313745",
  [PAPER]: "#171a21",
  [CATEGORIES[0]]: "#4aa8e0",
  ...Object.fromEntries(LIGHT_RAMP.map((colour, index) => [colour, DARK_RAMP[index]!])),
};

/** Replaces a figure's colours by variables that `themeVariables` defines. */
export function themed(svg: string): string {
  return svg.replace(/#[0-9a-f]{6}\b/gu, (colour) => (colour in DARK ? `var(${variable(colour)})` : colour));
}

/** The definitions of the variables, for a `light` or `dark` page. */
export function themeVariables(theme: "light" | "dark"): string {
  return Object.entries(DARK)
    .map(([light, dark]) => `${variable(light)}:${theme === "light" ? light : dark}`)
    .join(";");
}

function variable(colour: string): string {
  return `--figure-${colour.slice(1)}`;
}

function ramp(anchors: readonly string[]): string[] {
  return Array.from({ length: STOPS }, (_, stop) => {
    const at = (stop * (anchors.length - 1)) / (STOPS - 1);
    const below = Math.min(Math.floor(at), anchors.length - 2);
    const [one, other] = [channels(anchors[below]!), channels(anchors[below + 1]!)];
    const mixed = one.map((value, index) => Math.round(value + (at - below) * (other[index]! - value)));
    return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
  });
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
