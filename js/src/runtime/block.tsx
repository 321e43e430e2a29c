/** One block of the tree: its outer element, its front inside, its status over it. */

import { Component, type ComponentChildren, type CSSProperties, type JSX } from "preact";
import { useContext, useMemo } from "preact/hooks";
import { defaults } from "../contract";
import { Coming } from "./chunks";
import { AppContext, NodeContext } from "./contexts";
import type { Context, Front, Node } from "./define";
import { StatusOverlay } from "./status";

/** Draw a block and all below it. What goes wrong in it stays in it. */
export function BlockView({ node }: { node: Node }): JSX.Element {
  return (
    <Boundary type={node.type}>
      <Outer node={node} />
    </Boundary>
  );
}

export const drawBlock = (node: Node): JSX.Element => <BlockView key={node.id} node={node} />;

type Inner = Omit<Context<Record<string, unknown>, string>, "children">;

function Outer({ node }: { node: Node }) {
  const app = useContext(AppContext)!;
  const inner = useMemo(() => app.contextOf(node, drawBlock), [app, node]);
  const { props } = inner;
  if (props.visible === false) return null;
  const { front, coming } = app.fronts.of(node.type);
  if (!front && !coming) return <Mishap text={`There is no component “${node.type}” in this version.`} />;
  const box = front?.box ? front.box({ ...inner, children: node.children.map(drawBlock) }) : {};
  const drawn = front ? (
    <NodeContext.Provider value={node}>
      <Drawn front={front} inner={inner} node={node} />
    </NodeContext.Provider>
  ) : (
    <Coming chunk={coming!} height="4em" />
  );
  if (!box) return drawn;
  const { class: more, style, ...attributes } = box;
  const classes = ["nbb-block", `nbb-${node.type}`, more, ...((props.elem_classes as string[] | null) ?? [])];
  return (
    <div
      {...attributes}
      class={classes.filter(Boolean).join(" ")}
      id={(props.elem_id as string | null) ?? undefined}
      style={{ ...style, ...roomOf(props) }}
      hidden={props.visible === "hidden" || attributes.hidden}
      data-node={node.id}
    >
      {drawn}
      {(!isLayout(node.type) || props.show_progress === true) && <StatusOverlay id={node.id} />}
    </div>
  );
}

/** A component of its own, so that a new value draws this anew and not the outer element. */
function Drawn({ front, inner, node }: { front: Front; inner: Inner; node: Node }) {
  return <>{front.draw({ ...inner, children: node.children.map(drawBlock) })}</>;
}

/** Whether a block has no value: it shows status only if it was asked to (EV-326). */
function isLayout(type: string): boolean {
  return type in defaults && !("value" in defaults[type]!);
}

/** The share of its row that a block takes. */
function roomOf({ scale, min_width: least }: Record<string, unknown>): CSSProperties {
  return {
    ...(typeof scale === "number" ? { flexGrow: scale } : {}),
    ...(typeof least === "number" ? { minWidth: `min(${least}px, 100%)` } : {}),
  };
}

function Mishap({ text, onRetry }: { text: string; onRetry?: () => void }) {
  return (
    <div class="nbb-mishap" role="alert">
      {text}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

interface BoundaryProps {
  type: string;
  children: ComponentChildren;
}

class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static override getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: unknown) {
    console.error(`nbblocks: drawing a ${this.props.type} failed`, error);
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const text = `This ${this.props.type} could not be drawn: ${error.message}`;
    return <Mishap text={text} onRetry={() => this.setState({ error: null })} />;
  }
}
