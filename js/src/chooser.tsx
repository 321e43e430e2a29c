/** How files come into a page: by the browser's chooser, dropped, or pasted. */

import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { acceptOf, filesOf } from "./files";
import type { AppFace } from "./runtime/define";

export interface Wanted {
  file_count?: string | null;
  file_types?: readonly string[] | null;
}

/** The kinds that are asked for: any, where whole folders are. */
export function kindsOf({ file_count, file_types }: Wanted): readonly string[] | null {
  return file_count === "directory" ? null : (file_types ?? null);
}

interface ChooserProps extends Wanted {
  /** Its `click` opens the chooser. */
  opener: RefObject<HTMLInputElement | null>;
  disabled?: boolean;
  onChoose(files: File[]): void;
}

/** The browser's file chooser, unseen. Nothing comes of a choice that is cancelled. */
export function Chooser({ opener, disabled, onChoose, ...wanted }: ChooserProps) {
  const folder = wanted.file_count === "directory";
  return (
    <input
      ref={opener}
      class="nbb-sr"
      type="file"
      tabIndex={-1}
      aria-hidden="true"
      accept={acceptOf(kindsOf(wanted))}
      multiple={folder || wanted.file_count === "multiple"}
      {...(folder ? { webkitdirectory: true } : {})}
      disabled={disabled}
      onChange={({ currentTarget: input }) => {
        const files = [...(input.files ?? [])];
        input.value = ""; // else choosing the same files again would go unnoticed
        // A folder's come in no order.
        if (folder) files.sort((one, other) => (one.webkitRelativePath < other.webkitRelativePath ? -1 : 1));
        if (files.length) onChoose(files);
      }}
    />
  );
}

export interface Drop {
  /** Whether files are held over the element now. */
  over: Signal<boolean>;
  /** Take the files of an event, whose default is then prevented; false if it holds none. */
  take(event: Event, given: DataTransfer | null): boolean;
  handlers: {
    onDragEnter(event: DragEvent): void;
    onDragOver(event: DragEvent): void;
    onDragLeave(event: DragEvent & { currentTarget: HTMLElement }): void;
    onDrop(event: DragEvent): void;
  };
}

/** Let files be dropped on an element. While it is not `open` they are refused: a browser would leave the page for them. */
export function useDrop(app: AppFace, open: boolean, onFiles: (files: File[]) => void): Drop {
  const over = useSignal(false);
  const take = (event: Event, given: DataTransfer | null) => {
    if (!given?.types.includes("Files")) return false;
    event.preventDefault();
    event.stopPropagation();
    if (!open) return true;
    filesOf(given).then(
      (files) => files.length > 0 && onFiles(files),
      () => app.toast({ level: "error", title: "Upload failed", message: "A file or folder could not be read." }),
    );
    return true;
  };
  const hold = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = open ? "copy" : "none";
    over.value = open;
  };
  const handlers = {
    onDragEnter: hold,
    onDragOver: hold,
    onDragLeave: (event: DragEvent & { currentTarget: HTMLElement }) => {
      // Moving on to an element inside is no leaving.
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) over.value = false;
    },
    onDrop: (event: DragEvent) => {
      over.value = false;
      take(event, event.dataTransfer);
    },
  };
  return { over, take, handlers };
}
