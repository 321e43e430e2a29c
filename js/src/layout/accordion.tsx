import type { AccordionEvent, AccordionProps } from "../contract";
import { Icon } from "../icons";
import { cssLength } from "../lengths";
import { define } from "../runtime/define";
import "./accordion.css";

export default define<AccordionProps, AccordionEvent>(({ props, emit, set, children }) => (
  <details
    class="nbb-panel nbb-fold"
    open={props.open}
    onToggle={({ currentTarget: { open } }) => {
      // Browsers tell of what the kernel did, too.
      if (open === props.open) return;
      set("open", open);
      emit(open ? "expand" : "collapse");
    }}
  >
    <summary>
      <span class={props.label ? "" : "nbb-sr"}>{props.label || "Details"}</span>
      <Icon name="down" />
    </summary>
    <div
      class="nbb-folded"
      style={{
        height: cssLength(props.height),
        maxHeight: cssLength(props.max_height),
        overflow: props.height || props.max_height ? "auto" : undefined,
      }}
    >
      {children}
    </div>
  </details>
));
