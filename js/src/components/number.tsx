import { useLayoutEffect, useRef } from "preact/hooks";
import type { NumberEvent, NumberProps } from "../contract";
import { define } from "../runtime/define";
import { numberOf, textOf } from "../runtime/exact";
import { Field, infoOf } from "../runtime/field";

export default define<NumberProps, NumberEvent>(({ props, emit }) => {
  const box = useRef<HTMLInputElement>(null);
  const value = props.value ?? null;
  // A box for numbers has no words for infinity.
  const type = typeof value === "number" && !Number.isFinite(value) ? "text" : "number";

  // "1." and "1.0" are the number 1: what the user is typing stays as it is.
  useLayoutEffect(() => {
    const input = box.current;
    if (input && (isBad(input) || !Object.is(numberOf(input.value), value)))
      input.value = value === null ? "" : textOf(value);
  }, [value]);

  return (
    <Field {...props}>
      {(id) => (
        <input
          ref={box}
          id={id}
          aria-describedby={infoOf(id, props.info)}
          class="nbb-text"
          type={type as "number"}
          min={props.minimum ?? undefined}
          max={props.maximum ?? undefined}
          step={props.step ?? "any"}
          placeholder={props.placeholder ?? undefined}
          readOnly={props.interactive === false}
          onInput={({ currentTarget: input }) => {
            if (!isBad(input)) emit("input", { value: numberOf(input.value) });
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || props.interactive === false) return;
            event.preventDefault();
            const input = event.currentTarget;
            emit("submit", isBad(input) ? {} : { value: numberOf(input.value) });
          }}
          onFocus={() => emit("focus")}
          onBlur={() => emit("blur")}
        />
      )}
    </Field>
  );
});

/** Whether what is typed is no number, or not yet. */
function isBad(input: HTMLInputElement): boolean {
  return input.validity?.badInput || (input.value !== "" && numberOf(input.value) === null);
}
