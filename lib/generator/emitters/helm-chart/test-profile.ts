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
