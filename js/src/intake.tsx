/** Ways in for pictures and films: chosen, dropped, pasted by key or button, or taken by the webcam. */

import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, HTMLAttributes } from "preact";
import { useRef } from "preact/hooks";
import { Chooser } from "./chooser";
import { filesOf } from "./files";
import { Icon, type IconName } from "./icons";
import type { AppFace } from "./runtime/define";
import "./intake.css";

export interface IntakeOptions {
  app: AppFace;
  editable: boolean;
  /** Of "upload", "webcam" and "clipboard". */
  sources: readonly string[];
  /** What may come: "image", "video", ".ext". */
  kinds: readonly string[];
  multiple?: boolean;
  take(files: File[]): void;
}

export interface Intake {
  /** Whether files are held over the block. */
  over: Signal<boolean>;
  /** For the element that takes drops and pastes; it, or something in it, must have the focus for the latter. */
  handlers: Pick<HTMLAttributes<HTMLDivElement>, "onDragOver" | "onDragLeave" | "onDrop" | "onPaste" | "tabIndex">;
  choose(): void;
  paste(): void;
  /** The hidden control behind `choose`: draw it somewhere. */
  chooser: ComponentChildren;
}

export function useIntake({ app, editable, sources, kinds, multiple, take }: IntakeOptions): Intake {
  const input = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  const may = (source: string) => editable && sources.includes(source);
  const tell = (message: string) => app.toast({ level: "info", title: "Paste", message });

  /** What is among the pasted files; text or another kind of file is somebody else's affair. */
  const isMedia = (file: File) => kinds.some((kind) => kind.startsWith(".") || file.type.startsWith(`${kind}/`));

  const paste = async () => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((one) => one.startsWith("image/"));
        if (!type) continue;
        take([new File([await item.getType(type)], `pasted.${type.slice(6).replace(/\+.*/, "")}`, { type })]);
        return;
      }
      tell("There is no picture in the clipboard.");
    } catch {
      tell("The browser does not allow it by a button: press Ctrl+V (or ⌘V) now.");
    }
  };

  const handlers: Intake["handlers"] = !editable
    ? {}
    : {
        // A picture has nothing in it to be focused, and a paste goes to what has the focus.
        tabIndex: may("clipboard") ? -1 : undefined,
        onDragOver: (event) => {
          if (!may("upload") || !event.dataTransfer?.types.includes("Files")) return;
          event.preventDefault();
          over.value = true;
        },
        onDragLeave: (event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Element | null)) over.value = false;
        },
        onDrop: async (event) => {
          over.value = false;
          if (!may("upload") || !event.dataTransfer?.types.includes("Files")) return;
          event.preventDefault();
          const files = await filesOf(event.dataTransfer);
          if (files.length) take(multiple ? files : files.slice(0, 1));
        },
        onPaste: (event) => {
          const files = [...(event.clipboardData?.files ?? [])].filter(isMedia);
          if (!may("clipboard") || !files.length) return;
          event.preventDefault();
          event.stopPropagation();
          take(multiple ? files : files.slice(0, 1));
        },
      };

  const chooser = may("upload") && (
    <Chooser opener={input} file_count={multiple ? "multiple" : "single"} file_types={kinds} onChoose={take} />
  );
  return { over, handlers, chooser, choose: () => input.current?.click(), paste: () => void paste() };
}

interface ZoneProps {
  id: string;
  intake: Intake;
  sources: readonly string[];
  /** What is wanted, as in "Drop an image here". */
  noun: string;
  /** The author's own words; a line that begins with # is a heading. */
  placeholder?: string | null;
  onCamera(): void;
}

const WAYS: Record<string, { icon: IconName; text: string; alone: string }> = {
  upload: { icon: "upload", text: "Upload", alone: "" },
  webcam: { icon: "camera", text: "Webcam", alone: "Use the webcam" },
  clipboard: { icon: "paste", text: "Paste", alone: "Paste from the clipboard" },
};

/** The empty place that waits for a file: a large button for the first way in, small ones for the others. */
export function Zone({ id, intake, sources, noun, placeholder, onCamera }: ZoneProps) {
  const ways = ["upload", "webcam", "clipboard"].filter((one) => sources.includes(one));
  const [main, ...more] = ways;
  if (!main) return <Nothing label={`No ${noun}`} />;
  const go: Record<string, () => void> = { upload: intake.choose, webcam: onCamera, clipboard: intake.paste };
  return (
    <div class="nbb-zone">
      <button type="button" id={id} class="nbb-zone-main" onClick={go[main]}>
        <Icon name={WAYS[main]!.icon} size={24} />
        {placeholder ? (
          <Words text={placeholder} />
        ) : main === "upload" ? (
          <span>
            Drop {noun} here or <u>choose a file</u>
          </span>
        ) : (
          <span>
            <u>{WAYS[main]!.alone}</u>
          </span>
        )}
      </button>
      {more.length > 0 && (
        <div class="nbb-zone-more">
          {more.map((way) => (
            <button key={way} type="button" class="nbb-press nbb-secondary nbb-sm" onClick={go[way]}>
              <Icon name={WAYS[way]!.icon} size={14} />
              <span>{WAYS[way]!.text}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The empty place of a block that is only looked at. */
export function Nothing({ label, icon = "picture" }: { label: string; icon?: IconName }) {
  return (
    <div class="nbb-zone nbb-nothing" role="img" aria-label={label}>
      <Icon name={icon} size={28} />
    </div>
  );
}

function Words({ text }: { text: string }) {
  return (
    <span class="nbb-zone-words">
      {text.split("\n").map((line, at) => {
        const heading = /^#+\s*(.*)/.exec(line);
        return heading ? <strong key={at}>{heading[1]}</strong> : <span key={at}>{line}</span>;
      })}
    </span>
  );
}

/** A small button over a picture. */
export function Tool({ icon, name, onClick }: { icon: IconName; name: string; onClick: () => void }) {
  return (
    <button type="button" class="nbb-tool" aria-label={name} title={name} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

/** How far an upload has come, along the lower edge. */
export function Part({ part }: { part: number }) {
  return (
    <div
      class="nbb-part"
      role="progressbar"
      aria-label="Upload"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(part * 100)}
    >
      <span style={{ width: `${part * 100}%` }} />
    </div>
  );
}
