export { type Contrast, readContrasts } from "./contrasts.js";
export { findDirection, middleLayer } from "./direction.js";
export { fitProbe, type Kept, measure, type Occasion, statesOf } from "./measure.js";
