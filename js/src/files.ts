/** Files on both sides of the wire: records from the kernel, File objects from the user. */

import { useLayoutEffect, useMemo } from "preact/hooks";
import { safePicture } from "./links";
import type { FileRecord } from "./runtime/wire";

/** Bytes of a picture and what they are, such as a button's icon. */
export interface Picture {
  data: DataView;
  mime_type: string;
}

type Source = FileRecord | Picture | DataView | Blob | string | null | undefined;

/** Address under which a picture can be shown; that of bytes is let go of when they change. */
export function usePicture(source: Source): string | undefined {
  const { bytes, mime, address } = partsOf(source);
  const url = useMemo(() => {
    if (!bytes) return address ? safePicture(address) : undefined;
    const type = mime ? mime : bytes instanceof DataView ? guessed(bytes) : bytes.type;
    return URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  }, [bytes, mime, address]);
  // Before the next paint: a view that goes at once has no effects after it.
  useLayoutEffect(() => () => void (url?.startsWith("blob:") && bytes && URL.revokeObjectURL(url)), [url]);
  return url;
}

function partsOf(source: Source): { bytes?: DataView | Blob; mime?: string | null; address?: string | null } {
  if (!source) return {};
  if (typeof source === "string") return { address: source };
  if (source instanceof DataView || source instanceof Blob) return { bytes: source };
  return { bytes: source.data, mime: source.mime_type, address: "url" in source ? source.url : null };
}

/** Only SVG has to be told by name: browsers know the others by their first bytes. */
function guessed(bytes: DataView): string {
  return [0x3c, 0xef].includes(bytes.byteLength ? bytes.getUint8(0) : 0) ? "image/svg+xml" : "";
}

/** Types by the end of the name, where browsers know none or go by what is installed: Excel claims CSV. */
const KNOWN: Record<string, string> = {
  avif: "image/avif",
  csv: "text/csv",
  flac: "audio/flac",
  heic: "image/heic",
  m4a: "audio/mp4",
  md: "text/markdown",
  mkv: "video/x-matroska",
  ogg: "audio/ogg",
  opus: "audio/opus",
  py: "text/x-python",
  tsv: "text/tab-separated-values",
};

/** Whether a file is of one of the kinds: "image", "audio", "video", "text", "file" or ".ext" (CP-42). */
export function isOfKind(file: File, kinds: readonly string[] | null | undefined): boolean {
  if (!kinds?.length) return true;
  const name = file.name.toLowerCase();
  const types = [file.type, KNOWN[name.split(".").at(-1) ?? ""] ?? ""];
  return kinds.some((kind) => {
    if (kind === "file") return true;
    if (kind.startsWith(".")) return name.endsWith(kind.toLowerCase());
    return types.some((type) => (kind.includes("/") ? type === kind : type.startsWith(`${kind}/`)));
  });
}

/** The file chooser's filter for such kinds. */
export function acceptOf(kinds: readonly string[] | null | undefined): string | undefined {
  if (!kinds?.length || kinds.includes("file")) return undefined;
  const filters = kinds.flatMap((kind) => {
    if (!kind.startsWith(".")) return [kind.includes("/") ? kind : `${kind}/*`];
    // Choosers look at what follows the last dot: ".tar.gz" alone would show nothing.
    return [kind, kind.slice(kind.lastIndexOf("."))];
  });
  return [...new Set(filters)].join(",");
}

/** What is needed of a File: its way stands in `webkitRelativePath`, or beside it if it was dropped. */
type Found = File & { way?: string };

/** The way to a file from the chosen or dropped folder on, as in "trip/day 1/a.jpg", else empty. */
export function wayTo(file: File): string {
  return (file as Found).way || file.webkitRelativePath || "";
}

/** How long a file is, as people read it. */
export function sizeOf(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const size = bytes / 1024 ** power;
  return `${power && size < 10 ? size.toFixed(1) : Math.round(size)} ${units[power]}`;
}

/**
 * The files that were dropped or pasted, those within folders included, in the order of their names.
 *
 * Call it in the handler of the event: afterwards a browser shows nothing of them. It rejects if one cannot be read.
 */
export async function filesOf(given: DataTransfer | null): Promise<File[]> {
  const entries = [...(given?.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...(given?.files ?? [])];
  return (await Promise.all(entries.map((entry) => (entry ? below(entry) : [])))).flat();
}

async function below(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    const way = entry.fullPath.replace(/^\//, "");
    return [way.includes("/") ? Object.assign(file, { way }) : file];
  }
  const entries = await entriesOf((entry as FileSystemDirectoryEntry).createReader());
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  const found: File[] = [];
  for (const one of entries) found.push(...(await below(one)));
  return found;
}

/** What is in a folder; its reader hands out a hundred entries at a time. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    found.push(...some);
  }
}
