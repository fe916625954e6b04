/** How the charts of a platform are written, so that a new one looks like them. */
import type { Tree } from '../../types';
import { parseYaml } from '../../yaml/parse';
import { defaultStyle, learnStyle, type Style } from '../../yaml/style';

/** More charts than these tell nothing new. */
const ENOUGH = 8;

/** The style that most charts of the folder have in their values: how lists are indented, which quotes; the usual one where there are none. */
export function chartStyle(tree: Tree, charts: string, own: string): Style {
  const folder = `${charts.replace(/\/+$/, '')}/`;
  const styles = tree.paths
    .filter((path) => path.startsWith(folder) && /^[^/]+\/values\.ya?ml$/.test(path.slice(folder.length)))
    .filter((path) => !path.startsWith(`${folder}${own}/`))
    .slice(0, ENOUGH)
    .flatMap((path) => {
      const parsed = parseYaml(tree.read(path) ?? '', path);
      // Short values show no lists: those say nothing on how lists are written.
      return parsed.ok && /^\s*- /m.test(parsed.yaml.text) ? [learnStyle(parsed.yaml)] : [];
    });
  const counted = (style: Style) => styles.filter((one) => one.sequenceIndent === style.sequenceIndent).length;
  const most = [...styles].sort((a, b) => counted(b) - counted(a))[0];
  if (!most) return { ...defaultStyle, sequenceIndent: 0 };
  // Which fields are quoted is each chart's own: their names mean other things here.
  return { ...most, quotedFields: new Map() };
}
