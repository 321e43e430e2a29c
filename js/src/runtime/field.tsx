/** Field: caption, help text and frame around one component's control. */

import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import { drawBlock } from "./block";
import { NodeContext } from "./contexts";
import "./field.css";

export { Icon, type IconName } from "../icons";
export { Spinner, StatusOverlay } from "./status";

/** Captions of types whose name is more than one word; others are the type with a capital letter. */
const CAPTIONS: Record<string, string> = {
  checkboxgroup: "Checkbox Group",
  colorpicker: "Color Picker",
  datetime: "Date Time",
  highlightedtext: "Highlighted Text",
  json: "JSON",
  html: "HTML",
};

export interface FieldProps {
  label?: string | null;
  info?: string | null;
  show_label?: boolean | null;
  container?: boolean;
  /** Id of the control; left out, the block's own `domId` is used. null: there is no single control to point at. */
  for?: string | null;
  class?: string;
  /** What stands inside; a function gets the id that the control must carry. */
  children?: ComponentChildren | ((id: string) => ComponentChildren);
}

/** Draw a component's caption (by default its type), help text and frame. */
export function Field({ label, info, show_label, container, for: target, children, ...rest }: FieldProps) {
  const node = useContext(NodeContext);
  const id = target ?? node?.domId ?? "nbb";
  const caption = label ?? captionOf(node?.type ?? "");
  const classes = ["nbb-field", container === false ? "" : "nbb-framed", rest.class ?? ""].filter(Boolean).join(" ");
  const shown = show_label !== false;
  const name =
    target === null ? (
      <span class={shown ? "nbb-caption" : "nbb-sr"} id={`${id}-label`}>
        {caption}
      </span>
    ) : (
      <label class={shown ? "nbb-caption" : "nbb-sr"} id={`${id}-label`} for={id}>
        {caption}
      </label>
    );
  return (
    <div class={classes}>
      {node?.children.length ? (
        <div class="nbb-head">
          {name}
          <Tools />
        </div>
      ) : (
        name
      )}
      {/* No "" here: a text in the place of an element would have Preact make all that follows anew. */}
      {info ? (
        <div class="nbb-info" id={`${id}-info`}>
          {info}
        </div>
      ) : null}
      {typeof children === "function" ? children(id) : children}
    </div>
  );
}

/** For `aria-describedby` of the control with this id: the help text that `Field` shows. */
export function infoOf(id: string, info: string | null | undefined): string | undefined {
  return info ? `${id}-info` : undefined;
}

/** The author's own small buttons, which are the block's children. */
export function Tools() {
  const node = useContext(NodeContext);
  return node?.children.length ? <div class="nbb-tools">{node.children.map(drawBlock)}</div> : null;
}

export function captionOf(type: string): string {
  return CAPTIONS[type] ?? type.charAt(0).toUpperCase() + type.slice(1);
}
