/** The tree of an app, as its views draw it. */

import type { Node } from "./define";
import type { TreeNode } from "./wire";

/** The nodes of a tree. Those below which nothing has changed are the same objects as before, and so drawn no more. */
export function grown(tree: TreeNode, view: string, known: Map<number, Node>): Node {
  const before = new Map(known);
  known.clear();
  const nodeOf = ([id, type, given]: TreeNode): Node => {
    const children = given.map(nodeOf);
    const old = before.get(id);
    const stays = old?.type === type && children.length === old.children.length;
    const node =
      stays && children.every((child, i) => child === old.children[i])
        ? old
        : { id, type, children, domId: `nbb-${view.slice(0, 8)}-${id}` };
    known.set(id, node);
    return node;
  };
  return nodeOf(tree);
}

export function* typesOf(node: Node): Generator<[number, string]> {
  yield [node.id, node.type];
  for (const child of node.children) yield* typesOf(child);
}
