// Where the Prisma CLI finds the schema and the migrations. Slipway itself needs neither CLI nor engine at run time:
// lib/migrate.ts applies the migrations and the generated client talks through @prisma/adapter-pg.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { defineConfig } from 'prisma/config';

/** True where the engine that the CLI would otherwise download already lies beside @prisma/engines. */
function schemaEngineIsInstalled(): boolean {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('prisma/package.json'));
    return readdirSync(dirname(require.resolve('@prisma/engines/package.json'))).some((name) =>
      name.startsWith('schema-engine-'),
    );
  } catch {
    return false;
  }
}

// `generate`, `validate` and `format` never run the schema engine, but the CLI insists on having one and downloads it.
// Any executable satisfies it, so these commands work without that download. `migrate` and `db` do run it and get the real one.
const withoutEngine = ['generate', 'validate', 'format'].some((command) => process.argv.includes(command));
if (withoutEngine && !schemaEngineIsInstalled()) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
