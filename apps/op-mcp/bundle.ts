/** Bundles the binary: one entry that stays small, and a chunk for everything that is loaded only when it is needed. */
import { rmSync } from "node:fs";
import { build, type Metafile, type Plugin } from "esbuild";

const outdir = "dist/bundle";

/** What must not be loaded before it is needed, by the module that a start goes through. */
const lazyAt: Readonly<Record<string, readonly string[]>> = {
  "src/main.ts": [
    "zod",
    "yaml",
    "smol-toml",
    "pino",
    "minisearch",
    "typebox",
    "@modelcontextprotocol",
  ],
  "src/wiring/serve-on-stdio.ts": ["zod", "yaml", "smol-toml", "pino", "typebox"],
};

/** CommonJS packages such as pino ask for Node's modules by `require`, which ES modules do not have. */
const requireForChunks = `import { createRequire as createRequireHere } from "node:module";const require = createRequireHere(import.meta.url);`;

/** What is computed from the schemas once and for all, by the module that exports it under a name. */
const computed = { "default-config": "defaultConfig", "config-json-schema": "configJsonSchema" };

/** Puts what the schemas say into the bundle as data; `tsc` has compiled the schemas by now. */
const schemasAsData: Plugin = {
  name: "schemas-as-data",
  setup: (bundler) => {
    for (const [file, name] of Object.entries(computed)) {
      bundler.onLoad({ filter: new RegExp(`/src/config/${file}\\.ts$`) }, async () => {
        const compiled = new URL(`dist/config/${file}.js`, import.meta.url).href;
        const module: Record<string, unknown> = await import(compiled);
        return {
          contents: `export const ${name} = ${JSON.stringify(module[name])};`,
          loader: "js",
        };
      });
    }
  },
};

function outputOf(metafile: Metafile, entryPoint: string): string | undefined {
  return Object.keys(metafile.outputs).find(
    (output) => metafile.outputs[output]?.entryPoint === entryPoint,
  );
}

/** Every source that is evaluated as soon as `output` is imported. */
function inputsLoadedBy(metafile: Metafile, output: string): ReadonlySet<string> {
  const inputs = new Set<string>();
  const pending = [output];
  const seen = new Set(pending);
  for (const current of pending) {
    const found = metafile.outputs[current];
    for (const input of Object.keys(found?.inputs ?? {})) inputs.add(input);
    for (const { path, kind } of found?.imports ?? []) {
      if (kind !== "import-statement" || seen.has(path)) continue;
      seen.add(path);
      pending.push(path);
    }
  }
  return inputs;
}

function checkLaziness(metafile: Metafile): void {
  for (const [entryPoint, packages] of Object.entries(lazyAt)) {
    const output = outputOf(metafile, entryPoint);
    if (output === undefined) throw new Error(`${entryPoint} is not in the bundle.`);
    const inputs = [...inputsLoadedBy(metafile, output)];
    const eager = packages.filter((name) =>
      inputs.some((input) => input.includes(`/node_modules/${name}/`)),
    );
    if (eager.length > 0) {
      throw new Error(`${entryPoint} loads ${eager.join(", ")} at once; import them dynamically.`);
    }
  }
}

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { "op-mcp": "src/main.ts" },
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  conditions: ["@op-mcp/source"],
  banner: { js: requireForChunks },
  chunkNames: "chunks/[name]-[hash]",
  // Names of functions and classes stay: they are in stack traces and error names.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "linked",
  metafile: true,
  plugins: [schemasAsData],
  logLevel: "warning",
});
checkLaziness(metafile);
