import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { JSONEvent, JSONProps } from "../contract";
import { CopyButton } from "../copy";
import { Icon } from "../icons";
import { cssLength } from "../lengths";
import { define } from "../runtime/define";
import { type Exact, jsonOf, textOf } from "../runtime/exact";
import { Field } from "../runtime/field";
import "./json.css";

/** Levels that are unfolded unless all are. */
const UNFOLDED = 3;
/** Entries that are drawn at first, and with each press of the button. */
const PAGE = 100;

export default define<JSONProps, JSONEvent>(({ props }) => {
  const { value } = props;
  return (
    <Field {...props} for={null}>
      {value == null ? (
        <div class="nbb-nothing-yet" role="img" aria-label="No data">
          <Icon name="braces" size={28} />
        </div>
      ) : (
        <>
          <div
            class="nbb-json-tree"
            style={{
              height: cssLength(props.height),
              minHeight: cssLength(props.min_height),
              maxHeight: cssLength(props.max_height),
            }}
          >
            <Entry key={String(props.open)} value={value} depth={0} all={props.open} numbered={props.show_indices} />
          </div>
          {(!props.buttons || props.buttons.includes("copy")) && <CopyButton text={jsonOf(value)} />}
        </>
      )}
    </Field>
  );
});

interface EntryProps {
  name?: string | number;
  value: unknown;
  depth: number;
  /** Whether all levels are unfolded at first. */
  all: boolean;
  /** Whether the entries of lists have their numbers. */
  numbered: boolean;
}

function Entry({ name, value, depth, all, numbered }: EntryProps) {
  const open = useSignal(all || depth < UNFOLDED);
  const drawn = useSignal(PAGE);
  const key = <Name name={name} numbered={numbered} />;
  const list = Array.isArray(value);
  const entries: [string | number, unknown][] = list
    ? value.map((one, index) => [index, one])
    : value && typeof value === "object"
      ? Object.entries(value)
      : [];
  const [left, right] = list ? "[]" : "{}";
  if (!entries.length) {
    return (
      <div class="nbb-json-line">
        {key}
        {value && typeof value === "object" ? `${left}${right}` : <Leaf value={value} />}
      </div>
    );
  }
  return (
    <details
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary class="nbb-json-line">
        <Icon name="right" size={12} />
        {key}
        {left}
        {!open.value && (
          <span class="nbb-json-fold">
            {" "}
            {entries.length} {list ? "item" : "key"}
            {entries.length === 1 ? "" : "s"} {right}
          </span>
        )}
      </summary>
      {open.value && (
        <>
          <div class="nbb-json-inner">
            {entries.slice(0, drawn.value).map(([one, inner]) => (
              <Entry key={one} name={one} value={inner} depth={depth + 1} all={all} numbered={numbered} />
            ))}
            {entries.length > drawn.value && (
              <button
                type="button"
                class="nbb-json-more"
                onClick={() => {
                  drawn.value += PAGE;
                }}
              >
                Show more of {entries.length}
              </button>
            )}
          </div>
          <div class="nbb-json-line">{right}</div>
        </>
      )}
    </details>
  );
}

function Name({ name, numbered }: { name?: string | number; numbered: boolean }) {
  if (name === undefined || (typeof name === "number" && !numbered)) return null;
  return <span class={typeof name === "number" ? "nbb-json-index" : "nbb-json-key"}>{name}: </span>;
}

function Leaf({ value }: { value: unknown }): ComponentChildren {
  if (typeof value === "string") return <span class="nbb-json-string">{JSON.stringify(value)}</span>;
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (isNumber) return <span class="nbb-json-number">{textOf(value as Exact)}</span>;
  return <span class="nbb-json-word">{String(value)}</span>;
}
