import { whyUnchangeable } from "../places/forbidden-places.ts";
import { refusedPlace } from "../places/place-failure.ts";
import { openPlace, type Place } from "../places/place.ts";
import type { FileSetting } from "./file-setting.ts";

/** Opens a place to change what is there; a permitted folder itself, and what can only be read, stay as they are. */
export async function openChangeable(
  path: string,
  { roots }: FileSetting,
  options: { readonly isFollowed: boolean },
): Promise<Place> {
  await using opened = new AsyncDisposableStack();
  const place = opened.use(await openPlace(path, { roots, ...options }));
  if (!place.root.isWritable) {
    const known = roots.filter(({ isWritable }) => isWritable).map(({ named }) => named);
    const folders = known.length === 0 ? "none" : known.join(", ");
    throw refusedPlace(
      path,
      "it is in a folder that can only be read",
      `Writable are: ${folders}.`,
    );
  }
  if (place.name === "") throw refusedPlace(path, "a permitted folder itself is not changed");
  const why = whyUnchangeable(place.path);
  if (why !== undefined) throw refusedPlace(path, why);
  opened.move();
  return place;
}
