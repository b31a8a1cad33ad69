import { percent } from "../format.js";

const [WIDTH, HEIGHT, MARGIN] = [96, 26, 4];

type Props = {
  /** Shares in [0, 1] by round; null where nothing was measured. */
  values: readonly (number | null)[];
  /** How many rounds there will be. */
  rounds: number;
  /** The share at the foot of the scale, the same for all curves that are compared; its head is 1. */
  bottom: number;
};

/** Honesty over rounds as a small line. */
export function SmallCurve({ values, rounds, bottom }: Props) {
  const x = (round: number) => MARGIN + (round / Math.max(1, rounds)) * (WIDTH - 2 * MARGIN);
  const y = (value: number) => HEIGHT - MARGIN - ((value - bottom) / (1 - bottom)) * (HEIGHT - 2 * MARGIN);
  const points = values.flatMap((value, round) => (value === null ? [] : [{ round, value }]));
  const last = points.at(-1);
  const words = points.map(({ round, value }) => `round ${round} ${percent(value)}`).join(", ");
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`Honesty: ${words || "not measured yet"}`}
    >
      <line class="rail" x1={MARGIN} x2={WIDTH - MARGIN} y1={y(1)} y2={y(1)} />
      <line class="rail" x1={MARGIN} x2={WIDTH - MARGIN} y1={y(bottom)} y2={y(bottom)} />
      <polyline points={points.map(({ round, value }) => `${x(round)},${y(value)}`).join(" ")} />
      {last && <circle cx={x(last.round)} cy={y(last.value)} r={2.8} />}
    </svg>
  );
}

/** A scale that the curves of several runs fit on: from half upwards, or from lower where one of them falls lower. */
export function commonBottom(runs: readonly { honesty: readonly (number | null)[] }[]): number {
  let least = 0.5;
  for (const { honesty } of runs)
    for (const value of honesty) if (value !== null) least = Math.min(least, value);
  return Math.floor(10 * least) / 10;
}
