import { useContext, useEffect } from "preact/hooks";
import type { TabEvent, TabProps } from "../contract";
import { cssLength } from "../lengths";
import { define } from "../runtime/define";
import { TabPress } from "../tabbing";
import "./stacks.css";

/** One page of Tabs, which show its label and hide it while another is chosen. */
export default define<TabProps, TabEvent>(
  ({ children, emit, node }) => {
    const press = useContext(TabPress)?.value;
    useEffect(() => {
      if (press?.tab === node.id) emit("select", { data: { index: press.index, value: press.label, selected: true } });
    }, [press]);
    return children;
  },
  ({ props }) => ({
    style: {
      height: cssLength(props.height),
      maxHeight: cssLength(props.max_height),
      overflow: props.height || props.max_height ? "auto" : undefined,
    },
  }),
);
