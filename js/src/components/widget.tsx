/** Widget: draws a widget from elsewhere by its own view. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { WidgetProps } from "../contract";
import { drawWidget } from "../guests";
import { define } from "../runtime/define";
import "./widget.css";

export default define<WidgetProps>(({ props, app }) => {
  const place = useRef<HTMLDivElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const { model } = props;
  useEffect(() => {
    const gone = new AbortController();
    setFault(null);
    if (model)
      drawWidget(app, model.replace("IPY_MODEL_", ""), place.current!, gone.signal).catch((error: unknown) => {
        if (!gone.signal.aborted) setFault(error instanceof Error ? error.message : String(error));
      });
    return () => gone.abort();
  }, [model]);
  return (
    <>
      <div class="nbb-widget-place" ref={place} />
      {fault && (
        <p class="nbb-mishap" role="alert">
          This widget cannot be shown here: {fault}
        </p>
      )}
    </>
  );
});
