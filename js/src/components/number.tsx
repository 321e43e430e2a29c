import { useLayoutEffect, useRef } from "preact/hooks";
import type { NumberEvent, NumberProps } from "../contract";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";

export default define<NumberProps, NumberEvent>(({ props, emit }) => {
  const box = useRef<HTMLInputElement>(null);
  const value = props.value ?? null;

  // "1." and "1.0" are the number 1: what the user is typing stays as it is.
  useLayoutEffect(() => {
    const input = box.current;
    if (input && (input.validity?.badInput || numberIn(input) !== value))
      input.value = value === null ? "" : String(value);
  }, [value]);

  return (
    <Field {...props}>
      {(id) => (
        <input
          ref={box}
          id={id}
          aria-describedby={infoOf(id, props.info)}
          class="nbb-text"
          type="number"
          min={props.minimum ?? undefined}
          max={props.maximum ?? undefined}
          step={props.step ?? "any"}
          placeholder={props.placeholder ?? undefined}
          readOnly={props.interactive === false}
          onInput={({ currentTarget: input }) => {
            if (!input.validity?.badInput) emit("input", { value: numberIn(input) });
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || props.interactive === false) return;
            event.preventDefault();
            emit("submit", { value: numberIn(event.currentTarget) });
          }}
          onFocus={() => emit("focus")}
          onBlur={() => emit("blur")}
        />
      )}
    </Field>
  );
});

function numberIn(input: HTMLInputElement): number | null {
  return input.value === "" ? null : Number(input.value);
}
