// @vitest-environment jsdom
// happy-dom's parser is not one that a sanitiser can be tested on.
import { expect, test } from "vitest";
import { mount } from "../testing";
import Html from "./html";

test("styles stay and script goes", () => {
  const { el } = mount("html", Html as never, {
    value: '<b style="color: red" onclick="alert(1)">x</b><script>1</script>',
  });
  const bold = el.querySelector("b");
  expect(bold?.style.color).toBe("red");
  expect(el.innerHTML).not.toMatch(/onclick|script/);
});
