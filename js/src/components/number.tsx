import type { NumberEvent, NumberProps } from "../contract";
import { useDraft } from "../draft";
import { isEnter } from "../keys";
import { define } from "../runtime/define";
import { numberOf, textOf } from "../runtime/exact";
import { Field, infoOf } from "../runtime/field";

export default define<NumberProps, NumberEvent>(({ props, emit }) => {
  const value = props.value ?? null;
  // A box for numbers has no words for infinity.
  const type = typeof value === "number" && !Number.isFinite(value) ? "text" : "number";

  // "1." and "1.0" are the number 1: what the user is typing stays as it is.
  const draft = useDraft<HTMLInputElement>(value === null ? "" : textOf(value), {
    stands: (text) => text !== "" && Object.is(numberOf(text), value),
    unfinished: (text) => text !== "" && numberOf(text) === null,
  });

  return (
    <Field {...props}>
      {(id) => (
        <input
          ref={draft.ref}
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
            if (!isEnter(event) || props.interactive === false) return;
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
