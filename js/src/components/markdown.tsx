import { Marked } from "marked";
import { useMemo } from "preact/hooks";
import type { MarkdownEvent, MarkdownProps } from "../contract";
import { CopyButton } from "../copy";
import { cssLength } from "../lengths";
import { define } from "../runtime/define";
import { cleanMarkup, cleanProse } from "../sanitise";
import "./markdown.css";

const marked = new Marked({ gfm: true });

export default define<MarkdownProps, MarkdownEvent>(
  ({ props, emit }) => {
    const text = props.value ?? "";
    const html = useMemo(() => {
      const raw = marked.parse(text, { async: false, breaks: props.line_breaks });
      return props.sanitize_html === false ? cleanMarkup(raw) : cleanProse(raw);
    }, [text, props.line_breaks, props.sanitize_html]);
    return (
      <>
        {props.show_label && props.label && <div class="nbb-caption">{props.label}</div>}
        <div class="nbb-prose" dir={props.rtl ? "rtl" : undefined} dangerouslySetInnerHTML={{ __html: html }} />
        {props.show_copy_button && <CopyButton text={text} onCopy={() => emit("copy", { data: { value: text } })} />}
      </>
    );
  },
  ({ props }) => ({
    class: props.container ? "nbb-panel" : undefined,
    style: {
      height: cssLength(props.height),
      minHeight: cssLength(props.min_height),
      maxHeight: cssLength(props.max_height),
      overflow: props.height || props.max_height ? "auto" : undefined,
    },
  }),
);
