import { mkdir, open, rm } from "node:fs/promises";
import { constants } from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { choiceField, malformed, textField } from "../../operation/field.ts";
import { listSchema, objectSchema, string } from "../../operation/output-schema.ts";
import { whyUnchangeable } from "../../places/forbidden-places.ts";
import { atPlace, failedPlace, refusedPlace } from "../../places/place-failure.ts";
import { openEntry, openPlace, type Place } from "../../places/place.ts";
import { renameNew } from "../../places/rename-place.ts";
import { findRoots } from "../../places/root.ts";
import type { ExecutorSettings } from "../execute-command.ts";
import { templateNames, templates, type ProjectFiles } from "./templates.ts";

const name = textField(
  "name",
  "What it is called: small letters, digits, - and _, beginning with a letter.",
);
const folder = textField("folder", "The folder it is made in, by absolute path.");
const template = choiceField("template", "What it is made of.", templateNames);
const description = textField("description", "What it is for, in a line.", {
  fallback: "",
  longest: 200,
});

/** Makes a project from a template. */
export const createProject: AgentOperation<ExecutorSettings> = {
  name: "create_project",
  description:
    "Makes a new project in a folder for projects, from a template: node, typescript, python, rust, go, c, web or empty. Runs nothing and downloads nothing.",
  risk: "write",
  isIdempotent: false,
  fields: [name, folder, template, description],
  outputSchema: objectSchema({ path: string, files: listSchema(string), next: string }),
  run: async (input, settings) => {
    const plain = checkName(name.read(input));
    const { files, next } = templates[template.read(input)]({
      name: plain,
      description: checkDescription(description.read(input)),
    });
    const path = join(folder.read(input), plain);
    const roots = findRoots({ readable: settings.folders, writable: settings.projects });
    await using place = await openPlace(path, { roots, isFollowed: false });
    if (!place.root.isWritable || place.name === "") {
      const advice = `For projects are: ${settings.projects.join(", ")}.`;
      throw refusedPlace(path, "it is in no folder for projects", advice);
    }
    const why = whyUnchangeable(place.path);
    if (why !== undefined) throw refusedPlace(path, why);
    await atPlace(path, async () => await make(place, files));
    return { path: place.path, files: Object.keys(files), next };
  },
};

function checkName(text: string): string {
  if (/^[a-z][a-z0-9_-]{0,63}$/u.test(text)) return text;
  throw malformed("name is no name for a project", "Use small letters, digits, - and _.");
}

function checkDescription(text: string): string {
  if (/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"\\]*$/u.test(text)) return text;
  throw malformed("description has characters that some language reads as something else");
}

/** All of it appears at one moment, or nothing. */
async function make(place: Place, files: ProjectFiles): Promise<void> {
  await using there = await openEntry(place);
  if (there !== undefined) throw failedPlace(place.path, "it exists already", "Take another name.");
  const draft = place.beside(`.${randomUUID()}.draft`);
  await mkdir(draft, 0o755);
  try {
    for (const [path, content] of Object.entries(files)) await put(join(draft, path), content);
    await renameNew(draft, place.at, true);
    await place.syncFolder();
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  await using handle = await open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o644);
  await handle.writeFile(content);
}
