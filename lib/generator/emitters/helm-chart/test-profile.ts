/** A platform with charts, for the tests of this emitter. */
import { Profile } from '../../profile';

export const chartPlatform = Profile.parse({
  platform: { name: 'Raven Helm', domain: 'ravenhelm.test' },
  naming: { secretPrefix: 'ravenhelm/' },
  helm: {
    charts: 'charts',
    imageRegistry: '000000000000.dkr.ecr.eu-central-1.amazonaws.com/platform',
    hosts: {
      dev: '{service}.dev.ravenhelm.test',
      staging: '{service}.stg.ravenhelm.test',
      prod: '{service}.ravenhelm.test',
    },
    costLabels: { Project: 'LegacyPlatform' },
    ingressAnnotations: {
      forwardAuth: { 'nginx.ingress.kubernetes.io/auth-url': 'https://auth.ravenhelm.test/oauth2/auth' },
    },
  },
});

/** A platform that has everything a chart can use. */
export const fullPlatform = Profile.parse({
  ...chartPlatform,
  helm: {
    ...chartPlatform.helm,
    monitorLabels: { release: 'kube-prometheus' },
    secretStore: { kind: 'ClusterSecretStore', name: 'aws-secrets-manager' },
    parameterStore: { kind: 'ClusterSecretStore', name: 'aws-parameter-store' },
  },
  aws: { region: 'eu-central-1', accountId: '000000000000' },
  oauth: { issuer: 'https://auth.ravenhelm.test' },
  runbooks: { folder: 'docs/runbooks', baseUrl: 'https://github.com/ravenhelm/platform/blob/main' },
});

/** The same with a gateway in front instead of an ingress controller. */
export const gatewayPlatform = Profile.parse({
  ...fullPlatform,
  helm: {
    ...fullPlatform.helm,
    gateway: {
      name: 'public',
      namespace: 'gateway',
      forwardAuth: { group: 'traefik.io', kind: 'Middleware', name: 'forward-auth' },
    },
  },
});
