import type { RadioEvent, RadioProps } from "../contract";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import "../pills.css";
import "./radio.css";

export default define<RadioProps, RadioEvent>(({ props, emit, node }) => (
  <Field {...props} for={null}>
    <div
      class="nbb-pills"
      role="radiogroup"
      aria-labelledby={`${node.domId}-label`}
      aria-describedby={infoOf(node.domId, props.info)}
      dir={props.rtl ? "rtl" : undefined}
    >
      {props.choices.map(([label, value], index) => (
        <label key={index} class="nbb-pill">
          <input
            class="nbb-dot"
            type="radio"
            name={node.domId}
            checked={value === props.value}
            disabled={props.interactive === false}
            onChange={() => {
              emit("input", { value });
              emit("select", { data: { index, value, selected: true } });
            }}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  </Field>
));
