import type { CheckboxEvent, CheckboxProps } from "../contract";
import { define } from "../runtime/define";
import { captionOf, Tools } from "../runtime/field";
import "../tick.css";

// The caption stands beside the box and not above it, hence no Field.
export default define<CheckboxProps, CheckboxEvent>(({ props, emit, node }) => {
  const caption = props.label ?? captionOf(node.type);
  return (
    <div class={`nbb-field${props.container === false ? "" : " nbb-framed"}`}>
      <div class="nbb-head">
        <label class="nbb-check">
          <input
            id={node.domId}
            class="nbb-tick"
            type="checkbox"
            checked={props.value ?? false}
            disabled={props.interactive === false}
            aria-describedby={props.info ? `${node.domId}-info` : undefined}
            onChange={({ currentTarget: { checked } }) => {
              emit("input", { value: checked });
              emit("select", { data: { index: 0, value: caption, selected: checked } });
            }}
          />
          <span class={props.show_label === false && props.container !== false ? "nbb-sr" : undefined}>{caption}</span>
        </label>
        <Tools />
      </div>
      {props.info ? (
        <div class="nbb-info" id={`${node.domId}-info`}>
          {props.info}
        </div>
      ) : null}
    </div>
  );
});
