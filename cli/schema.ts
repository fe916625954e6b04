/** The published JSON Schemas of the spec and of the profile, as people write them: defaults may be left out. */
import { z } from 'zod';
import { Profile } from '@/lib/generator/profile';
import { Manifest } from '@/lib/services/manifest';

/** JSON Schema (draft 2020-12) of one of the two. */
export function publishedSchema(of: 'spec' | 'profile'): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(of === 'spec' ? Manifest : Profile, { io: 'input' });
  const title = of === 'spec' ? 'Slipway service spec' : 'Slipway platform profile (slipway.yaml)';
  return { $schema, title, ...schema };
}
