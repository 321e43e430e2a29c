import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { keepBeside } from "../beside";
import type { DropdownEvent, DropdownProps } from "../contract";
import { useDraft } from "../draft";
import { Icon } from "../icons";
import { isComposing } from "../keys";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import "./dropdown.css";

type Value = string | number | bigint | boolean | null;
interface Option {
  label: string;
  value: Value;
  index: number;
}

/** Options that are drawn at first if the kernel does not say, and how near to the last one more are. */
const [DRAWN, NEAR] = [1000, 200];

export default define<DropdownProps, DropdownEvent>(({ props, emit }) => {
  const open = useSignal(false);
  const typed = useSignal<string | null>(null);
  const active = useSignal(0);
  const pages = useSignal(1);
  const frame = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const many = props.multiselect === true;
  const fixed = props.interactive === false;
  const typing = props.filterable !== false || props.allow_custom_value === true;
  const { choices } = props;
  const options = useMemo<Option[]>(
    () => choices.map(([label, value], index) => ({ label: String(label), value, index })),
    [choices],
  );
  const chosen: Value[] = many ? asList(props.value) : [];
  const full = many && props.max_choices != null && chosen.length >= props.max_choices;

  const labelOf = (value: Value): string => {
    const option = options.find((one) => one.value === value);
    return option?.label ?? (value == null ? "" : String(value));
  };
  const isChosen = (value: Value) => (many ? chosen.includes(value) : value === props.value);
  const wanted = (typed.value ?? "").trim().toLowerCase();
  const matches =
    wanted && props.filterable !== false ? options.filter((one) => one.label.toLowerCase().includes(wanted)) : options;
  // The active one is always among them, however far the keys have gone.
  const page = props.num_choices_shown ?? DRAWN;
  const drawn = matches.slice(0, Math.max(pages.value, Math.floor(active.value / page) + 1) * page);
  const shownText = typed.value ?? (many ? "" : labelOf((props.value ?? null) as Value));

  const draft = useDraft<HTMLInputElement>(shownText);
  const input = draft.box;

  useLayoutEffect(() => {
    if (!open.value || !frame.current || !list.current) return;
    const anchor = frame.current.closest<HTMLElement>(".nbb-framed") ?? frame.current;
    return keepBeside(anchor, list.current, () => {
      open.value = false;
    });
  }, [open.value]);

  useEffect(() => {
    if (open.value) list.current?.querySelector(".nbb-active")?.scrollIntoView?.({ block: "nearest" });
  }, [open.value, active.value]);

  const show = () => {
    if (fixed || open.value) return;
    const at = many ? 0 : matches.findIndex((one) => one.value === props.value);
    active.value = Math.max(0, at);
    pages.value = 1;
    open.value = true;
  };
  const close = () => {
    open.value = false;
    typed.value = null;
    draft.write(many ? "" : labelOf((props.value ?? null) as Value));
  };
  const choose = (value: Value, index: number | null) => {
    if (!many) {
      open.value = false;
      typed.value = null;
      emit("input", { value });
      emit("select", { data: { index, value, selected: true } });
      draft.write(labelOf(value));
      if (typing) input.current?.select(); // what is typed next replaces it
      return;
    }
    const selected = !chosen.includes(value);
    if (selected && full) return;
    typed.value = null;
    draft.write("");
    emit("input", { value: selected ? [...chosen, value] : chosen.filter((one) => one !== value) });
    emit("select", { data: { index, value, selected } });
  };
  const drop = (value: Value) => choose(value, options.find((one) => one.value === value)?.index ?? null);
  /** Take the typed text itself, where that is allowed. */
  const takeText = (): boolean => {
    const text = typed.value?.trim();
    if (!text || !props.allow_custom_value) return false;
    const known = options.find((one) => one.label === text);
    const value = known ? known.value : text;
    if (!isChosen(value)) choose(value, known?.index ?? null);
    return true;
  };
  const step = (by: number) => {
    if (!open.value) return show();
    const next = active.value + by;
    // From one end to the other, unless that would draw all of a long list.
    if (next < 0) active.value = drawn.length === matches.length ? Math.max(0, matches.length - 1) : 0;
    else active.value = next < matches.length ? next : 0;
  };

  /** What keys do; true leaves the key to the browser. */
  const keys: Record<string, () => unknown> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => (open.value && !typing ? step(-active.value) : true),
    End: () => (open.value && !typing ? step(drawn.length - 1 - active.value) : true),
    Escape: () => (open.value || typed.value !== null ? close() : true),
    Tab: () => true,
    Enter: () => {
      const option = open.value ? drawn[active.value] : undefined;
      if (option && (typed.value === null || !props.allow_custom_value || wanted)) {
        const exact = props.allow_custom_value && typed.value !== null && option.label.toLowerCase() !== wanted;
        if (!(exact && takeText())) choose(option.value, option.index);
      } else if (!takeText()) show();
    },
    " ": () => (typing ? true : open.value ? keys.Enter?.() : show()),
    Backspace: () => {
      const last = chosen.at(-1);
      if (!many || input.current?.value || last === undefined) return true;
      drop(last);
    },
  };

  return (
    <Field {...props}>
      {(id) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
        // biome-ignore lint/a11y/noStaticElementInteractions: a click on the frame is one on the input
        <div
          ref={frame}
          class={`nbb-combo${fixed ? " nbb-fixed" : ""}`}
          onClick={() => {
            input.current?.focus();
            show();
          }}
        >
          <div class={`nbb-combo-in${fixed && chosen.length ? " nbb-only-tokens" : ""}`}>
            {chosen.map((value) => (
              <span key={String(value)} class="nbb-token">
                <span>{labelOf(value)}</span>
                {!fixed && (
                  <button
                    type="button"
                    aria-label={`Remove ${labelOf(value)}`}
                    onClick={(event) => {
                      event.stopPropagation();
                      drop(value);
                    }}
                  >
                    <Icon name="close" size={12} />
                  </button>
                )}
              </span>
            ))}
            <input
              ref={draft.ref}
              id={id}
              class="nbb-combo-text"
              role="combobox"
              aria-describedby={infoOf(id, props.info)}
              aria-expanded={open.value}
              aria-controls={`${id}-list`}
              aria-autocomplete={typing ? "list" : "none"}
              aria-activedescendant={open.value && drawn.length ? `${id}-${active.value}` : undefined}
              autocomplete="off"
              spellcheck={false}
              readOnly={fixed || !typing}
              placeholder={many && chosen.length ? undefined : fixed ? undefined : "Choose"}
              onInput={({ currentTarget: box }) => {
                typed.value = box.value;
                active.value = 0;
                pages.value = 1;
                show();
              }}
              onKeyDown={(event) => {
                if (fixed || isComposing(event)) return;
                const action = keys[event.key];
                if (action && action() !== true) {
                  event.preventDefault();
                  event.stopPropagation();
                }
              }}
              onKeyUp={({ key, currentTarget: box }) => emit("key_up", { data: { key, input_value: box.value } })}
              onFocus={({ currentTarget: box }) => {
                if (typing && !fixed) box.select();
                emit("focus");
              }}
              onBlur={() => {
                takeText();
                close();
                emit("blur");
              }}
            />
          </div>
          {many && !fixed && chosen.length > 1 && (
            <button
              type="button"
              class="nbb-tool"
              aria-label="Remove all"
              title="Remove all"
              onClick={(event) => {
                event.stopPropagation();
                emit("input", { value: [] });
              }}
            >
              <Icon name="close" size={14} />
            </button>
          )}
          {!fixed && <Icon name="down" />}
          <span class="nbb-sr" role="status">
            {open.value && typed.value !== null && `${matches.length} of ${options.length} choices`}
          </span>
          {open.value && (
            <div
              ref={list}
              class="nbb-list"
              id={`${id}-list`}
              role="listbox"
              aria-multiselectable={many}
              popover="manual"
              onScroll={({ currentTarget: box }) => {
                const left = box.scrollHeight - box.scrollTop - box.clientHeight;
                if (left < NEAR && drawn.length < matches.length) pages.value = Math.ceil(drawn.length / page) + 1;
              }}
            >
              {drawn.map(({ label, value, index }, at) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
                // biome-ignore lint/a11y/useFocusableInteractive: the input points at the active option
                <div
                  key={index}
                  id={`${id}-${at}`}
                  role="option"
                  aria-selected={isChosen(value)}
                  aria-posinset={at + 1}
                  aria-setsize={matches.length}
                  aria-disabled={full && !isChosen(value)}
                  class={at === active.value ? "nbb-active" : undefined}
                  onPointerDown={(event) => event.preventDefault()}
                  onMouseDown={(event) => event.preventDefault()}
                  onPointerMove={() => {
                    active.value = at;
                  }}
                  onClick={(event) => {
                    event.stopPropagation();
                    choose(value, index);
                  }}
                >
                  <span>{label}</span>
                  {isChosen(value) && <Icon name="check" size={14} />}
                </div>
              ))}
              {!matches.length && (
                <div class="nbb-hint">
                  {props.allow_custom_value && wanted ? `Press Enter to take “${typed.value}”` : "Nothing matches"}
                </div>
              )}
            </div>
          )}
        </div>
      )}
    </Field>
  );
});

function asList(value: unknown): Value[] {
  return Array.isArray(value) ? value : value == null ? [] : [value as Value];
}
