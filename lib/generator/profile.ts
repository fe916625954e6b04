/**
 * `slipway.yaml` at a platform repository's root: where things are and what the house conventions are. Published as JSON Schema by
 * `slipway schema --profile`. A group that is absent means that the platform has no such files; detect.ts guesses a profile where there is none.
 */
import { z } from 'zod';
import { ArgocdProfile, AwsProfile, DeliveryProfile, HelmProfile } from './profile/cluster';
import { ObservabilityProfile, RunbooksProfile } from './profile/documents';
import {
  ComposeProfile,
  OauthProfile,
  PortsProfile,
  SecretsProfile,
  SpiffeProfile,
  TraefikProfile,
} from './profile/host';
import { Key, LinkTemplate } from './profile/words';

/** Where a category's services go. */
export const CategoryProfile = z
  .object({
    title: z.string().optional(),
    /** Name of the port pool; the category's own name where absent and such a pool exists. */
    pool: Key.optional(),
    /** Section of the port registry that its entries live in: a top-level key, or a dotted path; the registry's usual one where absent. */
    section: z.string().optional(),
    /** Name of the Compose stack. */
    stack: Key.optional(),
    /** Owner that the wizard proposes. */
    owner: z.string().optional(),
  })
  .strict();

export const Profile = z
  .object({
    version: z.literal(1).default(1),
    platform: z
      .object({
        name: z.string().min(1),
        /** The machine that publishes the ports: the scope of reservations. */
        host: z.string().min(1).default('default'),
        /** Services are reached at `<service>.<domain>`. */
        domain: z.string().min(1),
      })
      .strict(),
    naming: z
      .object({
        containerPrefix: z.string().default(''),
        /** `<ns>.project`, `<ns>.service`, `<ns>.workload`; no labels where absent. */
        labelNamespace: z.string().optional(),
        project: z.string().optional(),
        /** In front of a secret's name in the secret store, e.g. `ravenhelm/`. */
        secretPrefix: z.string().default(''),
      })
      .strict()
      .prefault({}),
    categories: z.record(Key, CategoryProfile).default({}),
    owners: z.array(z.string()).default([]),
    ports: PortsProfile.optional(),
    compose: ComposeProfile.optional(),
    traefik: TraefikProfile.optional(),
    secrets: SecretsProfile.optional(),
    oauth: OauthProfile.optional(),
    spiffe: SpiffeProfile.optional(),
    helm: HelmProfile.optional(),
    argocd: ArgocdProfile.optional(),
    aws: AwsProfile.optional(),
    delivery: DeliveryProfile.optional(),
    observability: ObservabilityProfile.optional(),
    runbooks: RunbooksProfile.optional(),
    links: z
      .object({
        grafana: LinkTemplate.optional(),
        loki: LinkTemplate.optional(),
        jaeger: LinkTemplate.optional(),
        argocd: LinkTemplate.optional(),
      })
      .strict()
      .prefault({}),
    review: z
      .object({
        /** Of pull requests that add a service. */
        labels: z.array(z.string()).default([]),
        /** Of those that change one; none where absent. */
        changeLabels: z.array(z.string()).default([]),
        /** Of those that remove one; none where absent. */
        removalLabels: z.array(z.string()).default([]),
        reviewers: z.array(z.string()).default([]),
        teamReviewers: z.array(z.string()).default([]),
      })
      .strict()
      .prefault({}),
  })
  .strict();

/** A profile with its defaults filled in. */
export type Profile = z.infer<typeof Profile>;

/** The file's place in a platform repository. */
export const profilePath = 'slipway.yaml';
