import type { MarkdownEvent, MarkdownProps } from "../contract";
import { CopyButton } from "../copy";
import { cssLength } from "../lengths";
import { Prose } from "../prose";
import { define } from "../runtime/define";
import "./markdown.css";

export default define<MarkdownProps, MarkdownEvent>(
  ({ props, emit, app, node }) => {
    const text = props.value ?? "";
    const [height, least, most] = [props.height, props.min_height, props.max_height].map(cssLength);
    const scrolls = Boolean(height || most);
    return (
      <>
        {props.container && props.show_label && props.label && <div class="nbb-caption">{props.label}</div>}
        <div
          class="nbb-markdown-text"
          style={{ height, minHeight: least, maxHeight: most, overflow: scrolls ? "auto" : undefined }}
          // What scrolls must be reached by the keyboard too.
          {...(scrolls ? { tabIndex: 0, role: "region", "aria-label": props.label ?? "Text" } : {})}
        >
          <Prose
            app={app}
            text={text}
            breaks={props.line_breaks}
            raw={!props.sanitize_html}
            delimiters={props.latex_delimiters}
            headings={props.header_links ? node.domId : undefined}
            rtl={props.rtl}
          />
        </div>
        {props.show_copy_button && <CopyButton text={text} onCopy={() => emit("copy", { data: { value: text } })} />}
      </>
    );
  },
  ({ props }) => ({
    class: [props.container && "nbb-panel", props.padding && !props.container && "nbb-markdown-padded"]
      .filter(Boolean)
      .join(" "),
  }),
);
