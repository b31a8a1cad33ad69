import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Redis } from "ioredis";
import { z } from "zod";
import { UserError } from "../../errors.js";
import { isLockFile } from "../../runs/index.js";
import { replaceFolder, writeWhole } from "../../whole/index.js";

// A finished run's folder on its way through Redis: a list whose first item is the index (JSON), followed by the files'
// bytes, one after the other, compressed and cut into pieces.

/** Bytes of a whole folder, before compression. Redis keeps it in memory until it is fetched. */
const MOST = 256 * 2 ** 20;
const PIECE = 4 * 2 ** 20;
/** A parcel that nobody fetches is gone after a day. */
const KEEP_S = 86_400;

const indexSchema = z.object({
  files: z.array(z.object({ path: z.string(), bytes: z.int().nonnegative() })),
});
type Index = z.output<typeof indexSchema>;

/** Sends all files of a finished run. Throws UserError if they are too large for that. */
export async function sendParcel(redis: Redis, key: string, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !isLockFile(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(paths.map((path) => readFile(path)));
  const bytes = files.reduce((sum, file) => sum + file.length, 0);
  if (bytes > MOST) {
    throw new UserError(
      `${folder} has ${Math.round(bytes / 2 ** 20)} MiB, too much to send through the queue; use a folder that all machines share`,
    );
  }
  const index: Index = {
    files: paths.map((path, at) => ({
      path: relative(folder, path).split(sep).join("/"),
      bytes: files[at]!.length,
    })),
  };
  const packed = await promisify(gzip)(Buffer.concat(files));
  const draft = `${key}:${randomBytes(4).toString("hex")}`;
  await redis.rpush(draft, JSON.stringify(index));
  for (let at = 0; at < packed.length; at += PIECE) {
    await redis.rpush(draft, packed.subarray(at, at + PIECE));
    await redis.expire(draft, KEEP_S);
  }
  await redis.rename(draft, key);
}

/**
 * Puts a parcel in the place of a folder, whole or not at all, and takes it from the server. Throws if there is none, if it
 * is damaged or if a path in it leads out of the folder.
 */
export async function receiveParcel(redis: Redis, key: string, folder: string): Promise<void> {
  const [first, ...pieces] = await redis.lrangeBuffer(key, 0, -1);
  if (!first) throw new Error("the finished run did not arrive: the queue's server has lost it");
  const bytes = await promisify(gunzip)(Buffer.concat(pieces), { maxOutputLength: MOST });
  await replaceFolder(folder, async (draft) => {
    for (const { path, content } of unpack(first.toString("utf8"), bytes)) {
      const target = join(draft, path);
      await mkdir(dirname(target), { recursive: true });
      await writeWhole(target, content, { sync: false });
    }
  });
  await redis.del(key);
}

/** The files of a parcel. Throws if index and bytes do not fit or a path is not a plain one below the folder. */
export function unpack(indexJson: string, bytes: Buffer): { path: string; content: Buffer }[] {
  const files = filesIn(indexJson);
  let at = 0;
  const unpacked = files.map(({ path, bytes: size }) => {
    if (!isPlainPath(path)) throw new Error(`the parcel names ${JSON.stringify(path)}, outside its folder`);
    if (at + size > bytes.length) throw new Error("the parcel is damaged: its files are cut short");
    at += size;
    return { path, content: bytes.subarray(at - size, at) };
  });
  if (at !== bytes.length) throw new Error("the parcel is damaged: it has more bytes than files");
  return unpacked;
}

function filesIn(indexJson: string): Index["files"] {
  try {
    return indexSchema.parse(JSON.parse(indexJson)).files;
  } catch {
    throw new Error("the parcel is damaged: its index cannot be read");
  }
}

function isPlainPath(path: string): boolean {
  return path.split("/").every((step) => /^[\w.=-]+$/u.test(step) && !/^\.+$/u.test(step));
}
