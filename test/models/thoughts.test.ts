import { expect, test } from "vitest";
import { withoutThoughts } from "../../src/models/index.js";

test.each([
  ["plain", "plain"],
  ["<think>Perhaps A.</think>\n\nB", "B"],
  // The opening mark is often part of the prompt.
  ["…so the answer is A perhaps. No.\n</think>\n\nB", "B"],
  ["Perhaps 3 or 4….\n</think>\n\n9", "9"],
  ["[THINK]A?[/THINK] B", "B"],
  ["<thinking>A</thinking>B", "B"],
  ["<reasoning>A</reasoning> B", "B"],
  ["<THINK>A</Think >B", "B"],
  ["<think>one</think> A <think>two</think> B", "B"],
  ["<thought>A</thought> B", "B"],
  ['<think type="plan">A</think> B', "B"],
  ["<seed:think>A</seed:think>B", "B"],
  ["◁think▷A◁/think▷B", "B"],
  ["<|START_THINKING|>A<|END_THINKING|>B", "B"],
  ["<|channel|>analysis<|message|>A<|end|><|start|>assistant<|channel|>final<|message|>B", "B"],
  ["x < y, [thought] of late", "x < y, [thought] of late"],
  ["", ""],
])("%j says %j", (reply, said) => {
  expect(withoutThoughts(reply)).toBe(said);
});

test.each([
  ["<think>The label is A at first sight, but"],
  ["<think>one</think> A <think>and yet"],
  ["[THINK] A"],
  ["<thought>A, or"],
  ['<think budget="9">A, or'],
  ["◁think▷A, or"],
  ["<|START_THINKING|>A, or"],
  ["<|channel|>analysis<|message|>A, or"],
])("%j was cut within a thought and says nothing", (reply) => {
  expect(withoutThoughts(reply)).toBeNull();
});
