import type { ButtonEvent, ButtonProps } from "../contract";
import { Face, lookOf } from "../face";
import { safeLink } from "../links";
import { define } from "../runtime/define";

export default define<ButtonProps, ButtonEvent>(({ props, emit, node }) => {
  const face = <Face icon={props.icon} text={props.value} />;
  const link = props.link && props.interactive !== false ? safeLink(props.link) : undefined;
  if (link) {
    return (
      <a
        id={node.domId}
        class={lookOf(props)}
        href={link}
        target={props.link_target ?? "_blank"}
        rel="noopener noreferrer"
        draggable={false}
      >
        {face}
      </a>
    );
  }
  return (
    <button
      type="button"
      id={node.domId}
      class={lookOf(props)}
      disabled={props.interactive === false}
      onClick={() => {
        if (!props.link) emit("click");
      }}
    >
      {face}
    </button>
  );
});
