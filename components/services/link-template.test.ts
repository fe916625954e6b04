import { expect, it } from 'vitest';
import { fillLinkTemplate } from './link-template';

const values = {
  service: 'livekit',
  host: 'livekit.ravenhelm.test',
  environment: undefined,
  container: 'gitlab-sre-livekit',
};

it('fills in what is known, encoded', () => {
  expect(fillLinkTemplate('https://grafana.test/d/svc?var-c={container}&q={service}', values)).toBe(
    'https://grafana.test/d/svc?var-c=gitlab-sre-livekit&q=livekit',
  );
  expect(fillLinkTemplate('https://loki.test/{service}', { ...values, service: 'a b/&' })).toBe(
    'https://loki.test/a%20b%2F%26',
  );
});

it('gives no link where a value is missing or the result is no URL', () => {
  expect(fillLinkTemplate('https://argocd.test/{service}-{environment}', values)).toBeUndefined();
  expect(fillLinkTemplate('{service}', values)).toBeUndefined();
});
