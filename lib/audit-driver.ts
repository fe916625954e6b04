/**
 * Tells PostgreSQL who writes. Before a transaction's first write the setting `slipway.audit` is made for that transaction alone, and the triggers
 * of the tables read it; a single write gets a transaction of its own. It stands under Prisma, so that no writer can forget it.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { auditOrigin, type AuditOrigin } from '@/lib/audit-origin';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Queryable = Pick<Adapter, 'queryRaw' | 'executeRaw'>;
type Query = Parameters<Adapter['queryRaw']>[0];

/**
 * Statements that write no row. A savepoint counts as a write: what is set after it is gone when it is rolled back.
 * SELECT may call a function that writes; Slipway calls those of its queue and of NOTIFY, which are no rows of ours.
 */
const WRITES_NOTHING = /^\s*(select|show|set|begin|commit|rollback|release)\b/i;

/** PrismaPg, telling the database on whose behalf it writes. */
export class AuditedPrismaPg extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const startTransaction = adapter.startTransaction.bind(adapter);
    const start: Adapter['startTransaction'] = async (isolationLevel) => {
      const transaction = await startTransaction(isolationLevel);
      const origin = auditOrigin();
      if (origin) tellBeforeWriting(transaction, origin);
      return transaction;
    };
    adapter.startTransaction = start;
    const queryRaw = adapter.queryRaw.bind(adapter);
    const executeRaw = adapter.executeRaw.bind(adapter);
    adapter.queryRaw = (query) =>
      needsTelling(query) ? inTransaction(start, (transaction) => transaction.queryRaw(query)) : queryRaw(query);
    adapter.executeRaw = (query) =>
      needsTelling(query) ? inTransaction(start, (transaction) => transaction.executeRaw(query)) : executeRaw(query);
    return adapter;
  }
}

function needsTelling({ sql }: Query): boolean {
  return auditOrigin() !== undefined && !WRITES_NOTHING.test(sql);
}

/** Lets the transaction say who it is before it writes for the first time; one that only reads says nothing. */
function tellBeforeWriting(transaction: Queryable, origin: AuditOrigin): void {
  const queryRaw = transaction.queryRaw.bind(transaction);
  const executeRaw = transaction.executeRaw.bind(transaction);
  let told: Promise<unknown> | undefined;
  const tell = async ({ sql }: Query) => {
    if (!WRITES_NOTHING.test(sql)) await (told ??= queryRaw(settingOf(origin)));
  };
  transaction.queryRaw = async (query) => {
    await tell(query);
    return queryRaw(query);
  };
  transaction.executeRaw = async (query) => {
    await tell(query);
    return executeRaw(query);
  };
}

function settingOf(origin: AuditOrigin): Query {
  return {
    sql: `SELECT set_config('slipway.audit', $1, true)`,
    args: [JSON.stringify(origin)],
    argTypes: [{ scalarType: 'string', arity: 'scalar' }],
  };
}

/** One statement in a transaction of its own. Prisma's driver begins one itself and leaves COMMIT and ROLLBACK to its caller. */
async function inTransaction<Result>(
  start: Adapter['startTransaction'],
  body: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  const transaction = await start();
  const say = (sql: string) => transaction.executeRaw({ sql, args: [], argTypes: [] });
  try {
    const result = await body(transaction);
    await say('COMMIT');
    await transaction.commit();
    return result;
  } catch (error) {
    await say('ROLLBACK').catch(() => undefined); // the connection may be what broke
    await transaction.rollback();
    throw error;
  }
}
