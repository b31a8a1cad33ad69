import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** Who may use the server. */
export type Access =
  /** Programs of this machine: requests must call it by a name of this machine. */
  | { kind: "loopback" }
  /** Everybody who knows the token. */
  | { kind: "token"; token: string; cookie: string };

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/iu;

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** 192 random bits, for a URL. */
export function newToken(): string {
  return randomBytes(24).toString("base64url");
}

/** Access by a token. Cookies do not tell ports apart, so each token has one of its own name. */
export function tokenAccess(token: string): Access {
  return {
    kind: "token",
    token,
    cookie: `candor-${createHash("sha256").update(token).digest("hex").slice(0, 8)}`,
  };
}

/**
 * Lets a request through or refuses it. With a token: the cookie that the first visit set, or `Authorization: Bearer`. Without
 * one: the `Host` must be a name of this machine, so that a site whose name was pointed here cannot read what we say. Changes
 * must come from the page itself.
 */
export function guard(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    if (access.kind === "token") {
      const given = req.query("token");
      if (given !== undefined && req.method === "GET" && same(given, access.token)) {
        setCookie(context, access.cookie, access.token, { httpOnly: true, sameSite: "Strict", path: "/" });
        // To the page and nowhere else: a path such as //host would lead to another site.
        return context.redirect("/");
      }
      const bearer = /^Bearer (\S+)$/u.exec(req.header("authorization") ?? "")?.[1];
      if (!same(bearer ?? getCookie(context, access.cookie) ?? "", access.token)) {
        return context.text("candor: open the address that `candor view` printed; it has the token\n", 401);
      }
    } else if (!isLoopback(hostName(req.header("host") ?? ""))) {
      return context.text(
        "candor: this server answers to localhost only; `candor view --host` opens it\n",
        403,
      );
    }
    if (
      req.method !== "GET" &&
      req.method !== "HEAD" &&
      !fromOwnPage(req.header("origin"), req.header("host"))
    ) {
      return context.text("candor: changes are taken from candor's own page only\n", 403);
    }
    return await next();
  };
}

/** Browsers name the page that a change comes from; other programs name none. */
function fromOwnPage(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

function hostName(host: string): string {
  return host.replace(/:\d+$/u, "");
}

/** Compares in a time that tells nothing: digests have one length whatever was given. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
