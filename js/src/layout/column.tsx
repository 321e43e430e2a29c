import type { ColumnProps } from "../contract";
import { define } from "../runtime/define";
import "./stacks.css";

export default define<ColumnProps>(
  ({ children }) => children,
  ({ props }) => ({ class: `nbb-as-${props.variant ?? "default"}` }),
);
