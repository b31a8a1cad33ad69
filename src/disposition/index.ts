export { type Contrast, hasReplies, readContrasts } from "./contrasts.js";
export { correlation, ranksOf } from "./correlate.js";
export { type Direction, findDirection, middleLayer, project } from "./direction.js";
export { fitProbe, type Kept, measure, type Occasion, statesOf } from "./measure.js";
