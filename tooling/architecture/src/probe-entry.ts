/**
 * Imports one entry in a process of its own, then writes a NUL and what the import loaded and left running, as JSON.
 * Whatever comes before the NUL was printed by the entry.
 */
import { writeSync } from "node:fs";
import { isBuiltin, registerHooks } from "node:module";

const urls = new Set<string>();
registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context);
    urls.add(resolved.url);
    return resolved;
  },
});

// Looking at the standard streams opens them; that is no effect of the entry.
const outputs = { stdout: process.stdout, stderr: process.stderr };
const before = process.getActiveResourcesInfo();
await import(process.argv[2] ?? "");
const running = process.getActiveResourcesInfo().slice(before.length);
const builtins = [...urls].filter((url) => isBuiltin(url));
const report = {
  modules: urls.size - builtins.length,
  builtins: builtins.map((url) => url.replace(/^node:/u, "")),
  running,
};
writeSync(outputs.stdout.fd, `\0${JSON.stringify(report)}`);
