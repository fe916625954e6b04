import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { detectDelivery } from './delivery';
import { Guesses } from './guess';

const detect = (files: Record<string, string>) => {
  const guesses = new Guesses();
  return { delivery: detectDelivery(treeOf(files), guesses), keys: guesses.inferences.map(({ key }) => key) };
};

describe('detectDelivery', () => {
  it('reads registries and branch from the workflows that push', () => {
    const { delivery, keys } = detect({
      '.github/workflows/a.yml':
        'on:\n  push:\n    branches: [trunk]\njobs:\n  b:\n    steps:\n      - run: docker push ghcr.io/Acme/api:1\n',
      '.github/workflows/b.yaml':
        'jobs:\n  b:\n    steps:\n      - run: helm push x.tgz oci://ghcr.io/acme/charts\n      - run: docker push ghcr.io/acme/web:1\n',
    });
    expect(delivery).toEqual({
      workflows: '.github/workflows',
      imageRegistry: 'ghcr.io/acme',
      chartRegistry: 'ghcr.io/acme/charts',
      branch: 'trunk',
    });
    expect(keys).toEqual(['delivery.imageRegistry', 'delivery.chartRegistry']);
  });

  it('guesses nothing where no workflow names an image', () => {
    expect(detect({ '.github/workflows/lint.yml': 'on: push\n' }).delivery).toBeUndefined();
    expect(detect({ 'docs/ghcr.md': 'ghcr.io/acme/api\n' }).delivery).toBeUndefined();
  });
});
