/** Files on both sides of the wire: records from the kernel, File objects from the user. */

import { useEffect, useMemo } from "preact/hooks";
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
  useEffect(() => () => void (url?.startsWith("blob:") && bytes && URL.revokeObjectURL(url)), [url]);
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

/** Whether a file is of one of the kinds: "image", "audio", "video", "text", "file" or ".ext" (CP-42). */
export function isOfKind(file: File, kinds: readonly string[] | null | undefined): boolean {
  if (!kinds?.length) return true;
  return kinds.some((kind) => {
    if (kind === "file") return true;
    if (kind.startsWith(".")) return file.name.toLowerCase().endsWith(kind.toLowerCase());
    return kind.includes("/") ? file.type === kind : file.type.startsWith(`${kind}/`);
  });
}

/** The file chooser's filter for such kinds. */
export function acceptOf(kinds: readonly string[] | null | undefined): string | undefined {
  if (!kinds?.length || kinds.includes("file")) return undefined;
  return kinds.map((kind) => (kind.startsWith(".") || kind.includes("/") ? kind : `${kind}/*`)).join(",");
}

/** The way to a file below a chosen or dropped folder, else empty. */
export function wayTo(file: File): string {
  return (file as File & { way?: string }).way || file.webkitRelativePath || "";
}

/** The files dropped, those within dropped folders included. */
export async function filesOf(dropped: DataTransfer | null): Promise<File[]> {
  const entries = [...(dropped?.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...(dropped?.files ?? [])];
  return (await Promise.all(entries.map((entry) => (entry ? below(entry) : [])))).flat();
}

async function below(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [Object.assign(file, { way: entry.fullPath.replace(/^\//, "") })];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    // A reader hands out a hundred entries at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const one of some) found.push(...(await below(one)));
  }
}
