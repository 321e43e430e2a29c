import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { SliderEvent, SliderProps } from "../contract";
import { Icon } from "../icons";
import { hasFocus } from "../roots";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import "./slider.css";

export default define<SliderProps, SliderEvent>(({ props, emit }) => {
  const track = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const held = useRef(false);
  const released = useRef<number | null>(null);
  const { minimum, maximum, step } = props;
  const value = props.value ?? minimum;
  const start = useRef(value);
  const gone = useRef<AbortController | null>(null);
  useEffect(() => () => gone.current?.abort(), []);
  const fixed = props.interactive === false;

  /** Show what the kernel says, except under the user's hand. */
  const show = () => {
    const [range, input] = [track.current, box.current];
    if (!range || !input) return;
    if (!held.current && range.valueAsNumber !== value) range.value = String(value);
    const focused = hasFocus(input);
    const differs = input.value === "" ? !focused : Number(input.value) !== value;
    if (differs) input.value = String(value);
    const part = (Number(range.value) - minimum) / (maximum - minimum || 1);
    range.style.setProperty("--part", String(Math.min(1, Math.max(0, part))));
  };
  useLayoutEffect(show, [value, minimum, maximum, step]);

  const move = (next: number) => {
    released.current = null;
    emit("input", { value: next });
  };
  /** A drag ends in both `change` and `pointerup`, in an order that differs between browsers. */
  const release = (next: number) => {
    held.current = false;
    if (released.current === next) return;
    released.current = next;
    emit("release", { value: next });
    show();
  };
  const set = (next: number) => {
    move(next);
    release(next);
  };
  /** The user is done with typing: take the number, or the nearest one on the scale. */
  const commit = (input: HTMLInputElement) => {
    const next = input.value === "" ? value : Math.min(maximum, Math.max(minimum, Number(input.value)));
    input.value = String(next);
    if (next !== value) move(next);
    release(next);
  };

  return (
    <Field {...props}>
      {(id) => (
        <div class="nbb-scale">
          <div class="nbb-scale-rail">
            <input
              ref={track}
              id={id}
              aria-describedby={infoOf(id, props.info)}
              type="range"
              min={minimum}
              max={maximum}
              step={step ?? "any"}
              disabled={fixed}
              onPointerDown={() => {
                held.current = true;
                released.current = null;
                const up = () => track.current && held.current && release(track.current.valueAsNumber);
                gone.current = new AbortController();
                window.addEventListener("pointerup", up, { once: true, signal: gone.current.signal });
              }}
              onPointerCancel={() => {
                held.current = false;
              }}
              onInput={(event) => move(event.currentTarget.valueAsNumber)}
              onChange={(event) => release(event.currentTarget.valueAsNumber)}
              onPointerUp={(event) => release(event.currentTarget.valueAsNumber)}
            />
            <div class="nbb-scale-ends" aria-hidden="true">
              <span>{minimum}</span>
              <span>{maximum}</span>
            </div>
          </div>
          <div class="nbb-scale-exact">
            <input
              ref={box}
              class="nbb-scale-number"
              type="number"
              aria-label={`${props.label ?? "value"}, as a number`}
              min={minimum}
              max={maximum}
              step={step ?? "any"}
              disabled={fixed}
              onInput={({ currentTarget: input }) => {
                const next = Number(input.value);
                if (input.value !== "" && next >= minimum && next <= maximum) move(next);
              }}
              onKeyDown={({ key, currentTarget: input }) => {
                if (key === "Enter") commit(input);
              }}
              onChange={({ currentTarget: input }) => commit(input)}
            />
            {!fixed && (!props.buttons || props.buttons.includes("reset")) && (
              <button
                type="button"
                class="nbb-tool"
                title="Reset"
                aria-label="Reset"
                onClick={() => set(start.current)}
              >
                <Icon name="reset" />
              </button>
            )}
          </div>
        </div>
      )}
    </Field>
  );
});
