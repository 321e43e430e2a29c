import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { SliderEvent, SliderProps } from "../contract";
import { useDraft } from "../draft";
import { Icon } from "../icons";
import { isEnter } from "../keys";
import { define } from "../runtime/define";
import { type Exact, numberOf, textOf } from "../runtime/exact";
import { Field, infoOf } from "../runtime/field";
import "./slider.css";

export default define<SliderProps, SliderEvent>(({ props, emit }) => {
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

  // What the kernel says is shown, except under the user's hand.
  const place = finite ? textOf(value) : String(Number(value) > 0 ? props.maximum : props.minimum);
  const track = useDraft<HTMLInputElement>(place);
  const box = useDraft<HTMLInputElement>(textOf(value), {
    stands: (text) => text !== "" && Object.is(numberOf(text), value),
    unfinished: (text) => text === "" || !isWithin(numberOf(text)),
  });
  const isWithin = (number: Exact | null) => number !== null && number >= props.minimum && number <= props.maximum;
  const fill = () => {
    const range = track.box.current;
    if (!range) return;
    const part = (Number(range.value) - minimum) / (maximum - minimum || 1);
    range.style.setProperty("--part", String(Math.min(1, Math.max(0, part))));
  };
  useLayoutEffect(() => {
    if (!held.current) track.write(place); // on another scale it stands elsewhere
    fill();
  }, [place, minimum, maximum, step]);

  const move = (next: Exact) => {
    released.current = null;
    emit("input", { value: next });
  };
  /** A drag ends in both `change` and `pointerup`, in an order that differs between browsers. */
  const release = (next: Exact) => {
    held.current = false;
    track.letGo();
    if (released.current !== next) {
      released.current = next;
      emit("release", { value: next });
    }
    fill();
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
    box.write(textOf(next));
    if (!Object.is(next, value)) move(next);
    release(next);
  };

  return (
    <Field {...props}>
      {(id) => (
        <div class="nbb-scale">
          <div class="nbb-scale-rail">
            <input
              ref={track.ref}
              id={id}
              aria-describedby={infoOf(id, props.info)}
              type="range"
              min={String(props.minimum)}
              max={String(props.maximum)}
              step={step ?? "any"}
              disabled={fixed}
              onPointerDown={() => {
                held.current = true;
                track.hold();
                released.current = null;
                const up = () => track.box.current && held.current && release(picked(track.box.current));
                gone.current = new AbortController();
                window.addEventListener("pointerup", up, { once: true, signal: gone.current.signal });
              }}
              onPointerCancel={() => {
                held.current = false;
                track.letGo();
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
              ref={box.ref}
              class="nbb-scale-number"
              type={(finite ? "number" : "text") as "number"}
              aria-label={`${props.label ?? "value"}, as a number`}
              min={String(props.minimum)}
              max={String(props.maximum)}
              step={step ?? "any"}
              disabled={fixed}
              onInput={({ currentTarget: input }) => {
                const next = numberOf(input.value);
                if (next !== null && isWithin(next)) move(next);
              }}
              onKeyDown={(event) => {
                if (isEnter(event)) commit(event.currentTarget);
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
