import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { readPlain } from "./disk/open-plain.js";

/**
 * Who holds a folder. Ids become names of files, so they are nothing but letters, digits and dashes. `boot` and `namespace`
 * tell machines and containers apart that have one name: only among the same two does a process number mean the same.
 */
const holderSchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/u),
  pid: z.int().positive(),
  host: z.string().max(255),
  boot: z.string().max(64).default(""),
  namespace: z.string().max(64).default(""),
  /** Tells a process from a later one with the same number. */
  born: z.string().max(64),
  command: z.string().max(1_000),
  since: z.string().max(64),
});

export type Holder = z.output<typeof holderSchema>;

/** No holder's description is nearly as long. */
const MOST = 16_384;

export function describeSelf(): Holder {
  return {
    id: randomUUID(),
    pid: process.pid,
    ...here(),
    born: bornOf(process.pid),
    // Without options: addresses among them may hold passwords.
    command: ["candor", ...process.argv.slice(2, 4).filter((word) => /^[\w./-]+$/u.test(word))].join(" "),
    since: new Date().toISOString(),
  };
}

/** The process that a lock names; undefined where there is no lock. Whatever else is in its place was left by nobody who lives. */
export async function readHolder(path: string): Promise<Holder | undefined> {
  let bytes: Buffer | undefined;
  try {
    bytes = await readPlain(path, { most: MOST });
  } catch {
    return nobody(Buffer.from(path));
  }
  if (!bytes) return undefined;
  try {
    return holderSchema.safeParse(JSON.parse(bytes.toString("utf8"))).data ?? nobody(bytes);
  } catch {
    // A power cut can leave an empty lock; its holder did not survive that.
    return nobody(bytes);
  }
}

/** Its id follows from what stands there, so that of several heirs exactly one can claim it. */
function nobody(bytes: Buffer): Holder {
  const id = `damaged-${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;
  return { id, pid: 0, ...here(), born: "?", command: "?", since: "?" };
}

/** Whether a holder is on another machine or in another container, where it cannot be looked up from here. */
export function isElsewhere(holder: Holder): boolean {
  const { host, boot, namespace } = here();
  return holder.host !== host || holder.boot !== boot || holder.namespace !== namespace;
}

/** Whether a holder that is not elsewhere is alive. */
export function lives({ pid, born }: Holder): boolean {
  return pid > 0 && bornOf(pid) === born;
}

let place: Pick<Holder, "host" | "boot" | "namespace"> | undefined;

function here(): Pick<Holder, "host" | "boot" | "namespace"> {
  place ??= {
    host: hostname(),
    boot: orNone(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    namespace: orNone(() => readlinkSync("/proc/self/ns/pid")),
  };
  return place;
}

/** Systems without /proc have one process table for all. */
function orNone(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

/** A process's start time where the system tells (Linux), else whether it runs; "dead" if it does not. */
function bornOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "dead" : (fields[19] ?? "alive");
  } catch {
    try {
      process.kill(pid, 0);
      return "alive";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM" ? "alive" : "dead";
    }
  }
}
