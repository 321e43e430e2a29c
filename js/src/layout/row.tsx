import type { RowProps } from "../contract";
import { cssLength } from "../lengths";
import { define } from "../runtime/define";
import "./stacks.css";

export default define<RowProps>(
  ({ children }) => children,
  ({ props }) => ({
    class: `nbb-as-${props.variant ?? "default"}${props.equal_height ? " nbb-equal" : ""}`,
    style: {
      height: cssLength(props.height),
      minHeight: cssLength(props.min_height),
      maxHeight: cssLength(props.max_height),
      overflow: props.height || props.max_height ? "auto" : undefined,
    },
  }),
);
