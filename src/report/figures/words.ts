import { type Catalogue, shippedCatalogue } from "../../evaluation/index.js";

/** What people call a metric. */
export function metricName(metric: string, catalogue: Catalogue = shippedCatalogue): string {
  return catalogue.metric(metric).label;
}
