import type { z } from "zod";

/** Of several limits that one number is above (a field's own, and that of whole numbers that are exact) the nearest alone. */
export function narrowest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.filter(
    (issue) =>
      issue.code !== "too_big" ||
      !issues.some(
        (other) =>
          other.code === "too_big" &&
          other.maximum < issue.maximum &&
          other.path.join("\0") === issue.path.join("\0"),
      ),
  );
}
