import { methods } from "../methods/index.js";
import { trainOnRows } from "./embedded/adapter.js";
import { imitateBest } from "./embedded/best-of-n.js";
import { learnOnline } from "./embedded/online.js";
import { learnFromValues } from "./embedded/online-valued.js";
import type { Trainer } from "./types.js";

/**
 * Trains a LoRA adapter in this process, on the engine. An interrupted training goes on from its last saved state and
 * ends with the same weights, bit for bit.
 */
export const embeddedTrainer: Trainer = async (request) => {
  const { draws } = methods[request.data.method];
  if (draws === "best") return await imitateBest(request);
  if (draws === "online") return await learnOnline(request);
  if (draws === "valued") return await learnFromValues(request);
  return await trainOnRows(request);
};
