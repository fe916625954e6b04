/** The SPIFFE helper's configuration, a file in HCL for each workload (RUNBOOK-024, section 3). */
import { hclValue, parseHcl } from '../../hcl/parse';
import { spiffeNamesOf } from '../../naming';
import type { EmitContext, Emission, Emitter } from '../../types';
import { configText } from './config-text';
import { ownedConfig } from './owned';

export const spiffeConfigEmitter: Emitter = {
  name: 'spiffe-config',
  commit: 'runtime',
  applies: ({ manifest, profile }) =>
    manifest.security.mtls && profile.spiffe !== undefined && manifest.runtime.compose !== undefined,
  emit,
  owned: ownedConfig,
};

function emit(context: EmitContext): Emission {
  const path = spiffeNamesOf(context.manifest, context.profile)?.configPath;
  const text = configText(context);
  if (path === undefined || text === undefined) return { edits: [] };
  const there = context.tree.read(path);
  // People set modes, signals and commands afterwards: what counts is where the certificates come from and go to.
  if (there !== undefined && saysTheSame(there, text)) return { edits: [] };
  return { edits: [{ kind: 'create', path, text }] };
}

function saysTheSame(there: string, text: string): boolean {
  const [old, wanted] = [parseHcl(there), parseHcl(text)];
  if (!old.ok || !wanted.ok) return false;
  return ['agent_address', 'cert_dir', 'svid_file_name', 'svid_key_file_name', 'svid_bundle_file_name'].every(
    (key) => hclValue(old.body, key) === hclValue(wanted.body, key),
  );
}
