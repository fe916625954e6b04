/** Amazon's names for what a service uses. Without an account in the profile that field alone is open: region and name stay exact. */
import { storedNameOf, secretsOf } from '../../naming';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';

/** `arn:aws:sqs:us-east-1:123456789012:jobs`. */
export function arnOf(service: 'secretsmanager' | 'ssm' | 'sqs' | 'sns', resource: string, profile: Profile): string {
  const region = profile.aws?.region ?? 'us-east-1';
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:${service}:${region}:${profile.aws?.accountId ?? '*'}:${resource}`;
}

/** The service's secrets and parameters. Secrets Manager puts a hyphen and six characters behind a secret's name. */
export function storedArns(manifest: ResolvedManifest, profile: Profile): { secrets: string[]; parameters: string[] } {
  const names = (store: 'secret' | 'parameter') =>
    secretsOf(manifest)
      .filter((secret) => secret.store === store)
      .map((secret) => storedNameOf(secret, profile));
  return {
    secrets: names('secret').map((name) => arnOf('secretsmanager', `secret:${name}-??????`, profile)),
    parameters: names('parameter').map((name) => arnOf('ssm', `parameter/${name.replace(/^\//, '')}`, profile)),
  };
}
