/** The service's alerts as a file of Prometheus rules of its own, in the style of the rule files beside it. Each alert names the runbook. */
import { chartOf } from '../chart-choice';
import type { EmitContext } from '../../types';
import { parseYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { renderItem, type YamlValue } from '../../yaml/render';
import { blankLinesBetween, defaultStyle, learnStyle, type Style } from '../../yaml/style';
import { placeAt } from '../../yaml/locate';
import { runbookOf } from '../runbook/address';
import { durationOf } from './config';
import { nothing, type Outcome } from './outcome';

/** What the rule files that are there have in common. */
interface RuleHouse {
  style: Style;
  blankLines: number;
  /** The names of alerts and where they stand. */
  alerts: Map<string, string>;
  /** How they write a severity. */
  severities: 'P' | 'words';
  /** The annotation that names a runbook by its path in the repository; undefined where they do otherwise. */
  pathAnnotation: string | undefined;
}

const WORDS = { P1: 'critical', P2: 'warning', P3: 'info' } as const;

/** The path of the service's rule file: named as its neighbours are, `livekit.yml`, `livekit.rules.yml`, `livekit-alerts.yaml`. */
export function rulesPath({ manifest, profile, tree }: EmitContext): string | undefined {
  // In the cluster alone its own chart carries them, and an alert that two rule sets hold wakes people twice.
  if (!manifest.runtime.compose && chartOf(manifest, profile) === 'own') return undefined;
  const folder = profile.observability?.rules?.replace(/\/+$/, '');
  if (folder === undefined) return undefined;
  const names = ruleFiles(tree.paths, folder).map((path) => path.slice(folder.length + 1));
  const endings = names
    .filter((name) => !name.startsWith(`${manifest.name}.`))
    .map((name) => /(?:[._-](?:rules?|alerts?))?\.ya?ml$/i.exec(name)?.[0] ?? '.yml');
  const [ending] = [...new Set(endings)].sort((a, b) => count(endings, b) - count(endings, a));
  return `${folder}/${manifest.name}${ending ?? '.yml'}`;
}

export function addRules(context: EmitContext): Outcome {
  const path = rulesPath(context);
  const { manifest, tree } = context;
  const { alerts } = manifest.observability;
  if (path === undefined || alerts.length === 0) return nothing();
  const house = learnHouse(context, path);
  const text = render(context, house);
  const there = tree.read(path);
  if (there === text) return nothing();
  if (there !== undefined)
    return {
      ...nothing(),
      conflicts: [
        {
          kind: 'file',
          field: 'observability.alerts',
          path,
          owner: manifest.name,
          message: `There is a rule file for ${manifest.name} already, and it differs from what this spec gives. Take the alerts out of the spec, or change the file there.`,
        },
      ],
    };
  const twice = alerts.flatMap((alert) => {
    const other = house.alerts.get(alert.name);
    return other === undefined ? [] : [{ name: alert.name, path: other }];
  });
  return {
    ...nothing(),
    edits: [{ kind: 'create', path, text }],
    findings: twice.map((one) => ({
      kind: 'alert-name-twice',
      path: one.path,
      message: `An alert ${one.name} is here already: silences and routes by that name will take in both.`,
    })),
  };
}

function render(context: EmitContext, house: RuleHouse): string {
  const { manifest } = context;
  const { style } = house;
  const address = runbookOf(context);
  const rules = manifest.observability.alerts.map((alert): YamlValue => ({
    alert: alert.name,
    expr: alert.expression,
    ...(alert.forMinutes === 0 ? {} : { for: durationOf(alert.forMinutes * 60) }),
    labels: { severity: house.severities === 'words' ? WORDS[alert.severity] : alert.severity },
    annotations: {
      summary: alert.summary,
      ...(address && house.pathAnnotation !== undefined ? { [house.pathAnnotation]: address.path } : {}),
      ...(address && (address.url !== undefined || house.pathAnnotation === undefined)
        ? { runbook_url: address.url ?? address.path }
        : {}),
    },
  }));
  const dash = ' '.repeat(style.sequenceIndent);
  const inside = style.sequenceIndent + style.dashWidth;
  const blank = '\n'.repeat(house.blankLines);
  const items = rules.map((rule) => `${renderItem(rule, inside + style.sequenceIndent, 'rules', style).join('\n')}\n`);
  const name = renderItem({ name: manifest.name }, style.sequenceIndent, 'groups', style).join('\n');
  return `groups:\n${name}\n${dash}${' '.repeat(style.dashWidth)}rules:\n${items.join(blank)}`;
}

function learnHouse({ tree, profile }: EmitContext, own: string): RuleHouse {
  const folder = profile.observability?.rules?.replace(/\/+$/, '') ?? '';
  const house: RuleHouse = {
    style: defaultStyle,
    blankLines: 1,
    alerts: new Map(),
    severities: 'P',
    pathAnnotation: undefined,
  };
  const severities: string[] = [];
  const annotations: string[] = [];
  let learned = false;
  for (const path of ruleFiles(tree.paths, folder)) {
    const parsed = path === own ? undefined : parseYaml(tree.read(path) ?? '', path);
    if (!parsed?.ok) continue;
    const groups = asList(asRecord(parsed.yaml.toJs())?.['groups']) ?? [];
    const rules = groups
      .flatMap((group) => asList(asRecord(group)?.['rules']) ?? [])
      .flatMap((rule): Record<string, unknown>[] => [asRecord(rule) ?? {}]);
    for (const rule of rules) {
      const name = asText(rule['alert']);
      if (name !== undefined) house.alerts.set(name, path);
      severities.push(asText(asRecord(rule['labels'])?.['severity']) ?? '');
      for (const [key, value] of Object.entries(asRecord(rule['annotations']) ?? {}))
        if (/runbook/i.test(key) && !/^https?:/.test(asText(value) ?? '')) annotations.push(key);
    }
    if (rules.length === 0 || learned) continue;
    learned = true;
    house.style = learnStyle(parsed.yaml);
    const place = placeAt(parsed.yaml, ['groups', 0, 'rules']);
    if (place.kind === 'sequence') house.blankLines = blankLinesBetween(parsed.yaml, place.entries) ?? 1;
  }
  if (severities.filter((one) => /^(critical|warning|info)$/.test(one)).length * 2 > severities.length)
    house.severities = 'words';
  house.pathAnnotation = annotations.find((key) => count(annotations, key) * 2 > annotations.length);
  return house;
}

export function ruleFiles(paths: readonly string[], folder: string): string[] {
  return paths.filter((path) => path.startsWith(`${folder}/`) && /\.ya?ml$/i.test(path));
}

function count<T>(items: readonly T[], wanted: T): number {
  return items.filter((item) => item === wanted).length;
}
