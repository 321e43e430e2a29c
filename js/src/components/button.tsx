import type { ButtonEvent, ButtonProps } from "../contract";
import { Face, lookOf } from "../face";
import { safeLink } from "../links";
import { define } from "../runtime/define";

export default define<ButtonProps, ButtonEvent>(({ props, emit, node }) => (
  <button
    type="button"
    id={node.domId}
    class={lookOf(props)}
    disabled={props.interactive === false}
    onClick={() => {
      if (!props.link) return emit("click");
      const link = safeLink(props.link);
      if (link) window.open(link, props.link_target ?? "_blank", "noopener");
    }}
  >
    <Face icon={props.icon} text={props.value} />
  </button>
));
