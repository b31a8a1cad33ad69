import type { Comparison } from "../../../api.js";

type Props = {
  comparison: Pick<Comparison, "figure" | "narrow" | "description"> | undefined;
  problem: string | undefined;
};

/** The server's drawing, or in its place why there is none. */
export function Figure({ comparison, problem }: Props) {
  if (!comparison || comparison.figure === "") {
    const words = problem ?? (comparison ? "Nothing has been measured yet." : "Drawing…");
    return (
      <p class="figure drawing quiet" role={problem === undefined ? undefined : "alert"}>
        {words}
      </p>
    );
  }
  const { figure, narrow, description } = comparison;
  return (
    <picture>
      <source media="(max-width: 34rem)" srcset={narrow} />
      <img class="figure" src={figure} alt={description} />
    </picture>
  );
}
