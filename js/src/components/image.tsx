import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ImageEvent, ImageProps } from "../contract";
import { filesOf, usePicture } from "../files";
import { Icon, type IconName } from "../icons";
import { cssLength } from "../lengths";
import { define } from "../runtime/define";
import { Field } from "../runtime/field";
import { useUploads } from "../uploads";
import "./image.css";

export default define<ImageProps, ImageEvent>(({ props, emit, node, app }) => {
  const chooser = useRef<HTMLInputElement>(null);
  const full = useSignal(false);
  const over = useSignal(false);
  /** The file the user chose, shown until its record comes back with bytes, and after as long as it is the value. */
  const local = useSignal<{ file: File; path: string | null } | null>(null);
  const uploads = useUploads(app);

  const value = props.value ?? null;
  const editable = props.interactive !== false;
  const part = uploads.part.value;
  const sources = props.sources ?? ["upload", "webcam", "clipboard"];
  const mine = local.value && (part !== null || local.value.path === value?.path) ? local.value.file : null;
  const picture = usePicture(value?.data ? value : (mine ?? value));
  const name = value?.orig_name ?? "image";

  const take = async (files: File[]) => {
    const file = files[0];
    if (!file) return;
    if (file.type.startsWith("image/")) local.value = { file, path: null };
    const record = (await uploads.send([file], ["image"]))?.[0];
    if (!record) return;
    local.value = { file, path: record.path };
    emit("input", { value: record });
    emit("upload", { value: record });
  };
  const clear = () => {
    uploads.cancel();
    local.value = null;
    if (value) {
      emit("input", { value: null });
      emit("clear", { value: null });
    }
  };
  const paste = async () => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((one) => one.startsWith("image/"));
        if (type) return await take([new File([await item.getType(type)], `pasted.${type.slice(6)}`, { type })]);
      }
      app.toast({ level: "info", title: "Paste", message: "There is no picture in the clipboard." });
    } catch {
      app.toast({
        level: "info",
        title: "Paste",
        message: "The browser does not allow it by a button: press Ctrl+V (or ⌘V) now.",
      });
    }
  };
  const save = () => {
    const blob = value?.data ? new Blob([value.data as BlobPart], { type: value.mime_type ?? "" }) : mine;
    if (!blob && value) return void app.download(value.path, { name });
    const link = document.createElement("a");
    link.href = blob ? URL.createObjectURL(blob) : (picture ?? "");
    link.download = name;
    link.click();
    if (blob) setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (!editable || !files.length || !sources.includes("clipboard")) return;
    event.preventDefault();
    void take(files);
  };
  const drop = editable && {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files") || !sources.includes("upload")) return;
      event.preventDefault();
      over.value = true;
    },
    onDragLeave: () => {
      over.value = false;
    },
    onDrop: async (event: DragEvent) => {
      event.preventDefault();
      over.value = false;
      await take(await filesOf(event.dataTransfer));
    },
  };

  return (
    <Field {...props} for={null} class="nbb-flush">
      {/* biome-ignore lint/a11y/useSemanticElements: not a set of form controls */}
      <div
        class={`nbb-picture${over.value ? " nbb-over" : ""}`}
        role="group"
        aria-labelledby={`${node.domId}-label`}
        aria-busy={part !== null}
        style={{ height: cssLength(props.height), width: cssLength(props.width), maxWidth: "100%" }}
        onPaste={onPaste}
        {...drop}
      >
        {picture ? (
          // biome-ignore lint/a11y/useKeyWithClickEvents: a place in a picture is picked with a pointer
          <img
            class={part === null ? "nbb-shown" : "nbb-shown-early"}
            src={picture}
            alt={props.label ?? name}
            onClick={(event) => emit("select", { data: { index: pixelAt(event), value: null } })}
          />
        ) : editable ? (
          <div class="nbb-zone">
            {sources.includes("upload") && (
              <button type="button" id={node.domId} class="nbb-zone-main" onClick={() => chooser.current?.click()}>
                <Icon name="upload" size={24} />
                <span>
                  {props.placeholder ?? (
                    <>
                      Drop an image here or <u>choose a file</u>
                    </>
                  )}
                </span>
              </button>
            )}
            {sources.includes("clipboard") && (
              <button type="button" class="nbb-press nbb-secondary nbb-sm nbb-zone-paste" onClick={paste}>
                <Icon name="paste" size={14} />
                <span>Paste</span>
              </button>
            )}
          </div>
        ) : (
          <div class="nbb-zone nbb-nothing" role="img" aria-label="No image">
            <Icon name="picture" size={28} />
          </div>
        )}
        {part !== null && (
          <div class="nbb-picture-progress" role="progressbar" aria-valuenow={Math.floor(part * 100)}>
            <span style={{ width: `${part * 100}%` }} />
          </div>
        )}
        {picture && (
          <div class="nbb-tools">
            {part === null && props.show_fullscreen_button !== false && (
              <Tool icon="expand" name="Full screen" onClick={() => (full.value = true)} />
            )}
            {part === null && props.show_download_button !== false && (
              <Tool icon="download" name="Download" onClick={save} />
            )}
            {editable && <Tool icon="close" name={part === null ? "Clear" : "Cancel the upload"} onClick={clear} />}
          </div>
        )}
        {editable && sources.includes("upload") && (
          <input
            ref={chooser}
            class="nbb-sr"
            type="file"
            accept="image/*"
            tabIndex={-1}
            aria-hidden="true"
            onChange={({ currentTarget: input }) => {
              const files = [...(input.files ?? [])];
              input.value = "";
              void take(files);
            }}
          />
        )}
        {picture && full.value && (
          <Full picture={picture} name={props.label ?? name} onClose={() => (full.value = false)} />
        )}
      </div>
    </Field>
  );
});

/** The picture alone, as large as the page. Escape closes it, and so does a click. */
function Full({ picture, name, onClose }: { picture: string; name: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a dialog is left with Escape
    <dialog ref={dialog} class="nbb-full" aria-label={name} onClick={close} onClose={onClose}>
      <img src={picture} alt={name} />
      <Tool icon="shrink" name="Leave full screen" onClick={close} />
    </dialog>
  );
}

function Tool({ icon, name, onClick }: { icon: IconName; name: string; onClick: () => void }) {
  return (
    <button type="button" class="nbb-tool" aria-label={name} title={name} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

/** The pixel under the pointer, of the picture as it lies (fitted and centred) in its element. */
function pixelAt(event: MouseEvent & { currentTarget: HTMLImageElement }): [number, number] {
  const { currentTarget: image, clientX, clientY } = event;
  const box = image.getBoundingClientRect();
  const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight) || 1;
  const at = (offset: number, room: number, pixels: number) =>
    Math.max(0, Math.min(pixels - 1, Math.floor((offset - (room - pixels * scale) / 2) / scale)));
  return [
    at(clientX - box.left, box.width, image.naturalWidth),
    at(clientY - box.top, box.height, image.naturalHeight),
  ];
}
