import { Carrier } from "../carrier";
import type { DownloadButtonEvent, DownloadButtonProps } from "../contract";
import { define } from "../runtime/define";
import { useSaves } from "../saves";

export default define<DownloadButtonProps, DownloadButtonEvent>(({ props, emit, node, app }) => {
  const saves = useSaves(app);
  const press = async () => {
    const file = props.value;
    if (!file || (await saves.save(file))) emit("click");
  };
  return (
    <div class="nbb-carrier">
      <Carrier
        id={node.domId}
        look={props}
        icon={props.icon}
        text={props.label}
        way="download"
        part={saves.part.value}
        disabled={props.interactive === false}
        onPress={press}
        onCancel={saves.cancel}
      />
    </div>
  );
});
