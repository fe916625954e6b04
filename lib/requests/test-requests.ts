/** For tests alone: an environment with its own database, people, and requests as submit would have written them. */
import { createTestDatabase, type TestDatabase } from '@/local/database/test-database';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';
import type { Role } from '@/lib/env';
import type { RequestState } from './states';
import type { StoredPlan } from './stored';

/**
 * Points this process at a fresh database.
 * @param given another one than a clone on the server that all tests share.
 * @returns what ends it.
 */
export async function prepareTestDatabase(
  extra: Record<string, string> = {},
  given?: TestDatabase,
): Promise<{ url: string; end: () => Promise<void> }> {
  const database = given ?? (await createTestDatabase());
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    SLIPWAY_DEPLOYMENT: 'local',
    SLIPWAY_URL: 'http://slipway.test',
    NEXTAUTH_SECRET: 'slipway-local-test-secret-of-thirty-two-characters',
    SLIPWAY_LINK_SECRETS: 'slipway-local-test-links-of-thirty-two-characters',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    OIDC_ISSUER: 'http://identity.test',
    OIDC_CLIENT_ID: 'slipway',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_TOKEN: 'a-test-token',
    GITHUB_REPOSITORY: 'ravenhelm/platform',
    GITHUB_WEBHOOK_SECRET: 'a-webhook-secret-for-tests',
    ...extra,
  });
  return {
    url: database.url,
    end: async () => {
      await db().$disconnect();
      await database.drop();
    },
  };
}

/** Somebody with a role. */
export async function createActor(name: string, role: Role = 'engineer'): Promise<Actor> {
  const user = await db().user.create({ data: { issuer: 'http://identity.test', subject: name, name } });
  return { id: user.id, name, role };
}

let made = 0;

/** A request's row, without ports. */
export async function createRequest(
  requester: Actor,
  fields: { serviceName?: string; state?: RequestState; plan?: StoredPlan } = {},
): Promise<number> {
  made += 1;
  const serviceName = fields.serviceName ?? `service-${made}`;
  const manifest = {
    version: 1,
    name: serviceName,
    purpose: 'A service of a test.',
    category: 'realtime',
    owner: 'realtime',
    runtime: { source: { kind: 'image', image: 'example/image:1' }, compose: {} },
  };
  const plan: StoredPlan = fields.plan ?? {
    action: 'add',
    commits: [
      {
        key: 'ports',
        subject: `chore(ports): reserve for ${serviceName}`,
        body: '',
        files: [
          {
            path: 'config/port_registry.yaml',
            before: 'a\n',
            after: 'a\nb\n',
            executable: false,
            added: 1,
            removed: 0,
          },
        ],
      },
    ],
    findings: [],
    profile: { platform: { name: 'test', domain: 'test.test' } },
  };
  const { id } = await db().changeRequest.create({
    data: {
      state: fields.state ?? 'submitted',
      serviceName,
      manifest,
      resolved: { ...manifest, ports: [], date: '2026-11-21' },
      plan: plan as Prisma.InputJsonObject,
      checks: [],
      followUps: [],
      digest: 'd'.repeat(64),
      repository: 'ravenhelm/platform',
      baseBranch: 'main',
      baseSha: 'a'.repeat(40),
      branch: `slipway/test-${made}-${serviceName}`,
      requesterId: requester.id,
      idempotencyKey: `key-${made}`,
    },
  });
  return id;
}
