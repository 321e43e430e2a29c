import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { SliderEvent, SliderProps } from "../contract";
import { Icon } from "../icons";
import { hasFocus } from "../roots";
import { define } from "../runtime/define";
import { type Exact, numberOf, textOf } from "../runtime/exact";
import { Field, infoOf } from "../runtime/field";
import "./slider.css";

export default define<SliderProps, SliderEvent>(({ props, emit }) => {
  const track = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const held = useRef(false);
  const released = useRef<Exact | null>(null);
  // The scale as the track reckons with it; texts of what the user picks are exact.
  const [minimum, maximum] = [Number(props.minimum), Number(props.maximum)];
  const { step } = props;
  const value: Exact = props.value ?? props.minimum;
  const finite = Number.isFinite(Number(value));
  const start = useRef(value);
  const gone = useRef<AbortController | null>(null);
  useEffect(() => () => gone.current?.abort(), []);
  const fixed = props.interactive === false;

  /** Show what the kernel says, except under the user's hand. */
  const show = () => {
    const [range, input] = [track.current, box.current];
    if (!range || !input) return;
    const place = finite ? textOf(value) : String(Number(value) > 0 ? props.maximum : props.minimum);
    if (!held.current && range.value !== place) range.value = place;
    const focused = hasFocus(input);
    const differs = input.value === "" ? !focused : !Object.is(numberOf(input.value), value);
    if (differs) input.value = textOf(value);
    const part = (Number(range.value) - minimum) / (maximum - minimum || 1);
    range.style.setProperty("--part", String(Math.min(1, Math.max(0, part))));
  };
  useLayoutEffect(show, [value, minimum, maximum, step]);

  const move = (next: Exact) => {
    released.current = null;
    emit("input", { value: next });
  };
  /** A drag ends in both `change` and `pointerup`, in an order that differs between browsers. */
  const release = (next: Exact) => {
    held.current = false;
    if (released.current === next) return;
    released.current = next;
    emit("release", { value: next });
    show();
  };
  const set = (next: Exact) => {
    move(next);
    release(next);
  };
  /** The user is done with typing: take the number, or the nearest one on the scale. */
  const commit = (input: HTMLInputElement) => {
    const typed = numberOf(input.value);
    const bounded = typed === null || typed < minimum ? props.minimum : typed > maximum ? props.maximum : typed;
    const next: Exact = typed === null || Number.isNaN(typed) ? value : bounded;
    input.value = textOf(next);
    if (!Object.is(next, value)) move(next);
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
              min={String(props.minimum)}
              max={String(props.maximum)}
              step={step ?? "any"}
              disabled={fixed}
              onPointerDown={() => {
                held.current = true;
                released.current = null;
                const up = () => track.current && held.current && release(picked(track.current));
                gone.current = new AbortController();
                window.addEventListener("pointerup", up, { once: true, signal: gone.current.signal });
              }}
              onPointerCancel={() => {
                held.current = false;
              }}
              onInput={(event) => move(picked(event.currentTarget))}
              onChange={(event) => release(picked(event.currentTarget))}
              onPointerUp={(event) => release(picked(event.currentTarget))}
            />
            <div class="nbb-scale-ends" aria-hidden="true">
              <span>{String(props.minimum)}</span>
              <span>{String(props.maximum)}</span>
            </div>
          </div>
          <div class="nbb-scale-exact">
            <input
              ref={box}
              class="nbb-scale-number"
              type={(finite ? "number" : "text") as "number"}
              aria-label={`${props.label ?? "value"}, as a number`}
              min={String(props.minimum)}
              max={String(props.maximum)}
              step={step ?? "any"}
              disabled={fixed}
              onInput={({ currentTarget: input }) => {
                const next = numberOf(input.value);
                if (next !== null && next >= props.minimum && next <= props.maximum) move(next);
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

/** Where the handle stands, as the browser writes it. */
function picked(range: HTMLInputElement): Exact {
  return numberOf(range.value) ?? range.valueAsNumber;
}
