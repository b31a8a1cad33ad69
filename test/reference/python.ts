import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A python3 on PATH beside which the packages stand, found without starting it: importing torch takes seconds. */
export function pythonWith(...packages: string[]): string | undefined {
  const candidates = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => existsSync(join(folder, "python3")));
  const found = candidates.find((folder) => {
    const lib = join(folder, "..", "lib");
    const sites = existsSync(lib)
      ? readdirSync(lib).map((version) => join(lib, version, "site-packages"))
      : [];
    return sites.some((site) => packages.every((name) => existsSync(join(site, name))));
  });
  return found && join(found, "python3");
}
