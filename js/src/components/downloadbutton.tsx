import { useSignal } from "@preact/signals";
import type { DownloadButtonEvent, DownloadButtonProps } from "../contract";
import { Face, lookOf } from "../face";
import { Icon } from "../icons";
import { define } from "../runtime/define";
import type { Transfer } from "../runtime/transfers";

export default define<DownloadButtonProps, DownloadButtonEvent>(({ props, emit, node, app }) => {
  const running = useSignal<Transfer<void> | null>(null);
  const part = running.value?.progress.value ?? null;

  const save = async () => {
    const file = props.value;
    if (!file) return emit("click");
    running.value = app.download(file.path, { name: file.orig_name ?? undefined });
    try {
      await running.value.result;
      emit("click");
    } catch {
      // The runtime has said why.
    } finally {
      running.value = null;
    }
  };

  return (
    <button
      type="button"
      id={node.domId}
      class={lookOf(props)}
      disabled={props.interactive === false || running.value !== null}
      aria-busy={running.value !== null}
      onClick={save}
    >
      <Face icon={props.icon} text={props.label}>
        <Icon name="download" />
      </Face>
      {part !== null && <span class="nbb-press-part" style={{ width: `${part * 100}%` }} />}
    </button>
  );
});
