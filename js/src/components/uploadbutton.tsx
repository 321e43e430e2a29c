import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { UploadButtonEvent, UploadButtonProps } from "../contract";
import { Face, lookOf } from "../face";
import { acceptOf, filesOf } from "../files";
import { Icon } from "../icons";
import { define } from "../runtime/define";
import { useUploads } from "../uploads";
import "./uploadbutton.css";

export default define<UploadButtonProps, UploadButtonEvent>(({ props, emit, node, app }) => {
  const chooser = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  const uploads = useUploads(app);
  const part = uploads.part.value;
  const fixed = props.interactive === false;
  const single = props.file_count === "single";
  const folder = props.file_count === "directory";
  const kinds = folder ? null : props.file_types;

  const take = async (files: File[]) => {
    const records = await uploads.send(single ? files.slice(0, 1) : files, kinds);
    if (records) emit("upload", { value: single ? records[0] : records });
  };

  return (
    <div class="nbb-upload">
      <button
        type="button"
        id={node.domId}
        class={`${lookOf(props)}${over.value ? " nbb-over" : ""}`}
        disabled={fixed || part !== null}
        aria-busy={part !== null}
        onClick={() => {
          emit("click");
          chooser.current?.click();
        }}
        onDragOver={(event) => {
          if (fixed || !event.dataTransfer?.types.includes("Files")) return;
          event.preventDefault();
          over.value = true;
        }}
        onDragLeave={() => {
          over.value = false;
        }}
        onDrop={async (event) => {
          event.preventDefault();
          over.value = false;
          if (!fixed) await take(await filesOf(event.dataTransfer));
        }}
      >
        <Face icon={props.icon} text={part === null ? props.label : `Uploading ${Math.floor(part * 100)} %`}>
          <Icon name="upload" />
        </Face>
        {part !== null && <span class="nbb-press-part" style={{ width: `${part * 100}%` }} />}
      </button>
      {part !== null && (
        <button type="button" class="nbb-tool" aria-label="Cancel the upload" title="Cancel" onClick={uploads.cancel}>
          <Icon name="close" />
        </button>
      )}
      <input
        ref={chooser}
        class="nbb-sr"
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept={acceptOf(kinds)}
        multiple={!single}
        {...(folder ? { webkitdirectory: true } : {})}
        disabled={fixed}
        onChange={({ currentTarget: input }) => {
          const files = [...(input.files ?? [])];
          input.value = ""; // else choosing the same files again would go unnoticed
          if (files.length) void take(files);
        }}
      />
    </div>
  );
});
