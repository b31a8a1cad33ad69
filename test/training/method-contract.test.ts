import { describe } from "vitest";
import { methodNames } from "../../src/methods/index.js";
import { methodContract } from "./method-contract.js";

describe.each(methodNames)("%s", (name) => methodContract(name));
