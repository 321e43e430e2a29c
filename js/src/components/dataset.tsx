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
  const first = Math.min(page.value, pages - 1) * size;
  const rows = samples.slice(first, first + size).map((row, at) => ({ row, index: first + at }));
  const labels = props.sample_labels ?? null;
  const pills = props.layout ? props.layout === "gallery" : types.length === 1 || labels !== null;

  const choose = (index: number) => {
    const row = (samples[index] ?? []).map(withoutBytes);
    const data = { index, value: types.length === 1 ? row[0] : row };
    emit("click", { value: index, data });
    emit("select", { value: index, data });
  };

  return (
    <div class="nbb-samples">
      {props.show_label !== false && props.label && (
        <div class="nbb-caption" id={`${node.domId}-label`}>
          {props.label}
        </div>
      )}
      {pills ? (
        <div class="nbb-sample-pills">
          {rows.map(({ row, index }) => (
            <button key={index} type="button" class="nbb-sample" onClick={() => choose(index)}>
              {labels?.[index] ?? row.map((value, at) => <Cell key={at} value={value} type={types[at]} />)}
            </button>
          ))}
        </div>
      ) : (
        <div class="nbb-sample-frame">
          <table aria-labelledby={`${node.domId}-label`}>
            {props.headers?.some(Boolean) && (
              <thead>
                <tr>
                  {props.headers.map((header, at) => (
                    <th key={at} scope="col">
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
                  {row.map((value, at) => (
                    <td key={at}>
                      <Cell value={value} type={types[at]} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages > 1 && (
        <nav class="nbb-pages" aria-label="Pages">
          <button
            type="button"
            class="nbb-tool"
            aria-label="Previous page"
            disabled={first === 0}
            onClick={() => {
              page.value = first / size - 1;
            }}
          >
            <Icon name="left" />
          </button>
          <span>
            {first / size + 1} of {pages}
          </span>
          <button
            type="button"
            class="nbb-tool"
            aria-label="Next page"
            disabled={first / size >= pages - 1}
            onClick={() => {
              page.value = first / size + 1;
            }}
          >
            <Icon name="right" />
          </button>
        </nav>
      )}
    </div>
  );
});

/** One value of a sample, in a line or as a small picture. */
function Cell({ value, type }: { value: unknown; type?: string }) {
  if (value == null) return null;
  if (type === "image" && typeof value === "object") return <Thumbnail file={value as FileRecord} />;
  return <span class="nbb-sample-text">{inWords(value)}</span>;
}

function Thumbnail({ file }: { file: FileRecord }) {
  const picture = usePicture(file);
  return picture ? <img class="nbb-thumb" src={picture} alt={file.orig_name ?? ""} /> : <span>{file.orig_name}</span>;
}

function inWords(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  if (value && typeof value === "object") {
    const { orig_name: name, path } = value as Partial<FileRecord>;
    return name ?? path ?? JSON.stringify(value);
  }
  return String(value);
}

/** Event data go to the kernel, which has the bytes already. */
function withoutBytes(value: unknown): unknown {
  if (!value || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== "data"));
}
