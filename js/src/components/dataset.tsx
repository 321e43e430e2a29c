import { useSignal } from "@preact/signals";
import type { DatasetEvent, DatasetProps } from "../contract";
import { usePicture } from "../files";
import { Icon } from "../icons";
import { define } from "../runtime/define";
import type { FileRecord } from "../runtime/wire";
import "./dataset.css";

export default define<DatasetProps, DatasetEvent>(({ props, emit, node }) => {
  const page = useSignal(0);
  const samples = (props.samples ?? []) as unknown[][];
  const types = props.components ?? [];
  const size = Math.max(1, props.samples_per_page ?? 10);
  const pages = Math.max(1, Math.ceil(samples.length / size));
  const at = Math.min(page.value, pages - 1);
  const rows = samples.slice(at * size, (at + 1) * size).map((row, nth) => ({ row, index: at * size + nth }));
  const labels = props.sample_labels ?? null;
  const pills = props.layout ? props.layout === "gallery" : types.length === 1 || labels !== null;
  const named = props.show_label !== false && props.label ? `${node.domId}-label` : undefined;

  const choose = (index: number) => {
    const row = (samples[index] ?? []).map(withoutBytes);
    const data = { index, value: types.length === 1 ? row[0] : row };
    emit("click", { value: index, data });
    emit("select", { value: index, data });
  };
  const content = (row: unknown[], index: number) => {
    if (labels) return labels[index];
    if (row.every((value) => value == null || value === "")) return <span class="nbb-sample-none">empty</span>;
    return row.map((value, nth) => <Cell key={nth} value={value} type={types[nth]} />);
  };

  return (
    <section class="nbb-samples" aria-labelledby={named}>
      {named && (
        <div class="nbb-caption" id={named}>
          {props.label}
        </div>
      )}
      {!samples.length ? (
        <span class="nbb-sample-none">No samples</span>
      ) : pills ? (
        <div class="nbb-sample-pills">
          {rows.map(({ row, index }) => (
            <button
              key={index}
              type="button"
              class={`nbb-sample${row.some(hasPicture) && !labels ? " nbb-sample-picture" : ""}`}
              onClick={() => choose(index)}
            >
              {content(row, index)}
            </button>
          ))}
        </div>
      ) : (
        <div class="nbb-sample-frame">
          <table aria-labelledby={named}>
            {props.headers?.some(Boolean) && (
              <thead>
                <tr>
                  {props.headers.map((header, nth) => (
                    <th key={nth} scope="col">
                      {header}
                    </th>
                  ))}
                </tr>
              </thead>
            )}
            <tbody>
              {rows.map(({ row, index }) => (
                <tr
                  key={index}
                  tabIndex={0}
                  onClick={() => choose(index)}
                  onKeyDown={(event) => {
                    if (event.key !== "Enter" && event.key !== " ") return;
                    event.preventDefault();
                    choose(index);
                  }}
                >
                  {labels ? (
                    <td colSpan={types.length}>{labels[index]}</td>
                  ) : (
                    types.map((type, nth) => (
                      <td key={nth} class={typeof row[nth] === "number" ? "nbb-sample-number" : undefined}>
                        <Cell value={row[nth]} type={type} />
                      </td>
                    ))
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages > 1 && (
        <nav class="nbb-pages" aria-label={`Pages of ${props.label || "samples"}`}>
          <button
            type="button"
            class="nbb-tool"
            aria-label="Previous page"
            disabled={at === 0}
            onClick={() => {
              page.value = at - 1;
            }}
          >
            <Icon name="left" />
          </button>
          <span aria-live="polite">
            {at + 1} of {pages}
          </span>
          <button
            type="button"
            class="nbb-tool"
            aria-label="Next page"
            disabled={at >= pages - 1}
            onClick={() => {
              page.value = at + 1;
            }}
          >
            <Icon name="right" />
          </button>
        </nav>
      )}
    </section>
  );
});

/** One value of a sample, in a line or as small pictures. */
function Cell({ value, type }: { value: unknown; type?: string }) {
  if (value == null || value === "") return null;
  const pictures = picturesIn(value);
  if (pictures.length) {
    return (
      <span class="nbb-thumbs">
        {pictures.map((file) => (
          <Thumbnail key={file.path} file={file} />
        ))}
      </span>
    );
  }
  const text = inWords(value);
  if (type === "colorpicker") {
    return (
      <span class="nbb-sample-text">
        <span class="nbb-swatch" style={{ backgroundColor: text }} /> {text}
      </span>
    );
  }
  return <span class="nbb-sample-text">{text}</span>;
}

function Thumbnail({ file }: { file: FileRecord }) {
  const picture = usePicture(file);
  return picture ? <img class="nbb-thumb" src={picture} alt={file.orig_name ?? ""} /> : null;
}

function hasPicture(value: unknown): boolean {
  return picturesIn(value).length > 0;
}

/** The records of pictures that came with their bytes, wherever in the value they stand. */
function picturesIn(value: unknown): FileRecord[] {
  if (!value || typeof value !== "object" || value instanceof DataView) return [];
  if (Array.isArray(value)) return value.flatMap(picturesIn);
  const record = value as Partial<FileRecord>;
  if (record.path !== undefined) return record.data ? [record as FileRecord] : [];
  return Object.values(value).flatMap(picturesIn);
}

function inWords(value: unknown): string {
  if (value == null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (Array.isArray(value)) return value.map(inWords).filter(Boolean).join(", ");
  if (typeof value !== "object") return String(value);
  const given = value as Record<string, unknown>;
  if (typeof given.path === "string") return String(given.orig_name ?? given.path.split(/[/\\]/).at(-1));
  if (Array.isArray(given.headers) && Array.isArray(given.data))
    return `${given.data.length} × ${given.headers.length}`;
  for (const name of ["label", "text", "token"]) if (typeof given[name] === "string") return given[name];
  return JSON.stringify(value);
}

/** Event data go to the kernel, which has the bytes already. */
function withoutBytes(value: unknown): unknown {
  if (!value || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withoutBytes);
  const kept = Object.entries(value).filter(([, one]) => !(one instanceof DataView));
  return Object.fromEntries(kept.map(([name, one]) => [name, withoutBytes(one)]));
}
