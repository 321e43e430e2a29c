import { useMemo } from "preact/hooks";
import type { HTMLEvent, HTMLProps } from "../contract";
import { cssLength } from "../lengths";
import { define } from "../runtime/define";
import { cleanMarkup } from "../sanitise";

export default define<HTMLProps, HTMLEvent>(
  ({ props }) => {
    const html = useMemo(() => cleanMarkup(props.value ?? ""), [props.value]);
    return (
      <>
        {props.show_label && props.label && <div class="nbb-caption">{props.label}</div>}
        <div dangerouslySetInnerHTML={{ __html: html }} />
      </>
    );
  },
  ({ props, emit }) => ({
    onClick: () => emit("click"),
    class: props.container || props.padding ? "nbb-panel" : undefined,
    style: {
      minHeight: cssLength(props.min_height),
      maxHeight: cssLength(props.max_height),
      overflow: props.max_height ? "auto" : undefined,
    },
  }),
);
