import type { LabelEvent, LabelProps } from "../contract";
import { Icon } from "../icons";
import { define } from "../runtime/define";
import { Field } from "../runtime/field";
import "./label.css";

export default define<LabelProps, LabelEvent>(({ props, emit, node, app }) => {
  const { value } = props;
  const classes = value?.confidences ?? null;
  const heading = value && (!classes || props.show_heading !== false);
  // Lines that nobody listens to are no buttons: they would only be in the way of Tab.
  const Line = app.listens("select") ? "button" : "div";

  return (
    <Field {...props} for={null}>
      {heading && (
        <div class="nbb-best" style={props.color ? { background: props.color, "--best": props.color } : undefined}>
          {String(value.label)}
        </div>
      )}
      {!value && (
        <div class="nbb-nothing-yet" role="img" aria-label="No result">
          <Icon name="bars" size={28} />
        </div>
      )}
      {classes && (
        // biome-ignore lint/a11y/useSemanticElements: lines may be buttons
        <div class="nbb-classes" role="group" aria-labelledby={`${node.domId}-label`}>
          {classes.map(({ label, confidence }, index) => (
            <Line
              key={index}
              class="nbb-class"
              {...(Line === "button" ? { type: "button" } : {})}
              onClick={() => emit("select", { data: { index, value: label, selected: true } })}
            >
              <span class="nbb-class-name">{String(label)}</span>
              <span class="nbb-class-part">{confidence === null ? "" : percent(Number(confidence))}</span>
              <span class="nbb-class-bar">
                <span style={{ width: `${Math.min(1, Math.max(0, Number(confidence) || 0)) * 100}%` }} />
              </span>
            </Line>
          ))}
        </div>
      )}
    </Field>
  );
});

/** Small shares keep a digit, else the last classes would all have 0%. */
function percent(part: number): string {
  if (!Number.isFinite(part)) return String(part);
  return `${(part * 100).toFixed(part > 0 && part < 0.01 ? 1 : 0)}%`;
}
