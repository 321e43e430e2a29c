import { useRef } from "preact/hooks";
import { Carrier } from "../carrier";
import { Chooser, kindsOf, useDrop } from "../chooser";
import type { UploadButtonEvent, UploadButtonProps } from "../contract";
import { define } from "../runtime/define";
import { Unfinished } from "../unfinished";
import { useUploads } from "../uploads";

export default define<UploadButtonProps, UploadButtonEvent>(({ props, emit, node, app }) => {
  const chooser = useRef<HTMLInputElement>(null);
  const uploads = useUploads(app);
  const part = uploads.part.value;
  const fixed = props.interactive === false;

  const take = async (files: File[]) => {
    const single = props.file_count === "single";
    const records = await uploads.send(files, kindsOf(props), single);
    if (records) emit("upload", { value: single ? records[0] : records });
  };
  const drop = useDrop(app, !fixed && part === null, take);

  return (
    <div class="nbb-carrier" {...drop.handlers}>
      <Carrier
        id={node.domId}
        look={props}
        icon={props.icon}
        text={props.label}
        way="upload"
        part={part}
        disabled={fixed}
        over={drop.over.value}
        onPress={() => {
          emit("click");
          chooser.current?.click();
        }}
        onCancel={uploads.cancel}
      >
        <Chooser
          opener={chooser}
          file_count={props.file_count}
          file_types={props.file_types}
          disabled={fixed}
          onChoose={take}
        />
      </Carrier>
      {part === null && !fixed && <Unfinished app={app} />}
    </div>
  );
});
