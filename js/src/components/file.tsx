import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Chooser, kindsOf, useDrop } from "../chooser";
import type { FileEvent, FileProps } from "../contract";
import { sizeOf } from "../files";
import { Icon } from "../icons";
import { cssLength } from "../lengths";
import { holdsFocus } from "../roots";
import { type AppFace, define } from "../runtime/define";
import { Field } from "../runtime/field";
import type { FileRecord } from "../runtime/wire";
import { nameOf, useSaves } from "../saves";
import { Unfinished } from "../unfinished";
import { useUploads } from "../uploads";
import "./file.css";

/** Files that are drawn at first, and added by each press of "more": a folder may hold thousands. */
const DRAWN = 200;
/** Marks a row as what is dragged. */
const ROW = "application/x-nbblocks-row";

export default define<FileProps, FileEvent | "change">(({ props, emit, node, app }) => {
  const group = useRef<HTMLDivElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const uploads = useUploads(app);
  const part = uploads.part.value;
  const files = listOf(props.value);
  const editable = props.interactive !== false;
  const many = props.file_count !== "single";

  const take = async (chosen: File[]) => {
    if (group.current && holdsFocus(group.current)) group.current.focus(); // what was pressed may go
    const records = await uploads.send(chosen, kindsOf(props), !many);
    if (records) emit("upload", { value: many ? [...listOf(props.value), ...records] : records[0] });
  };
  const drop = useDrop(app, editable && part === null, take);
  /** The value with other files in it: a list stays one. */
  const valued = (left: FileRecord[]) => (Array.isArray(props.value) ? (left.length ? left : null) : (left[0] ?? null));
  const remove = (at: number) => {
    group.current?.focus();
    emit("delete", { value: valued(files.filter((_, place) => place !== at)), data: { file: files[at] } });
  };
  const clear = () => {
    group.current?.focus();
    emit("clear", { value: null });
  };
  const cancel = () => {
    group.current?.focus();
    uploads.cancel();
  };
  const height = cssLength(props.height);

  return (
    <Field {...props} for={null} class={drop.over.value ? "nbb-over" : ""}>
      {/* biome-ignore lint/a11y/useSemanticElements: not a set of form controls */}
      <div
        ref={group}
        class="nbb-files"
        role="group"
        tabIndex={-1}
        aria-labelledby={`${node.domId}-label`}
        aria-busy={part !== null}
        onPaste={(event) => drop.take(event, event.clipboardData)}
        {...drop.handlers}
      >
        {files.length > 0 && (
          <FileList
            files={files}
            height={height}
            app={app}
            onMove={
              editable && props.allow_reordering && files.length > 1
                ? (from, to) => emit("change", { value: valued(moved(files, from, to)) })
                : undefined
            }
            onSelect={
              app.listens("select")
                ? (at) => emit("select", { data: { index: at, value: nameOf(files[at]!) } })
                : undefined
            }
            onSaved={(file) => emit("download", { data: { file } })}
            onRemove={editable && files.length > 1 ? remove : undefined}
          />
        )}
        {part !== null ? (
          <Progress part={part} filling={!files.length} height={height} onCancel={cancel} />
        ) : files.length ? (
          editable && (
            <div class="nbb-files-foot">
              <button type="button" class="nbb-files-act" onClick={() => chooser.current?.click()}>
                <Icon name="upload" size={14} />
                {many ? (props.file_count === "directory" ? "Add a folder" : "Add files") : "Replace"}
              </button>
              {files.length > 1 && <span class="nbb-files-sum">{summed(files)}</span>}
              <button type="button" class="nbb-files-act" onClick={clear}>
                <Icon name="close" size={14} />
                Clear
              </button>
            </div>
          )
        ) : editable ? (
          <button
            type="button"
            id={node.domId}
            class="nbb-files-drop"
            style={{ minHeight: height }}
            onClick={() => chooser.current?.click()}
          >
            <Icon name="upload" size={22} />
            <span>
              {INVITATION[props.file_count]} <u>choose {many && props.file_count === "multiple" ? "them" : "one"}</u>
            </span>
            {kindsOf(props)?.length ? <small>{kindsOf(props)?.join(", ")}</small> : null}
          </button>
        ) : (
          <div class="nbb-files-none" style={{ minHeight: height }}>
            No file
          </div>
        )}
        {editable && part === null && <Unfinished app={app} />}
        {editable && (
          <Chooser opener={chooser} file_count={props.file_count} file_types={props.file_types} onChoose={take} />
        )}
      </div>
    </Field>
  );
});

const INVITATION = {
  single: "Drop a file here or",
  multiple: "Drop files here or",
  directory: "Drop a folder here or",
};

interface ListProps {
  files: FileRecord[];
  height: string | undefined;
  app: AppFace;
  onSaved(file: FileRecord): void;
  onMove?: ((from: number, to: number) => void) | undefined;
  onSelect?: ((at: number) => void) | undefined;
  onRemove?: ((at: number) => void) | undefined;
}

function FileList({ files, height, onMove, ...rest }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  const limit = useSignal(DRAWN);
  /** The row being dragged, and the gap it would fall into. */
  const held = useSignal<number | null>(null);
  const gap = useSignal<number | null>(null);
  /** Where the row has gone that was moved by keys. */
  const followed = useRef<number | null>(null);
  const said = useSignal("");
  useLayoutEffect(() => {
    if (followed.current === null) return;
    list.current?.querySelectorAll<HTMLElement>(".nbb-file-grip")[followed.current]?.focus();
    followed.current = null;
  }, [files]);

  const move = (from: number, to: number) => {
    if (to < 0 || to >= files.length || to === from) return;
    said.value = `${nameOf(files[from]!)}: ${to + 1} of ${files.length}`;
    onMove?.(from, to);
  };
  const gapAt = (event: DragEvent, at: number) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return event.clientY > box.top + box.height / 2 ? at + 1 : at;
  };
  const dragging = (at: number) =>
    onMove && {
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer?.setData(ROW, String(at));
        if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
        held.value = at;
      },
      onDragOver: (event: DragEvent) => {
        if (held.value === null || !event.dataTransfer?.types.includes(ROW)) return;
        event.preventDefault();
        event.stopPropagation();
        gap.value = gapAt(event, at);
      },
      onDrop: (event: DragEvent) => {
        const from = held.value;
        if (from === null || !event.dataTransfer?.types.includes(ROW)) return;
        event.preventDefault();
        event.stopPropagation();
        const to = gapAt(event, at);
        move(from, to > from ? to - 1 : to);
      },
      onDragEnd: () => {
        held.value = gap.value = null;
      },
    };

  const drawn = files.slice(0, limit.value);
  const keys = keysOf(drawn);
  return (
    <>
      <ul ref={list} class="nbb-files-list" style={{ maxHeight: height }}>
        {drawn.map((file, at) => (
          <Row
            key={keys[at]}
            file={file}
            at={at}
            class={`${held.value === at ? " nbb-held" : ""}${gap.value === at ? " nbb-before" : ""}${
              gap.value === files.length && at === files.length - 1 ? " nbb-after" : ""
            }`}
            drag={dragging(at) || undefined}
            onStep={
              onMove &&
              ((by) => {
                followed.current = Math.max(0, Math.min(files.length - 1, at + by));
                move(at, at + by);
              })
            }
            {...rest}
          />
        ))}
        {files.length > limit.value && (
          <li>
            <button
              type="button"
              class="nbb-files-act nbb-files-more"
              onClick={() => {
                limit.value += DRAWN;
              }}
            >
              Show {Math.min(DRAWN, files.length - limit.value)} more of {files.length}
            </button>
          </li>
        )}
      </ul>
      {onMove && (
        <span class="nbb-sr" role="status">
          {said.value}
        </span>
      )}
    </>
  );
}

interface RowProps extends Pick<ListProps, "app" | "onSaved" | "onSelect" | "onRemove"> {
  file: FileRecord;
  at: number;
  class: string;
  drag: object | undefined;
  onStep?: ((by: number) => void) | undefined;
}

function Row({ file, at, app, onSaved, onSelect, onRemove, class: more, drag, onStep }: RowProps) {
  const saves = useSaves(app);
  const part = saves.part.value;
  const name = nameOf(file);
  const [folders, stem, end] = partsOf(name);
  const size = file.size == null ? "" : sizeOf(file.size);
  const label = (
    <>
      <span class="nbb-file-stem">
        {folders && <span class="nbb-file-way">{folders}</span>}
        {stem}
      </span>
      <span>{end}</span>
    </>
  );
  const save = async () => {
    if (part !== null) saves.cancel();
    else if (await saves.save(file)) onSaved(file);
  };
  return (
    <li class={`nbb-file-row${more}`} {...drag}>
      {onStep && (
        <button
          type="button"
          class="nbb-tool nbb-file-grip"
          aria-label={`Move ${name}: arrow keys`}
          title="Drag it, or move it by the arrow keys"
          onKeyDown={(event) => {
            const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
            if (!by) return;
            event.preventDefault();
            onStep(by);
          }}
        >
          <Grip />
        </button>
      )}
      {onSelect ? (
        <button type="button" class="nbb-file-name" aria-label={name} title={name} onClick={() => onSelect(at)}>
          {label}
        </button>
      ) : (
        <span class="nbb-file-name" title={name}>
          {label}
        </span>
      )}
      {app.live ? (
        <button
          type="button"
          class="nbb-file-save"
          aria-label={part === null ? `Download ${name}${size && `, ${size}`}` : `Cancel the download of ${name}`}
          title={part === null ? "Download" : "Cancel"}
          aria-busy={part !== null}
          onClick={save}
        >
          <span>{part === null ? size : `${Math.floor(part * 100)} %`}</span>
          <Icon name={part === null ? "download" : "close"} size={14} />
        </button>
      ) : (
        <span class="nbb-file-save">{size}</span>
      )}
      {onRemove && (
        <button
          type="button"
          class="nbb-tool nbb-file-remove"
          aria-label={`Remove ${name}`}
          title="Remove"
          onClick={() => onRemove(at)}
        >
          <Icon name="close" size={14} />
        </button>
      )}
      {part !== null && <span class="nbb-file-part" style={{ width: `${part * 100}%` }} />}
    </li>
  );
}

interface ProgressProps {
  part: number;
  /** Whether it stands where files are to come. */
  filling: boolean;
  height: string | undefined;
  onCancel(): void;
}

function Progress({ part, filling, height, onCancel }: ProgressProps) {
  const percent = Math.floor(part * 100);
  return (
    <div class={`nbb-files-going${filling ? " nbb-filling" : ""}`} style={{ minHeight: filling ? height : undefined }}>
      <span class="nbb-files-percent">Uploading {percent} %</span>
      <div class="nbb-files-bar" role="progressbar" aria-label="Uploading" aria-valuenow={percent}>
        <span style={{ width: `${percent}%` }} />
      </div>
      <button type="button" class="nbb-files-act" aria-label="Cancel the upload" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}

function Grip() {
  return (
    <svg class="nbb-icon" width="14" height="14" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
      <path d="M5 3h2v2H5zM9 3h2v2H9zM5 7h2v2H5zM9 7h2v2H9zM5 11h2v2H5zM9 11h2v2H9z" />
    </svg>
  );
}

function listOf(value: FileProps["value"] | undefined): FileRecord[] {
  return Array.isArray(value) ? value : value ? [value] : [];
}

function moved(files: FileRecord[], from: number, to: number): FileRecord[] {
  const order = [...files];
  order.splice(to, 0, ...order.splice(from, 1));
  return order;
}

/** Keys by which a row stays the same when it is moved; a file may be there twice. */
function keysOf(files: FileRecord[]): string[] {
  const seen = new Map<string, number>();
  return files.map((file) => {
    const name = `${file.path}:${file.orig_name}`;
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return `${name}:${count}`;
  });
}

/** Folders, stem and suffix of a name: the suffix is shown however little room there is. */
function partsOf(name: string): [folders: string, stem: string, end: string] {
  const base = name.lastIndexOf("/") + 1;
  const dot = name.lastIndexOf(".");
  const end = dot > base && name.length - dot <= 10 ? dot : name.length;
  return [name.slice(0, base), name.slice(base, end), name.slice(end)];
}

function summed(files: FileRecord[]): string {
  const known = files.every((file) => file.size != null);
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  return `${files.length} files${known ? `, ${sizeOf(size)}` : ""}`;
}
