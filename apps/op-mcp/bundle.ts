/** Bundles the binary into one file, in which everything that is not always needed is evaluated when it is. */
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

/** Every source that is evaluated as soon as `entryPoint` is: what it imports, and what that imports. */
function inputsLoadedBy({ inputs }: Metafile, entryPoint: string): ReadonlySet<string> {
  const loaded = new Set([entryPoint]);
  for (const current of loaded) {
    for (const { path, kind } of inputs[current]?.imports ?? []) {
      if (kind === "import-statement" || kind === "require-call") loaded.add(path);
    }
  }
  return loaded;
}

function checkLaziness(metafile: Metafile): void {
  for (const [entryPoint, packages] of Object.entries(lazyAt)) {
    if (!(entryPoint in metafile.inputs)) throw new Error(`${entryPoint} is not in the bundle.`);
    const inputs = [...inputsLoadedBy(metafile, entryPoint)];
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
  // One file: each further one costs a start half a millisecond. What is imported dynamically is evaluated when it is
  // needed, and CommonJS because Node resolves and links ES modules more slowly.
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { "import.meta.dirname": "__dirname" },
  platform: "node",
  target: "node24",
  conditions: ["@op-mcp/source"],
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
