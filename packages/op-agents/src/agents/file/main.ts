import { serveAgent } from "../../serving/index.ts";
import { serveFiles, type FileArguments } from "./serve-files.ts";

/** The host that starts this gives its own, checked settings as the first argument. */
const settings: FileArguments = JSON.parse(process.argv[2] ?? "");

await serveAgent({ operations: serveFiles(settings) });
