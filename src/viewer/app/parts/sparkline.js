import { svg } from "../dom.js";
import { percent } from "../format.js";

const [WIDTH, HEIGHT, MARGIN] = [96, 26, 4];

/**
 * Values over rounds as a small line, from `bottom` to 100 %.
 * @param {(number | null)[]} values in [0, 1]
 * @param {number} rounds how many there will be
 * @param {number} bottom the same for all lines that are compared
 */
export function sparkline(values, rounds, bottom) {
  const x = (/** @type {number} */ round) => MARGIN + (round / Math.max(1, rounds)) * (WIDTH - 2 * MARGIN);
  const y = (/** @type {number} */ value) =>
    HEIGHT - MARGIN - ((value - bottom) / (1 - bottom)) * (HEIGHT - 2 * MARGIN);
  const points = values.flatMap((value, round) => (value === null ? [] : [{ round, value }]));
  const last = points.at(-1);
  const words = points.map(({ round, value }) => `round ${round} ${percent(value)}`).join(", ");
  return svg(
    "svg",
    {
      class: "sparkline",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: "img",
      "aria-label": `Honesty: ${words || "not measured yet"}`,
    },
    svg("line", { class: "rail", x1: MARGIN, x2: WIDTH - MARGIN, y1: y(1), y2: y(1) }),
    svg("line", { class: "rail", x1: MARGIN, x2: WIDTH - MARGIN, y1: y(bottom), y2: y(bottom) }),
    svg("polyline", { points: points.map(({ round, value }) => `${x(round)},${y(value)}`).join(" ") }),
    last && svg("circle", { cx: x(last.round), cy: y(last.value), r: 2.8 }),
  );
}

/** A scale that lines of several runs fit on: from half upwards, or from lower where one of them falls lower. @param {{ honesty: (number | null)[] }[]} runs */
export function commonBottom(runs) {
  const least = Math.min(0.5, ...runs.flatMap(({ honesty }) => honesty.filter((value) => value !== null)));
  return Math.floor(10 * least) / 10;
}
