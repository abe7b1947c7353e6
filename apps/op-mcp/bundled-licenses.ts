/** Gathers the licences of the libraries that a bundle contains: most demand that their text goes with every copy. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rolldown";

/** The libraries of a bundle, by name and version, with the text of their licence. */
export type BundledLicenses = Map<string, string>;

const folderOfLibrary = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

function textOf(folder: string): string {
  const files = globSync("{LICEN[SC]E,COPYING,NOTICE}*", { cwd: folder }).toSorted();
  return files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
}

/** Notes each library that ends up in the bundle. One without a licence fails the build. */
export function bundledLicenses(found: BundledLicenses): Plugin {
  return {
    name: "bundled-licenses",
    generateBundle(_, files) {
      const modules = Object.values(files).flatMap((file) =>
        file.type === "chunk" ? file.moduleIds : [],
      );
      const folders = modules.flatMap((id) => folderOfLibrary.exec(id) ?? []);
      for (const folder of new Set(folders)) {
        const about = readFileSync(join(folder, "package.json"), "utf8");
        const { name, version, license }: Readonly<Record<string, unknown>> = JSON.parse(about);
        const text = textOf(folder);
        if (text === "" && typeof license !== "string") this.error(`${folder} has no licence.`);
        found.set(`${String(name)} ${String(version)}`, text === "" ? String(license) : text);
      }
    },
  };
}

/** All of them in one text. */
export function formatLicenses(found: BundledLicenses): string {
  const line = "-".repeat(80);
  return [...found]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([title, text]) => `${line}\n${title}\n${line}\n\n${text}\n`)
    .join("\n");
}
