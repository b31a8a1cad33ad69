import { describe } from "vitest";
import { localExecutor } from "../../src/sweep/index.js";
import { executorContract } from "./executor-contract.js";

describe("local executor", () => executorContract(() => localExecutor(2)));
