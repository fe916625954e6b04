// `npm run migrate`: brings the database named by DATABASE_URL up to date. `make up` does this by itself.
import { migrate, MigrationError } from '@/lib/migrate';

const url = process.env.DATABASE_URL;
if (!url) {
  console.error(
    'DATABASE_URL is not set: say which database to migrate, for example postgresql://user:password@host:5432/slipway',
  );
  process.exit(2);
}

try {
  const { applied, unknown } = await migrate(url);
  for (const name of applied) console.log(`applied ${name}`);
  for (const name of unknown) console.warn(`the database has ${name}, which this version of Slipway does not know`);
  if (applied.length === 0) console.log('nothing to do: the database is up to date');
} catch (error) {
  const reason = error instanceof Error ? error.message || String(error) : String(error);
  console.error(error instanceof MigrationError ? reason : `Could not migrate: ${reason}`);
  process.exit(1);
}
