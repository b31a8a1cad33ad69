import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";

/**
 * What a page of ours may load: itself, with the one import map that we wrote into it, and nothing else. Trusted types with no
 * policy let browsers that know them refuse every way from text to markup, so that nobody takes one by mistake. Answers with
 * another policy of their own keep it.
 */
export function contentPolicy(importMap: string): MiddlewareHandler {
  const hash = createHash("sha256").update(importMap).digest("base64");
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'sha256-${hash}'`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return async (context, next) => {
    await next();
    const { res } = context;
    if (!res.headers.has("content-security-policy")) res.headers.set("content-security-policy", policy);
  };
}
