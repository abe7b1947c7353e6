import { assert, property, webUrl } from "fast-check";
import { describe, expect, it } from "vitest";
import { createUriMaps, mapContent } from "../../src/resources/uri-map.ts";

describe("the URIs of upstreams", () => {
  const maps = createUriMaps([
    { name: "My_Docs" },
    { name: "my-docs" },
    { name: "7" },
    { name: "plain", keepUris: true },
  ]);

  it("are told apart by their schemes, also where names are spelt alike", () => {
    const uris = [...maps.values()].map((map) => map.toPublic("file:///a"));
    expect(uris).toEqual(["my-docs+file:///a", "my-docs-2+file:///a", "u7+file:///a", "file:///a"]);
    for (const uri of uris) expect(URL.canParse(uri)).toBe(true);
  });

  it("come back as they were, and belong to one upstream", () => {
    assert(
      property(webUrl(), (uri) => {
        for (const [name, map] of maps) {
          expect(map.toUpstream(map.toPublic(uri))).toBe(uri);
          if (name === "plain") continue;
          const owners = [...maps].filter(([, other]) => other.owns(map.toPublic(uri)));
          expect(owners.map(([owner]) => owner)).toEqual([name, "plain"]);
        }
      }),
      { seed: 7 },
    );
  });

  it("are mapped in links and embedded resources, and nowhere else", () => {
    const map = maps.get("7")!;
    expect(mapContent({ type: "resource_link", uri: "a:b", name: "n", x: 1 }, map)).toEqual({
      type: "resource_link",
      uri: "u7+a:b",
      name: "n",
      x: 1,
    });
    expect(mapContent({ type: "resource", resource: { uri: "a:b", text: "t" } }, map)).toEqual({
      type: "resource",
      resource: { uri: "u7+a:b", text: "t" },
    });
    const text = { type: "text", text: "a:b", uri: "a:b" };
    expect(mapContent(text, map)).toBe(text);
  });
});
