import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { TabProps, TabsEvent, TabsProps } from "../contract";
import { define } from "../runtime/define";
import { type Press, TabPress } from "../tabbing";
import { TabMenu } from "../tabmenu";
import "./tabs.css";

export default define<TabsProps, TabsEvent>(({ props, emit, set, node, app, children }) => {
  const press = useSignal<Press | null>(null);
  const drawn = useRef(new Set<number>());
  const strip = useRef<HTMLDivElement>(null);
  const wraps = props.overflow_behavior === "wrap";

  const tabs = node.children.map((tab, index) => ({ tab, index, ...pick(app.propsOf<TabProps>(tab), index) }));
  const visible = tabs.filter((one) => one.visible);
  const atRight = visible.filter((one) => one.alignment === "right");
  /** As they stand in line, which is how the keys go. */
  const shown = [...visible.filter((one) => one.alignment !== "right"), ...atRight];
  const current =
    shown.find((one) => one.id === props.selected) ?? visible.find((one) => one.interactive) ?? visible[0];

  const choose = (one: (typeof tabs)[number]) => {
    if (!one.interactive || one === current) return;
    set("selected", one.id);
    emit("change");
    emit("select", { data: { index: one.index, value: one.label, selected: true } });
    press.value = { tab: one.tab.id, index: one.index, label: one.label };
  };
  const focus = (one: (typeof tabs)[number]) =>
    strip.current?.querySelector<HTMLElement>(`#${CSS.escape(`${one.tab.domId}-tab`)}`)?.focus();
  const onKeyDown = (event: KeyboardEvent) => {
    const able = shown.filter((one) => one.interactive);
    const at = current ? able.indexOf(current) : -1;
    const right = getComputedStyle(event.currentTarget as Element).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + right, ArrowLeft: at - right, Home: 0, End: able.length - 1 }[event.key];
    const next = to === undefined ? undefined : able[(to + able.length) % able.length];
    if (!next) return;
    event.preventDefault();
    choose(next);
    focus(next);
  };

  // One that is chosen elsewhere may be out of sight.
  useEffect(() => {
    strip.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [current?.tab.id]);

  return (
    <TabPress.Provider value={press}>
      <div class={`nbb-tabline${wraps ? " nbb-wraps" : ""}`}>
        <div ref={strip} class="nbb-tablist" role="tablist" onKeyDown={onKeyDown}>
          {shown.map((one) => (
            <button
              key={one.tab.id}
              type="button"
              role="tab"
              class={one === atRight[0] ? "nbb-tab-right" : undefined}
              id={`${one.tab.domId}-tab`}
              aria-selected={one === current}
              aria-controls={`${one.tab.domId}-panel`}
              tabIndex={one === current ? 0 : -1}
              disabled={!one.interactive}
              onClick={() => choose(one)}
            >
              {one.label}
            </button>
          ))}
        </div>
        {!wraps && (
          <TabMenu
            strip={strip}
            entries={shown}
            current={current}
            onChoose={(one) => {
              choose(one);
              focus(one);
            }}
          />
        )}
      </div>
      {tabs.map((one) => {
        const inSight = one === current;
        if (inSight || one.render_children) drawn.current.add(one.tab.id);
        return (
          <div
            key={one.tab.id}
            class="nbb-tabpanel"
            role="tabpanel"
            id={`${one.tab.domId}-panel`}
            aria-labelledby={`${one.tab.domId}-tab`}
            hidden={!inSight}
          >
            {drawn.current.has(one.tab.id) && children[one.index]}
          </div>
        );
      })}
    </TabPress.Provider>
  );
});

/** The properties that matter here, read so that the tabs are drawn again when one changes. */
function pick(props: TabProps, index: number) {
  const { label, visible, interactive, render_children, alignment } = props;
  return { label, interactive, render_children, alignment, visible: visible === true, id: props.id ?? index };
}
