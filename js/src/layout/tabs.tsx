import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { TabProps, TabsEvent, TabsProps } from "../contract";
import { define } from "../runtime/define";
import { type Press, TabPress } from "../tabbing";
import "./tabs.css";

export default define<TabsProps, TabsEvent>(({ props, emit, set, node, app, children }) => {
  const press = useSignal<Press | null>(null);
  const drawn = useRef(new Set<number>());
  const strip = useRef<HTMLDivElement>(null);

  const tabs = node.children.map((tab, index) => ({ tab, index, ...pick(app.propsOf<TabProps>(tab), index) }));
  const shown = tabs.filter((one) => one.visible);
  const current = shown.find((one) => one.id === props.selected) ?? shown.find((one) => one.interactive) ?? shown[0];

  const choose = (one: (typeof tabs)[number]) => {
    if (!one.interactive || one === current) return;
    set("selected", one.id);
    emit("change");
    emit("select", { data: { index: one.index, value: one.label, selected: true } });
    press.value = { tab: one.tab.id, index: one.index, label: one.label };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const able = shown.filter((one) => one.interactive);
    const at = current ? able.indexOf(current) : -1;
    const right = getComputedStyle(event.currentTarget as Element).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + right, ArrowLeft: at - right, Home: 0, End: able.length - 1 }[event.key];
    const next = to === undefined ? undefined : able[(to + able.length) % able.length];
    if (!next) return;
    event.preventDefault();
    choose(next);
    strip.current?.querySelector<HTMLElement>(`#${CSS.escape(`${next.tab.domId}-tab`)}`)?.focus();
  };

  return (
    <TabPress.Provider value={press}>
      <div ref={strip} class="nbb-tablist" role="tablist" onKeyDown={onKeyDown}>
        {shown.map((one) => (
          <button
            key={one.tab.id}
            type="button"
            role="tab"
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
  const { label, visible, interactive, render_children } = props;
  return { label, interactive, render_children, visible: visible === true, id: props.id ?? index };
}
