// @vitest-environment jsdom
import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { languageOf, names } from "./languages";

const read = (name: string | null, text: string) => {
  const state = EditorState.create({ doc: text, extensions: languageOf(name) });
  return ensureSyntaxTree(state, text.length, 5000);
};
const treeOf = (name: string | null, text: string) => String(read(name, text) ?? "");

test.each(names)("%s is read as a language", (name) => {
  expect(treeOf(name, "select <a>1</a> # x\n'b'")).not.toBe("");
});

test("no language, or an unknown one, is plain text", () => {
  expect([treeOf(null, "a"), treeOf("klingon", "a"), treeOf("toString", "a")]).toEqual(["", "", ""]);
});

test("code in Markdown is read as its language", () => {
  expect(read("markdown", "```py\nimport x\n```")?.resolveInner(8).name).toBe("import");
  expect(read("markdown", "```klingon\nimport x\n```")?.resolveInner(13).name).toBe("CodeText");
});
