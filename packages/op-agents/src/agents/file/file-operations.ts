import { checksumFile } from "./checksum-file.ts";
import { deleteFile } from "./delete-file.ts";
import { listFolder } from "./list-folder.ts";
import { moveFile } from "./move-file.ts";
import { readFile } from "./read-file.ts";
import { searchFiles } from "./search/search-files.ts";
import { statFile } from "./stat-file.ts";
import { tailFile } from "./tail-file.ts";
import { writeFile } from "./write-file.ts";

/** What only reads. */
export const readingOperations = [
  readFile,
  listFolder,
  statFile,
  searchFiles,
  tailFile,
  checksumFile,
] as const;

/** What changes something, where folders are writable. */
export const changingOperations = [writeFile, moveFile, deleteFile] as const;
