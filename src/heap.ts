import { setFlagsFromString } from "node:v8";

/**
 * Lets the heap grow by a fifth, instead of up to fourfold, before what is no longer needed is collected: a round of 20,000 users
 * then stays below 300 MB resident. For our own processes only: a library must not set this for its host.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=20");
}
