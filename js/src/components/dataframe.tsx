import type { DataframeEvent, DataframeProps } from "../contract";
import { define } from "../runtime/define";
import { Field } from "../runtime/field";

export default define<DataframeProps, DataframeEvent>(({ props }) => (
  <Field {...props} for={null}>
    <table>
      <tbody>
        {props.value?.data.map((row, index) => (
          <tr key={index}>
            {row.map((cell, place) => (
              <td key={place}>{cell == null ? "" : String(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </Field>
));
