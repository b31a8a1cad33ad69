/** Where the system allows fewer open files than this, modules that Node loads together may be "missing". */
const FEW = 512;

/**
 * What to tell of a failure whose cause is that the process may not open another file; null where it is another. Node reports
 * it in several ways, among them a package that cannot be found because its manifest could not be opened.
 */
export function openFilesMessage(error: unknown, limit: number | undefined = softLimit()): string | null {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
    if (code !== "EMFILE" && code !== "ENFILE" && !(missing && limit !== undefined && limit < FEW)) continue;
    const allowed = limit === undefined ? "too few open files" : `only ${limit} open files at once`;
    return `the system allows ${allowed}; raise the limit, e.g. with: ulimit -n 4096`;
  }
  return null;
}

/** The limit of this process on open files; undefined where there is none or the system has no such thing. */
function softLimit(): number | undefined {
  const report = process.report?.getReport() as
    | { userLimits?: { open_files?: { soft: number | "unlimited" } } }
    | undefined;
  const soft = report?.userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : undefined;
}
