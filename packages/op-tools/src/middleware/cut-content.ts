import { hasKnownForm, type ContentBlock } from "../tool/tool-result.ts";
import type { Cut } from "./cut-result.ts";
import type { ResultPage } from "./result-store.ts";
import { splitText } from "./split-text.ts";

const textType = "text/plain";
const jsonType = "application/json";

/** A piece of content, both as it is answered and as it is kept. */
interface Piece {
  readonly block: ContentBlock;
  readonly page: ResultPage;
}

/**
 * Shows the first blocks of content, at most `maxBytes` bytes of them; the text on the border is cut at the end of a
 * line. What follows is the rest, and text in it is put together to pages of that size.
 */
export function cutContent(
  content: readonly ContentBlock[],
  maxBytes: number,
): Cut<readonly ContentBlock[]> {
  const pieces = content.flatMap((block) => piecesOf(block, maxBytes));
  const count = fitting(pieces, maxBytes);
  const shown = pieces.slice(0, count);
  return {
    shown: shown.map(({ block }) => block),
    rest: mergeText(
      pieces.slice(count).map(({ page }) => page),
      maxBytes,
    ),
    note: noteFor(pieces, shown),
  };
}

function piecesOf(block: ContentBlock, maxBytes: number): readonly Piece[] {
  if (!hasKnownForm(block))
    return [{ block, page: { mimeType: jsonType, text: JSON.stringify(block) } }];
  if (block.type === "text") {
    return splitText(block.text, maxBytes).map((text) => ({
      block: { ...block, text },
      page: { mimeType: textType, text },
    }));
  }
  return [{ block, page: pageOf(block) }];
}

function pageOf(block: Exclude<ContentBlock, { type: "text" }>): ResultPage {
  if (block.type === "resource_link") {
    return { mimeType: textType, text: `${block.name}: ${block.uri}\n` };
  }
  if (block.type !== "resource") return { mimeType: block.mimeType, blob: block.data };
  const { mimeType = textType, ...contents } = block.resource;
  return "text" in contents ? { mimeType, text: contents.text } : { mimeType, blob: contents.blob };
}

function fitting(pieces: readonly Piece[], maxBytes: number): number {
  let left = maxBytes;
  const first = pieces.findIndex(({ page }) => {
    left -= sizeOf(page);
    return left < 0;
  });
  return first === -1 ? pieces.length : first;
}

function sizeOf(page: ResultPage): number {
  return "text" in page ? Buffer.byteLength(page.text) : page.blob.length;
}

function mergeText(pages: readonly ResultPage[], maxBytes: number): readonly ResultPage[] {
  const merged: ResultPage[] = [];
  let size = 0;
  for (const page of pages) {
    const last = merged.at(-1);
    size += sizeOf(page);
    if (size <= maxBytes && isPlain(last) && isPlain(page)) {
      merged[merged.length - 1] = { mimeType: textType, text: last.text + page.text };
    } else {
      merged.push(page);
      size = sizeOf(page);
    }
  }
  return merged;
}

function isPlain(page: ResultPage | undefined): page is ResultPage & { readonly text: string } {
  return page !== undefined && "text" in page && page.mimeType === textType;
}

/** Lines where all is text that has some, or else bytes. */
function noteFor(pieces: readonly Piece[], shown: readonly Piece[]): string {
  const lines = linesOf(shown);
  if (pieces.every(({ page }) => "text" in page) && lines > 1) {
    return `Showing ${lines} of ${linesOf(pieces)} lines.`;
  }
  return `Showing ${bytesOf(shown)} of ${bytesOf(pieces)} bytes.`;
}

function linesOf(pieces: readonly Piece[]): number {
  const text = pieces.map(({ page }) => ("text" in page ? page.text : "")).join("");
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function bytesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { page }) => sum + sizeOf(page), 0);
}
