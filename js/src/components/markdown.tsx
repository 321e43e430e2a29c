import { useMemo } from "preact/hooks";
import type * as Chunk from "../chunks/markdown";
import type { MarkdownEvent, MarkdownProps } from "../contract";
import { CopyButton } from "../copy";
import { cssLength } from "../lengths";
import { WithChunk } from "../runtime/chunks";
import { define } from "../runtime/define";
import "./markdown.css";

export default define<MarkdownProps, MarkdownEvent>(
  ({ props, emit, app }) => {
    const text = props.value ?? "";
    return (
      <>
        {props.show_label && props.label && <div class="nbb-caption">{props.label}</div>}
        <WithChunk<typeof Chunk> of={app.chunk("markdown")}>
          {(markdown) => <Prose markdown={markdown} text={text} props={props} />}
        </WithChunk>
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

interface ProseProps {
  markdown: typeof Chunk;
  text: string;
  props: MarkdownProps;
}

function Prose({ markdown, text, props }: ProseProps) {
  const { line_breaks: breaks, sanitize_html } = props;
  const html = useMemo(
    () => markdown.renderMarkdown(text, { breaks, trusted: sanitize_html === false }),
    [markdown, text, breaks, sanitize_html],
  );
  return <div class="nbb-prose" dir={props.rtl ? "rtl" : undefined} dangerouslySetInnerHTML={{ __html: html }} />;
}
