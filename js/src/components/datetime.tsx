import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { DateTimeEvent, DateTimeProps } from "../contract";
import { useDraft } from "../draft";
import { Icon } from "../icons";
import { isComposing, isEnter } from "../keys";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import "../wrong.css";
import "./datetime.css";

export default define<DateTimeProps, DateTimeEvent>(({ props, emit, node }) => {
  const picker = useRef<HTMLInputElement>(null);
  const wrong = useSignal(false);
  const value = props.value ?? "";
  const timed = props.include_time !== false;
  const fixed = props.interactive === false;
  const form = timed ? "YYYY-MM-DD HH:MM:SS" : "YYYY-MM-DD";

  // "2024-05-01 12:00" is the time "2024-05-01 12:00:00": what the user is typing stays as it is.
  const draft = useDraft<HTMLInputElement>(value, {
    stands: (text) => dateIn(text, timed) === value,
    unfinished: (text) => dateIn(text, timed) === undefined,
    onShown: () => {
      wrong.value = false;
    },
  });

  /** Take what stands in the box, if it is a date; whether it is. */
  const take = (box: HTMLInputElement): boolean => {
    const found = dateIn(box.value, timed);
    wrong.value = found === undefined;
    if (found !== undefined && found !== value) emit("input", { value: found || null });
    return found !== undefined;
  };
  const open = () => {
    const native = picker.current;
    if (!native || fixed) return;
    native.value = forPicker(value, timed);
    try {
      native.showPicker();
    } catch {
      native.focus(); // a frame of another origin may not open it: there it is typed into
    }
  };

  return (
    <Field {...props}>
      {(id) => (
        <>
          <div class="nbb-when">
            <input
              ref={draft.ref}
              id={id}
              class="nbb-text"
              type="text"
              spellcheck={false}
              autocomplete="off"
              maxLength={64}
              placeholder={fixed ? undefined : form}
              readOnly={fixed}
              aria-invalid={wrong.value}
              aria-describedby={[infoOf(id, props.info), `${node.domId}-wrong`].filter(Boolean).join(" ")}
              onInput={({ currentTarget: box }) => {
                const found = dateIn(box.value, timed);
                if (found === undefined) return;
                wrong.value = false;
                if (found !== value) emit("input", { value: found || null });
              }}
              onChange={({ currentTarget: box }) => {
                if (take(box)) draft.write(dateIn(box.value, timed) ?? value);
              }}
              onKeyDown={(event) => {
                if (fixed || isComposing(event)) return;
                if (event.key === "ArrowDown" && event.altKey) open();
                else if (isEnter(event)) {
                  const box = event.currentTarget;
                  if (take(box)) emit("submit", { value: dateIn(box.value, timed) || null });
                } else return;
                event.preventDefault();
              }}
            />
            {props.timezone ? (
              <span class="nbb-when-zone" title={props.timezone}>
                {props.timezone}
              </span>
            ) : null}
            {!fixed && (
              <span class="nbb-when-picker">
                <input
                  ref={picker}
                  type={timed ? "datetime-local" : "date"}
                  step={timed ? 1 : undefined}
                  tabIndex={-1}
                  aria-hidden="true"
                  onInput={({ currentTarget: native }) => {
                    if (!native.value) return;
                    const picked = dateIn(native.value, timed) ?? value;
                    draft.write(picked);
                    wrong.value = false;
                    emit("input", { value: picked });
                  }}
                />
                <button type="button" class="nbb-tool" aria-label="Pick a date" title="Pick a date" onClick={open}>
                  <Icon name="calendar" />
                </button>
              </span>
            )}
          </div>
          <span class="nbb-wrong" role="alert" id={`${node.domId}-wrong`}>
            {wrong.value && `Write ${form}, or now - 5m`}
          </span>
        </>
      )}
    </Field>
  );
});

const NOW = /^now\s*(?:[+-]\s*\d{1,9}\s*[dhms])?$/i;
const DATE = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?(?:\.\d+)?$/;

/** The value that a text stands for: "" if it is empty, undefined if it is no date. */
export function dateIn(text: string, timed: boolean): string | undefined {
  const given = text.trim();
  if (!given || NOW.test(given)) return given;
  const found = DATE.exec(given);
  if (!found || (found[2] && !timed)) return undefined;
  const [, day, clock = "00:00", seconds = ":00"] = found;
  // Browsers make March of the 30th of February.
  const moment = new Date(`${day}T${clock}${seconds}Z`);
  if (Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(day!)) return undefined;
  return timed ? `${day} ${clock}${seconds}` : day;
}

function forPicker(value: string, timed: boolean): string {
  return value && !NOW.test(value) ? (timed ? value.replace(" ", "T") : value.slice(0, 10)) : "";
}
