/** Every SPIFFE helper's configuration that the change adds or edits is HCL with keys that spiffe-helper knows: it does not start with others. */
import { observeHelpers } from '../emitters/spiffe/helpers';
import { helperConfigFaults } from '../hcl/spiffe-helper';
import { plural, verdict, type Check } from './check';

export const hclValid: Check = {
  id: 'hcl-valid',
  name: 'HCL with allowed keys',
  run({ plan, profile, tree, after }) {
    const folder = profile.spiffe?.helperConfigs.replace(/\/+$/, '');
    const files = plan.files.filter(
      (file) => folder !== undefined && file.path.startsWith(`${folder}/`) && /\.(?:conf|hcl)$/i.test(file.path),
    );
    const helpers = files.length > 0 ? observeHelpers({ profile, tree: after }) : [];
    const faults = files.flatMap(({ path, after: text }) => {
      if (text === null) return [];
      const image = helpers.find((helper) => helper.configPath === path)?.service.image;
      const old = new Set(helperConfigFaults(tree.read(path) ?? '', image).map((fault) => fault.message));
      return helperConfigFaults(text, image)
        .filter((fault) => tree.read(path) === undefined || !old.has(fault.message))
        .map((fault) => `${path}:${fault.line}: ${fault.message}`);
    });
    return verdict(
      faults,
      `${plural(files.length, 'helper configuration')}, nothing in it that spiffe-helper would refuse.`,
      files.map((file) => file.path),
    );
  },
};
