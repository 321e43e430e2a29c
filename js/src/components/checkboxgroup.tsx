import type { CheckboxGroupEvent, CheckboxGroupProps } from "../contract";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import "../pills.css";
import "../tick.css";
import "./checkboxgroup.css";

export default define<CheckboxGroupProps, CheckboxGroupEvent>(({ props, emit, node }) => {
  const chosen = props.value ?? [];
  const fixed = props.interactive === false;
  const values = props.choices.map(([, value]) => value);
  const all = values.length > 0 && values.every((value) => chosen.includes(value));

  return (
    <Field {...props} for={null}>
      {props.show_select_all && (
        <label class="nbb-check nbb-all">
          <input
            class="nbb-tick"
            type="checkbox"
            checked={all}
            indeterminate={!all && chosen.length > 0}
            disabled={fixed}
            onChange={() => emit("input", { value: all ? [] : values })}
          />
          <span>Select all</span>
        </label>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out everywhere */}
      <div
        class="nbb-pills"
        role="group"
        aria-labelledby={`${node.domId}-label`}
        aria-describedby={infoOf(node.domId, props.info)}
      >
        {props.choices.map(([label, value], index) => (
          <label key={index} class="nbb-pill">
            <input
              class="nbb-tick"
              type="checkbox"
              checked={chosen.includes(value)}
              disabled={fixed}
              onChange={({ currentTarget: { checked } }) => {
                emit("input", { value: checked ? [...chosen, value] : chosen.filter((one) => one !== value) });
                emit("select", { data: { index, value, selected: checked } });
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </Field>
  );
});
