/** The files of a project, by path. */
export type ProjectFiles = Readonly<Record<string, string>>;

/** What a project is told of itself. */
export interface ProjectFacts {
  readonly name: string;
  readonly description: string;
}

/** A new project, and what to do with it first. */
interface Project {
  readonly files: ProjectFiles;
  readonly next: string;
}

/** What projects can be made of; the first is what is made unless somebody says something else. */
export const templateNames = [
  "empty",
  "node",
  "typescript",
  "python",
  "rust",
  "go",
  "c",
  "web",
] as const;

type TemplateName = (typeof templateNames)[number];

/** Ordinary projects, as the tools of each language make them. */
export const templates: Readonly<Record<TemplateName, (facts: ProjectFacts) => Project>> = {
  empty: (facts) => ({ files: { "README.md": readme(facts) }, next: "Put something into it." }),
  node: (facts) => ({
    files: {
      "README.md": readme(facts),
      ".gitignore": "node_modules/\n",
      "package.json": packageFile(facts, { start: "node src/main.js", test: "node --test" }),
      "src/main.js": greeting,
    },
    next: "npm start",
  }),
  typescript: (facts) => ({
    files: {
      "README.md": readme(facts),
      ".gitignore": "node_modules/\ndist/\n",
      "package.json": packageFile(facts, {
        build: "tsc",
        start: "node src/main.ts",
        test: "node --test",
      }),
      "tsconfig.json": json({
        compilerOptions: {
          target: "esnext",
          module: "nodenext",
          strict: true,
          noUncheckedIndexedAccess: true,
          erasableSyntaxOnly: true,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
          outDir: "dist",
        },
        include: ["src"],
      }),
      "src/main.ts": greeting,
    },
    next: "npm install --save-dev typescript @types/node",
  }),
  python: (facts) => ({
    files: {
      "README.md": readme(facts),
      ".gitignore": "__pycache__/\n.venv/\n*.egg-info/\n",
      "pyproject.toml": [
        "[build-system]",
        'requires = ["setuptools>=61"]',
        'build-backend = "setuptools.build_meta"',
        "",
        "[project]",
        `name = "${facts.name}"`,
        'version = "0.1.0"',
        `description = "${facts.description}"`,
        'requires-python = ">=3.9"',
        "",
      ].join("\n"),
      [`src/${moduleName(facts)}/__init__.py`]: "",
      [`src/${moduleName(facts)}/__main__.py`]: 'print("Hello!")\n',
    },
    next: `PYTHONPATH=src python3 -m ${moduleName(facts)}`,
  }),
  rust: (facts) => ({
    files: {
      "README.md": readme(facts),
      ".gitignore": "/target\n",
      "Cargo.toml": `[package]\nname = "${facts.name}"\nversion = "0.1.0"\nedition = "2021"\ndescription = "${facts.description}"\n\n[dependencies]\n`,
      "src/main.rs": 'fn main() {\n    println!("Hello!");\n}\n',
    },
    next: "cargo run",
  }),
  go: (facts) => ({
    files: {
      "README.md": readme(facts),
      ".gitignore": `/${facts.name}\n`,
      "go.mod": `module example.com/${facts.name}\n\ngo 1.21\n`,
      "main.go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("Hello!")\n}\n',
    },
    next: "go run .",
  }),
  c: (facts) => ({
    files: {
      "README.md": readme(facts),
      ".gitignore": `*.o\n/${facts.name}\n`,
      Makefile: `CFLAGS ?= -std=c11 -O2 -Wall -Wextra\n\n${facts.name}: main.o\n\t$(CC) $(LDFLAGS) -o $@ $^\n\n.PHONY: clean\nclean:\n\trm -f ${facts.name} *.o\n`,
      "main.c": '#include <stdio.h>\n\nint main(void) {\n    puts("Hello!");\n    return 0;\n}\n',
    },
    next: "make",
  }),
  web: (facts) => ({
    files: {
      "README.md": readme(facts),
      "index.html": `<!doctype html>\n<html lang="en">\n  <head>\n    <meta charset="utf-8" />\n    <meta name="viewport" content="width=device-width" />\n    <title>${facts.name}</title>\n    <link rel="stylesheet" href="style.css" />\n    <script type="module" src="main.js"></script>\n  </head>\n  <body>\n    <h1>${facts.name}</h1>\n  </body>\n</html>\n`,
      "style.css": "body {\n  font-family: system-ui, sans-serif;\n  margin: 2rem;\n}\n",
      "main.js": 'document.querySelector("h1").textContent += ": hello!";\n',
    },
    next: "python3 -m http.server --bind 127.0.0.1",
  }),
};

const greeting = 'import { stdout } from "node:process";\n\nstdout.write("Hello!\\n");\n';

function readme({ name, description }: ProjectFacts): string {
  return `# ${name}\n${description === "" ? "" : `\n${description}\n`}`;
}

function packageFile(
  { name, description }: ProjectFacts,
  scripts: Readonly<Record<string, string>>,
): string {
  return json({ name, version: "0.1.0", description, private: true, type: "module", scripts });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Python's modules have no dashes in their names. */
function moduleName({ name }: ProjectFacts): string {
  return name.replaceAll("-", "_");
}
