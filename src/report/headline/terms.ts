import type { Scenario } from "../../scenario/index.js";
import { share } from "../figures/words.js";

/** What a share of a population is a share of, in words. Names that people gave never pass through these. */
export type Terms = {
  /** `biased users`. */
  units: string;
  /** `50 % biased users`. */
  of: (biased: number) => string;
  /** `no biased users`. */
  none: string;
};

/** The words for what stands on the axis of an experiment: users, or the rows of data files in their place. */
export function termsOf({ source }: Pick<Scenario, "source">): Terms {
  const units = source === "interaction" ? "biased users" : "misaligned rows";
  return { units, of: (biased) => `${share(biased)} ${units}`, none: `no ${units}` };
}
