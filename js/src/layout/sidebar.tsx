import type { SidebarEvent, SidebarProps } from "../contract";
import { Icon } from "../icons";
import { cssLength } from "../lengths";
import { define } from "../runtime/define";
import "./sidebar.css";

export default define<SidebarProps, SidebarEvent>(
  ({ props, emit, set, node, children }) => {
    const { open } = props;
    const right = props.position === "right";
    const name = props.label || "Sidebar";
    const turn = (to: boolean) => {
      set("open", to);
      emit(to ? "expand" : "collapse");
    };
    return (
      <>
        <button
          type="button"
          class="nbb-tool nbb-side-handle"
          aria-expanded={open}
          aria-controls={`${node.domId}-panel`}
          aria-label={name}
          title={`${open ? "Hide" : "Show"} ${name}`}
          onClick={() => turn(!open)}
        >
          <Icon name={open === right ? "right" : "left"} />
        </button>
        <aside
          class="nbb-side-panel"
          id={`${node.domId}-panel`}
          aria-label={name}
          hidden={!open}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || event.defaultPrevented) return;
            const handle = event.currentTarget.previousElementSibling as HTMLElement | null;
            if (!handle || getComputedStyle(event.currentTarget).position !== "absolute") return;
            event.stopPropagation();
            turn(false);
            handle.focus();
          }}
        >
          {props.label ? <div class="nbb-side-heading">{props.label}</div> : null}
          {children}
        </aside>
      </>
    );
  },
  ({ props }) => ({
    class: `nbb-side-${props.position === "right" ? "right" : "left"}${props.open ? " nbb-open" : ""}`,
    style: { "--width": cssLength(props.width) },
  }),
);
