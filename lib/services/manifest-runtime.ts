/** Where a service runs and what it needs there: a Compose stack, Kubernetes, or both. */
import { z } from 'zod';
import { KubernetesRuntime } from './manifest-kubernetes';
import { EnvironmentName, line, RelativePath, ServiceName, UrlPath } from './manifest-words';

const ImageReference = z
  .string()
  .max(255)
  .regex(
    /^(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/,
    'An image as docker pull takes it, for example livekit/egress:v1.9.0.',
  )
  .refine(
    (image) => /[:@]/.test(image.split('/').at(-1) ?? ''),
    'Name a tag or a digest, so that everyone runs the same image.',
  )
  .refine((image) => !image.endsWith(':latest'), 'Not latest: name a version, so that everyone runs the same image.');

/** What the container is made from. */
export const ContainerSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), image: ImageReference }).strict(),
  z.object({ kind: z.literal('build'), context: RelativePath, dockerfile: RelativePath.optional() }).strict(),
]);
export type ContainerSource = z.infer<typeof ContainerSource>;

export const EnvironmentVariable = z
  .object({
    name: EnvironmentName,
    value: z
      .string()
      .max(2000)
      .regex(/^[^\p{Cc}]*$/u, 'One line, without control characters.'),
  })
  .strict();

export const VolumeMount = z
  .object({
    /** A named volume (`data`) or a path inside the repository (`config/livekit`). */
    source: z.discriminatedUnion('kind', [
      z
        .object({
          kind: z.literal('volume'),
          name: z
            .string()
            .max(60)
            .regex(/^[a-z][a-z0-9_-]*$/, 'Lower-case letters, digits, _ and -.'),
        })
        .strict(),
      z.object({ kind: z.literal('path'), path: RelativePath }).strict(),
    ]),
    target: z
      .string()
      .max(200)
      .regex(/^\/[A-Za-z0-9._/-]*$/, 'An absolute path in the container.'),
    readOnly: z.boolean().default(false),
  })
  .strict();

export const HealthCheck = z
  .object({
    path: UrlPath.default('/healthz'),
    /** Name of the port that answers; the first port where absent. */
    port: z.string().optional(),
    intervalSeconds: z.number().int().min(1).max(3600).default(30),
    timeoutSeconds: z.number().int().min(1).max(600).default(5),
    retries: z.number().int().min(1).max(20).default(3),
  })
  .strict();

export const ManifestRuntime = z
  .object({
    source: ContainerSource,
    compose: z
      .object({
        /** A stack of the profile; the category's stack where absent. */
        stack: z
          .string()
          .max(60)
          .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'A stack as the profile names it: letters, digits, - and _.')
          .optional(),
        /** In the root file as well as in its stack: they are alternatives, so only where both are kept up. */
        alsoInRoot: z.boolean().default(false),
        /** Compose profiles: the service starts only where one of them is asked for. */
        profiles: z
          .array(
            z
              .string()
              .max(40)
              .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, 'Letters, digits, _ . and -.'),
          )
          .max(5)
          .default([]),
        /** Labels beside the platform's own. */
        labels: z
          .array(
            z
              .object({
                name: z
                  .string()
                  .max(120)
                  .regex(/^[a-z0-9][a-z0-9._/-]*$/, 'Lower-case letters, digits and . _ / -.'),
                value: line(200),
              })
              .strict(),
          )
          .max(20)
          .default([]),
        networks: z
          .array(
            z
              .string()
              .max(60)
              .regex(/^[a-z][a-z0-9_-]*$/),
          )
          .max(10)
          .default([]),
      })
      .strict()
      .optional(),
    kubernetes: KubernetesRuntime.optional(),
    environment: z.array(EnvironmentVariable).max(100).default([]),
    volumes: z.array(VolumeMount).max(30).default([]),
    dependsOn: z.array(ServiceName).max(30).default([]),
    healthCheck: HealthCheck.optional(),
  })
  .strict()
  .refine((runtime) => runtime.compose !== undefined || runtime.kubernetes !== undefined, {
    path: ['compose'],
    message: 'Run it somewhere: a Compose stack, Kubernetes, or both.',
  });
