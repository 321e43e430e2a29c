import { useSignal } from "@preact/signals";
import { hexOf } from "../colors";
import type { ColorPickerEvent, ColorPickerProps } from "../contract";
import { useDraft } from "../draft";
import { isEnter } from "../keys";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import "../wrong.css";
import "./colorpicker.css";

export default define<ColorPickerProps, ColorPickerEvent>(({ props, emit, node }) => {
  const wrong = useSignal(false);
  const value = props.value ?? "";
  const hex = hexOf(value);
  const fixed = props.interactive === false;

  // "#f00" is the colour "#ff0000": what the user is typing stays as it is.
  const draft = useDraft<HTMLInputElement>(value, {
    stands: (text) => hex !== undefined && hexOf(text) === hex,
    unfinished: (text) => text.trim() !== "" && !hexOf(text),
    onShown: () => {
      wrong.value = false;
    },
  });

  const take = (colour: string) => {
    wrong.value = false;
    emit("input", { value: colour });
  };
  /** Whether the text is a colour; the value follows it. */
  const read = (box: HTMLInputElement): boolean => {
    const found = hexOf(box.value);
    if (found && found !== hex) take(found);
    wrong.value = !found && box.value.trim() !== "";
    return found !== undefined;
  };

  return (
    <Field {...props}>
      {(id) => (
        <div
          class="nbb-colour"
          onFocusIn={({ relatedTarget, currentTarget }) => {
            if (!currentTarget.contains(relatedTarget as Element | null)) emit("focus");
          }}
          onFocusOut={({ relatedTarget, currentTarget }) => {
            if (!currentTarget.contains(relatedTarget as Element | null)) emit("blur");
          }}
        >
          <span class={`nbb-colour-pick${hex ? "" : " nbb-none"}`} style={{ "--colour": hex ?? "transparent" }}>
            <input
              type="color"
              aria-label={`${props.label ?? "Color"}: pick`}
              value={hex ?? "#000000"}
              disabled={fixed}
              onInput={({ currentTarget }) => {
                draft.write(currentTarget.value);
                take(currentTarget.value);
              }}
              onChange={({ currentTarget }) => emit("release", { value: currentTarget.value })}
            />
          </span>
          <input
            ref={draft.ref}
            id={id}
            class="nbb-text nbb-colour-text"
            type="text"
            spellcheck={false}
            autocomplete="off"
            maxLength={64}
            placeholder={fixed ? undefined : "#rrggbb"}
            readOnly={fixed}
            aria-invalid={wrong.value}
            aria-describedby={[infoOf(id, props.info), `${node.domId}-wrong`].filter(Boolean).join(" ")}
            onInput={({ currentTarget: box }) => {
              const found = hexOf(box.value);
              if (found && found !== hex) take(found);
              if (found || !box.value) wrong.value = false;
            }}
            onKeyDown={(event) => {
              if (!isEnter(event) || fixed) return;
              event.preventDefault();
              const box = event.currentTarget;
              if (read(box)) emit("submit", { value: hexOf(box.value) });
            }}
            onChange={({ currentTarget: box }) => {
              if (read(box)) emit("release", { value: hexOf(box.value) });
              else if (!box.value.trim()) draft.write(value); // nothing was typed in its place
            }}
          />
          <span class="nbb-wrong" role="alert" id={`${node.domId}-wrong`}>
            {wrong.value && "Not a color"}
          </span>
        </div>
      )}
    </Field>
  );
});
