/** How large a document is once its aliases are followed: a few hundred bytes of anchors in anchors can stand for gigabytes. */
import { isAlias, isMap, isPair, isScalar, isSeq, type Document, type Node, type ParsedNode } from 'yaml';

/** The largest that a file may unfold to, in nodes: a hundred times what the longest hand-kept files have. */
export const MOST_NODES = 2_000_000;

/** The number of nodes with every alias counted as what it stands for. Linear in the text: each anchor is counted once. */
export function expandedSize(document: Document.Parsed<ParsedNode>): number {
  const anchored = new Map<string, number>();
  const size = (node: unknown): number => {
    if (isAlias(node)) return anchored.get(node.source) ?? 1;
    let nodes = 1;
    if (isMap(node) || isSeq(node)) for (const item of node.items) nodes += size(item);
    else if (isPair(node)) nodes = size(node.key) + size(node.value);
    // In the order of the text: an alias means the anchor of its name that was seen last.
    if (isNode(node) && node.anchor) anchored.set(node.anchor, nodes);
    return nodes;
  };
  return document.contents === null ? 0 : size(document.contents);
}

function isNode(node: unknown): node is Node & { anchor?: string } {
  return isMap(node) || isSeq(node) || isScalar(node);
}
