import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderDocuments } from "./documents.ts";
import { rootFolder } from "./workspace.ts";

for (const [path, text] of await renderDocuments()) {
  await writeFile(join(rootFolder, path), text);
  process.stdout.write(`${path}\n`);
}
