/**
 * How the comparison came out. `floor`: the untrained model cannot do the probes. `broken`: a compared model knows or answers
 * nothing any more. `drop`, `rise`: detected. `same`: within the margin, by an equivalence test. `undetected`: neither.
 * `one_seed`: nothing can be said of other seeds. `compared`: cases, told one by one. `several`: many cells without a declared
 * comparison. `untrained`: nothing has been trained yet. `unmeasured`: the suite's metric was not measured.
 */
export type Verdict =
  | "floor"
  | "broken"
  | "drop"
  | "rise"
  | "same"
  | "undetected"
  | "one_seed"
  | "compared"
  | "several"
  | "untrained"
  | "unmeasured";
