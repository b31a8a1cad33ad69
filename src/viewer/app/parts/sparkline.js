import { svg } from "../dom.js";
import { percent } from "../format.js";

const [WIDTH, HEIGHT, MARGIN] = [96, 26, 4];

/**
 * Values over rounds as a small line, from 0 % at the bottom to 100 % at the top.
 * @param {(number | null)[]} values in [0, 1]
 * @param {number} rounds how many there will be
 */
export function sparkline(values, rounds) {
  const x = (/** @type {number} */ round) => MARGIN + (round / Math.max(1, rounds)) * (WIDTH - 2 * MARGIN);
  const y = (/** @type {number} */ value) => HEIGHT - MARGIN - value * (HEIGHT - 2 * MARGIN);
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
    svg("line", { class: "rail", x1: MARGIN, x2: WIDTH - MARGIN, y1: y(0), y2: y(0) }),
    svg("polyline", { points: points.map(({ round, value }) => `${x(round)},${y(value)}`).join(" ") }),
    last && svg("circle", { cx: x(last.round), cy: y(last.value), r: 2.8 }),
  );
}
